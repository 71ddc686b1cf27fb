frappe.ui.form.on("Xero Settings", {
	async refresh(frm) {
		const { mount } = await import(`/assets/xero_connector/desk/settings.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		mount(frm);
	},
});
