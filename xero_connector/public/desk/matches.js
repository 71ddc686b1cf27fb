/** The review queue in Desk: each Xero contact beside the records that it may be, and what is decided about it. */

const { search: version } = new URL(import.meta.url);
const [{ deskHost }, { h, patch }, { openRun }, { titleOf }] = await Promise.all(
	["./host.js", "../panel/dom.js", "./run.js", "../run/offers.js"].map((path) => import(`${path}${version}`)),
);

const WAITING = "Waiting";
const FIELDS = {
	contact_name: () => __("Name"),
	first_name: () => __("First name"),
	last_name: () => __("Last name"),
	email_address: () => __("E-mail"),
	phone: () => __("Phone"),
	mobile: () => __("Mobile"),
	address_line: () => __("Address"),
	city: () => __("City"),
	region: () => __("Region"),
	postal_code: () => __("Postcode"),
	country: () => __("Country"),
	tax_number: () => __("Tax number"),
	account_number: () => __("Account number"),
};
const REASONS = {
	number: () => __("same number"),
	tax_number: () => __("same tax number"),
	email: () => __("same e-mail"),
	phone: () => __("same phone"),
	name: () => __("same name"),
	similar_name: () => __("similar name"),
	postal_code: () => __("same postcode"),
};
const DECISIONS = { link: () => __("Link"), create: () => __("Create"), ignore: () => __("Ignore") };

/** On the list: the queue side by side, decisions for the rows that are ticked, and bringing in what is new. */
export async function offerOnList(list) {
	const again = () => (list.clear_checked_items(), list.refresh());
	list.page.add_inner_button(__("Review"), () => open(chosenOrganisation(list), again));
	for (const [decision, label] of Object.entries(DECISIONS)) {
		list.page.add_actions_menu_item(label(), () => decideMany(list.get_checked_items(true), decision, again), false);
	}
	const connected = { fields: ["name", "organisation_name"], filters: { status: "Connected" } };
	for (const { name, organisation_name: title } of await frappe.db.get_list("Xero Organisation", connected)) {
		// Desk takes labels for HTML
		list.page.add_menu_item(__("Bring contacts in from {0}", [frappe.utils.escape_html(title)]), () => bringIn(name, again));
	}
}

/** On the form: the same for this contact alone. */
export async function showOnForm(frm) {
	const { docname } = frm;
	const queue = createQueue(frm.get_field("review").$wrapper.get(0), { match: docname }, () => frm.reload_doc());
	await queue.load();
}

/** The queue in a dialog, of one organisation or of all; `onClose` when it has gone. */
export async function open(organisation, onClose = () => {}) {
	const dialog = new frappe.ui.Dialog({
		title: __("Review contacts from Xero"),
		size: "extra-large",
		fields: [{ fieldname: "queue", fieldtype: "HTML" }],
	});
	dialog.on_hide = () => {
		dialog.$wrapper.remove();
		onClose();
	};
	const queue = createQueue(dialog.get_field("queue").$wrapper.get(0), { organisation, state: WAITING });
	await queue.load();
	dialog.show();
}

/** Draws what `asked` asks for into `root`; the next page when all of one is decided. */
function createQueue(root, asked, onDecided = () => {}) {
	const { call } = deskHost();
	const state = { rows: [], total: 0, busy: false, refusals: {} };
	const paint = () => patch(root, h("div", null, view(state, { decide, load })));

	async function load() {
		Object.assign(state, await call("contacts.matches", asked));
		paint();
	}

	async function decide(row, decision, record) {
		Object.assign(state, { busy: true, refusals: {} });
		paint();
		try {
			const { messages } = await call("contacts.decide_match", { match: row.match, decision, ...record });
			if (messages.length) state.refusals[row.match] = messages[0];
			else take(row);
		} catch (error) {
			state.refusals[row.match] = error.message;
		}
		state.busy = false;
		if (state.rows.length || !state.total) paint();
		else await load();
	}

	function take(row) {
		state.rows = state.rows.filter((each) => each !== row);
		state.total -= 1;
		onDecided();
	}

	return { load };
}

function view(state, act) {
	if (!state.rows.length) return h("p", { class: "text-muted" }, __("Nothing waits for a decision."));
	const rest = state.total - state.rows.length;
	return [
		state.rows.map((row) => card(state, row, act)),
		state.rows[0].state === WAITING &&
			rest > 0 &&
			h("p", { class: "text-muted", key: "rest" }, __("{0} more follow when these are decided.", [rest])),
	];
}

