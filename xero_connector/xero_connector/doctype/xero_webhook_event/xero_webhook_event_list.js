{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Webhook Event");

frappe.listview_settings["Xero Webhook Event"] = {
	add_fields: ["state"],
	get_indicator(doc) {
		const colours = { Waiting: "blue", Done: "green", Failed: "red", Ignored: "gray", Unknown: "orange" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
	async onload(list) {
		const { offerOnList } = await import(`/assets/xero_connector/desk/replay.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnList(list);
	},
};
