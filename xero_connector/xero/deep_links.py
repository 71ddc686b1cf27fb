"""Addresses of pages in Xero's own screens (developer.xero.com, "Deep link to Xero").

With an organisation's short code they go through the documented login form, which first switches Xero to
that organisation; without one they open in whichever the person used last.
"""

from __future__ import annotations

from urllib.parse import quote

from xero_connector.core.model import DocumentType
from xero_connector.xero.hosts import Hosts

_PAGES = {
	DocumentType.INVOICE.value: "/AccountsReceivable/View.aspx?InvoiceID=",
	DocumentType.BILL.value: "/AccountsPayable/Edit.aspx?InvoiceID=",
	# the sales twin of the page that Xero documents; seen in use only (xero-facts 6)
	DocumentType.CREDIT_NOTE.value: "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
	DocumentType.SUPPLIER_CREDIT_NOTE.value: "/AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
}
_DRAFT_INVOICE = "/AccountsReceivable/Edit.aspx?InvoiceID="


def contact_url(hosts: Hosts, short_code: str | None, contact_id: str) -> str:
	return _url(hosts, short_code, f"/Contacts/View/{quote(contact_id, safe='')}")


def document_url(
	hosts: Hosts, short_code: str | None, document_type: str, status: str, document_id: str
) -> str:
	"""`document_type` and `status` as in `core.model.Document`; a draft opens for editing.

	Raises KeyError for a type that is none of ours.
	"""
	is_draft_invoice = document_type == DocumentType.INVOICE.value and status == "Draft"
	page = _DRAFT_INVOICE if is_draft_invoice else _PAGES[document_type]
	return _url(hosts, short_code, f"{page}{quote(document_id, safe='')}")


def _url(hosts: Hosts, short_code: str | None, path: str) -> str:
	if not short_code:
		return f"{hosts.app_url}{path}"
	query = f"shortcode={quote(short_code, safe='!')}&redirecturl={quote(path, safe='')}"
	return f"{hosts.app_url}/organisationlogin/default.aspx?{query}"
