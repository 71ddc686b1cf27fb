/**
 * What the home knows, and how each event changes it: pure functions, no page and no network.
 *
 * Every question gets a number in its channel. An answer that carries an older number than the channel's is
 * dropped: the reader has asked something else since then.
 */

/** Fewer letters than this find too much; the site does not look either. */
export const SHORTEST_SEARCH = 2;

const NOTHING_SOUGHT = { text: "", phase: "idle", found: null, error: null };

export function initialState() {
	return {
		organisation: null,
		phase: "loading",
		home: null,
		error: null,
		offline: false,
		more: "idle",
		search: NOTHING_SOUGHT,
		requests: { home: 0, more: 0, search: 0 },
	};
}

export function isSearch(text) {
	return text.trim().length >= SHORTEST_SEARCH;
}

/** The state after `action` ({type, …}); the same object if the action has no effect. */
export function reduce(state, action) {
	if (action.request !== undefined && action.request !== state.requests[action.channel]) return state;
	return HANDLERS[action.type](state, action);
}

const HANDLERS = {
	reached: (state, { reached }) => (state.offline === !reached ? state : { ...state, offline: !reached }),

	/** A new home brings its own first rows: those that were asked for before do not follow them. */
	home_asked: (state) => ({ ...state, more: "idle", requests: next(state, "home", "more") }),

	home_answered: (state, { answer }) => ({
		...state,
		phase: "ready",
		home: answer,
		organisation: answer.organisation?.name ?? null,
		error: null,
	}),

	/** What is shown already stays readable, unless the right to see it has gone. */
	home_failed(state, { message, status }) {
		if (status === 403) return { ...initialState(), phase: "refused", error: message, requests: state.requests };
		return state.phase === "ready" ? state : { ...state, phase: "error", error: message };
	},

	organisation_chosen: (state, { organisation }) => ({
		...state,
		organisation,
		phase: "loading",
		search: NOTHING_SOUGHT,
		requests: next(state, "search"),
	}),

	more_asked: (state) => ({ ...state, more: "loading", requests: next(state, "more") }),

	more_answered(state, { answer }) {
		const shown = state.home.overdue.rows;
		const known = new Set(shown.map(({ id }) => id));
		const rows = [...shown, ...answer.rows.filter(({ id }) => !known.has(id))];
		return { ...state, more: "idle", home: { ...state.home, overdue: { rows, total: answer.total } } };
	},

	more_failed: (state) => ({ ...state, more: "idle" }),

	/** What was found stays until the next answer, so that the page does not jump while somebody types. */
	typed(state, { text }) {
		const search = isSearch(text) ? { ...state.search, text, phase: "waiting" } : { ...NOTHING_SOUGHT, text };
		return { ...state, search, requests: next(state, "search") };
	},

	search_asked: (state) => ({ ...state, requests: next(state, "search") }),
	search_answered: (state, { answer }) => sought(state, { phase: "done", found: answer, error: null }),
	search_failed: (state, { message }) => sought(state, { phase: "error", found: null, error: message }),
};

function sought(state, change) {
	return { ...state, search: { ...state.search, ...change } };
}

function next(state, ...channels) {
	const numbers = channels.map((channel) => [channel, state.requests[channel] + 1]);
	return { ...state.requests, ...Object.fromEntries(numbers) };
}
