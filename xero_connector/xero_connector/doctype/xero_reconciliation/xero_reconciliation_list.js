frappe.listview_settings["Xero Reconciliation"] = {
	add_fields: ["state"],
	get_indicator(doc) {
		const colours = { Comparing: "blue", Agrees: "green", Fixed: "green", Differs: "orange" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};
