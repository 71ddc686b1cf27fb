/** Included in each of our reports. Texts from Xero are shown as text; `links` of a row names the document that
 * a cell opens. */
function xeroReportCell(value, row, column, data, standard) {
	if (column.fieldtype !== "Data") return standard(value, row, column, data);
	const text = frappe.utils.escape_html(String(value ?? ""));
	const target = data?.links?.[column.fieldname];
	return target ? frappe.utils.get_form_link(target[0], target[1], true, text) : text;
}
