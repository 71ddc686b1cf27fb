/** A draft invoice from a record: what is special about its form. */

const TYPING_PAUSE = 250;
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

/** What `drafts.send` gets: the fields of `drafts.prepare` that a person may edit, and whose they are. */
export function draftValues({ organisation, contact_id, contact_name, date, due_date, ...rest }) {
	const { reference, description, amount, currency, account } = rest;
	return { organisation, contact_id, contact_name, date, due_date, reference, description, amount, currency, account };
}

export function draftActions(core, act) {
	const { host, api, get, dispatch } = core;

	core.forms.draft = {
		prepare: () => api.prepareDraft(core.where()),
		valuesOf: draftValues,
		/** The server makes one invoice of a record, however often it is asked. */
		isBlocked: ({ existing }) => existing !== null,
		errorsOf: (values) => draftErrors(values, core.isDecimal, host.t),
		send: (values) => api.sendDraft(get().target, values),
		progress: (outbox) => api.draftProgress(get().target, outbox),
		whenSent: showDrafts,
	};

	/** The view that the list starts with has no drafts: who just sent one would read that there is nothing. */
	function showDrafts() {
		const dates = { from_date: "", to_date: "" };
		dispatch({ type: "list_edited", change: { kind: "invoice", view: "drafts", search: "", ...dates, dates } });
		return act.reload();
	}

	const suggestSoon = core.debounced(TYPING_PAUSE, async (text) => {
		const request = get().requests.form;
		const { organisation } = get().form?.values ?? {};
		if (!organisation || !text.trim()) return;
		try {
			const { contacts } = await api.searchContacts(organisation, text.trim());
			dispatch({ type: "form_contacts", channel: "form", request, contacts });
		} catch {
			// the form works without suggestions, and a name that Xero does not know is a valid one
		}
	});

	return {
		/** A name that is exactly a suggested contact's means that contact; any other name means none yet. */
		nameContact(name) {
			const { contacts, prepared, values } = get().form;
			const isPrepared = values.organisation === prepared.organisation;
			const own = { id: prepared.contact_id, name: prepared.contact_name };
			const known = isPrepared ? [own, ...contacts] : contacts;
			const contact_id = known.find((contact) => contact.name === name)?.id ?? null;
			act.editForm({ contact_name: name, contact_id });
			return suggestSoon(name);
		},

		/** Contacts belong to one organisation. */
		chooseDraftOrganisation(organisation) {
			act.editForm({ organisation, contact_id: null, account: null });
			dispatch({ type: "form_contacts", contacts: [] });
		},
	};
}
