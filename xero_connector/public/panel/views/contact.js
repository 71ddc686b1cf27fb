/** The form of a new Xero contact: filled in from the record, so that Enter alone creates it. */

export const contactForm = {
	title: ({ __ }) => __("Create the contact in Xero"),

	background: ({ __ }) =>
		__("This takes longer than usual and goes on in the background. The contact is linked to this record when Xero has it."),

	notices(ui, form, act) {
		const taken = takenBy(form);
		return [
			form.prepared.problems.map((problem) => ui.notice("warning", problem)),
			taken && existing(ui, taken, act),
		];
	},

	submit({ h, __ }, form, isSending) {
		const focus = { "data-focus": !takenBy(form) };
		const label = isSending ? __("Creating…") : __("Create");
		return h("button", { class: "button primary", disabled: isSending, ...focus }, label);
	},

	sent(ui, { outcome, values }) {
		const { h, __ } = ui;
		return h("p", null, __("{0} is in Xero and linked to this record.", [outcome.contact?.name ?? values.name]));
	},

	fields(ui, form, disabled, act) {
		const props = { disabled, dir: "auto", autocomplete: "off", maxlength: "255", required: true };
		const name = ui.views.formField(ui, form, "name", ui.__("Name"), act, { props, wide: true });
		return [name, personFields(ui, form, "", disabled, act)];
	},
};

/** Who is behind a new contact and where (R21), in fields whose paths begin with `prefix`. */
export function personFields(ui, form, prefix, disabled, act) {
	const { __ } = ui;
	const place = (name, label, props, more) =>
		ui.views.formField(ui, form, `${prefix}${name}`, label, act, {
			props: { disabled, dir: "auto", autocomplete: "off", ...props },
			...more,
		});
	return [
		place("first_name", __("First name"), { maxlength: "255" }),
		place("last_name", __("Last name"), { maxlength: "255" }),
		place("email_address", __("E-mail"), { type: "email", maxlength: "255" }),
		place("phone", __("Phone"), { type: "tel", maxlength: "50" }),
		place("address_line", __("Address"), { maxlength: "500" }, { wide: true }),
		place("city", __("City"), { maxlength: "255" }),
		place("postal_code", __("Postal code"), { maxlength: "50" }),
		place("region", __("Region"), { maxlength: "255" }),
		place("country", __("Country"), { maxlength: "50" }),
	];
}

/** The Xero contact that has the name in the form; names are unique in Xero, in capitals or not. */
function takenBy({ prepared: { existing: known }, values }) {
	const isSame = known?.name.toLowerCase() === values.name?.trim().toLowerCase();
	return isSame ? known : null;
}

function existing(ui, contact, act) {
	const { __ } = ui;
	const link = ui.button(__("Link it"), () => act.linkExisting(contact), { "data-focus": true });
	return ui.notice("info", __("{0} is in Xero already.", [contact.name]), " ", link);
}
