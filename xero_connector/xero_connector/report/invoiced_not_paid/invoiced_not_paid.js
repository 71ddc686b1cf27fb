{% include "xero_connector/public/desk/report_cells.js" %}

frappe.query_reports["Invoiced Not Paid"] = {
	filters: [
		{
			fieldname: "organisation",
			label: __("Organisation"),
			fieldtype: "Link",
			options: "Xero Organisation",
		},
		{ fieldname: "owner", label: __("Owner"), fieldtype: "Link", options: "User" },
	],
	formatter: xeroReportCell,
};
