/** What the list shows: kind, saved view, scope, search, dates, pages. */

const TYPING_PAUSE = 250;

export function listActions(core) {
	const { api, get, dispatch } = core;

	function load({ more = false, quiet = false, pageLength } = {}) {
		const { list, panel } = get();
		const query = core.states.listQuery(list, panel.record.scope, more);
		if (pageLength) query.page_length = pageLength;
		return core.ask("list", { type: "list_asked", more, quiet }, () => api.documents(core.where(), query), {
			answered: (answer) => ({ type: "list_answered", answer, more }),
			failed: "list_failed",
		});
	}

	function change(filters) {
		dispatch({ type: "list_edited", change: filters });
		return load();
	}

	const loadSoon = core.debounced(TYPING_PAUSE, load);

	return {
		reloadList: () => load({ quiet: true, pageLength: Math.max(get().list.rows.length, core.states.PAGE_LENGTH) }),
		retryList: () => load(),
		showMore: () => load({ more: true }),

		showKind: (kind) => change({ kind, rows: [], total: 0, counts: get().panel.counts[kind] ?? {} }),
		showView: (view) => change({ view }),
		showScope: (scope) => change({ scope, counts: {}, overview: null }),

		/** A figure of the overview is a filter: pressed once it applies, pressed again it returns to the first view. */
		toggleFigure(kind, view) {
			const { list, panel } = get();
			const isOn = list.kind === kind && list.view === view;
			const counts = list.kind === kind ? list.counts : (panel.counts[kind] ?? {});
			return change(isOn ? { kind: "invoice", view: panel.record.view } : { kind, view, counts });
		},

		searchList(search) {
			dispatch({ type: "list_edited", change: { search } });
			return loadSoon();
		},

		editDates(dates) {
			dispatch({ type: "list_edited", change: { dates: { ...get().list.dates, ...dates } } });
		},
		applyDates: () => change({ ...get().list.dates }),
		clearDates: () => change({ from_date: "", to_date: "", dates: { from_date: "", to_date: "" } }),
	};
}
