/** A form that is filled in by the server, edited, sent once and followed: a draft invoice, a new contact. */

/** Queued and Sending wait; Sent is the end; anything else gives the form back with the reason. */
const PHASES = { Queued: "sending", Sending: "sending", Sent: "sent" };

export function formState({ ask, merge }) {
	return {
		initial: () => ({ form: null }),

		handlers: {
			form_opened(state, { kind }) {
				const form = { kind, phase: "preparing", prepared: null, values: null, errors: {}, message: null };
				return { ...ask(state, "form"), form: { ...form, contacts: [], outcome: null } };
			},
			form_prepared: (state, { prepared, values }) => merge(state, "form", { phase: "editing", prepared, values }),
			form_unprepared: (state, { message }) => merge(state, "form", { phase: "failed", message }),

			form_edited(state, { change }) {
				const values = { ...state.form.values, ...change };
				const errors = { ...state.form.errors };
				for (const field of Object.keys(change)) delete errors[field];
				return merge(state, "form", { values, errors });
			},
			form_contacts: (state, { contacts }) => merge(state, "form", { contacts }),
			form_refused: (state, { errors }) => merge(state, "form", { errors }),

			form_sending: (state) => merge(state, "form", { phase: "sending", message: null, errors: {} }),
			form_progressed(state, { outcome }) {
				const phase = PHASES[outcome.state] ?? "editing";
				return merge(state, "form", { phase, outcome, message: phase === "editing" ? outcome.message : null });
			},
			form_unsent: (state, { message }) => merge(state, "form", { phase: "editing", message }),
			form_left: (state) => merge(state, "form", { phase: "background" }),
			form_closed: (state) => ({ ...ask(state, "form"), form: null }),
		},
	};
}
