/** Who gets a draft: contacts that are found while a name is typed, in a list below the field. */

const NO_SEARCH = { phase: "idle", contacts: [], options: [], isOpen: false, active: -1 };

export function recipientState({ ask, merge }) {
	const search = (state, change) => merge(state, "form", { search: { ...state.form.search, ...change } });

	return {
		initial: () => ({}),

		handlers: {
			form_opened: (state) => merge(ask(state, "contacts"), "form", { search: NO_SEARCH }),
			form_closed: (state) => ask(state, "contacts"),
			/** Contacts belong to one organisation. */
			draft_changed: (state) => merge(ask(state, "contacts"), "form", { search: NO_SEARCH }),

			/** What was found before stays in sight until there is an answer. */
			recipient_typed: (state) => search(ask(state, "contacts"), { phase: "mirror", isOpen: true, active: -1 }),
			recipient_asked: (state, { phase }) => search(ask(state, "contacts"), { phase }),
			/** Not done: the mirror has none, and Xero is asked next. */
			recipient_found(state, { contacts, isDone }) {
				if (!isDone) return search(state, { phase: "xero", contacts, options: [] });
				const options = optionsOf(contacts, state.form.values.contact_name.trim());
				return search(state, { phase: "ready", contacts, options, active: -1 });
			},
			/** The form works without suggestions, and a name that Xero does not know is a valid one. */
			recipient_unfound: (state) => search(state, { phase: "ready", contacts: [], options: [] }),

			recipient_moved(state, { step }) {
				const { options, active } = state.form.search;
				if (!options.length) return state;
				const next = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
				return search(state, { isOpen: true, active: next });
			},
			recipient_left: (state) => (state.form?.search.isOpen ? search(state, { isOpen: false, active: -1 }) : state),
		},
	};
}

/** The contacts, and last, where none has this name, a new one: without an id. */
function optionsOf(contacts, name) {
	const isKnown = contacts.some((contact) => contact.name.toLowerCase() === name.toLowerCase());
	return isKnown || !name ? contacts : [...contacts, { id: "" }];
}
