/**
 * The calls that the panel makes. Names and parameters are the contract of `xero_connector.api`; the host puts
 * that prefix in front.
 */
export function createApi(host) {
	return {
		/** Everything of the first paint; never waits for Xero. */
		panel: (target) => host.call("panel.get", target),
		documents: (target, query) => host.call("panel.list_documents", { ...target, ...query }),
		refresh: (target) => host.call("panel.refresh", target),

		searchContacts: (organisation, text) => host.call("links.search_contacts", { organisation, text }),
		linkContact: (target, organisation, contact_id) =>
			host.call("links.link_contact", { ...target, organisation, contact_id }),
		unlinkContact: (target, organisation, contact_id) =>
			host.call("links.unlink_contact", { ...target, organisation, contact_id }),
		linkDocument: (target, organisation, document_id) =>
			host.call("links.link_document", { ...target, organisation, document_id }),
		unlinkDocument: (target, organisation, document_id) =>
			host.call("links.unlink_document", { ...target, organisation, document_id }),

		prepareDraft: (target) => host.call("drafts.prepare", target),
		sendDraft: (target, values) => host.call("drafts.send", { ...target, values }),
		draftProgress: (target, outbox) => host.call("drafts.progress", { ...target, outbox }),
	};
}
