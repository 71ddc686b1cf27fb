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
	const { paymentsToggle, actionsToggle, detailRows } = ui.views;
	const cell = (name, ...children) => h("td", { role: "cell", class: name }, children);
	const labelled = (name, label, value) => cell(name, h("span", { class: "cell-label" }, label), value);
	const view = { class: "outside", "aria-label": __("View {0} in Xero", [documentName(ui, row)]) };
	const cells = [
		cell("pin", pin(ui, state, row, act)),
		cell("number", ui.xeroLink(row.url, row.number || __("No number"), { dir: "auto" })),
		labelled("date", __("Date"), ui.day(row.date)),
		labelled(`due ${row.overdue ? "bad" : ""}`.trim(), __("Due"), ui.day(row.due_date)),
		cell("type", typeLabel(ui, row.type)),
		cell("reference", h("span", { title: row.reference, dir: "auto" }, row.reference)),
		labelled("balance", __("Balance"), ui.money(row.amount_due, row.currency)),
		labelled("total", __("Total"), ui.money(row.total, row.currency)),
		cell("status", statusBadge(ui, row), row.remarks.map((remark) => ui.views.remarkBadge(ui, remark)), paymentsToggle(ui, state, row, act)),
		cell("view", ui.xeroLink(row.url, __("View"), view), actionsToggle(ui, state, row, act)),
	];
	return [h("tr", { role: "row", key: row.id }, cells), detailRows(ui, state, row, act)];
}

/** What a document is called where its number stands alone; drafts may have none. */
export function documentName(ui, { number, type }) {
	return number || typeLabel(ui, type);
}

function pin(ui, { panel, busy }, row, act) {
	const { __ } = ui;
	if (!panel.can.link) return row.pinned && ui.h("span", { class: "pinned", title: __("Pinned") }, ui.icon("pin"));
	const name = documentName(ui, row);
	return ui.iconButton("pin", row.pinned ? __("Unpin {0}", [name]) : __("Pin {0}", [name]), () => act.togglePin(row), {
		"aria-pressed": row.pinned,
		disabled: busy.includes(`pin:${row.id}`),
	});
}

export function typeLabel({ __ }, type) {
	const labels = {
		Invoice: __("Invoice"),
		Bill: __("Bill"),
		"Credit Note": __("Credit note"),
		"Supplier Credit Note": __("Supplier credit note"),
	};
	return labels[type] ?? type;
}

/** In the words that Xero shows; Xero's own status is the tooltip. */
export function statusBadge(ui, row) {
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
