frappe.ui.form.on("Xero Match", {
	async refresh(frm) {
		const { showOnForm } = await import(`/assets/xero_connector/desk/matches.js?v=${frappe.boot.versions?.xero_connector ?? ""}`);
		showOnForm(frm);
	},
});
