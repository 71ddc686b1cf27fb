/**
 * A form that the server fills in, that is sent once, and whose job is followed. Each kind of form says in
 * `core.forms[kind]` what is its own:
 *
 *     {prepare(): Promise, valuesOf(prepared), isBlocked(prepared), errorsOf(values): {field: sentence},
 *      send(values): Promise<outcome>, progress(outbox): Promise<outcome>, whenSent(): Promise}
 *
 * An outcome is {outbox, state, message, …}; `state/form.js` knows its states.
 */

const POLLS = 60;
const POLL_PAUSE = 1000;

export function formActions(core, act) {
	const { get, dispatch } = core;

	const isSending = (request) => get().requests.form === request && get().form.phase === "sending";

	async function follow({ progress }, outbox, request) {
		for (let poll = 0; poll < POLLS; poll++) {
			if (!(await core.wait(POLL_PAUSE, "form"))) return;
			const outcome = await progress(outbox).catch(() => null);
			if (outcome) dispatch({ type: "form_progressed", channel: "form", request, outcome });
			if (!isSending(request)) return;
		}
		dispatch({ type: "form_left", channel: "form", request });
	}

	async function send(kind, values, request) {
		dispatch({ type: "form_sending" });
		try {
			const outcome = await kind.send(values);
			dispatch({ type: "form_progressed", channel: "form", request, outcome });
			if (isSending(request)) await follow(kind, outcome.outbox, request);
		} catch (error) {
			dispatch({ type: "form_unsent", channel: "form", request, message: error.message });
		}
	}

	return {
		openForm(name) {
			if (get().form) return null;
			const { prepare, valuesOf } = core.forms[name];
			return core.ask("form", { type: "form_opened", kind: name }, prepare, {
				answered: (prepared) => ({ type: "form_prepared", prepared, values: valuesOf(prepared) }),
				failed: "form_unprepared",
			});
		},

		editForm(change) {
			dispatch({ type: "form_edited", change });
		},

		async sendForm() {
			const { form, requests } = get();
			const kind = core.forms[form?.kind];
			if (form?.phase !== "editing" || kind.isBlocked(form.prepared)) return;
			const errors = kind.errorsOf(form.values);
			if (Object.keys(errors).length) return dispatch({ type: "form_refused", errors });
			await send(kind, form.values, requests.form);
			if (get().form?.phase === "sent") await kind.whenSent();
		},

		closeForm: () => dispatch({ type: "form_closed" }),
	};
}
