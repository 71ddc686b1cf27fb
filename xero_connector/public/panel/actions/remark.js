/** Noting on an invoice that it is promised or disputed, and taking that back. */

export function remarkActions(core, act) {
	const { host, api, get } = core;

	core.forms.remark = {
		prepare: async ({ kind }) => ({ kind }),
		valuesOf: ({ kind }) => ({ kind, promised_on: "", amount: "", text: "" }),
		isBlocked: () => false,

		errorsOf({ kind, ...values }) {
			const needed = kind === "Promise" ? "promised_on" : "text";
			return values[needed].trim() ? {} : { [needed]: host.t("Fill this in.") };
		},

		async send(values, { row }) {
			await api.addRemark(get().target, row.id, values);
			return { state: "Sent" };
		},

		/** What is noted is seen in the list: nobody has to close a form that is done. */
		whenSent() {
			act.closeForm();
			return act.reload();
		},
	};

	return {
		noteRemark: (row, kind) => act.openForm("remark", { row, kind }),

		withdrawRemark(remark) {
			return core.once(`remark:${remark.name}`, async () => {
				await api.withdrawRemark(get().target, remark.name);
				await act.reload();
			});
		},
	};
}
