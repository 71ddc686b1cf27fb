/** Totals in base currency; the figures that are a saved view filter the list when pressed. */

export function overviewView(ui, state, act) {
	const { h, __ } = ui;
	const overview = shownOverview(state);
	return h(
		"section",
		{ class: "overview", "aria-label": __("Overview") },
		h("div", { class: "figures" }, figures(ui, state, act)),
		h("div", { class: "charts" }, ui.views.ageingBar(ui, overview), ui.views.monthBars(ui, overview)),
		otherCurrencies(ui, overview),
	);
}

/** Of the documents that the list shows: the record's, or all of its customer's. */
function shownOverview({ panel, list }) {
	return list.overview ?? panel.overview;
}

/** Figures and list speak of the same documents: those of the record, or all of its customer's. */
export function scopeSwitch(ui, { panel: { record }, list }, act) {
	const { __ } = ui;
	if (record.scopes.length < 2) return null;
	const options = [
		{ id: "record", label: __("Linked here") },
		{ id: "customer", label: __("All of this customer") },
	];
	return ui.views.segments(ui, __("Whose documents"), options, list.scope, act.showScope);
}

function figures(ui, state, act) {
	const { __ } = ui;
	const overview = shownOverview(state);
	const money = (amount) => ui.money(amount, overview.currency);
	const awaiting = ui.isZero(overview.awaiting_approval)
		? null
		: __("incl. {0} awaiting approval", [money(overview.awaiting_approval)]);
	const late = ui.isZero(overview.overdue) ? null : "bad";
	const filter = { state, act };
	return [
		figure(ui, __("Total unpaid"), money(overview.unpaid), { ...filter, view: "unpaid", note: awaiting }),
		figure(ui, __("Total paid"), money(overview.paid), { ...filter, view: "paid" }),
		figure(ui, __("Overdue"), money(overview.overdue), { ...filter, view: "overdue", tone: late }),
		overview.bills_unpaid !== null &&
			figure(ui, __("Bills unpaid"), money(overview.bills_unpaid), { ...filter, kind: "bill", view: "unpaid" }),
		figure(ui, __("Lifetime value"), money(overview.lifetime)),
		figure(ui, __("Last 12 months"), money(overview.last_12_months)),
	];
}

/** With a `view` it is a button that filters the list, pressed while the list shows just that. */
export function figure(ui, label, amount, { state, act, kind = "invoice", view, tone, note } = {}) {
	const { h } = ui;
	const parts = [
		h("span", { class: "label" }, label),
		h("span", { class: ["amount", tone] }, amount),
		note && h("span", { class: "note" }, note),
	];
	if (!view) return h("div", { class: "figure", key: label }, parts);
	const isOn = state.list.kind === kind && state.list.view === view;
	const press = { click: () => act.toggleFigure(kind, view) };
	return h("button", { type: "button", class: "figure", key: label, "aria-pressed": isOn, on: press }, parts);
}

export function otherCurrencies(ui, { other_currencies: others }) {
	const { h, __ } = ui;
	if (!others.length) return null;
	const count = others.reduce((sum, { count: documents }) => sum + documents, 0);
	const sums = others.map(({ kind, currency, unpaid, count: documents }) => {
		const told = [ui.money(unpaid, currency, "code"), documents];
		return kind === "bill" ? __("{0} of bills unpaid ({1})", told) : __("{0} unpaid ({1})", told);
	});
	const sentence =
		count === 1
			? __("1 document in another currency is not included: {0}", [sums.join(", ")])
			: __("{0} documents in other currencies are not included: {1}", [count, sums.join(", ")]);
	return h("p", { class: "muted others" }, sentence);
}
