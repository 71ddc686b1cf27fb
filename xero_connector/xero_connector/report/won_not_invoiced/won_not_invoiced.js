{% include "xero_connector/public/desk/report_cells.js" %}

frappe.query_reports["Won Not Invoiced"] = {
	filters: [
		{
			fieldname: "since",
			label: __("Won Since"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
			reqd: 1,
		},
		{ fieldname: "owner", label: __("Owner"), fieldtype: "Link", options: "User" },
	],
	formatter: xeroReportCell,
};
