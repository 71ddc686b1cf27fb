/**
 * The calls that the panel makes. Names and parameters are the contract of `xero_connector.api`; the host puts
 * that prefix in front. `where` is {doctype, name, organisation}: the record, and the organisation that is shown.
 */
export function createApi({ call, download }) {
	return {
		/** Everything of the first paint; never waits for Xero. Without an organisation the site chooses. */
		panel: (where) => call("panel.get", where),
		version: (where) => call("panel.version", where),
		refresh: (where) => call("panel.refresh", where),
		documents: (where, query) => call("panel.list_documents", { ...where, ...query }),

		suggestContacts: (where) => call("links.suggest", where),
		searchContacts: (organisation, text) => call("links.search_contacts", { organisation, text }),
		/** One call to Xero, for what the site does not know yet. */
		searchContactsInXero: (organisation, text) => call("links.search_contacts", { organisation, text, in_xero: 1 }),
		linkContact: (where, contact_id) => call("links.link_contact", { ...where, contact_id }),
		unlinkContact: (where, contact_id) => call("links.unlink_contact", { ...where, contact_id }),
		prepareContact: (where) => call("links.prepare_contact", where),
		createContact: (where, values) => call("links.create_contact", { ...where, values }),
		contactProgress: (target, outbox) => call("links.contact_progress", { ...target, outbox }),

		findDocuments: (where, query) => call("links.find_documents", { ...where, ...query }),
		linkDocument: (where, document_id) => call("links.link_document", { ...where, document_id }),
		unlinkDocument: (where, document_id) => call("links.unlink_document", { ...where, document_id }),

		prepareDraft: (about) => call("drafts.prepare", about),
		previewDraft: (target, values) => call("drafts.preview", { ...target, values }),
		sendDraft: (target, values) => call("drafts.send", { ...target, values }),
		draftProgress: (target, outbox) => call("drafts.progress", { ...target, outbox }),

		downloadPdf: (target, document_id) => download("documents.pdf", { ...target, document_id }),
		onlineInvoice: (target, document_id) => call("documents.online_invoice", { ...target, document_id }),
		voidDocument: (target, document_id, reason) => call("documents.void", { ...target, document_id, reason }),
		voidProgress: (target, outbox) => call("documents.void_progress", { ...target, outbox }),

		addRemark: (target, document_id, values) => call("remarks.add", { ...target, document_id, ...values }),
		withdrawRemark: (target, remark) => call("remarks.withdraw", { ...target, remark }),

		downloadStatement: (target, contact_id) => download("statements.pdf", { ...target, contact_id }),
		/** A page to print, which the browser opens by itself. */
		statementAddress(target, contact_id) {
			const query = new URLSearchParams({ ...target, contact_id });
			return `/api/method/xero_connector.api.statements.page?${query}`;
		},
	};
}
