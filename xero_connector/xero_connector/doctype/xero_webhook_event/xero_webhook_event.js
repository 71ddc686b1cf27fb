frappe.ui.form.on("Xero Webhook Event", {
	async refresh(frm) {
		const { offerOnForm } = await import(`/assets/xero_connector/desk/replay.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnForm(frm);
	},
});
