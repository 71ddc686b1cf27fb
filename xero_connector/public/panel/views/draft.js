/** The form of a draft invoice. A record that has its invoice gets no other: its form is only shown then. */

export const draftForm = {
	title: ({ __ }) => __("New draft invoice"),

	background: ({ __ }) =>
		__("Sending takes longer than usual and goes on in the background. The invoice appears in the list when Xero has it."),

	notices(ui, { prepared: { existing, problems } }) {
		const { __ } = ui;
		const link = existing && ui.xeroLink(existing.url, existing.number || __("an invoice"));
		return [
			problems.map((problem) => ui.notice("warning", problem)),
			existing && ui.notice("info", __("The invoice of this record is already in Xero:"), " ", link, ` (${existing.status})`),
		];
	},

	submit({ h, __ }, { prepared }, isSending) {
		const disabled = isSending || prepared.existing !== null;
		return h("button", { class: "button primary", disabled }, isSending ? __("Sending…") : __("Send to Xero"));
	},

	sent(ui, { outcome }) {
		const { h, __ } = ui;
		const { number, url } = outcome.document ?? {};
		const sentence = number ? __("Draft invoice {0} is in Xero.", [number]) : __("The draft invoice is in Xero.");
		return [h("p", null, sentence), url && ui.xeroLink(url, __("Open in Xero"), { mark: true })];
	},

	fields(ui, form, isSending, act) {
		const { __ } = ui;
		const { values, prepared } = form;
		const disabled = isSending || prepared.existing !== null;
		const place = (name, label, props, more) =>
			ui.views.formField(ui, form, name, label, act, { props: { disabled, ...props }, ...more });
		const day = { type: "date", required: true };
		const text = { rows: "3", maxlength: "4000", dir: "auto" };
		return [
			prepared.organisations.length > 1 && organisation(ui, form, disabled, act),
			contact(ui, form, disabled, act),
			place("date", __("Date"), day),
			place("due_date", __("Due date"), day),
			place("reference", __("Reference"), { maxlength: "255", dir: "auto" }, {
				wide: true,
				hint: __("Left empty, the name of this record is the reference."),
			}),
			place("description", __("Description"), text, { wide: true, tag: "textarea" }),
			place("amount", __("Amount ({0})", [values.currency]), { inputmode: "decimal", class: "amount" }, {
				hint: values.account && __("Account {0}", [values.account]),
			}),
		];
	},
};

function organisation(ui, { values, prepared }, disabled, act) {
	const { h, __ } = ui;
	const option = ({ name, title }) => h("option", { value: name }, title);
	const choose = { change: (event) => act.chooseDraftOrganisation(event.target.value) };
	const select = h("select", { disabled, value: values.organisation, on: choose }, prepared.organisations.map(option));
	return ui.field("draft-organisation", __("Xero organisation"), select, { wide: true });
}

/** The browser's own suggestions: contacts of Xero while a name is typed. */
function contact(ui, form, disabled, act) {
	const { h, __ } = ui;
	const props = {
		disabled,
		"data-focus": true,
		list: "draft-contacts",
		autocomplete: "off",
		maxlength: "255",
		dir: "auto",
		on: { input: (event) => act.nameContact(event.target.value) },
	};
	const hint = form.values.contact_id
		? __("A contact that is in Xero.")
		: __("The Xero contact of this name is used; if there is none, it is created.");
	const option = ({ name, email }) => h("option", { value: name, label: email });
	return [
		ui.views.formField(ui, form, "contact_name", __("Xero contact"), act, { props, hint, wide: true }),
		h("datalist", { id: "draft-contacts" }, form.contacts.map(option)),
	];
}
