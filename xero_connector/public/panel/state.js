/**
 * What the panel knows, and how each event changes it: pure functions, no page and no network.
 *
 * Every question gets a number in its channel ("panel", "list", "search", "draft"). An answer that carries an
 * older number than the channel's is dropped: the reader has asked something else since then, or looks at
 * another record.
 */

export const PAGE_LENGTH = 20;
const NO_FILTER = { search: "", from_date: "", to_date: "" };
const NO_REQUESTS = { target: 0, panel: 0, list: 0, search: 0, draft: 0 };

/** The state of a record that nothing is known of yet. */
export function initialState(target, requests = NO_REQUESTS) {
	return {
		target,
		requests,
		phase: "loading",
		error: null,
		panel: null,
		refreshing: false,
		busy: [],
		openPayments: [],
		list: initialList(null),
		search: { text: null, organisation: null, phase: "idle", contacts: [], error: null },
		draft: null,
	};
}

/** The state after `action` ({type, …}); the same object if the action has no effect. */
export function reduce(state, action) {
	const isStale = action.request !== undefined && action.request !== state.requests[action.channel];
	return isStale ? state : HANDLERS[action.type](state, action);
}

/** Whether the reader has changed the list, so that a new first page of the default list must not replace it. */
export function isListChanged(state) {
	const { list } = state;
	const fresh = initialList(state.panel);
	const isFiltered = ["kind", "view", "scope", "search", "from_date", "to_date"].some(
		(name) => list[name] !== fresh[name],
	);
	return isFiltered || list.rows.length > PAGE_LENGTH;
}

/** The parameters of `list_documents` for what the list shows; `more` asks for the page below it. */
export function listQuery(list, more = false) {
	const { kind, view, scope, search, from_date, to_date, rows } = list;
	return {
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

/** What `drafts.send` gets: the fields of `drafts.prepare` that a person may edit, and whose they are. */
export function draftValues({ organisation, contact_id, contact_name, date, due_date, ...rest }) {
	const { reference, description, amount, currency, account } = rest;
	return {
		organisation,
		contact_id,
		contact_name,
		date,
		due_date,
		reference,
		description,
		amount,
		currency,
		account,
	};
}

function initialList(panel) {
	return {
		kind: "invoice",
		view: panel?.record.view ?? null,
		scope: panel?.record.scope ?? null,
		...NO_FILTER,
		dates: { from_date: "", to_date: "" },
		rows: [],
		total: 0,
		counts: {},
		phase: "ready",
		error: null,
	};
}

function next(requests, channel) {
	return { ...requests, [channel]: requests[channel] + 1 };
}

function merge(state, slice, change) {
	return { ...state, [slice]: { ...state[slice], ...change } };
}

function ask(state, channel) {
	return { ...state, requests: next(state.requests, channel) };
}

function retarget(state, { target }) {
	const requests = Object.keys(state.requests).reduce(next, state.requests);
	return initialState(target, requests);
}

function showPanel(state, { answer }) {
	const { list: page, ...panel } = answer;
	const isChanged = state.panel !== null && isListChanged(state);
	const list = isChanged ? state.list : withPage(initialList(panel), page);
	const shown = { ...state, phase: "ready", error: null, panel, list: { ...list, dates: state.list.dates } };
	return state.search.text === null ? startSearch(shown, panel) : shown;
}

function startSearch(state, panel) {
	return merge(state, "search", {
		text: panel.record.search,
		organisation: panel.organisation?.name ?? panel.organisations[0]?.name ?? null,
	});
}

function withPage(list, page) {
	if (!page) return list;
	return { ...list, rows: page.rows, total: page.total, counts: page.counts ?? list.counts, phase: "ready", error: null };
}

function showList(state, { answer, more }) {
	const rows = more ? [...state.list.rows, ...answer.rows] : answer.rows;
	return { ...state, list: withPage(state.list, { ...answer, rows }) };
}

function showPin(state, { id, pinned }) {
	const rows = state.list.rows.map((row) => (row.id === id ? { ...row, pinned } : row));
	return merge(state, "list", { rows });
}

function toggle(items, item) {
	return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function editDraft(state, { change }) {
	const values = { ...state.draft.values, ...change };
	const errors = { ...state.draft.errors };
	for (const field of Object.keys(change)) delete errors[field];
	return merge(state, "draft", { values, errors });
}

function openDraft(state) {
	const draft = { phase: "preparing", prepared: null, values: null, errors: {}, message: null };
	return { ...ask(state, "draft"), draft: { ...draft, contacts: [], outcome: null } };
}

function prepared(state, { answer }) {
	return merge(state, "draft", { phase: "editing", prepared: answer, values: draftValues(answer) });
}

/** Queued and Sending wait; Sent is the end; anything else gives the form back with the reason. */
function showOutcome(state, { outcome }) {
	const phases = { Queued: "sending", Sending: "sending", Sent: "sent" };
	const phase = phases[outcome.state] ?? "editing";
	return merge(state, "draft", { phase, outcome, message: phase === "editing" ? outcome.message : null });
}

const HANDLERS = {
	retargeted: retarget,

	panel_asked: (state, { quiet }) => {
		const asked = ask(state, "panel");
		return quiet ? asked : { ...asked, phase: "loading", error: null };
	},
	panel_answered: showPanel,
	panel_failed: (state, { message, status }) => {
		if (status === 403) return { ...state, phase: "refused", panel: null, error: message };
		return state.panel ? { ...state, phase: "ready" } : { ...state, phase: "error", error: message };
	},
	refreshing: (state, { refreshing }) => ({ ...state, refreshing }),
	busy: (state, { key, busy }) => ({
		...state,
		busy: busy ? [...state.busy, key] : state.busy.filter((other) => other !== key),
	}),

	list_edited: (state, { change }) => merge(state, "list", change),
	list_asked: (state, { more, quiet }) =>
		quiet
			? ask(state, "list")
			: merge(ask(state, "list"), "list", { phase: more ? "more" : "loading", error: null }),
	list_answered: showList,
	list_failed: (state, { message }) => merge(state, "list", { phase: "error", error: message }),
	payments_toggled: (state, { id }) => ({ ...state, openPayments: toggle(state.openPayments, id) }),
	pinned: showPin,

	search_edited: (state, { change }) => merge(state, "search", change),
	search_asked: (state) => merge(ask(state, "search"), "search", { phase: "loading", error: null }),
	search_answered: (state, { contacts }) => merge(state, "search", { phase: "ready", contacts }),
	search_failed: (state, { message }) =>
		merge(state, "search", { phase: "error", error: message, contacts: [] }),

	draft_opened: openDraft,
	draft_prepared: prepared,
	draft_unprepared: (state, { message }) => merge(state, "draft", { phase: "failed", message }),
	draft_edited: editDraft,
	draft_contacts: (state, { contacts }) => merge(state, "draft", { contacts }),
	draft_refused: (state, { errors }) => merge(state, "draft", { errors }),
	draft_sending: (state) => merge(state, "draft", { phase: "sending", message: null, errors: {} }),
	draft_progressed: showOutcome,
	draft_unsent: (state, { message }) => merge(state, "draft", { phase: "editing", message }),
	draft_left: (state) => merge(state, "draft", { phase: "background" }),
	draft_closed: (state) => ({ ...ask(state, "draft"), draft: null }),
};
