/** What Xero says of a record that is an invoice itself (R77-R80), in one line above the figures. */

export function ownDocument(ui, { own_document: own }) {
	const { h, __ } = ui;
	const [tone, label] = LOOKS[own.state]?.(ui) ?? ["neutral", own.state];
	return h(
		"section",
		{ class: "own facts", "aria-label": __("This invoice in Xero") },
		h("strong", { dir: "auto" }, ui.xeroLink(own.url, own.number || __("No number"), { mark: true })),
		ui.badge(tone, label),
		own.outstanding && h("span", null, __("Outstanding in Xero: {0}", [ui.money(own.outstanding, own.currency)])),
		own.cancelled_here && own.state !== "Cancelled" && ui.badge("bad", __("Cancelled here, still in Xero")),
		own.sent_on && h("span", { class: "muted" }, __("sent {0}", [ui.day(own.sent_on)])),
	);
}

const LOOKS = {
	Created: ({ __ }) => ["neutral", __("Created")],
	Live: ({ __ }) => ["info", __("Live")],
	"Part Paid": ({ __ }) => ["warning", __("Part paid")],
	Paid: ({ __ }) => ["good", __("Paid")],
	Cancelled: ({ __ }) => ["neutral", __("Cancelled")],
};
