/** The form that voids a document in Xero. What Xero has voided stays there, and cannot be brought back. */

export const voidForm = {
	title: (ui, { about }) => ui.__("Void {0} in Xero", [ui.views.documentName(ui, about)]),

	background: ({ __ }) => __("This takes longer than usual and goes on in the background. The list shows it when Xero has done it."),

	notices(ui, { about }) {
		const { __ } = ui;
		const told = [ui.views.documentName(ui, about), ui.money(about.total, about.currency)];
		const sentence =
			about.status === "Authorised"
				? __("{0} ({1}) no longer counts once it is void, and this cannot be undone. The record here stays as it is.", told)
				: __("{0} ({1}) is not approved yet, so Xero deletes it. The record here stays as it is.", told);
		return ui.notice("warning", sentence);
	},

	submit({ h, __ }, _form, isSending) {
		return h("button", { class: "button primary", disabled: isSending }, isSending ? __("Sending…") : __("Void in Xero"));
	},

	sent(ui, { about }) {
		const { h, __ } = ui;
		const name = [ui.views.documentName(ui, about)];
		return h("p", null, about.status === "Authorised" ? __("{0} is void in Xero.", name) : __("{0} is deleted in Xero.", name));
	},

	fields(ui, form, disabled, act) {
		const { __ } = ui;
		const props = { disabled, rows: "3", maxlength: "1000", required: true, dir: "auto", "data-focus": true };
		const hint = __("It is kept with the document in Xero and in the log.");
		return ui.views.formField(ui, form, "reason", __("Reason"), act, { tag: "textarea", props, hint, wide: true });
	},
};
