/** Included in the list scripts of the doctypes that hold what Xero says, or what it is told letter by letter. Frappe's lists and report views put a text into
 * the page as HTML, because what people type has been cleaned; what Xero says is kept as it is. Escaping no more than
 * this does no harm to what a form has escaped already. */
function xeroShowTexts(doctype) {
	const shown = { "<": "&lt;", ">": "&gt;", "\n": "<br>" };
	for (const field of Object.values(frappe.meta.docfield_map[doctype])) {
		if (!["Data", "Small Text"].includes(field.fieldtype)) continue;
		field.formatter = (value) => String(value ?? "").replace(/[<>\n]/g, (sign) => shown[sign]);
	}
}
