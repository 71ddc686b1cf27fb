/** What the parts of the settings page share: how it asks, and how it looks. */

const { h } = await import(`../../panel/dom.js${new URL(import.meta.url).search}`);

export { h };

/** `call("connection.status")`; a refusal is shown by Desk itself. */
export function call(method, args = {}) {
	return frappe.xcall(`xero_connector.api.${method}`, args);
}

export function note(text) {
	return h("p", { class: "text-muted" }, text);
}

export function button(label, look, click, action, props) {
	return h("button", { type: "button", class: `btn ${look}`, "data-action": action, on: { click }, ...props }, label);
}

/** A page of Xero's own, beside this one; underlined, for Desk's links look like the words around them. */
export function outside(href, label) {
	return h("a", { href, target: "_blank", rel: "noopener" }, h("u", null, label));
}

/** In words; Frappe has none for a moment that the browser's clock has yet to reach. */
export function age(iso) {
	return frappe.datetime.prettyDate(iso) || __("just now");
}

export function bar(share, label) {
	const fill = h("div", { class: "progress-bar" });
	fill.style.width = `${share}%`;
	const range = { role: "progressbar", "aria-valuenow": share, "aria-valuemin": 0, "aria-valuemax": 100 };
	return h("div", { class: "progress", "aria-label": label, ...range }, fill);
}

/** An address to be entered at developer.xero.com, with what is wrong with it. */
export function address({ id, label, value, help, problem }) {
	const copy = () => frappe.utils.copy_to_clipboard(value);
	return h(
		"div",
		{ class: "form-group" },
		h("label", { class: "control-label" }, label),
		h(
			"div",
			{ class: "d-flex align-items-start" },
			h("code", { class: "mr-2 text-break", id }, value),
			button(__("Copy"), "btn-default btn-xs flex-shrink-0", copy, "copy", { "aria-label": `${__("Copy")}: ${label}` }),
		),
		h("p", { class: "help-box small text-muted" }, help),
		problem && h("p", { class: "text-danger small" }, problem),
	);
}

/** To Xero's consent page; a Custom Connection needs none and is connected when this comes back. */
export async function connect({ frm, again }) {
	if (frm.is_dirty()) await frm.save();
	const { authorize_url } = await call("connection.start");
	if (authorize_url) window.location.assign(authorize_url);
	else await again();
}
