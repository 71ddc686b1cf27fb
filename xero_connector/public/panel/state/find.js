/** Find & link: documents of Xero by number, reference and date, and which of them are linked to the record. */

export function findState({ ask, merge }) {
	return {
		initial: () => ({ find: null }),

		handlers: {
			find_opened: (state, { kind }) => ({
				...state,
				find: {
					kind,
					text: "",
					from_date: "",
					to_date: "",
					dates: { from_date: "", to_date: "" },
					phase: "loading",
					error: null,
					rows: [],
					limited: false,
					changed: false,
				},
			}),
			find_edited: (state, { change }) => merge(state, "find", change),
			find_asked: (state) => merge(ask(state, "find"), "find", { phase: "loading", error: null }),
			find_answered: (state, { rows, limited }) => merge(state, "find", { phase: "ready", rows, limited }),
			find_failed: (state, { message }) => merge(state, "find", { phase: "error", error: message }),
			find_linked(state, { id, pinned }) {
				if (!state.find) return state;
				const rows = state.find.rows.map((row) => (row.id === id ? { ...row, pinned } : row));
				return merge(state, "find", { rows, changed: true });
			},
			find_closed: (state) => ({ ...ask(state, "find"), find: null }),
		},
	};
}