function card(state, row, act) {
	const isOpen = row.state === WAITING;
	const refusal = state.refusals[row.match] || row.message;
	return h(
		"section",
		{ class: "frappe-card p-3 mb-3", key: row.match, "data-match": row.match, "aria-label": row.contact.contact_name },
		h("div", { class: "table-responsive" }, comparison(state, row, isOpen, act)),
		row.closed > 0 && h("p", { class: "text-muted small" }, __("{0} more that you may not see.", [row.closed])),
		refusal && h("p", { class: "text-danger small", role: "alert" }, refusal),
		isOpen &&
			h(
				"div",
				null,
				state.can_create && button(__("Create a new record"), "btn-default", () => act.decide(row, "create"), state),
				button(__("Ignore"), "btn-default", () => act.decide(row, "ignore"), state),
			),
	);
}

/** A column for the Xero contact and one for each record; what differs is bold. */
function comparison(state, row, isOpen, act) {
	const said = state.fields.filter((field) => [row.contact, ...row.candidates.map(({ values }) => values)].some((side) => side[field]));
	return h(
		"table",
		{ class: "table table-sm mt-0 mb-2" },
		h(
			"thead",
			null,
			h(
				"tr",
				null,
				h("th", { scope: "col" }),
				h("th", { scope: "col" }, __("In Xero"), h("div", { class: "text-muted small font-weight-normal" }, row.organisation)),
				row.candidates.map((candidate) => h("th", { scope: "col" }, head(candidate))),
			),
		),
		h(
			"tbody",
			null,
			said.map((field) => line(row, field)),
			isOpen && h("tr", null, h("td"), h("td"), row.candidates.map((candidate) => h("td", null, link(state, row, candidate, act)))),
		),
	);
}

function head({ doctype, name, title, score, reasons }) {
	const why = reasons.map((reason) => REASONS[reason]?.() ?? reason).join(", ");
	return [
		h("a", { href: frappe.utils.get_form_link(doctype, name), target: "_blank" }, title),
		h("div", { class: "text-muted small font-weight-normal" }, __(doctype)),
		score > 0 && h("div", { class: "small font-weight-normal" }, h("span", { class: `indicator-pill ${tone(score)}` }, `${score} %`), " ", why),
	];
}

function tone(score) {
	if (score >= 85) return "green";
	return score >= 60 ? "blue" : "orange";
}

function line(row, field) {
	const theirs = row.contact[field] ?? "";
	const cell = ({ values }) => {
		const ours = values[field];
		const differs = ours && theirs && ours.toLowerCase() !== theirs.toLowerCase();
		return h("td", { class: differs && "font-weight-bold", "data-differs": differs || null }, ours ?? "");
	};
	return h(
		"tr",
		null,
		h("th", { scope: "row", class: "text-muted font-weight-normal" }, FIELDS[field]?.() ?? field),
		h("td", null, theirs),
		row.candidates.map(cell),
	);
}

function link(state, row, { doctype, name, title, writable }, act) {
	const press = () => act.decide(row, "link", { doctype, name });
	const label = __("Link to {0}", [title]);
	return button(__("Link"), "btn-primary", press, state, { "aria-label": label, disabled: !writable || state.busy });
}

function button(label, look, click, { busy }, props) {
	return h("button", { type: "button", class: `btn btn-xs mr-2 ${look}`, disabled: busy, on: { click }, ...props }, label);
}

async function decideMany(names, decision, again) {
	const answer = await frappe.xcall("xero_connector.api.contacts.decide_many", { match_names: names, decision });
	if (answer.run) return openRun(titleOf({ action: "Import Contacts" }, deskHost()), { run: answer.run }, again);
	const left = answer.skipped ? __("{0} left alone.", [answer.skipped]) : "";
	const message = [__("{0} decided.", [answer.done]), left, ...answer.messages].filter(Boolean).join(" ");
	frappe.show_alert({ message: frappe.utils.escape_html(message), indicator: answer.done ? "green" : "orange" });
	return again();
}

function bringIn(organisation, again) {
	const host = deskHost();
	const begun = host.call("contacts.import_now", { organisation });
	return openRun(titleOf({ action: "Import Contacts" }, host), { start: () => begun }, again);
}

function chosenOrganisation(list) {
	const [, , , chosen] = list.get_filters_for_args().find(([, field, sign]) => field === "organisation" && sign === "=") ?? [];
	return chosen ?? "";
}
