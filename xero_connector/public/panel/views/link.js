/** The Xero contact that this record is: suggested, searched for, or created; then linked. */

export function linkView(ui, state, act) {
	const { h, __ } = ui;
	const isFirst = !state.panel.contacts.length;
	const title = isFirst ? __("No Xero contact is linked to this record") : __("Link another Xero contact");
	if (!state.panel.can.link) {
		return ui.empty(title, __("Someone with the right to link can choose the Xero contact here."));
	}
	const intro = __("Find the contact in Xero. Its invoices and balances then appear here.");
	return h(
		"section",
		{ class: "link", "aria-label": title },
		h("div", { class: "title" }, h("h3", null, title), !isFirst && ui.button(__("Close"), act.stopLinking, { kind: "quiet" })),
		isFirst && h("p", { class: "muted" }, intro),
		form(ui, state, act),
		h("div", { class: "found", "aria-live": "polite" }, found(ui, state, act)),
		state.panel.can.draft && createInstead(ui, act),
	);
}

function form(ui, { search, linking }, act) {
	const { h, __ } = ui;
	const submit = (event) => {
		event.preventDefault();
		act.searchContacts();
	};
	const label = __("Name or e-mail");
	return h(
		"form",
		{ class: "toolbar", role: "search", on: { submit } },
		ui.views.searchField(ui, "contact-search", label, search.text, act.typeContact, {
			"aria-label": __("Name or e-mail of the Xero contact"),
			"data-focus": linking,
		}),
		h("button", { class: "button plain" }, __("Search")),
	);
}

/** What the reader searches for takes the place of the suggestions. */
function found(ui, state, act) {
	const { __ } = ui;
	const { search, suggestions } = state;
	if (search.text.trim()) {
		return contacts(ui, state, search, __("No Xero contact matches “{0}”.", [search.text]), act);
	}
	return contacts(ui, state, suggestions, __("Nothing in Xero looks like this record. Search by name or e-mail."), act);
}

function contacts(ui, state, { phase, contacts: rows, error }, nothing, act) {
	const { h, __ } = ui;
	if (phase === "error") return ui.notice("warning", error);
	if (rows.length) {
		return h("ul", { class: "contacts", "aria-busy": phase === "loading" }, rows.map((row) => result(ui, state, row, act)));
	}
	return h("p", { class: "muted" }, phase === "ready" ? nothing : __("Searching…"));
}

function result(ui, { busy, panel }, contact, act) {
	const { h, __ } = ui;
	const isLinked = panel.contacts.some(({ id }) => id === contact.id);
	const link = { disabled: busy.includes("link"), "aria-label": __("Link {0}", [contact.name]) };
	return h(
		"li",
		{ key: contact.id },
		h(
			"div",
			{ class: "who" },
			h("strong", { dir: "auto" }, contact.name),
			h("span", { class: "muted" }, contact.email),
			contact.is_customer && ui.badge("neutral", __("Customer")),
			contact.is_supplier && ui.badge("neutral", __("Supplier")),
			contact.reasons && why(ui, contact),
		),
		isLinked ? ui.badge("good", __("Linked")) : ui.button(__("Link"), () => act.link(contact), link),
	);
}

function why(ui, { score, reasons }) {
	const { h } = ui;
	return h("div", { class: "why" }, likeness(ui, score), reasons.map((reason) => ui.badge("neutral", reasonLabel(ui, reason))));
}

function likeness(ui, score) {
	const { __ } = ui;
	if (score >= 85) return ui.badge("good", __("Very likely, {0}%", [score]));
	if (score >= 60) return ui.badge("info", __("Likely, {0}%", [score]));
	return ui.badge("warning", __("Possible, {0}%", [score]));
}

function reasonLabel({ __ }, reason) {
	const labels = {
		number: __("same number"),
		tax_number: __("same tax number"),
		email: __("same e-mail"),
		phone: __("same phone"),
		name: __("same name"),
		similar_name: __("similar name"),
		postal_code: __("same postcode"),
	};
	return labels[reason] ?? reason;
}

function createInstead(ui, act) {
	const create = ui.button(ui.__("Create it in Xero"), () => act.openForm("contact"), { icon: "plus" });
	return ui.h("p", { class: "instead muted" }, ui.__("None of these?"), " ", create);
}
