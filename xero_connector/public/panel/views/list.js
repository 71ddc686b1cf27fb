/** The list of documents: which ones (kind, scope, saved view, search, dates), then the rows, then the next page. */

export function listView(ui, state, act) {
	const { h, __ } = ui;
	return h(
		"section",
		{ class: "list", "aria-label": __("Invoices and bills") },
		h("div", { class: "toolbar" }, controls(ui, state, act)),
		savedViews(ui, state, act),
		h("div", { id: "rows", role: "tabpanel", "aria-labelledby": "views", "aria-busy": isWaiting(state) }, body(ui, state, act)),
	);
}

function controls(ui, state, act) {
	return [kinds, scopes, dates, search].map((control) => control(ui, state, act));
}

function isWaiting({ list }) {
	return list.phase === "loading";
}

function kinds(ui, { panel, list }, act) {
	const { __ } = ui;
	if (!panel.can.bills) return null;
	const options = [
		{ id: "invoice", label: __("Invoices") },
		{ id: "bill", label: __("Bills") },
	];
	return segments(ui, __("Kind of document"), options, list.kind, act.showKind);
}

function scopes(ui, { panel: { record }, list }, act) {
	const { __ } = ui;
	if (record.scopes.length < 2) return null;
	const options = [
		{ id: "record", label: __("Linked here") },
		{ id: "customer", label: __("All of this customer") },
	];
	return segments(ui, __("Whose documents"), options, list.scope, act.showScope);
}

function segments({ h }, label, options, chosen, onChoose) {
	const segment = ({ id, label: text }) => {
		const isOn = id === chosen;
		const choose = { click: () => !isOn && onChoose(id) };
		return h("button", { type: "button", key: id, "aria-pressed": isOn, on: choose }, text);
	};
	return h("div", { class: "segments", role: "group", "aria-label": label }, options.map(segment));
}

function search(ui, { list }, act) {
	const { h, __ } = ui;
	const label = __("Search by number or reference");
	return h(
		"div",
		{ class: "search" },
		ui.icon("search"),
		h("input", {
			type: "search",
			key: "search",
			"aria-label": label,
			placeholder: label,
			value: list.search,
			on: { input: (event) => act.searchList(event.target.value) },
		}),
	);
}

function savedViews(ui, { panel, list }, act) {
	const { __ } = ui;
	const labels = {
		open: __("Open"),
		unpaid: __("Unpaid"),
		overdue: __("Overdue"),
		due_today: __("Due today"),
		paid: __("Paid"),
		drafts: __("Drafts"),
		pinned: __("Pinned"),
		all: __("All"),
	};
	// the panel's own counts are those of the scope that the record starts with
	const known = list.scope === panel.record.scope ? panel.counts?.[list.kind] : {};
	const counts = { ...known, ...list.counts };
	const options = Object.entries(labels).map(([id, label]) => ({ id, label, count: counts[id] }));
	return ui.tabs(__("Saved views"), options, list.view, act.showView, { id: "views", class: "views" });
}

function dates(ui, { list }, act) {
	const { h, __ } = ui;
	const { from_date, to_date } = list.dates;
	const isApplied = from_date === list.from_date && to_date === list.to_date;
	const isFiltered = list.from_date || list.to_date;
	const day = (name, label, value) =>
		h(
			"label",
			null,
			h("span", null, label),
			h("input", { type: "date", value, on: { input: (event) => act.editDates({ [name]: event.target.value }) } }),
		);
	const submit = (event) => {
		event.preventDefault();
		act.applyDates();
	};
	return h(
		"form",
		{ class: "dates", on: { submit } },
		day("from_date", __("From"), from_date),
		day("to_date", __("To"), to_date),
		h("button", { class: "button plain", disabled: isApplied }, __("Apply")),
		isFiltered && ui.button(__("Clear"), act.clearDates, { kind: "quiet" }),
	);
}

function body(ui, state, act) {
	const { __ } = ui;
	const { list } = state;
	if (list.phase === "error") return ui.empty(null, list.error, ui.button(__("Try again"), act.retryList, { icon: "refresh" }));
	if (!list.rows.length) return isWaiting(state) ? ui.empty(null, __("Loading")) : ui.empty(null, emptySentence(ui, list));
	return [ui.views.documentTable(ui, state, act), more(ui, list, act)];
}

function emptySentence({ __ }, { kind, view, search: text, from_date, to_date }) {
	if (text || from_date || to_date) return __("Nothing matches this search.");
	if (view === "pinned") return __("Nothing is pinned to this record yet.");
	const invoices = {
		open: __("No open invoices."),
		unpaid: __("No unpaid invoices."),
		overdue: __("No overdue invoices."),
		due_today: __("No invoices are due today."),
		paid: __("No paid invoices."),
		drafts: __("No draft invoices."),
		all: __("No invoices yet."),
	};
	const bills = {
		open: __("No open bills."),
		unpaid: __("No unpaid bills."),
		overdue: __("No overdue bills."),
		due_today: __("No bills are due today."),
		paid: __("No paid bills."),
		drafts: __("No draft bills."),
		all: __("No bills yet."),
	};
	return (kind === "bill" ? bills : invoices)[view];
}

function more(ui, { rows, total, phase }, act) {
	const { h, __ } = ui;
	if (rows.length >= total) return null;
	const label = phase === "more" ? __("Loading") : __("Show more");
	return h(
		"div",
		{ class: "more" },
		ui.button(label, act.showMore, { disabled: phase === "more" }),
		h("span", { class: "muted" }, __("{0} of {1}", [rows.length, total])),
	);
}
