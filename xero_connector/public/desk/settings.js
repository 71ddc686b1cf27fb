/** The settings page's live parts: connection, organisations with their reading, the redirect URI, the log. */

const { h } = await import(`../panel/dom.js${new URL(import.meta.url).search}`);

const POLL_MS = 2000;
const PILL = { Connected: "green", Reconnect: "orange", Disconnected: "gray" };
const LISTS = {
	contacts: () => __("Contacts"),
	invoices: () => __("Invoices and bills"),
	credit_notes: () => __("Credit notes"),
};

let timer = null;

/** Draws into the HTML fields of the form of Xero Settings; asks again while something is being read. */
export async function mount(frm) {
	clearTimeout(timer);
	const status = await call("status");
	draw(frm, status);
	if (status.organisations.some(isChanging) && isOpen(frm)) timer = setTimeout(() => mount(frm), POLL_MS);
}

/** Being read, or about to be: right after consent the job may still wait for a worker. */
function isChanging(one) {
	const isFirst = one.status === "Connected" && one.sync_state === "Idle" && !one.last_sync;
	return one.sync_state === "Reading" || isFirst;
}

function isOpen(frm) {
	return frm.get_field("overview").wrapper.isConnected && frm.page.wrapper.is(":visible");
}

function call(method, args = {}) {
	return frappe.xcall(`xero_connector.api.connection.${method}`, args);
}

function draw(frm, status) {
	place(frm, "overview", overview(frm, status));
	place(frm, "redirect_uri", redirectUri(status.redirect_uri));
	place(frm, "log_note", logNote());
}

function place(frm, field, node) {
	frm.get_field(field).$wrapper.get(0).replaceChildren(node);
}

function overview(frm, status) {
	if (!status.enabled) return note(__("Xero is switched off. Its data stays readable; nothing is read or sent."));
	if (!status.configured) {
		return note(__("Enter the client ID and the client secret of your Xero app below, save, then connect."));
	}
	const connect = status.organisations.length ? __("Connect another organisation") : __("Connect to Xero");
	return h(
		"div",
		{ class: "mb-3" },
		status.organisations.map((one) => organisation(frm, one)),
		button(connect, status.organisations.length ? "btn-default" : "btn-primary", () => startConsent(frm), "connect"),
	);
}

function organisation(frm, one) {
	return h(
		"div",
		{ class: "frappe-card p-3 mb-3", "data-organisation": one.name },
		h(
			"div",
			{ class: "d-flex flex-wrap align-items-center" },
			h("a", { class: "font-weight-bold mr-2", href: `/app/xero-organisation/${one.name}` }, one.title),
			h("span", { class: `indicator-pill ${PILL[one.status]} mr-2` }, __(one.status)),
			one.is_demo && h("span", { class: "indicator-pill blue mr-2" }, __("Demo Company")),
			h("span", { class: "text-muted small" }, one.base_currency),
		),
		h("div", { class: "text-muted small mt-1" }, facts(one).join(" · ")),
		one.problem && h("div", { class: "text-danger small mt-1", role: "alert" }, one.problem),
		one.sync_state === "Reading" && progress(one),
		h("div", { class: "mt-2" }, actions(frm, one)),
	);
}

function facts(one) {
	const who = [one.connected_by, one.email].filter(Boolean).join(", ");
	return [
		who && __("Connected by {0}", [who]),
		one.last_sync ? __("Read {0}", [age(one.last_sync)]) : __("Not read yet"),
		one.sales_account && __("Sales account {0}", [one.sales_account]),
		one.sync_state === "Stopped" && __("Stopped; goes on where it was"),
		one.day_calls_remaining !== null && one.last_sync && __("{0} calls left today", [one.day_calls_remaining]),
	].filter(Boolean);
}

/** In words; Frappe has none for a moment that the browser's clock has yet to reach. */
function age(iso) {
	return frappe.datetime.prettyDate(iso) || __("just now");
}

function progress(one) {
	const share = one.sync_total ? Math.round((100 * one.sync_done) / one.sync_total) : 0;
	const list = LISTS[one.sync_endpoint]?.() ?? "";
	return h(
		"div",
		{ class: "mt-2" },
		h("div", { class: "small text-muted" }, __("{0}: {1} of {2}", [list, one.sync_done, one.sync_total])),
		h(
			"div",
			{ class: "progress", role: "progressbar", "aria-valuenow": share, "aria-valuemin": 0, "aria-valuemax": 100 },
			bar(share),
		),
	);
}

function bar(share) {
	const node = h("div", { class: "progress-bar" });
	node.style.width = `${share}%`;
	return node;
}

function actions(frm, one) {
	const reconnect = button(__("Reconnect"), "btn-primary btn-xs mr-2", () => startConsent(frm), "reconnect");
	if (one.status !== "Connected") return [reconnect];
	const isReading = one.sync_state === "Reading";
	return [
		one.needs_consent && reconnect,
		isReading
			? button(__("Stop"), "btn-default btn-xs mr-2", () => act(frm, "stop_reading", one), "stop")
			: button(__("Refresh"), "btn-default btn-xs mr-2", () => refresh(frm, one), "refresh"),
		button(__("Disconnect"), "btn-default btn-xs", () => disconnect(frm, one), "disconnect"),
	];
}

async function refresh(frm, one) {
	await act(frm, "refresh_organisation", one);
	frappe.show_alert(__("{0} is being read.", [one.title]));
	// the job may not have begun yet when the answer is there
	timer = setTimeout(() => mount(frm), POLL_MS);
}

function disconnect(frm, one) {
	const question = __("Disconnect {0}? What was read stays readable.", [frappe.utils.escape_html(one.title)]);
	frappe.confirm(question, () => act(frm, "disconnect", one));
}

async function act(frm, method, one) {
	await call(method, { organisation: one.name });
	await mount(frm);
}

async function startConsent(frm) {
	if (frm.is_dirty()) await frm.save();
	const { authorize_url } = await call("start");
	window.location.assign(authorize_url);
}

function redirectUri(uri) {
	return h(
		"div",
		{ class: "form-group" },
		h("label", { class: "control-label" }, __("Redirect URI")),
		h(
			"div",
			{ class: "d-flex align-items-start" },
			h("code", { class: "mr-2 text-break", id: "xero-redirect-uri" }, uri),
			button(__("Copy"), "btn-default btn-xs flex-shrink-0", () => frappe.utils.copy_to_clipboard(uri), "copy"),
		),
		h("p", { class: "help-box small text-muted" }, __("Enter exactly this in your app on developer.xero.com.")),
		!isAllowedByXero(uri) &&
			h("p", { class: "text-danger small" }, __("Xero accepts only https addresses, or http://localhost.")),
	);
}

function isAllowedByXero(uri) {
	const { protocol, hostname } = new URL(uri);
	return protocol === "https:" || hostname === "localhost" || hostname.endsWith(".localhost");
}

function logNote() {
	return h(
		"p",
		{ class: "text-muted" },
		__("Every attempt to bring something to Xero is kept, with its outcome."),
		" ",
		h("a", { href: "/app/xero-log" }, __("Open the log")),
		// Frappe's page is for who manages the site
		frappe.model.can_read("Log Settings") && [" · ", h("a", { href: "/app/log-settings" }, __("How long it is kept"))],
	);
}

function note(text) {
	return h("p", { class: "text-muted" }, text);
}

function button(label, look, click, action) {
	return h("button", { type: "button", class: `btn ${look}`, "data-action": action, on: { click } }, label);
}
