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
});
