/** One row a document. The roles are spelled out because narrow panels lay the table out as cards. */

export function documentTable(ui, state, act) {
	const { h, __ } = ui;
	const columns = [
		["pin", h("span", { class: "unseen" }, __("Pin"))],
		["number", __("Number")],
		["date", __("Date")],
		["due", __("Due")],
		["type", __("Type")],
		["reference", __("Reference")],
		["balance", __("Balance")],
		["total", __("Total")],
		["status", __("Status")],
		["view", h("span", { class: "unseen" }, __("View in Xero"))],
	];
	const heads = columns.map(([name, label]) => h("th", { role: "columnheader", scope: "col", class: name }, label));
	return h(
		"table",
		{ class: "documents", role: "table" },
		h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
		h("tbody", { role: "rowgroup" }, state.list.rows.map((row) => documentRows(ui, state, row, act))),
	);
}

function documentRows(ui, state, row, act) {
	const { h, __ } = ui;
	const isOpen = state.openPayments.includes(row.id);
	const cell = (name, ...children) => h("td", { role: "cell", class: name }, children);
	const labelled = (name, label, value) => cell(name, h("span", { class: "cell-label" }, label), value);
	const cells = [
		cell("pin", pin(ui, state, row, act)),
		cell("number", ui.xeroLink(row.url, row.number || __("No number"))),
		labelled("date", __("Date"), ui.day(row.date)),
		cell(`due ${row.overdue ? "bad" : ""}`.trim(), h("span", { class: "cell-label" }, __("Due")), ui.day(row.due_date)),
		cell("type", typeLabel(ui, row.type)),
		cell("reference", h("span", { title: row.reference }, row.reference)),
		labelled("balance", __("Balance"), ui.money(row.amount_due, row.currency)),
		labelled("total", __("Total"), ui.money(row.total, row.currency)),
		cell("status", status(ui, row), payments(ui, row, isOpen, act)),
		cell("view", ui.xeroLink(row.url, __("View"), { "aria-label": __("View {0} in Xero", [row.number || row.type]) })),
	];
	return [
		h("tr", { role: "row", key: row.id }, cells),
		isOpen && h("tr", { role: "row", key: `${row.id}-payments`, class: "payments" }, paymentCell(ui, row)),
	];
}

function pin(ui, { panel, busy }, row, act) {
	const { __ } = ui;
	if (!panel.can.link) return row.pinned && ui.h("span", { class: "pinned", title: __("Pinned") }, ui.icon("pin"));
	const label = row.pinned ? __("Unpin {0}", [row.number || row.type]) : __("Pin {0}", [row.number || row.type]);
	return ui.iconButton("pin", label, () => act.togglePin(row), {
		"aria-pressed": row.pinned,
		disabled: busy.includes(`pin:${row.id}`),
	});
}

function typeLabel({ __ }, type) {
	const labels = {
		Invoice: __("Invoice"),
		Bill: __("Bill"),
		"Credit Note": __("Credit note"),
		"Supplier Credit Note": __("Supplier credit note"),
	};
	return labels[type] ?? type;
}

/** In the words that Xero shows; Xero's own status is the tooltip. */
function status(ui, row) {
	const { __ } = ui;
	const [tone, label] = statusLook(ui, row) ?? ["neutral", row.status];
	return ui.badge(tone, label, { title: __("Status in Xero: {0}", [row.status]) });
}

function statusLook({ __, isZero }, { status: name, overdue, amount_due, payments: paid }) {
	if (name === "Authorised") {
		if (overdue) return ["bad", __("Overdue")];
		if (isZero(amount_due)) return ["good", __("Settled")];
		return paid.length ? ["warning", __("Part paid")] : ["info", __("Awaiting payment")];
	}
	const looks = {
		Draft: ["neutral", __("Draft")],
		Submitted: ["warning", __("Awaiting approval")],
		Paid: ["good", __("Paid")],
		Voided: ["neutral", __("Voided")],
	};
	return looks[name];
}

function payments(ui, row, isOpen, act) {
	const { h, __ } = ui;
	const count = row.payments.length;
	if (!count) return null;
	const label = count === 1 ? __("1 payment") : __("{0} payments", [count]);
	const toggle = { click: () => act.togglePayments(row.id) };
	return h(
		"button",
		{ type: "button", class: "disclosure", "aria-expanded": isOpen, "aria-controls": `payments-${row.id}`, on: toggle },
		label,
		ui.icon("chevron"),
	);
}

function paymentCell(ui, row) {
	const { h, __ } = ui;
	const line = (payment, index) =>
		h(
			"li",
			{ key: String(index) },
			h("span", { class: "day" }, ui.day(payment.date)),
			h("span", { class: "what" }, [paymentKind(ui, payment.kind), payment.reference].filter(Boolean).join(" · ")),
			h("span", { class: "sum" }, ui.money(payment.amount, row.currency)),
		);
	const list = h("ul", { "aria-label": __("Payments of {0}", [row.number || row.type]) }, row.payments.map(line));
	return h("td", { role: "cell", colspan: "10", id: `payments-${row.id}` }, list);
}

function paymentKind({ __ }, kind) {
	const labels = {
		Payment: __("Payment"),
		"Credit Note": __("Credit note"),
		Prepayment: __("Prepayment"),
		Overpayment: __("Overpayment"),
	};
	return labels[kind] ?? kind;
}
