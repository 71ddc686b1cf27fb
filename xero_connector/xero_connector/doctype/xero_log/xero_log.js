frappe.ui.form.on("Xero Log", {
	async refresh(frm) {
		const { offerOnForm } = await import(`/assets/xero_connector/desk/retry.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnForm(frm);
	},
});
