/*
 * Puts the panel into the field `xero_panel` of a form. Frappe embeds this text in every record doctype and runs
 * it once for each, so the flag keeps one listener; it answers for all forms that have the field.
 */
(() => {
	if (window.xero_connector_record) return;
	window.xero_connector_record = true;

	const ASSETS = "/assets/xero_connector";
	const version = `?v=${encodeURIComponent(frappe.boot.versions?.xero_connector ?? "")}`;
	const panels = new Map();
	let modules = null;

	function load() {
		modules ??= Promise.all([
			import(`${ASSETS}/panel/index.js${version}`),
			import(`${ASSETS}/desk/host.js${version}`),
		]).catch((error) => {
			modules = null;
			throw error;
		});
		return modules;
	}

	function say(element, sentence) {
		const note = document.createElement("p");
		note.className = "text-muted";
		note.textContent = sentence;
		element.replaceChildren(note);
	}

	function takeDown(element) {
		panels.get(element)?.unmount();
		panels.delete(element);
	}

	/** Frappe keeps one form for all records of a doctype: the panel in it is pointed at the record of now. */
	function show(element, frm) {
		const target = { doctype: frm.doctype, name: frm.docname };
		const shown = panels.get(element);
		if (shown) return shown.update(target);
		return load().then(
			([{ mount }, { deskHost }]) => {
				if (panels.has(element) || frm.is_new()) return;
				element.replaceChildren();
				panels.set(element, mount(element, deskHost(), { doctype: frm.doctype, name: frm.docname }));
			},
			() => say(element, __("The Xero tab could not be loaded. Reload the page.")),
		);
	}

	$(document).on("form-refresh", (_event, frm) => {
		const element = frm.fields_dict?.xero_panel?.$wrapper?.get(0);
		if (!element) return;
		if (frm.is_new()) {
			takeDown(element);
			say(element, __("Save this record first."));
		} else {
			show(element, frm);
		}
	});
})();
