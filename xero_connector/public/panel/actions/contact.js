/** A new Xero contact from a record (R109, R130): what is special about its form. */

export function contactActions(core, act) {
	const { host, api, get, dispatch } = core;

	core.forms.contact = {
		prepare: () => api.prepareContact(core.where()),
		valuesOf: ({ values }) => values,
		isBlocked: () => false,
		errorsOf: ({ name }) => (name?.trim() ? {} : { name: host.t("Fill this in.") }),
		send: (values) => api.createContact(core.where(), values),
		progress: (outbox) => api.contactProgress(get().target, outbox),
		whenSent() {
			dispatch({ type: "linking", linking: false });
			return act.reload();
		},
	};

	return {
		/** The name is in Xero already: that contact is the one. */
		async linkExisting(contact) {
			act.closeForm();
			await act.link(contact);
		},
	};
}
