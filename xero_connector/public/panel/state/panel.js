/** The record's figures as a whole: whether they are there, how fresh they are, what is being done. */

export function panelState({ ask, merge }) {
	return {
		initial: () => ({
			phase: "loading",
			error: null,
			panel: null,
			organisation: null,
			offline: false,
			refreshing: false,
			busy: [],
			menu: null,
		}),

		handlers: {
			panel_asked(state, { quiet }) {
				const asked = ask(state, "panel");
				return quiet ? asked : { ...asked, phase: "loading", error: null };
			},

			panel_answered(state, { answer }) {
				const { list: _first, ...panel } = answer;
				return { ...state, phase: "ready", error: null, panel };
			},

			panel_failed(state, { message, status }) {
				if (status === 403) return { ...state, phase: "refused", panel: null, error: message };
				// what is shown stays readable when it could not be brought up to date
				return state.phase === "loading" ? { ...state, phase: "error", error: message } : state;
			},

			/** The figures are the same as before; only what is said about their age changes. */
			freshness_answered(state, { as_of, problem, reading }) {
				if (!state.panel?.organisation) return state;
				const organisation = { ...state.panel.organisation, as_of, problem, reading };
				return merge(state, "panel", { organisation });
			},

			reached: (state, { reached }) => (state.offline === !reached ? state : { ...state, offline: !reached }),
			refreshing: (state, { refreshing }) => ({ ...state, refreshing }),
			menu_toggled: (state, { id }) => ({ ...state, menu: state.menu === id ? null : id }),
			menu_closed: (state) => (state.menu === null ? state : { ...state, menu: null }),

			busy: (state, { key, busy }) => ({
				...state,
				busy: busy ? [...state.busy, key] : state.busy.filter((other) => other !== key),
			}),
		},
	};
}
