/*
 * Puts the panel into the field `xero_panel` of a form: one listener for all forms that have the field, also those of
 * another app's record types. Somebody who may not see Xero gets no tab. Where something is being sold, the form has
 * a button for a new draft too (R8).
 */
(() => {
	const ASSETS = "/assets/xero_connector";
	const version = `?v=${encodeURIComponent(frappe.boot.versions?.xero_connector ?? "")}`;
	const panels = new Map();
	let opening = null;
	let xero = null; // once the site has answered: {see, mount(element, target), offersDraft(target)}

	/** Loads the panel and asks whether this user is shown it, once for as long as the page lives. */
	function open() {
		opening ??= load().catch((error) => {
			opening = null;
			throw error;
		});
		return opening;
	}

	async function load() {
		const [panel, { deskHost, places }] = await Promise.all([
			import(`${ASSETS}/panel/index.js${version}`),
			import(`${ASSETS}/desk/host.js${version}`),
		]);
		const { see } = await places();
		const host = deskHost();
		xero = {
			see,
			mount: (element, target) => panel.mount(element, host, target),
			offersDraft: (target) => panel.offersDraft(host, target),
		};
	}

	/** Frappe draws a tab while one of its fields is visible: the panel, and what Xero says of the record itself. */
	function toggleTab(frm, isShown) {
		frm.toggle_display(["xero_panel", "xero_own"], isShown);
	}

	/** The address of a page names its tab, and Frappe opens it there, hidden or not. */
	function leaveTab({ layout }) {
		const isLeft = layout.tabs.find((tab) => tab.is_active())?.is_hidden();
		if (isLeft) layout.tabs.find((tab) => !tab.is_hidden())?.set_active();
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
		if (shown) {
			shown.update(target);
		} else {
			element.replaceChildren();
			panels.set(element, xero.mount(element, target));
		}
		offerDraft(element, frm, target);
	}

	async function offerDraft(element, frm, target) {
		const isOffered = await xero.offersDraft(target);
		if (!isOffered || frm.docname !== target.name) return;
		frm.add_custom_button(__("New draft invoice"), () => openDraft(element, frm), __("Xero"));
	}

	function openDraft(element, { layout }) {
		layout.tabs.find(({ df }) => df.fieldname === "xero_tab")?.set_active();
		panels.get(element)?.openDraft();
	}

	function draw(element, frm) {
		toggleTab(frm, xero.see);
		if (!xero.see) return leaveTab(frm);
		if (!frm.is_new()) return show(element, frm);
		takeDown(element);
		say(element, __("Save this record first."));
	}

	async function drawWhenOpen(element, frm) {
		toggleTab(frm, false);
		try {
			await open();
		} catch {
			toggleTab(frm, true);
			say(element, __("The Xero tab could not be loaded. Reload the page."));
			return;
		}
		// every refresh of the form until now waits here; the first of them draws the record of now
		if (!panels.has(element)) draw(element, frm);
	}

	$(document).on("form-refresh", (_event, frm) => {
		const element = frm.fields_dict?.xero_panel?.$wrapper?.get(0);
		if (!element) return;
		if (xero) draw(element, frm);
		else drawWhenOpen(element, frm);
	});
})();
