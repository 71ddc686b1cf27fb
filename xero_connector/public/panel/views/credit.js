/** How the record's customer stands (B13): what is late, their limit with this sale, promises and disputes. */

export function creditView(ui, state, act) {
	const { credit } = state.panel;
	const noted = [...credit.promises, ...credit.disputes];
	const told = [overdue(ui, credit), limit(ui, credit), ...noted.map((remark) => noteLine(ui, state, remark, act))].filter(Boolean);
	if (!told.length) return null;
	const loud = tone(ui, credit);
	const look = { class: ["credit notice", loud], "aria-label": ui.__("Credit of this customer") };
	return ui.h("section", look, loud !== "info" && ui.icon("alert"), ui.h("ul", null, told));
}

function tone({ isZero }, { overdue: late, over_limit, near_limit, promises, disputes }) {
	if (over_limit || !isZero(late)) return "bad";
	return near_limit || disputes.length || promises.some(({ broken }) => broken) ? "warning" : "info";
}

function overdue(ui, { overdue: late, oldest_days, currency }) {
	const { h, __ } = ui;
	if (ui.isZero(late)) return null;
	const told = [ui.money(late, currency), oldest_days];
	const sentence =
		oldest_days === 1
			? __("{0} is overdue, the oldest invoice for 1 day.", told)
			: __("{0} is overdue, the oldest invoice for {1} days.", told);
	return h("li", { key: "overdue" }, sentence);
}

function limit(ui, credit) {
	const { h, __ } = ui;
	const { limit: most, limit_currency, limit_compared } = credit;
	if (!most) return null;
	const line = (...children) => h("li", { key: "limit" }, children);
	const shown = ui.money(most, limit_currency, limit_compared ? "symbol" : "code");
	if (!limit_compared) return line(__("The credit limit of {0} is in another currency than the books, and is not compared.", [shown]));
	const parts = [owed(ui, credit), shown];
	if (credit.over_limit) return line(__("{0} This is {2} over the credit limit of {1}.", [...parts, ui.money(credit.over_limit, credit.currency)]));
	return credit.near_limit ? line(__("{0} The credit limit is {1}.", parts)) : null;
}

/** With what a sale adds, where it adds anything. */
function owed(ui, { unpaid, with_this, currency }) {
	const { __ } = ui;
	const now = ui.money(unpaid, currency);
	if (!with_this || with_this === unpaid) return __("The customer owes {0}.", [now]);
	return __("The customer owes {0}, and {1} with the rest of this sale.", [now, ui.money(with_this, currency)]);
}

function noteLine(ui, { panel, busy }, remark, act) {
	const { h, __ } = ui;
	const withdraw = () => act.withdrawRemark(remark);
	const props = { kind: "quiet", disabled: busy.includes(`remark:${remark.name}`), "aria-label": __("Withdraw: {0}", [subject(ui, remark)]) };
	return h(
		"li",
		{ key: remark.name },
		remarkBadge(ui, remark),
		h("strong", { dir: "auto" }, subject(ui, remark)),
		remark.text && h("span", { class: "words", dir: "auto" }, remark.text),
		h("span", { class: "muted" }, __("noted by {0} on {1}", [remark.by, ui.day(remark.on)])),
		panel.can.link && ui.button(__("Withdraw"), withdraw, props),
	);
}

/** Which invoice, and how much of it where it is not all. */
function subject(ui, { number, amount, currency }) {
	const name = number || ui.__("Invoice");
	return amount ? `${name} (${ui.money(amount, currency)})` : name;
}

/** Beside the status of a row, and before each line above the list. */
export function remarkBadge(ui, { kind, promised_on, broken, text }) {
	const { __ } = ui;
	const title = { title: text || null };
	if (kind === "Dispute") return ui.badge("warning", __("Disputed"), title);
	if (broken) return ui.badge("bad", __("Promise of {0} not kept", [ui.day(promised_on)]), title);
	return ui.badge("info", __("Promised for {0}", [ui.day(promised_on)]), title);
}

/** What can be noted on an invoice of the list; nothing where nothing is owed. */
export function remarkButtons(ui, { panel }, row, act) {
	const { __ } = ui;
	const isOwed = row.type === "Invoice" && ["Authorised", "Submitted"].includes(row.status) && !ui.isZero(row.amount_due);
	if (!panel.can.link || !isOwed) return [];
	return [
		ui.button(__("Note a promise to pay"), () => act.noteRemark(row, "Promise"), { icon: "check" }),
		ui.button(__("Note a dispute"), () => act.noteRemark(row, "Dispute"), { icon: "alert" }),
	];
}
