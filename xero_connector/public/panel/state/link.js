/** Finding the Xero contact that a record is: what the server suggests, and what the reader searches for. */

const NOTHING_FOUND = { phase: "idle", contacts: [], error: null };

export function linkState({ ask, merge }) {
	return {
		/** `linking`: the reader wants a further contact beside those that are linked. */
		initial: () => ({ linking: false, search: { text: "", ...NOTHING_FOUND }, suggestions: NOTHING_FOUND }),

		handlers: {
			linking: (state, { linking }) => ({ ...state, linking, search: { text: "", ...NOTHING_FOUND } }),

			search_edited: (state, { text }) => merge(state, "search", text.trim() ? { text } : { text, ...NOTHING_FOUND }),
			search_asked: (state) => merge(ask(state, "search"), "search", { phase: "loading", error: null }),
			search_answered: (state, { contacts }) => merge(state, "search", { phase: "ready", contacts }),
			search_failed: (state, { message }) => merge(state, "search", { phase: "error", error: message, contacts: [] }),

			suggest_asked: (state) => merge(ask(state, "suggest"), "suggestions", { phase: "loading", error: null }),
			suggest_answered: (state, { contacts }) => merge(state, "suggestions", { phase: "ready", contacts }),
			suggest_failed: (state, { message }) => merge(state, "suggestions", { phase: "error", error: message }),
		},
	};
}
