/** Before an organisation is connected: a Manager gets the way to it, everyone else a sentence. */

export function connectView(ui, { panel }) {
	const { h, __ } = ui;
	const title = __("Xero is not connected");
	if (!panel.can.connect) {
		return ui.empty(title, __("A Xero Manager can connect it in Xero Settings. Invoices and balances then appear here."));
	}
	const text = __("Connect your Xero organisation to see invoices and balances on this record and to send drafts.");
	const connect = h("a", { class: "button primary", href: panel.settings_url }, ui.icon("link"), __("Connect"));
	return ui.empty(title, text, connect);
}
