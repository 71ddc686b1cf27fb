{% include "xero_connector/public/desk/report_cells.js" %}

frappe.query_reports["Receivables Ageing"] = {
	filters: [
		{
			fieldname: "organisation",
			label: __("Organisation"),
			fieldtype: "Link",
			options: "Xero Organisation",
		},
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: ["Customer", "Owner", "Currency"],
			default: "Customer",
			reqd: 1,
		},
	],
	formatter: xeroReportCell,
};
