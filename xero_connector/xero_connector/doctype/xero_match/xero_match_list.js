{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Match");

frappe.listview_settings["Xero Match"] = {
	add_fields: ["state"],
	filters: [["state", "=", "Waiting"]],
	get_indicator(doc) {
		const colours = { Waiting: "orange", Linked: "green", Created: "blue", Ignored: "gray" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
	async onload(list) {
		const { offerOnList } = await import(`/assets/xero_connector/desk/matches.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnList(list);
	},
};
