/** A run in a dialog of Desk, from lists and from the run's own form. */

const { search: version } = new URL(import.meta.url);
const [{ deskHost, places }, { reopen, titleOf }] = await Promise.all([
	import(`./host.js${version}`),
	import(`../run/offers.js${version}`),
]);

/** Shows what `wanted` says (see `mountRun`); `onClose` when it has gone. */
export async function openRun(title, wanted, onClose) {
	const { mountRun } = await import(`../run/index.js${version}`);
	const fields = [{ fieldname: "run", fieldtype: "HTML" }];
	const dialog = new frappe.ui.Dialog({ title, size: "extra-large", fields });
	const run = mountRun(dialog.get_field("run").$wrapper.get(0), deskHost(), wanted);
	dialog.on_hide = () => {
		run.unmount();
		dialog.$wrapper.remove();
		onClose();
	};
	dialog.show();
}

/** A button on the form of a run: its results with their sentences, and the means to stop it or to go on. */
export async function offerOnForm(frm) {
	const { docname, doc } = frm;
	const { send } = await places();
	if (!send || frm.docname !== docname) return;
	const host = deskHost();
	const show = () => openRun(titleOf(doc, host), reopen({ run: docname, action: doc.action }, host), () => frm.reload_doc());
	frm.add_custom_button(__("Show Results"), show);
}
