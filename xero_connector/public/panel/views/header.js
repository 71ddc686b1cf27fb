/** Whose figures these are, how old they are, and what can be done from here. */

export function headerView(ui, state, act) {
	const { h } = ui;
	return h(
		"header",
		{ class: "header" },
		h("div", { class: "identity" }, contacts(ui, state, act), organisation(ui, state)),
		h("div", { class: "actions" }, actions(ui, state, act)),
	);
}

/** Something is wrong with the connection; the figures below stay readable. */
export function problemBanner(ui, { panel }) {
	const { h, __ } = ui;
	const { problem, needs_reconnect } = panel.organisation ?? {};
	if (!problem && !needs_reconnect) return null;
	const sentence = problem || __("The connection to Xero has ended. What is shown here is kept from before.");
	const canReconnect = needs_reconnect && panel.can.connect;
	const link = canReconnect && h("a", { href: panel.settings_url }, __("Reconnect"));
	return ui.notice("warning", sentence, link && [" ", link]);
}

function contacts(ui, { panel, busy }, act) {
	const { h, __ } = ui;
	if (!panel.contacts.length) return h("h2", null, __("Xero"));
	return panel.contacts.map((contact) =>
		h(
			"div",
			{ class: "contact", key: contact.id },
			h("h2", null, ui.xeroLink(contact.url, contact.name, { mark: true, title: __("Open in Xero") })),
			contact.status === "Archived" && ui.badge("neutral", __("Archived")),
			contact.inherited_from
				? inherited(ui, contact.inherited_from, act)
				: panel.can.link && unlink(ui, contact, busy, act),
		),
	);
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

function organisation(ui, { panel: { organisation: shown }, refreshing }) {
	const { h, __ } = ui;
	if (!shown) return null;
	const age = shown.as_of ? __("as of {0}", [ui.moment(shown.as_of)]) : __("not read yet");
	return h(
		"p",
		{ class: "muted facts" },
		h("span", null, shown.title),
		shown.is_demo && ui.badge("info", __("Demo Company")),
		h("span", { role: "status", "aria-live": "polite" }, refreshing ? __("Reading Xero…") : age),
	);
}

function actions(ui, { panel, refreshing }, act) {
	const { __ } = ui;
	const canDraft = panel.can.draft && panel.record.can_draft;
	const refresh = { icon: "refresh", disabled: refreshing, class: ["button", "plain", refreshing && "turning"] };
	return [
		panel.organisation && ui.button(__("Refresh"), act.refresh, refresh),
		canDraft && ui.button(__("New draft invoice"), act.openDraft, { kind: "primary", icon: "plus" }),
	];
}
