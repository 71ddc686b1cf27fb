/** What unfolds below a document: its payments, and what Xero can give of it. */

/** "2 of 3 paid" (R50): the payments made, of those and the balance that is left. Hovering tells of each (R49). */
export function paymentsToggle(ui, { openPayments }, row, act) {
	const made = row.payments.length;
	if (!made) return null;
	const label = ui.__("{0} of {1} paid", [made, instalments(ui, row).length]);
	const told = instalments(ui, row).map((line) => line.filter(Boolean).join(" · "));
	const look = { class: "disclosure", title: told.join("\n") };
	const toggle = () => act.togglePayments(row.id);
	return ui.disclosure(`paid-${row.id}`, `payments-${row.id}`, openPayments.includes(row.id), toggle, look, label, ui.icon("chevron"));
}

/** Bills have neither a PDF nor an online invoice and nothing is noted on them, so there is nothing to unfold. */
export function actionsToggle(ui, { openActions }, row, act) {
	if (isBill(row)) return null;
	const label = ui.__("PDF, online invoice and notes of {0}", [ui.views.documentName(ui, row)]);
	const look = { class: "icon-button", "aria-label": label, title: ui.__("PDF, online invoice and notes") };
	const toggle = () => act.toggleActions(row.id);
	return ui.disclosure(`more-${row.id}`, `actions-${row.id}`, openActions.includes(row.id), toggle, look, ui.icon("more"));
}

export function detailRows(ui, state, row, act) {
	const close = { keydown: ui.onEscape(() => act.togglePayments(row.id), `paid-${row.id}`) };
	const leave = { keydown: ui.onEscape(() => act.toggleActions(row.id), `more-${row.id}`) };
	return [
		state.openPayments.includes(row.id) && detail(ui, "payments", row, close, payments(ui, row)),
		state.openActions.includes(row.id) && detail(ui, "actions", row, leave, documentActions(ui, state, row, act)),
	];
}

function detail({ h }, name, { id }, on, content) {
	const cell = h("td", { role: "cell", colspan: "10", id: `${name}-${id}` }, content);
	return h("tr", { role: "row", key: `${id}-${name}`, class: ["detail", name], on }, cell);
}

function isBill({ type }) {
	return type === "Bill" || type === "Supplier Credit Note";
}

/** [number, day, what, amount] of each payment, and of the balance if there is one. */
function instalments(ui, { payments: made, amount_due, due_date, currency }) {
	const line = (number, day, what, amount) => [String(number), ui.day(day), what, ui.money(amount, currency)];
	const what = ({ kind, reference }) => [paymentKind(ui, kind), reference].filter(Boolean).join(" · ");
	const lines = made.map((payment, index) => line(index + 1, payment.date, what(payment), payment.amount));
	if (!ui.isZero(amount_due)) lines.push(line(lines.length + 1, due_date, ui.__("Balance due"), amount_due));
	return lines;
}

function payments(ui, row) {
	const { h, __ } = ui;
	const line = ([number, day, what, amount], index) =>
		h(
			"li",
			{ key: number, class: index === row.payments.length && "left" },
			h("span", { class: "nth" }, number),
			h("span", { class: "day" }, day),
			h("span", { class: "what", dir: "auto" }, what),
			h("span", { class: "sum" }, amount),
		);
	const label = __("Payments of {0}", [ui.views.documentName(ui, row)]);
	return h("ol", { "aria-label": label }, instalments(ui, row).map(line));
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

function documentActions(ui, state, row, act) {
	const { h, __ } = ui;
	const { busy, onlineInvoices } = state;
	const pdf = { icon: "download", disabled: busy.includes(`pdf:${row.id}`) };
	const offered = [
		row.pdf && ui.button(__("Download PDF"), () => act.downloadPdf(row), pdf),
		row.online && onlineInvoice(ui, row, onlineInvoices[row.id], busy.includes(`online:${row.id}`), act),
		...ui.views.remarkButtons(ui, state, row, act),
		isVoidable(state, row) && ui.button(__("Void in Xero"), () => act.openVoid(row), { icon: "close" }),
	].filter(Boolean);
	const isReady = row.pdf || row.online;
	return [
		!isReady && h("p", { class: "muted" }, __("Xero has a PDF and an online invoice once a document is approved.")),
		offered.length > 0 && h("div", { class: "toolbar" }, offered),
	];
}

/** What has been paid stays in Xero; so does what somebody else may void. */
function isVoidable({ panel }, { status, payments: made }) {
	return panel.can.send && ["Draft", "Submitted", "Authorised"].includes(status) && !made.length;
}

function onlineInvoice(ui, row, url, isBusy, act) {
	const { __ } = ui;
	const find = { icon: "external", disabled: isBusy };
	if (!url) return ui.button(isBusy ? __("Asking Xero…") : __("Online invoice"), () => act.findOnlineInvoice(row), find);
	const open = { mark: true, class: "button plain", key: "open-online", "data-focus": true };
	return [
		ui.xeroLink(url, __("Open online invoice"), open),
		ui.button(__("Copy link"), () => act.copyLink(url), { icon: "copy", key: "copy-online" }),
	];
}
