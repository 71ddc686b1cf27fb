frappe.ui.form.on("Xero Outbox", {
	async refresh(frm) {
		const { explainOnForm, offerOnForm } = await import(`/assets/xero_connector/desk/retry.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		offerOnForm(frm);
		explainOnForm(frm);
	},
});
