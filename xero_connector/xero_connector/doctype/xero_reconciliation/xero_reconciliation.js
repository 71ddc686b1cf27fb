frappe.ui.form.on("Xero Reconciliation", {
	async refresh(frm) {
		const { mount, startReconciliation } = await import(`/assets/xero_connector/desk/reconciliation.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		frm.add_custom_button(__("Compare again"), () => startReconciliation(frm.doc.organisation));
		mount(frm);
	},
});
