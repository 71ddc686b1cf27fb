/**
 * Included in the list scripts of records that Xero is told of from their list (hooks.py: `doctype_list_js`). What a
 * list has already stays; `desk/list.js` says what is added, and for whom.
 */
function xeroExtendList(doctype) {
	const settings = (frappe.listview_settings[doctype] ??= {});
	// Desk runs a list's script again whenever it reads the doctype anew
	if (settings.has_xero) return;
	const { onload } = settings;
	const version = encodeURIComponent(frappe.boot.versions?.xero_connector ?? "");
	settings.has_xero = true;
	settings.onload = (listview) => {
		onload?.call(settings, listview);
		import(`/assets/xero_connector/desk/list.js?v=${version}`)
			.then(({ extendList }) => extendList(listview))
			.catch(console.error);
	};
}
