/** How much of a sale's value has been invoiced: a bar, and the same in words. */

export function saleView(ui, sale) {
	const { h, __ } = ui;
	const money = (amount) => ui.money(amount, sale.currency);
	return h(
		"section",
		{ class: "sale chart", "aria-label": __("Invoiced of the deal's value") },
		h("h3", null, __("Invoiced {0} of {1}", [money(sale.invoiced), money(sale.value)])),
		bar(ui, sale),
		h(
			"p",
			{ class: "muted words" },
			!ui.isZero(sale.drafted) && h("span", null, __("{0} in drafts", [money(sale.drafted)])),
			rest(ui, sale),
		),
		sale.others > 0 && h("p", { class: "muted others" }, others(ui, sale)),
	);
}

/** More than the deal is worth makes the bar longer; a line then marks the deal's value. */
function bar({ h, magnitude }, { value, invoiced, drafted }) {
	const [worth, done, planned] = [value, invoiced, drafted].map((amount) => Math.max(0, magnitude(amount)));
	const whole = Math.max(worth, done + planned) || 1;
	const share = (amount) => `${(100 * amount) / whole}%`;
	return h(
		"div",
		{ class: "progress", "aria-hidden": "true" },
		done > 0 && h("span", { key: "done", class: "done-part", style: { "--size": share(done) } }),
		planned > 0 && h("span", { key: "planned", class: "planned-part", style: { "--size": share(planned) } }),
		worth < whole && worth > 0 && h("span", { key: "worth", class: "worth", style: { "--at": share(worth) } }),
	);
}

function rest(ui, { left, currency }) {
	const { h, __ } = ui;
	if (ui.isZero(left)) return h("span", null, __("Nothing left to invoice"));
	if (!left.startsWith("-")) return h("span", null, __("{0} left", [ui.money(left, currency)]));
	return h("span", { class: "warning over" }, __("Over by {0}", [ui.money(left.slice(1), currency)]));
}

function others({ __ }, { others: count }) {
	return count === 1
		? __("1 linked document in another currency is not counted.")
		: __("{0} linked documents in other currencies are not counted.", [count]);
}
