/** A draft invoice from a record: the form filled in by the server, edited, sent once, and followed. */

const TYPING_PAUSE = 250;
const POLLS = 60;
const POLL_PAUSE = 1000;
const REQUIRED = ["contact_name", "date", "due_date", "description", "amount"];

/** What is wrong with the form, {field: sentence}; the server has the last word. */
export function draftErrors(values, isDecimal, t) {
	const errors = {};
	for (const field of REQUIRED) if (!String(values[field] ?? "").trim()) errors[field] = t("Fill this in.");
	if (!errors.amount && !isDecimal(values.amount.trim())) {
		errors.amount = t("Write digits and a point only, such as 1200.50.");
	}
	if (!errors.date && !errors.due_date && values.due_date < values.date) {
		errors.due_date = t("The due date cannot be before the date.");
	}
	return errors;
}

export function draftActions(core, act) {
	const { host, api, get, dispatch } = core;

	const suggestSoon = core.debounced(TYPING_PAUSE, async (text) => {
		const request = get().requests.draft;
		const { organisation } = get().draft?.values ?? {};
		if (!organisation || !text.trim()) return;
		try {
			const { contacts } = await api.searchContacts(organisation, text.trim());
			dispatch({ type: "draft_contacts", channel: "draft", request, contacts });
		} catch {
			// the form works without suggestions, and a name that Xero does not know is a valid one
		}
	});

	const isSending = (request) => get().requests.draft === request && get().draft.phase === "sending";

	async function follow(outbox, request) {
		for (let poll = 0; poll < POLLS; poll++) {
			if (!(await core.wait(POLL_PAUSE, "draft"))) return;
			const outcome = await api.draftProgress(get().target, outbox).catch(() => null);
			if (outcome) dispatch({ type: "draft_progressed", channel: "draft", request, outcome });
			if (!isSending(request)) return;
		}
		dispatch({ type: "draft_left", channel: "draft", request });
	}

	/** The view that the list starts with has no drafts: who just sent one would read that there is nothing. */
	function showDrafts() {
		const dates = { from_date: "", to_date: "" };
		dispatch({ type: "list_edited", change: { kind: "invoice", view: "drafts", search: "", ...dates, dates } });
		return act.reload();
	}

	return {
		openDraft() {
			if (get().draft) return null;
			const question = () => api.prepareDraft(get().target);
			return core.ask("draft", { type: "draft_opened" }, question, {
				answered: (answer) => ({ type: "draft_prepared", answer }),
				failed: "draft_unprepared",
			});
		},

		editDraft(field, value) {
			dispatch({ type: "draft_edited", change: { [field]: value } });
		},

		/** A name that is exactly a suggested contact's means that contact; any other name means none yet. */
		nameContact(name) {
			const { contacts, prepared, values } = get().draft;
			const isPrepared = values.organisation === prepared.organisation;
			const own = { id: prepared.contact_id, name: prepared.contact_name };
			const known = isPrepared ? [own, ...contacts] : contacts;
			const contact_id = known.find((contact) => contact.name === name)?.id ?? null;
			dispatch({ type: "draft_edited", change: { contact_name: name, contact_id } });
			return suggestSoon(name);
		},

		/** Contacts belong to one organisation. */
		chooseDraftOrganisation(organisation) {
			dispatch({ type: "draft_edited", change: { organisation, contact_id: null, account: null } });
			dispatch({ type: "draft_contacts", contacts: [] });
		},

		async sendDraft() {
			const { draft, target, requests: { draft: request } } = get();
			if (draft?.phase !== "editing" || draft.prepared.existing) return;
			const errors = draftErrors(draft.values, core.isDecimal, host.t);
			if (Object.keys(errors).length) return dispatch({ type: "draft_refused", errors });
			dispatch({ type: "draft_sending" });
			try {
				const outcome = await api.sendDraft(target, core.states.draftValues(draft.values));
				dispatch({ type: "draft_progressed", channel: "draft", request, outcome });
				if (isSending(request)) await follow(outcome.outbox, request);
			} catch (error) {
				dispatch({ type: "draft_unsent", channel: "draft", request, message: error.message });
			}
			if (get().draft?.phase === "sent") await showDrafts();
		},

		closeDraft: () => dispatch({ type: "draft_closed" }),
	};
}
