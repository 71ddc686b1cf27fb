/**
 * A form that the server fills in, that is sent once, and whose job is followed. Each kind of form says in
 * `core.forms[kind]` what is its own:
 *
 *     {prepare(about): Promise, valuesOf(prepared), isBlocked(form), errorsOf(values): {field: sentence},
 *      send(values, about): Promise<outcome>, progress(outbox, about): Promise<outcome>, whenSent(): Promise,
 *      whenReady(), whenEdited()}
 *
 * `about` is what the form is of. An outcome is {outbox, state, message, …}; `state/form.js` knows its states.
 * `whenReady` (the form is there, or given back) and `whenEdited` are optional.
 */

const POLLS = 60;
const POLL_PAUSE = 1000;

export function formActions(core, act) {
	const { get, dispatch } = core;

	const kindOf = (form) => core.forms[form.kind];
	const isSending = (request) => get().requests.form === request && get().form.phase === "sending";

	async function follow({ kind, about }, outbox, request) {
		for (let poll = 0; poll < POLLS; poll++) {
			if (!(await core.wait(POLL_PAUSE, "form"))) return;
			const outcome = await core.forms[kind].progress(outbox, about).catch(() => null);
			if (outcome) dispatch({ type: "form_progressed", channel: "form", request, outcome });
			if (!isSending(request)) return;
		}
		dispatch({ type: "form_left", channel: "form", request });
	}

	async function send(form, request) {
		dispatch({ type: "form_sending" });
		try {
			const outcome = await kindOf(form).send(form.values, form.about);
			dispatch({ type: "form_progressed", channel: "form", request, outcome });
			if (isSending(request)) await follow(form, outcome.outbox, request);
		} catch ({ message, field }) {
			dispatch({ type: "form_unsent", channel: "form", request, message, field });
		}
	}

	return {
		async openForm(name, about = null) {
			if (get().form) return;
			const { prepare, valuesOf, whenReady } = core.forms[name];
			await core.ask("form", { type: "form_opened", kind: name, about }, () => prepare(about), {
				answered: (prepared) => ({ type: "form_prepared", prepared, values: valuesOf(prepared) }),
				failed: "form_unprepared",
			});
			if (get().form?.phase === "editing") await whenReady?.();
		},

		/** `change` is {path: value}; a path such as "lines.0.quantity" leads to a value of the form. */
		editForm(change) {
			dispatch({ type: "form_edited", change });
			return kindOf(get().form).whenEdited?.();
		},

		isFormBlocked: (form) => kindOf(form).isBlocked(form),

		async sendForm() {
			const { form, requests } = get();
			if (form?.phase !== "editing" || kindOf(form).isBlocked(form)) return;
			const { errorsOf, whenSent, whenReady } = kindOf(form);
			const errors = errorsOf(form.values);
			if (Object.keys(errors).length) return dispatch({ type: "form_refused", errors });
			await send(form, requests.form);
			const phase = get().requests.form === requests.form && get().form.phase;
			if (phase === "sent") await whenSent();
			if (phase === "editing") await whenReady?.();
		},

		closeForm: () => dispatch({ type: "form_closed" }),
	};
}
