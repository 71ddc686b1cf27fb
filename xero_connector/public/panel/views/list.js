/** The list of documents: which ones (kind, scope, saved view, search, dates), then the rows, then the next page. */

export function listView(ui, state, act) {
	const { h, __ } = ui;
	const rows = { id: "rows", role: "tabpanel", "aria-labelledby": `view-${state.list.view}` };
	return h(
		"section",
		{ class: "list", "aria-label": __("Invoices and bills") },
		h("div", { class: "toolbar" }, controls(ui, state, act)),
		savedViews(ui, state, act),
		h("div", { ...rows, "aria-busy": isWaiting(state) }, body(ui, state, act)),
	);
}

function controls(ui, state, act) {
	const { panel, list } = state;
	const { kinds, dateRange, searchField } = ui.views;
	const dates = { edit: act.editDates, apply: act.applyDates, clear: act.clearDates };
	return [
		panel.can.bills && kinds(ui, list.kind, act.showKind),
		dateRange(ui, list.dates, list, dates),
		searchField(ui, "search", ui.__("Search by number or reference"), list.search, act.searchList),
	];
}

function isWaiting({ list }) {
	return list.phase === "loading";
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
	return ui.tabs(__("Saved views"), options, list.view, act.showView, { class: "views", ids: "view-", panel: "rows" });
}

function body(ui, state, act) {
	const { __ } = ui;
	const { list } = state;
	if (list.phase === "error") return ui.empty(null, list.error, ui.button(__("Try again"), act.retryList, { icon: "refresh" }));
	if (!list.rows.length) return isWaiting(state) ? ui.empty(null, __("Loading")) : nothing(ui, state, act);
	return [ui.views.documentTable(ui, state, act), more(ui, list, act)];
}

/** A deal to which nothing is linked yet leads on to what its customer has. */
function nothing(ui, { panel, list }, act) {
	const { __ } = ui;
	const { scope, view, search: text, from_date, to_date } = list;
	const isUnlinked = scope === "record" && view === "all" && !(text || from_date || to_date);
	if (!isUnlinked) return ui.empty(null, emptySentence(ui, list));
	const everything = ui.button(__("Show all of this customer"), () => act.showScope("customer"));
	return ui.empty(null, __("Nothing is linked to this record yet."), panel.contacts.length > 0 && everything);
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
