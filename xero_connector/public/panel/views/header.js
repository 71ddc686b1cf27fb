/** Whose figures these are, how old they are, and what can be done from here. */

export function headerView(ui, state, act) {
	const { h } = ui;
	return h(
		"div",
		{ class: "header" },
		h("div", { class: "identity" }, contacts(ui, state, act), organisation(ui, state, act)),
		state.phase === "ready" && h("div", { class: "actions" }, actions(ui, state, act)),
	);
}

/** The site or Xero is out of reach; the figures below stay readable. */
export function banner(ui, { panel, offline }) {
	const { h, __ } = ui;
	const { problem, needs_reconnect, as_of } = panel.organisation ?? {};
	if (offline) {
		const sentence = as_of
			? __("You are offline. What is shown here is from {0}.", [ui.moment(as_of)])
			: __("You are offline. What is shown here is from before.");
		return ui.notice("warning", sentence);
	}
	if (!problem && !needs_reconnect) return null;
	const sentence = problem || __("The connection to Xero has ended. What is shown here is kept from before.");
	const canReconnect = needs_reconnect && panel.can.connect;
	const link = canReconnect && h("a", { href: panel.settings_url }, __("Reconnect"));
	return ui.notice("warning", sentence, link && [" ", link]);
}

function contacts(ui, state, act) {
	const { h, __ } = ui;
	const { panel, phase } = state;
	if (!panel.contacts.length) return h("h2", null, __("Xero"));
	const canAdd = phase === "ready" && panel.can.link && !state.linking;
	const another = canAdd && ui.button(__("Link another contact"), act.startLinking, { kind: "quiet" });
	return panel.contacts.map((contact, index) =>
		h(
			"div",
			{ class: "contact", key: contact.id },
			h("h2", null, ui.xeroLink(contact.url, contact.name, { mark: true, title: __("Open in Xero"), dir: "auto" })),
			contact.status === "Archived" && ui.badge("neutral", __("Archived")),
			contact.inherited_from && inherited(ui, contact.inherited_from, act),
			contactActions(ui, state, contact, act),
			index === panel.contacts.length - 1 && another,
		),
	);
}

function contactActions(ui, state, contact, act) {
	const { __ } = ui;
	const { panel, busy } = state;
	const view = { class: "button quiet", "aria-label": __("View in Xero: {0}", [contact.name]) };
	return [
		contact.url && ui.xeroLink(contact.url, __("View in Xero"), view),
		contact.is_customer && statement(ui, state, contact, act),
		!contact.inherited_from && panel.can.link && unlink(ui, contact, busy, act),
	];
}

/** The statement of account (B14): a page to print in a new tab, or the file. */
function statement(ui, { menu, busy }, contact, act) {
	const { h, __ } = ui;
	const id = `statement-${contact.id}`;
	const page = { href: act.statementAddress(contact), target: "_blank", rel: "noopener", on: { click: act.closeMenu } };
	const download = { type: "button", on: { click: () => act.downloadStatement(contact) } };
	const items = [h("a", page, __("Printable page")), h("button", download, __("Download PDF"))];
	const choices = { isOpen: menu === id, toggle: () => act.toggleMenu(id), close: act.closeMenu };
	return ui.menu(id, __("Statement"), choices, items, { disabled: busy.includes(`statement:${contact.id}`) });
}

function inherited(ui, { doctype, name }, act) {
	const open = ui.button(name, () => act.openRecord(doctype, name), { kind: "quiet" });
	return ui.h("span", { class: "muted" }, ui.__("from"), " ", open);
}

function unlink(ui, contact, busy, act) {
	return ui.button(ui.__("Unlink"), () => act.unlink(contact), {
		kind: "quiet",
		disabled: busy.includes(`unlink:${contact.id}`),
		title: ui.__("Take this Xero contact off the record"),
	});
}

function organisation(ui, { panel, refreshing, phase }, act) {
	const { h, __ } = ui;
	const { organisation: shown, organisations } = panel;
	if (!shown) return null;
	const age = shown.as_of ? __("as of {0}", [ui.moment(shown.as_of)]) : __("not read yet");
	const isReading = refreshing || shown.reading;
	return h(
		"div",
		{ class: "muted facts" },
		organisations.length > 1 ? organisationSwitch(ui, shown, organisations, act) : h("span", null, shown.title),
		shown.is_demo && ui.badge("info", __("Demo Company")),
		phase === "ready" && h("span", { role: "status", "aria-live": "polite" }, isReading ? __("Reading Xero…") : age),
	);
}

/** Figures of several organisations are never added up (B11): one at a time. */
function organisationSwitch({ h, __ }, shown, organisations, act) {
	const option = ({ name, title, linked, connected }) => {
		const notes = [!linked && __("not linked"), !connected && __("not connected")].filter(Boolean);
		return h("option", { value: name }, notes.length ? `${title} (${notes.join(", ")})` : title);
	};
	const choose = { change: (event) => act.chooseOrganisation(event.target.value) };
	const props = { class: "switch", "aria-label": __("Xero organisation"), value: shown.name, on: choose };
	return h("select", props, organisations.map(option));
}

/** A record that is itself an invoice or credit note is sent as it is. */
function draftLabel({ __ }, { is_document, own_document }) {
	if (!is_document) return __("New draft invoice");
	return own_document ? __("Update in Xero") : __("Send to Xero");
}

function actions(ui, { panel, refreshing }, act) {
	const { __ } = ui;
	if (!panel.organisation) return null;
	const canDraft = panel.can.draft && panel.record.can_draft;
	const refresh = { icon: "refresh", disabled: refreshing, class: ["button", "plain", refreshing && "turning"] };
	return [
		ui.button(__("Refresh"), act.refresh, refresh),
		panel.can.link && ui.button(__("Find & link"), act.openFind, { icon: "link" }),
		canDraft && ui.button(draftLabel(ui, panel.record), act.openDraft, { kind: "primary", icon: "plus" }),
	];
}
