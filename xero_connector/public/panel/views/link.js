/** No Xero contact yet: find the one that this record is, and link it. */

export function linkView(ui, state, act) {
	const { h, __ } = ui;
	const title = __("No Xero contact is linked to this record");
	if (!state.panel.can.link) {
		return ui.empty(title, __("Someone with the right to link can choose the Xero contact here."));
	}
	return h(
		"section",
		{ class: "link" },
		h("h3", null, title),
		h("p", { class: "muted" }, __("Find the contact in Xero. Its invoices and balances then appear here.")),
		form(ui, state, act),
		h("div", { class: "found", "aria-live": "polite" }, results(ui, state, act)),
	);
}

function form(ui, { panel, search }, act) {
	const { h, __ } = ui;
	const submit = (event) => {
		event.preventDefault();
		act.searchContacts();
	};
	const input = h("input", {
		type: "search",
		key: "contact-search",
		"aria-label": __("Name or e-mail of the Xero contact"),
		placeholder: __("Name or e-mail"),
		value: search.text ?? "",
		on: { input: (event) => act.typeContact(event.target.value) },
	});
	return h(
		"form",
		{ class: "toolbar", role: "search", on: { submit } },
		panel.organisations.length > 1 && organisations(ui, panel.organisations, search.organisation, act),
		h("div", { class: "search" }, ui.icon("search"), input),
		h("button", { class: "button plain" }, __("Search")),
	);
}

function organisations({ h, __ }, options, chosen, act) {
	const choose = { change: (event) => act.chooseOrganisation(event.target.value) };
	const option = ({ name, title }) => h("option", { value: name }, title);
	return h("select", { "aria-label": __("Xero organisation"), value: chosen, on: choose }, options.map(option));
}

function results(ui, { search, busy }, act) {
	const { h, __ } = ui;
	if (search.phase === "error") return ui.notice("warning", search.error);
	if (search.phase === "idle") return null;
	if (search.contacts.length) {
		const rows = search.contacts.map((contact) => result(ui, contact, busy.includes("link"), act));
		return h("ul", { class: "contacts", "aria-busy": search.phase === "loading" }, rows);
	}
	if (search.phase === "loading") return h("p", { class: "muted" }, __("Searching…"));
	return h("p", { class: "muted" }, __("No Xero contact matches “{0}”.", [search.text]));
}

function result(ui, contact, isBusy, act) {
	const { h, __ } = ui;
	const tags = [
		contact.is_customer && ui.badge("neutral", __("Customer")),
		contact.is_supplier && ui.badge("neutral", __("Supplier")),
	];
	return h(
		"li",
		{ key: contact.id },
		h("div", { class: "who" }, h("strong", null, contact.name), h("span", { class: "muted" }, contact.email), tags),
		ui.button(__("Link"), () => act.link(contact), {
			disabled: isBusy,
			"aria-label": __("Link {0}", [contact.name]),
		}),
	);
}
