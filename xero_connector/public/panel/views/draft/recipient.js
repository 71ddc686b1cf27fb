/** The Xero contact of a draft: a field that finds contacts, and what a new one is created with (R19-R21). */

const LIST = "draft-recipients";

export function draftRecipient(ui, form, disabled, act) {
	const list = form.search.isOpen && found(ui, form, act);
	return ui.h("div", { class: "recipient" }, nameField(ui, form, disabled, act), list);
}

function nameField(ui, form, disabled, act) {
	const { __ } = ui;
	const { isOpen, active } = form.search;
	const props = {
		disabled,
		role: "combobox",
		"aria-autocomplete": "list",
		"aria-expanded": isOpen,
		"aria-controls": isOpen ? LIST : null,
		"aria-activedescendant": active >= 0 ? optionId(active) : null,
		"data-focus": true,
		autocomplete: "off",
		maxlength: "255",
		dir: "auto",
		on: {
			input: (event) => act.nameRecipient(event.target.value),
			keydown: (event) => onKey(event, form.search, act),
			blur: act.leaveRecipient,
		},
	};
	return ui.views.formField(ui, form, "contact_name", __("Xero contact"), act, { props });
}

function onKey(event, { isOpen, options, active }, act) {
	const keys = {
		ArrowDown: () => act.moveInRecipients(1),
		ArrowUp: () => act.moveInRecipients(-1),
		Enter: isOpen && active >= 0 && (() => act.chooseRecipient(options[active])),
		Escape: isOpen && act.leaveRecipient,
	};
	const answer = keys[event.key];
	if (!answer) return;
	event.preventDefault();
	event.stopPropagation();
	answer();
}

function found(ui, { search, values }, act) {
	const { h, __ } = ui;
	const sentences = { mirror: __("Searching…"), xero: __("Searching Xero…") };
	const option = (contact, index) => {
		// the mouse leaves the focus in the field, whose loss would close the list before the click
		const on = { mousedown: (event) => event.preventDefault(), click: () => act.chooseRecipient(contact) };
		const props = { role: "option", id: optionId(index), "aria-selected": index === search.active, on };
		return h("li", props, contact.id ? known(ui, contact) : create(ui, values.contact_name.trim()));
	};
	const isEmpty = !search.options.length;
	return h(
		"div",
		{ class: "choices", hidden: isEmpty && search.phase === "ready" },
		h("ul", { role: "listbox", id: LIST, "aria-label": __("Contacts in Xero") }, search.options.map(option)),
		h("p", { class: "muted", role: "status" }, sentences[search.phase]),
	);
}

function optionId(index) {
	return `${LIST}-${index}`;
}

function known({ h }, { name, email }) {
	return [h("span", { dir: "auto" }, name), h("span", { class: "muted" }, email)];
}

function create(ui, name) {
	return [ui.icon("plus"), ui.h("span", null, ui.__("Create “{0}” in Xero", [name]))];
}

/** What would be created is shown unless the preview has found a contact of this name; only sending asks Xero itself. */
export function draftNewContact(ui, form, disabled, act) {
	const { h, __ } = ui;
	const { values, preview } = form;
	const name = values.contact_name.trim();
	const { action, name: known } = preview.answer?.contact ?? {};
	const isKnown = action && action !== "create" && known.toLowerCase() === name.toLowerCase();
	if (values.contact_id || !name || isKnown) return null;
	return h(
		"fieldset",
		{ class: "person wide", key: "person" },
		h("legend", null, __("Create “{0}” in Xero", [name])),
		h("p", { class: "muted wide" }, __("If Xero has a contact of this name by then, that one is used.")),
		ui.views.personFields(ui, form, "contact.", disabled, act),
	);
}
