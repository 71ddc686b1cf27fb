/** The Xero contact of a draft: looked for in the mirror while its name is typed, and then in Xero. */

const TYPING_PAUSE = 250;
const XERO_PAUSE = 600;
const LEAST_FOR_XERO = 3; // letters

export function recipientActions(core, act) {
	const { api, get, dispatch } = core;

	async function ask(phase, question, isLast) {
		const answer = await core.ask("contacts", { type: "recipient_asked", phase }, question, {
			answered: ({ contacts }) => ({ type: "recipient_found", contacts, isDone: contacts.length > 0 || isLast }),
			failed: "recipient_unfound",
		});
		return answer?.contacts;
	}

	const searchSoon = core.debounced(TYPING_PAUSE, async () => {
		const { form } = get();
		if (form?.kind !== "draft" || form.changing) return;
		const { organisation, contact_name } = form.values;
		const text = contact_name.trim();
		if (!text) return act.leaveRecipient();
		const isForXero = text.length >= LEAST_FOR_XERO;
		const contacts = await ask("mirror", () => api.searchContacts(organisation, text), !isForXero);
		if (!isForXero || !contacts || contacts.length || !(await core.wait(XERO_PAUSE, "contacts"))) return;
		await ask("xero", () => api.searchContactsInXero(organisation, text), true);
	});

	return {
		/** A name that is exactly a found contact's means that contact; any other name means none yet. */
		nameRecipient(name) {
			const { search, prepared } = get().form;
			const own = { id: prepared.values.contact_id, name: prepared.values.contact_name };
			const contact_id = [own, ...search.contacts].find((contact) => contact.name === name)?.id ?? "";
			dispatch({ type: "recipient_typed" });
			act.editForm({ contact_name: name, contact_id });
			return searchSoon();
		},

		/** Without an id it is a new contact, of the name that stands in the field by now. */
		chooseRecipient({ id, name }) {
			dispatch({ type: "recipient_left" });
			act.editForm(id ? { contact_id: id, contact_name: name } : { contact_id: "" });
		},

		moveInRecipients: (step) => dispatch({ type: "recipient_moved", step }),
		leaveRecipient: () => dispatch({ type: "recipient_left" }),
	};
}
