"""Addresses of Xero, and of pages in it."""

from __future__ import annotations

import pytest

from xero_connector.core.model import DocumentType
from xero_connector.xero import deep_links
from xero_connector.xero.hosts import OFFICIAL, Hosts, hosts_from
from xero_connector.xero.oauth import App, authorize_url
from xero_connector.xero.quota import limits_from
from xero_connector.xero.time_zones import iana_name


def test_without_configuration_xero_itself_is_meant() -> None:
	assert hosts_from(None) == hosts_from({}) == OFFICIAL


def test_a_configured_address_replaces_one_and_leaves_the_others() -> None:
	hosts = hosts_from({"app_url": "http://127.0.0.1:9000/go/"})
	assert hosts == OFFICIAL._replace(app_url="http://127.0.0.1:9000/go")


@pytest.mark.parametrize("name", Hosts._fields)
def test_every_address_can_be_replaced(name: str) -> None:
	assert getattr(hosts_from({name: "https://proxy.example.com/x"}), name) == "https://proxy.example.com/x"


@pytest.mark.parametrize(
	"url", ["http://localhost:9000", "http://127.1.2.3", "http://[::1]:80/x", "https://x"]
)
def test_clear_text_is_allowed_on_this_machine_only(url: str) -> None:
	assert hosts_from({"app_url": url}).app_url == url


@pytest.mark.parametrize(
	"url", ["http://api.xero.com", "http://10.0.0.1", "ftp://localhost", "localhost:9000", "https://", ""]
)
def test_tokens_are_never_sent_in_clear_over_a_network(url: str) -> None:
	with pytest.raises(ValueError, match="must be https"):
		hosts_from({"token_url": url})


def test_a_misspelt_address_is_refused() -> None:
	with pytest.raises(ValueError, match="tokens_url"):
		hosts_from({"tokens_url": "https://x"})


def test_the_consent_page_is_asked_for_with_everything_quoted() -> None:
	app = App("id&1", "secret", "https://crm.example.com/api/method/x?y=1", ("openid", "offline_access"))
	assert authorize_url(OFFICIAL, app, "st/ate") == (
		"https://login.xero.com/identity/connect/authorize?response_type=code&client_id=id%261"
		"&redirect_uri=https%3A%2F%2Fcrm.example.com%2Fapi%2Fmethod%2Fx%3Fy%3D1&scope=openid%20offline_access&state=st%2Fate"
	)


def test_an_app_does_not_show_its_secret() -> None:
	assert "hunter2" not in f"{App('id', 'hunter2', 'https://x')} {App('id', 'hunter2', 'https://x')!r}"


LOGIN = "https://go.xero.com/organisationlogin/default.aspx?shortcode=!AbCdE&redirecturl="


@pytest.mark.parametrize(
	("document_type", "status", "path"),
	[
		(DocumentType.INVOICE, "Authorised", "%2FAccountsReceivable%2FView.aspx%3FInvoiceID%3Dab-1"),
		(DocumentType.INVOICE, "Draft", "%2FAccountsReceivable%2FEdit.aspx%3FInvoiceID%3Dab-1"),
		(DocumentType.BILL, "Paid", "%2FAccountsPayable%2FEdit.aspx%3FInvoiceID%3Dab-1"),
		(
			DocumentType.CREDIT_NOTE,
			"Draft",
			"%2FAccountsReceivable%2FViewCreditNote.aspx%3FcreditNoteID%3Dab-1",
		),
		(
			DocumentType.SUPPLIER_CREDIT_NOTE,
			"Paid",
			"%2FAccountsPayable%2FViewCreditNote.aspx%3FcreditNoteID%3Dab-1",
		),
	],
)
def test_a_document_opens_in_its_organisation(document_type: DocumentType, status: str, path: str) -> None:
	assert deep_links.document_url(OFFICIAL, "!AbCdE", document_type.value, status, "ab-1") == LOGIN + path


def test_a_contact_opens_in_its_organisation() -> None:
	assert deep_links.contact_url(OFFICIAL, "!AbCdE", "ab-1") == LOGIN + "%2FContacts%2FView%2Fab-1"


def test_without_a_short_code_a_page_opens_in_the_organisation_used_last() -> None:
	assert deep_links.contact_url(OFFICIAL, None, "a/b") == "https://go.xero.com/Contacts/View/a%2Fb"


def test_an_identifier_cannot_add_to_an_address() -> None:
	url = deep_links.document_url(OFFICIAL, "!A&x=1", DocumentType.BILL.value, "Paid", "1&redirecturl=//evil")
	assert "&x=1" not in url
	assert "%2526redirecturl%253D%252F%252Fevil" in url


def test_limits_are_read_whatever_the_case_of_the_headers() -> None:
	headers = {
		"x-daylimit-remaining": "4999",
		"X-MinLimit-Remaining": "59",
		"X-AppMinLimit-Remaining": "soon",
	}
	assert limits_from(headers) == (4999, 59, None)
	assert limits_from({}) == (None, None, None)


@pytest.mark.parametrize(
	("xero_name", "zone"),
	[
		("NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
		("GMTSTANDARDTIME", "Europe/London"),
		("CENTRALSTANDARDTIME(MEXICO)", "America/Mexico_City"),
		("UTC+12", "Etc/GMT-12"),
		("UTC", "UTC"),
		("ATLANTISSTANDARDTIME", "UTC"),
		(None, "UTC"),
	],
)
def test_a_time_zone_of_windows_has_an_iana_name(xero_name: str | None, zone: str) -> None:
	assert iana_name(xero_name) == zone
