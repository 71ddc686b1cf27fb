/**
 * Reconciliation in Desk: the form of a Xero Reconciliation, with what was compared, what differs by customer, and the
 * means to read that again; and its beginning, from wherever a button is.
 */

const { search: version } = new URL(import.meta.url);
const [{ h }, { createFormat }, { deskHost }] = await Promise.all(
	["../panel/dom", "../panel/format", "./host"].map((name) => import(`${name}.js${version}`)),
);

const POLL_MS = 1000;
const GOING = ["Queued", "Running", "Stopping"];
const PILL = { Comparing: "blue", Agrees: "green", Fixed: "green", Differs: "orange" };

let timer = null;

/** Compares an organisation now and opens the form where that can be watched. */
export async function startReconciliation(organisation) {
	const { reconciliation } = await call("tools.reconcile", { organisation });
	frappe.set_route("Form", "Xero Reconciliation", reconciliation);
}

/** Draws into the form; looks again while something goes on. */
export async function mount(frm) {
	const { docname } = frm;
	clearTimeout(timer);
	const answer = await call("reconciliation.get", { name: docname });
	if (frm.docname === docname) show(frm, answer);
}

function show(frm, answer) {
	const field = frm.get_field("result").$wrapper.get(0);
	field.replaceChildren(h("div", { class: "xero-reconciliation" }, content(frm, answer)));
	const goesOn = [answer.run, answer.fixing].some((run) => GOING.includes(run?.state));
	clearTimeout(timer);
	if (goesOn && field.isConnected && frm.page.wrapper.is(":visible")) timer = setTimeout(() => mount(frm), POLL_MS);
}

function call(method, args) {
	return frappe.xcall(`xero_connector.api.${method}`, args);
}

async function act(frm, method, args) {
	await call(method, args);
	await mount(frm);
}

function content(frm, answer) {
	return [heading(answer), course(frm, answer), answer.as_of && [differences(frm, answer), sums(answer)]];
}

function heading(answer) {
	return h(
		"div",
		{ class: "d-flex flex-wrap align-items-center mb-3" },
		h("strong", { class: "mr-2", dir: "auto" }, answer.title),
		h("span", { class: `indicator-pill ${PILL[answer.state]} mr-2`, role: "status" }, verdict(answer)),
	);
}

function verdict({ state, differences: all, fixed, as_of: at }) {
	if (state === "Comparing") return __("Not compared to the end");
	const when = createFormat(deskHost().locale).moment(at);
	if (state === "Agrees") return __("Agrees with Xero to the cent at {0}", [when]);
	if (state === "Fixed") return __("What differed from Xero at {0} was read again", [when]);
	const left = all - fixed;
	return left === 1 ? __("1 difference from Xero at {0}", [when]) : __("{0} differences from Xero at {1}", [left, when]);
}

/** How far the comparing, or else the fixing, is. */
function course(frm, { run, fixing, state }) {
	const shown = state === "Comparing" ? run : fixing;
	if (!shown || shown.state === "Done") return null;
	const resumable = ["Stopped", "Failed"].includes(shown.state);
	return h(
		"div",
		{ class: "mb-3" },
		h("span", { class: "text-muted mr-2" }, __(shown.state), " · ", __("{0} of {1}", [shown.done, shown.total])),
		shown.message && h("div", { class: "text-danger", role: "alert" }, shown.message),
		GOING.includes(shown.state) && button(__("Stop"), () => act(frm, "tools.stop", { run: shown.run }), { disabled: shown.state === "Stopping" }),
		resumable && button(__("Resume"), () => act(frm, "tools.resume", { run: shown.run })),
	);
}

function sums({ figures, currency, currencies }) {
	const count = (label, name) => [label, figures[`${name}_here`], figures[`${name}_in_xero`]];
	const money = (label, name) => {
		const texts = ["here", "in_xero"].map((side) => amount(figures[`${name}_${side}`], currency));
		return [label, ...texts];
	};
	const all = [
		money(__("Customers owe, in {0}", [currency]), "receivable"),
		money(__("Owed to suppliers, in {0}", [currency]), "payable"),
		count(__("Contacts"), "contacts"),
		count(__("Invoices and bills"), "invoices"),
		count(__("Credit notes"), "credit_notes"),
	];
	const open = currencies.map((each) => [
		`${__(each.document_type)} · ${each.currency}`,
		amount(each.here, each.currency),
		amount(each.in_xero, each.currency),
	]);
	return [
		table([__("Compared"), ...sides(), ""], all.map(compared)),
		open.length > 0 && table([__("Left to pay, by currency"), ...sides(), ""], open.map(compared)),
	];
}

