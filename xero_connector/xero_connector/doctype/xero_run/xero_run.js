frappe.ui.form.on("Xero Run", {
	async refresh(frm) {
		const { offerOnForm } = await import(`/assets/xero_connector/desk/run.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnForm(frm);
	},
});
