{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Outbox");

frappe.listview_settings["Xero Outbox"] = {
	add_fields: ["state"],
	get_indicator(doc) {
		const colours = { Queued: "blue", Sending: "blue", Sent: "green", Failed: "orange", "Needs Attention": "red" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
	async onload(list) {
		const { offerOnList } = await import(`/assets/xero_connector/desk/retry.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnList(list);
	},
};
