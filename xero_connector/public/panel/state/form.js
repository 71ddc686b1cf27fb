/**
 * A form that is filled in by the server, edited, sent once and followed: a draft invoice, a new contact, voiding.
 *
 * `about` is what the form is of. `errors` ({path: sentence}) is what was refused, beside its fields; `problems` is
 * what is known before anything is sent. `message` has no field.
 */

/** Queued and Sending wait; Sent is the end; anything else gives the form back with the reason. */
const PHASES = { Queued: "sending", Sending: "sending", Sent: "sent" };

const NEW_FORM = { phase: "preparing", prepared: null, values: null, errors: {}, problems: {}, message: null, outcome: null };

export function formState({ ask, merge, valueAt, withValue, withoutPath }) {
	/** The form is given back, with what was wrong beside its field if there is such a field. */
	function givenBack(state, { message, field }) {
		const isPlaced = field && valueAt(state.form.values, field) !== undefined;
		const said = isPlaced ? { errors: { [field]: message }, message: null } : { message };
		return merge(state, "form", { phase: "editing", ...said });
	}

	return {
		initial: () => ({ form: null }),

		handlers: {
			form_opened: (state, { kind, about }) => ({ ...ask(state, "form"), form: { kind, about, ...NEW_FORM } }),
			form_prepared: (state, { prepared, values }) => merge(state, "form", { phase: "editing", prepared, values }),
			form_unprepared: (state, { message }) => merge(state, "form", { phase: "failed", message }),

			/** `change` is {path: value}. */
			form_edited(state, { change }) {
				let { values, errors, problems } = state.form;
				for (const [path, value] of Object.entries(change)) {
					values = withValue(values, path, value);
					errors = withoutPath(errors, path);
					problems = withoutPath(problems, path);
				}
				return merge(state, "form", { values, errors, problems });
			},
			form_refused: (state, { errors }) => merge(state, "form", { errors }),

			form_sending: (state) => merge(state, "form", { phase: "sending", message: null, errors: {} }),
			form_progressed(state, { outcome }) {
				const phase = PHASES[outcome.state];
				const followed = merge(state, "form", { outcome });
				return phase ? merge(followed, "form", { phase, message: null }) : givenBack(followed, outcome);
			},
			form_unsent: givenBack,
			form_left: (state) => merge(state, "form", { phase: "background" }),
			form_closed: (state) => ({ ...ask(state, "form"), form: null }),
		},
	};
}
