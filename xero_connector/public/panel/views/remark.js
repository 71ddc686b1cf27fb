/** The form of a note on an invoice that is owed: a promise to pay it, or that it is disputed. It stays on this site. */

export const remarkForm = {
	title(ui, { about: { row, kind } }) {
		const name = [ui.views.documentName(ui, row)];
		return kind === "Promise" ? ui.__("Promise to pay {0}", name) : ui.__("{0} is disputed", name);
	},

	notices: () => null,

	submit({ h, __ }, _form, isSending) {
		return h("button", { class: "button primary", disabled: isSending }, isSending ? __("Saving…") : __("Save"));
	},

	sent: ({ h, __ }) => h("p", null, __("It is noted.")),

	fields(ui, form, disabled, act, { today }) {
		const { __ } = ui;
		const { row, kind } = form.about;
		const field = (path, label, more) => ui.views.formField(ui, form, path, label, act, more);
		const isPromise = kind === "Promise";
		const first = { "data-focus": true, required: true, disabled };
		const all = __("Leave it empty if it is for all of {0}.", [ui.money(row.amount_due, row.currency)]);
		const words = { rows: "3", maxlength: "1000", dir: "auto", disabled, ...(!isPromise && first) };
		return [
			isPromise && field("promised_on", __("Promised for"), { props: { type: "date", min: today, ...first } }),
			isPromise && field("amount", __("Amount ({0})", [row.currency]), { props: { inputmode: "decimal", disabled }, hint: all }),
			field("text", isPromise ? __("Note") : __("Reason"), {
				tag: "textarea",
				props: words,
				hint: __("It is kept here and not sent to Xero."),
				wide: true,
			}),
		];
	},
};
