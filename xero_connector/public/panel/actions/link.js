/** Finding the Xero contact of a record, linking it and taking the link back. */

const TYPING_PAUSE = 250;

export function linkActions(core, act) {
	const { host, api, get, dispatch } = core;

	function search() {
		const { text, organisation } = get().search;
		if (!organisation || !text?.trim()) return null;
		const question = () => api.searchContacts(organisation, text.trim());
		return core.ask("search", { type: "search_asked" }, question, {
			answered: ({ contacts }) => ({ type: "search_answered", contacts }),
			failed: "search_failed",
		});
	}

	const searchSoon = core.debounced(TYPING_PAUSE, search);

	return {
		searchContacts: search,

		typeContact(text) {
			dispatch({ type: "search_edited", change: { text } });
			return searchSoon();
		},

		chooseOrganisation(organisation) {
			dispatch({ type: "search_edited", change: { organisation, contacts: [] } });
			return search();
		},

		async link(contact) {
			const { target, search: { organisation } } = get();
			const done = await core.once("link", () => api.linkContact(target, organisation, contact.id));
			if (!done) return;
			host.toast(host.t("Linked to {0} in Xero.", [contact.name]), "success");
			await act.reload();
		},

		async unlink(contact) {
			const { target, panel } = get();
			const question = host.t("Take {0} off this record? Nothing changes in Xero.", [contact.name]);
			await core.once(`unlink:${contact.id}`, async () => {
				if (!(await host.confirm(question))) return;
				await api.unlinkContact(target, panel.organisation.name, contact.id);
				await act.reload();
			});
		},

		/** The search is filled in with the customer's name and answers at once. */
		searchWhenUnlinked() {
			const { panel, search: { phase } } = get();
			if (panel?.can.link && !panel.contacts.length && phase === "idle") return search();
		},
	};
}