function compared([label, here, there]) {
	const same = String(here) === String(there);
	const mark = h("span", { class: `indicator-pill ${same ? "green" : "orange"}` }, same ? __("Agrees") : __("Differs"));
	return h("tr", null, h("td", null, label), number(here), number(there), h("td", null, mark));
}

function differences(frm, answer) {
	if (!answer.differences) return null;
	const isOpen = answer.customers.some(({ rows }) => rows.some(({ fixed }) => !fixed));
	const busy = GOING.includes(answer.fixing?.state);
	const name = answer.reconciliation;
	return [
		h(
			"div",
			{ class: "d-flex align-items-center mb-2" },
			h("h4", { class: "mr-3 mb-0" }, __("Differences")),
			isOpen && button(__("Fix all"), () => act(frm, "reconciliation.fix_all", { reconciliation: name }), { disabled: busy, class: "btn btn-primary btn-xs" }),
		),
		h("p", { class: "text-muted" }, __("To fix is to read it again from Xero: what Xero says counts.")),
		answer.kept < answer.differences && h("p", { class: "text-muted" }, __("{0} of {1} are shown. Fix them, then compare again.", [answer.kept, answer.differences])),
		answer.customers.map((customer) => customerPart(frm, answer, customer, busy)),
	];
}

function customerPart(frm, answer, { name, url, rows }, busy) {
	const open = rows.some(({ fixed }) => !fixed);
	return h(
		"details",
		{ class: "mb-3", open: open && answer.customers.length <= 20 },
		h("summary", null, h("strong", { dir: "auto" }, name || __("No contact")), ` (${rows.length})`),
		url && h("p", { class: "mb-1" }, outside(url, __("Open in Xero"))),
		table(
			[__("What"), __("Difference"), ...sides(), ""],
			rows.map((row) => difference(frm, answer, row, busy)),
		),
	);
}

function difference(frm, answer, row, busy) {
	const kinds = {
		Missing: __("Missing here"),
		Extra: __("Not in Xero"),
		Different: __("Different"),
		Balance: __("Balance without a cause: each document is the same"),
	};
	const fix = () => act(frm, "reconciliation.fix", { reconciliation: answer.reconciliation, row: row.row });
	const title = row.title || __("No number");
	return h(
		"tr",
		{ "data-row": row.row },
		h("td", null, __(row.subject), " ", row.url ? outside(row.url, title) : h("span", { dir: "auto" }, title)),
		h("td", null, kinds[row.kind], row.fields.map(fieldPart)),
		number(amount(row.here, row.currency)),
		number(amount(row.in_xero, row.currency)),
		h("td", null, row.fixed ? __("Read again") : button(__("Fix"), fix, { disabled: busy, "aria-label": `${__("Fix")}: ${title}` })),
	);
}

function fieldPart({ label, here, in_xero: there }) {
	const said = (text) => h("span", { dir: "auto" }, text || __("nothing"));
	return h("div", { class: "small text-muted" }, `${label}: `, said(here), " → ", said(there));
}

function outside(href, label) {
	return h("a", { href, target: "_blank", rel: "noopener noreferrer", dir: "auto" }, label);
}

function amount(text, currency) {
	return createFormat(deskHost().locale).money(text, currency, "code");
}

function number(value) {
	return h("td", { class: "text-right" }, String(value));
}

function sides() {
	return [__("Here"), __("In Xero")].map((label) => h("div", { class: "text-right" }, label));
}

function table(heads, rows) {
	const head = heads.map((label) => h("th", { scope: "col" }, label));
	return h("table", { class: "table table-bordered" }, h("thead", null, h("tr", null, head)), h("tbody", null, rows));
}

function button(label, click, props) {
	return h("button", { type: "button", class: "btn btn-default btn-xs", on: { click }, ...props }, label);
}
