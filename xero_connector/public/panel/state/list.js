/** The list of documents: what it is filtered by, its rows, and what is unfolded below them. */

export const PAGE_LENGTH = 20;
const NO_FILTER = { search: "", from_date: "", to_date: "" };

export function listState({ ask, merge }) {
	return {
		initial: () => ({ list: firstList(null), openPayments: [], openActions: [], onlineInvoices: {} }),

		handlers: {
			/** `state` is still the one before this answer. */
			panel_answered(state, { answer }) {
				const isChanged = state.phase === "ready" && isListChanged(state);
				const list = isChanged ? state.list : withPage(firstList(answer), answer.list);
				return { ...state, list: { ...list, dates: state.list.dates } };
			},

			list_edited: (state, { change }) => merge(state, "list", change),
			list_asked: (state, { more, quiet }) =>
				quiet
					? ask(state, "list")
					: merge(ask(state, "list"), "list", { phase: more ? "more" : "loading", error: null }),
			list_answered(state, { answer, more }) {
				const rows = more ? [...state.list.rows, ...answer.rows] : answer.rows;
				return { ...state, list: withPage(state.list, { ...answer, rows }) };
			},
			list_failed: (state, { message }) => merge(state, "list", { phase: "error", error: message }),

			pinned(state, { id, pinned }) {
				const rows = state.list.rows.map((row) => (row.id === id ? { ...row, pinned } : row));
				return merge(state, "list", { rows });
			},
			payments_toggled: (state, { id }) => ({ ...state, openPayments: toggle(state.openPayments, id) }),
			actions_toggled: (state, { id }) => ({ ...state, openActions: toggle(state.openActions, id) }),
			online_invoice_found: (state, { id, url }) => merge(state, "onlineInvoices", { [id]: url }),
		},
	};
}

/** Whether the reader has changed the list, so that a new first page of the default list must not replace it. */
export function isListChanged(state) {
	const { list } = state;
	const first = firstList(state.panel);
	const filters = ["kind", "view", "scope", "search", "from_date", "to_date"];
	return filters.some((name) => list[name] !== first[name]) || list.rows.length > PAGE_LENGTH;
}

/**
 * The parameters of `list_documents` for what the list shows; `more` asks for the page below it. The totals come with
 * it where they are not those of the panel's own answer, whose scope is `firstScope`.
 */
export function listQuery(list, firstScope, more = false) {
	const { kind, view, scope, search, from_date, to_date, rows } = list;
	return {
		...(scope !== firstScope && !more ? { overview: true } : {}),
		kind,
		view,
		scope,
		search: search.trim() || null,
		from_date: from_date || null,
		to_date: to_date || null,
		start: more ? rows.length : 0,
		page_length: PAGE_LENGTH,
	};
}

function firstList(panel) {
	return {
		kind: "invoice",
		view: panel?.record.view ?? null,
		scope: panel?.record.scope ?? null,
		...NO_FILTER,
		dates: { from_date: "", to_date: "" },
		rows: [],
		total: 0,
		counts: {},
		overview: null,
		phase: "ready",
		error: null,
	};
}

function withPage(list, page) {
	if (!page) return list;
	const { rows, total, counts = list.counts, overview = list.overview } = page;
	return { ...list, rows, total, counts, overview, phase: "ready", error: null };
}

function toggle(items, item) {
	return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}
