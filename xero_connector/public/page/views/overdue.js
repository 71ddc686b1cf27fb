/** Invoices that are late, longest due first. The roles are spelled out because narrow pages lay the table out as cards. */

const DAY = 86_400_000; // milliseconds

export function overdueSection(ui, state, act) {
	const { h, __ } = ui;
	const { rows } = state.home.overdue;
	return h(
		"section",
		{ class: "overdue", "aria-labelledby": "overdue" },
		h("h2", { id: "overdue" }, __("Overdue"), rows.length > 0 && h("span", { class: "count" }, state.home.overdue.total)),
		rows.length ? [table(ui, state.home), more(ui, state, act)] : nothing(ui, state.home),
	);
}

function nothing(ui, { can }) {
	const { __ } = ui;
	const text = can.books
		? __("Every approved invoice is paid or not due yet.")
		: __("The customers of your records have paid every invoice that was due.");
	return ui.empty(__("Nothing is overdue"), text);
}

function table(ui, home) {
	const { h, __ } = ui;
	const columns = [
		["number", __("Number")],
		["customer", __("Customer")],
		["due", __("Due")],
		["balance", __("Balance")],
	];
	const heads = columns.map(([name, label]) => h("th", { role: "columnheader", scope: "col", class: name }, label));
	return h(
		"table",
		{ class: "late", role: "table" },
		h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
		h("tbody", { role: "rowgroup" }, home.overdue.rows.map((row) => invoice(ui, row, home.today))),
	);
}

function invoice(ui, row, today) {
	const { h, __ } = ui;
	const cell = (name, ...children) => h("td", { role: "cell", class: name }, children);
	const days = daysBetween(row.due_date, today);
	const late = days === 1 ? __("1 day late") : __("{0} days late", [days]);
	return h(
		"tr",
		{ role: "row", key: row.id },
		cell("number", ui.xeroLink(row.url, row.number || __("No number"), { mark: true, title: __("Open in Xero"), dir: "auto" })),
		cell("customer", customer(ui, row)),
		cell("due", h("span", null, ui.day(row.due_date)), " ", h("span", { class: "bad days" }, late)),
		cell("balance", ui.money(row.amount_due, row.currency)),
	);
}

function customer({ h, recordPath }, { contact_name: name, record }) {
	if (!record) return h("span", { dir: "auto" }, name);
	return h("a", { href: recordPath(record), dir: "auto" }, name);
}

function more(ui, state, act) {
	const { h, __ } = ui;
	const { rows, total } = state.home.overdue;
	if (rows.length >= total) return null;
	const isAsking = state.more === "loading";
	return h(
		"div",
		{ class: "more" },
		ui.button(isAsking ? __("Loading") : __("Show more"), act.showMore, { disabled: isAsking }),
		h("span", { class: "muted" }, __("{0} of {1}", [rows.length, total])),
	);
}

/** Days of the calendar, which know no time zone. */
function daysBetween(from, to) {
	return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}
