{% include "xero_connector/public/desk/mirror_list.js" %}

xeroShowTexts("Xero Contact");

frappe.listview_settings["Xero Contact"] = {
	async onload(list) {
		const { offerOnList } = await import(`/assets/xero_connector/desk/contact_files.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnList(list);
	},
};
