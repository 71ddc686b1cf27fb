/** The reader's own records whose customers are late. */

export function mineSection(ui, { home }) {
	const { h, __ } = ui;
	return h(
		"section",
		{ class: "mine", "aria-labelledby": "mine" },
		h("h2", { id: "mine" }, __("Yours with money overdue")),
		home.mine.length
			? h("ul", { class: "contacts" }, home.mine.map((each) => one(ui, each)))
			: h("p", { class: "muted" }, __("None of your records has money overdue.")),
	);
}

/** One entry for each currency: amounts in different currencies are not added up. */
function one(ui, { doctype, name, title, overdue, currency, count }) {
	const { h, __ } = ui;
	// deals are called by their customer, who may have several
	const which = name === title ? null : name;
	const facts = [__(doctype), which, count === 1 ? __("1 invoice") : __("{0} invoices", [count])];
	return h(
		"li",
		{ key: `${doctype} ${name} ${currency}` },
		h(
			"div",
			{ class: "who" },
			h("a", { href: ui.recordPath({ doctype, name }), dir: "auto" }, title),
			h("span", { class: "muted" }, facts.filter(Boolean).join(" · ")),
		),
		h("strong", { class: "sum" }, ui.money(overdue, currency)),
	);
}
