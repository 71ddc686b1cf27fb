/** Finding the Xero contact of a record, linking it and taking the link back. */

const TYPING_PAUSE = 250;

export function linkActions(core, act) {
	const { host, api, get, dispatch } = core;

	function search() {
		const { text } = get().search;
		if (!text.trim()) return null;
		const question = () => api.searchContacts(core.where().organisation, text.trim());
		return core.ask("search", { type: "search_asked" }, question, {
			answered: ({ contacts }) => ({ type: "search_answered", contacts }),
			failed: "search_failed",
		});
	}

	function suggest() {
		return core.ask("suggest", { type: "suggest_asked" }, () => api.suggestContacts(core.where()), {
			answered: ({ contacts }) => ({ type: "suggest_answered", contacts }),
			failed: "suggest_failed",
		});
	}

	const searchSoon = core.debounced(TYPING_PAUSE, search);

	return {
		searchContacts: search,

		typeContact(text) {
			dispatch({ type: "search_edited", text });
			return searchSoon();
		},

		/** Who is looking for the record's contact gets suggestions before typing anything. */
		suggestWhenUnlinked() {
			const { panel, suggestions } = get();
			if (!panel?.organisation || !panel.can.link || panel.contacts.length) return null;
			return suggestions.phase === "idle" ? suggest() : null;
		},

		/** A record may have several Xero contacts, and a Xero contact several records. */
		startLinking() {
			dispatch({ type: "linking", linking: true });
			return suggest();
		},
		stopLinking: () => dispatch({ type: "linking", linking: false }),

		async link(contact) {
			const done = await core.once("link", () => api.linkContact(core.where(), contact.id));
			if (!done) return;
			host.toast(host.t("Linked to {0} in Xero.", [contact.name]), "success");
			dispatch({ type: "linking", linking: false });
			await act.reload();
		},

		async unlink(contact) {
			const question = host.t("Take {0} off this record? Nothing changes in Xero.", [contact.name]);
			await core.once(`unlink:${contact.id}`, async () => {
				if (!(await host.confirm(question))) return;
				await api.unlinkContact(core.where(), contact.id);
				await act.reload();
			});
		},
	};
}
