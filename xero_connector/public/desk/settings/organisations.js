/** Each organisation: how it is connected, how its reading goes, and what can be done about it. */

const { search: version } = new URL(import.meta.url);
const [{ age, bar, button, call, connect, h, note }, { meter }] = await Promise.all(
	["parts", "meter"].map((name) => import(`./${name}.js${version}`)),
);

const PILL = { Connected: "green", Reconnect: "orange", Disconnected: "gray" };
const LISTS = {
	contacts: () => __("Contacts"),
	invoices: () => __("Invoices and bills"),
	credit_notes: () => __("Credit notes"),
};

/** `page` is {frm, again}: the form, and what draws its parts anew. */
export function organisations(page, status) {
	if (!status.enabled) return note(__("Xero is switched off. Its data stays readable; nothing is read or sent."));
	if (!status.configured) return note(__("Enter your Xero app below, save, then connect."));
	if (!status.organisations.length) return h("div"); // the set-up above leads to the first one
	return h(
		"div",
		{ class: "mb-3" },
		status.organisations.map((one) => card(page, one, status)),
		button(__("Connect another organisation"), "btn-default", () => connect(page), "connect"),
	);
}

/** Being read, or about to be: right after consent the job may still wait for a worker. */
export function isChanging(one) {
	const isFirst = one.status === "Connected" && one.sync_state === "Idle" && !one.last_sync;
	return one.sync_state === "Reading" || isFirst;
}

function card(page, one, status) {
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
		one.status === "Connected" && meter(one.calls),
		h("div", { class: "mt-2" }, actions(page, one, status)),
	);
}

function facts(one) {
	const who = [one.connected_by, one.email].filter(Boolean).join(", ");
	return [
		who && __("Connected by {0}", [who]),
		one.last_sync ? __("Read {0}", [age(one.last_sync)]) : __("Not read yet"),
		one.sales_account && __("Sales account {0}", [one.sales_account]),
		one.sync_state === "Stopped" && __("Stopped; goes on where it was"),
	].filter(Boolean);
}

function progress(one) {
	const share = one.sync_total ? Math.round((100 * one.sync_done) / one.sync_total) : 0;
	const list = LISTS[one.sync_endpoint]?.() ?? "";
	const said = __("{0}: {1} of {2}", [list, one.sync_done, one.sync_total]);
	return h("div", { class: "mt-2" }, h("div", { class: "small text-muted" }, said), bar(share, said));
}

/** Contacts and figures are for who sees the books, which whoever sets Xero up need not. */
function actions(page, one, { books }) {
	const reconnect = small(__("Reconnect"), () => connect(page), "reconnect", "btn-primary");
	if (one.status !== "Connected") return [reconnect];
	return [
		one.needs_consent && reconnect,
		one.sync_state === "Reading"
			? small(__("Stop"), () => act(page, "stop_reading", one), "stop")
			: small(__("Catch up now"), () => refresh(page, one), "refresh"),
		small(__("Map Taxes"), () => page.open("taxes", one.name, one.title), "map-taxes"),
		books && small(__("Contacts as CSV"), () => page.open("contact_files", one.name, one.title), "csv"),
		books && small(__("Review matches"), () => page.open("matches", one.name), "review"),
		books && small(__("Reconcile"), () => reconcile(one), "reconcile"),
		small(__("Disconnect"), () => disconnect(page, one), "disconnect"),
	];
}

function small(label, click, action, look = "btn-default") {
	return button(label, `${look} btn-xs mr-2 mt-1`, click, action);
}

async function reconcile(one) {
	const { reconciliation } = await call("tools.reconcile", { organisation: one.name });
	frappe.set_route("Form", "Xero Reconciliation", reconciliation);
}

async function refresh(page, one) {
	await act(page, "refresh_organisation", one);
	frappe.show_alert(__("{0} is being read.", [frappe.utils.escape_html(one.title)]));
	// the job may not have begun yet when the answer is there
	page.later();
}

function disconnect(page, one) {
	const question = __("Disconnect {0}? What was read stays readable.", [frappe.utils.escape_html(one.title)]);
	frappe.confirm(question, () => act(page, "disconnect", one));
}

async function act(page, method, one) {
	await call(`connection.${method}`, { organisation: one.name });
	await page.again();
}
