/**
 * What the panel knows, and how each event changes it: pure functions, no page and no network. The parts are in
 * `state/`; each has what it starts with and a handler for every action that concerns it.
 *
 * Every question gets a number in its channel. An answer that carries an older number than the channel's is
 * dropped: the reader has asked something else since then, or looks at another record.
 */

const CHANNELS = ["target", "panel", "list", "search", "suggest", "form", "preview", "contacts", "find"];

/** `makers` are the functions of `state/`; they act in this order on an action that concerns several. */
export function createStates(makers, paths) {
	const parts = makers.map((make) => make({ ask, merge, ...paths }));

	/** The state of a record that nothing is known of yet. */
	function initialState(target, requests = Object.fromEntries(CHANNELS.map((channel) => [channel, 0]))) {
		return Object.assign({ target, requests }, ...parts.map(({ initial }) => initial()));
	}

	/** The state after `action` ({type, …}); the same object if the action has no effect. */
	function reduce(state, action) {
		if (action.request !== undefined && action.request !== state.requests[action.channel]) return state;
		if (action.type === "retargeted") return startAnew(state, action.target);
		if (action.type === "organisation_chosen") return startAnew(state, state.target, action.organisation);
		return parts.reduce((sum, { handlers }) => handlers[action.type]?.(sum, action) ?? sum, state);
	}

	/** Drops what was asked for before. Of another organisation nothing is kept but the means to choose one. */
	function startAnew(state, target, organisation = null) {
		const requests = CHANNELS.reduce(next, state.requests);
		const panel = organisation && withoutFigures(state.panel, organisation);
		return { ...initialState(target, requests), offline: state.offline, organisation, panel };
	}

	return { initialState, reduce };
}

function withoutFigures(panel, name) {
	const { title } = panel.organisations.find((organisation) => organisation.name === name);
	const nothing = { overview: null, counts: null, credit: null, contacts: [] };
	return { ...panel, ...nothing, organisation: { name, title, as_of: null, problem: null, needs_reconnect: false } };
}

function next(requests, channel) {
	return { ...requests, [channel]: requests[channel] + 1 };
}

function ask(state, channel) {
	return { ...state, requests: next(state.requests, channel) };
}

function merge(state, slice, change) {
	return { ...state, [slice]: { ...state[slice], ...change } };
}
