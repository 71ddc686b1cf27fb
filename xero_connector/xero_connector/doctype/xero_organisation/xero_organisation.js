frappe.ui.form.on("Xero Organisation", {
	setup(frm) {
		frm.set_query("sales_account", () => ({
			filters: {
				organisation: frm.doc.name,
				account_class: "REVENUE",
				status: "Active",
				code: ["is", "set"],
			},
		}));
	},

	/** Banks, and what payments are enabled for in Xero: a link's filters know no "or". */
	async refresh(frm) {
		const accounts = await frappe.db.get_list("Xero Account", {
			filters: { organisation: frm.doc.name, status: "Active" },
			or_filters: [
				["account_type", "=", "BANK"],
				["payments_enabled", "=", 1],
			],
			limit: 0,
		});
		const names = accounts.map((account) => account.name);
		frm.set_query("payment_account", () => ({ filters: { name: ["in", names] } }));
	},
});
