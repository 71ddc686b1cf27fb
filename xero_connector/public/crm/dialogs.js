/**
 * Dialogs of Frappe CRM. Its `createDialog` gives nothing back and tells nobody of the end; what it does is to set
 * `show` of the options, through its own reactive copy of them. So `show` is where we listen, and its `this` is the
 * copy by which a dialog can be closed.
 */
export function createDialogs(createDialog) {
	const shown = new Set();

	/** @returns {{close: function(), closed: Promise}} */
	function show(options) {
		const dialog = {};
		dialog.closed = new Promise((resolve) => {
			let isShown = false;
			createDialog({
				...options,
				get show() {
					return isShown;
				},
				set show(value) {
					dialog.close = () => (this.show = false);
					if (value) shown.add(dialog);
					else if (shown.delete(dialog)) resolve();
					isShown = value;
				},
			});
		});
		return dialog;
	}

	return {
		show,

		closeAll() {
			for (const dialog of [...shown]) dialog.close();
		},

		/** True if `label` was pressed; false however else it is closed. */
		async ask(title, message, label) {
			let answer = false;
			const onClick = () => {
				answer = true;
				dialog.close();
			};
			const dialog = show({ title, message, actions: [{ label, variant: "solid", onClick }] });
			await dialog.closed;
			return answer;
		},
	};
}
