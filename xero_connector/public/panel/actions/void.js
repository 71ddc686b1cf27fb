/** Voiding a document in Xero, with a reason that Xero's history of the document keeps. */

export function voidActions(core, act) {
	const { host, api, get } = core;

	core.forms.void = {
		prepare: async () => ({}),
		valuesOf: () => ({ reason: "" }),
		isBlocked: () => false,
		errorsOf: ({ reason }) => (reason.trim() ? {} : { reason: host.t("Fill this in.") }),
		send: ({ reason }, { id }) => api.voidDocument(get().target, id, reason.trim()),
		progress: (outbox) => api.voidProgress(get().target, outbox),
		whenSent: () => act.reload(),
	};

	return { openVoid: (row) => act.openForm("void", row) };
}
