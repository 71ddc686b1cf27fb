{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Log");

frappe.listview_settings["Xero Log"] = {
	add_fields: ["outcome", "outbox"],
	get_indicator(doc) {
		const colours = {
			Started: "blue",
			Sent: "green",
			Unchanged: "gray",
			Failed: "orange",
			"Needs Attention": "red",
			Decided: "purple",
		};
		return [__(doc.outcome), colours[doc.outcome], `outcome,=,${doc.outcome}`];
	},
	async onload(list) {
		const { offerOnList } = await import(`/assets/xero_connector/desk/retry.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnList(list);
	},
};
