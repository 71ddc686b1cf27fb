/** The form of a draft invoice or credit note: a new one, or the one that the record has already. */

export const draftForm = {
	size: "full",
	title,

	background: ({ __ }) =>
		__("Sending takes longer than usual and goes on in the background. The invoice appears in the list when Xero has it."),

	notices: (ui, form, act) => ui.views.draftNotices(ui, form, act),

	submit(ui, form, isSending, act) {
		const { h, __ } = ui;
		if (form.prepared.mode === "closed") return form.prepared.next_sequence && another(ui, form, act);
		const label = form.prepared.mode === "update" ? __("Update in Xero") : __("Send to Xero");
		const disabled = isSending || act.isFormBlocked(form);
		return h("button", { class: "button primary", disabled }, isSending ? __("Sending…") : label);
	},

	sent(ui, { outcome, prepared }) {
		const { h, __ } = ui;
		const { url, ...document } = outcome.document ?? {};
		return [
			h("p", null, arrived(ui, prepared.document_type, document)),
			url && ui.xeroLink(url, __("Open in Xero"), { mark: true }),
			outcome.remarks && h("p", { class: "muted" }, outcome.remarks),
		];
	},

	fields(ui, form, isSending, act, panel) {
		const { draftRecipient, draftNewContact, draftLines, draftSums } = ui.views;
		if (form.prepared.mode === "closed") return sales(ui, form, panel, act);
		const whose = [sales(ui, form, panel, act), organisation(ui, form, isSending, act), draftRecipient(ui, form, isSending, act)];
		return [
			ui.h("div", { class: "whose wide" }, whose),
			draftNewContact(ui, form, isSending, act),
			particulars(ui, form, isSending, act),
			draftLines(ui, form, isSending, act),
			draftSums(ui, form, isSending, act),
		];
	},
};

function title({ __ }, { prepared }) {
	const isCredit = prepared?.document_type === "Credit Note";
	if (prepared?.mode === "closed") return isCredit ? __("Credit note in Xero") : __("Invoice in Xero");
	if (prepared?.mode === "update") return isCredit ? __("Update draft credit note") : __("Update draft invoice");
	return isCredit ? __("New draft credit note") : __("New draft invoice");
}

function another(ui, { prepared, changing }, act) {
	const { __ } = ui;
	const label = prepared.document_type === "Credit Note" ? __("Another credit note") : __("Another invoice");
	return ui.button(label, act.startAnotherDraft, { icon: "plus", disabled: changing !== null });
}

function arrived({ __ }, type, { number, status }) {
	if (!number) return __("It is in Xero.");
	const isCredit = type === "Credit Note";
	if (status !== "Draft") return isCredit ? __("Credit note {0} is in Xero.", [number]) : __("Invoice {0} is in Xero.", [number]);
	return isCredit ? __("Draft credit note {0} is in Xero.", [number]) : __("Draft invoice {0} is in Xero.", [number]);
}

/** A person or a company has sales of its own, and a draft may be for one of them. */
function sales(ui, form, { record }, act) {
	const { h, __ } = ui;
	if (!record.sales?.length) return null;
	// deals of one customer often have one title
	const named = record.sales.map((sale) => ({ ...sale, title: `${sale.title} · ${sale.name}` }));
	const options = [{ ...record, title: __("No deal, only {0}", [record.title || record.name]) }, ...named];
	const about = form.changing ?? form.about;
	const chosen = options.findIndex(({ doctype, name }) => doctype === about.doctype && name === about.name);
	const choose = { change: (event) => act.chooseDraftSale(options[event.target.value]) };
	const option = ({ title: text }, index) => h("option", { value: String(index) }, text);
	const props = { value: String(chosen), disabled: form.phase === "sending", on: choose };
	return ui.field("draft-for", __("For"), h("select", props, options.map(option)));
}

/** Contacts, accounts and tax rates belong to one organisation. A document stays in its own. */
function organisation(ui, form, isSending, act) {
	const { __ } = ui;
	const { organisations, mode } = form.prepared;
	if (organisations.length < 2) return null;
	const choose = { change: (event) => act.chooseDraftOrganisation(event.target.value) };
	const value = form.changing?.organisation ?? form.values.organisation;
	return ui.views.formField(ui, form, "organisation", __("Xero organisation"), act, {
		options: organisations.map(({ name, title: text }) => [name, text]),
		props: { disabled: isSending || mode === "update", value, on: choose },
	});
}

function particulars(ui, form, disabled, act) {
	const { __ } = ui;
	const { choices, document_type } = form.prepared;
	const place = (name, label, props, more) =>
		ui.views.formField(ui, form, name, label, act, { props: { disabled, ...props }, ...more });
	const day = { type: "date", required: true };
	const reference = { maxlength: "255", dir: "auto", placeholder: __("The name of this record") };
	const themes = choices.branding_themes.map(({ value, label }) => [value, label]);
	return [
		place("date", __("Date"), day),
		document_type !== "Credit Note" && place("due_date", __("Due date"), day),
		place("reference", __("Reference"), reference),
		place("currency", __("Currency"), {}, { options: choices.currencies.map((code) => [code, code]) }),
		place("line_amount_types", __("Amounts are"), {}, { options: named(choices.line_amount_types, taxModes(ui)) }),
		themes.length > 0 && place("branding_theme", __("Branding theme"), {}, { options: [["", __("Xero's standard")], ...themes] }),
		place("status", __("Send as"), {}, { options: named(choices.statuses, statusNames(ui)) }),
	];
}

function named(values, names) {
	return values.map((value) => [value, names[value] ?? value]);
}

function taxModes({ __ }) {
	return { Exclusive: __("Tax exclusive"), Inclusive: __("Tax inclusive"), NoTax: __("No tax") };
}

function statusNames({ __ }) {
	return { Draft: __("Draft"), Submitted: __("Awaiting approval"), Authorised: __("Approved") };
}
