"""The frame of /xero over HTTP: who gets it, what stands in it, and what never does."""

from urllib.parse import quote, unquote

import frappe
import pytest

from tests import factories
from tests.xero_world import World
from xero_connector.site import links
from xero_connector.site.links import Party

SALES = ("Xero Sales", "Sales User")
HOSTILE = '"><img src=x onerror=alert(1)> {{ 7*7 }} \u202e'


def open_page(http, path: str = ""):
	return http.request("GET", f"/xero{path}", headers={"Accept": "text/html"})


def path_of(document) -> str:
	return f"/{quote(document.doctype)}/{quote(document.name, safe='')}"


def user_with(as_user, *roles: str) -> str:
	with as_user(list(roles)) as user:
		pass
	frappe.db.commit()
	return user


@pytest.mark.parametrize("path", ["", "/CRM Deal/D-1?x=1"])
def test_a_guest_is_sent_to_the_login_and_back_and_not_for_good(http, path):
	answer = open_page(http, quote(path, safe="/?="))
	assert answer.status == 302
	assert answer.headers["Location"].startswith("/login?redirect-to=")
	assert unquote(unquote(answer.headers["Location"])).endswith(f"/xero{path.partition('?')[0]}")
	assert "no-store" in answer.headers["Cache-Control"]


def test_the_home_is_a_frame_with_a_token_and_no_figures(xero: World, http, as_user):
	xero.read()
	answer = open_page(http.login(user_with(as_user, "Xero Finance")))
	assert answer.status == 200
	assert f'name="csrf-token" content="{http.token}"' in answer.text
	assert "/assets/xero_connector/page/page.js?v=" in answer.text
	figures = xero.sandbox.figures(xero.organisation, None)
	assert str(figures["unpaid"]) not in answer.text
	assert not any(c.name in answer.text for c in xero.sandbox.organisations[0].contacts)


def test_every_user_gets_a_page_of_their_own(site, http, as_user):
	"""Frappe keeps pages for guests and others alike unless it is told not to."""
	first = open_page(http.login(user_with(as_user, "Xero Finance"))), http.token
	second = open_page(http.login(user_with(as_user, "Xero Viewer"))), http.token
	for answer, token in (first, second):
		assert token in answer.text


def test_the_page_of_a_record_names_it_and_leads_to_it(site, http, as_user):
	deal = factories.deal(deal_owner=user_with(as_user, *SALES))
	answer = open_page(http.login(user_with(as_user, *SALES)), path_of(deal))
	assert answer.status == 200
	assert f'data-doctype="CRM Deal" data-name="{deal.name}" data-title="{deal.organization}"' in answer.text
	assert frappe.utils.get_url_to_form("CRM Deal", deal.name).split("/", 3)[3] in answer.text


def test_a_hostile_title_is_text(site, http):
	person = factories.contact()
	frappe.db.set_value("Contact", person.name, "full_name", HOSTILE)
	answer = open_page(http.login("Administrator"), path_of(person))
	assert answer.status == 200
	assert "<img src=x" not in answer.text
	assert "&#34;&gt;&lt;img" in answer.text
	assert "{{ 7*7 }}" in answer.text


def test_a_name_with_slashes_and_signs_has_a_page(site, http):
	organization = factories.organization(organization_name="A/B & Co? 100% #1")
	answer = open_page(http.login("Administrator"), path_of(organization))
	assert answer.status == 200
	assert 'data-title="A/B &amp; Co? 100% #1"' in answer.text


def test_nobody_without_a_role_of_ours_gets_the_page_or_learns_what_there_is(site, http, as_user):
	deal = factories.deal()
	for roles in (("Sales Manager",), ()):
		http.login(user_with(as_user, *roles))
		for path in ("", path_of(deal), "/CRM Deal/no-such-deal", "/User/Administrator"):
			answer = open_page(http, quote(path, safe="/%"))
			assert answer.status == 403
			assert "You are not allowed to see this" in answer.text
			assert deal.organization not in answer.text
			assert "page.js" not in answer.text


def test_a_record_that_somebody_may_not_read_is_refused_without_its_title(site, http, as_user):
	deal = factories.deal()
	answer = open_page(http.login(user_with(as_user, "Xero Sales")), path_of(deal))
	assert (answer.status, deal.organization in answer.text) == (403, False)


def test_a_doctype_without_a_tab_has_no_page_and_is_not_repeated(site, http):
	http.login("Administrator")
	for path in ("/User/Administrator", "/Nonsense/x", "/<script>alert(1)</script>/x"):
		answer = open_page(http, quote(path))
		assert answer.status == 403
		assert "Records of this kind have no page here" in answer.text
		assert "<script>alert" not in answer.text


def test_a_missing_record_is_not_found(site, http):
	answer = open_page(http.login("Administrator"), "/CRM%20Deal/no-such-deal")
	assert (answer.status, "This record does not exist" in answer.text) == (404, True)


def test_the_theme_is_that_of_the_users_desk(site, http, as_user):
	user = user_with(as_user, "Xero Viewer")
	for theme in ("Dark", "Light", "Automatic"):
		frappe.db.set_value("User", user, "desk_theme", theme)
		frappe.db.commit()
		assert f'data-theme="{theme.lower()}"' in open_page(http.login(user)).text


def test_sentences_come_in_the_users_language_as_the_site_has_them(site, http, as_user):
	user = user_with(as_user, "Xero Viewer")
	frappe.db.set_value("User", user, "language", "de")
	translation = {
		"language": "de",
		"source_text": "Nothing is overdue",
		"translated_text": "</script>Nichts",
	}
	row = frappe.get_doc({"doctype": "Translation", **translation}).insert()
	frappe.db.commit()
	answer = open_page(http.login(user))
	row.delete()
	frappe.db.set_value("User", user, "language", None)
	frappe.db.commit()
	assert '<html lang="de"' in answer.text
	assert '"Nothing is overdue"' in answer.text
	assert "</script>Nichts" not in answer.text


def test_the_way_to_a_record_leads_through_the_panels_own_guard(xero: World, http, as_user):
	"""The frame of a record holds nothing of Xero's: the panel asks for it."""
	xero.read()
	customer = next(c for c in xero.sandbox.organisations[0].contacts if c.is_customer)
	person = factories.contact()
	links.add(Party("Contact", person.name), links.CONTACT, customer.id, xero.organisation, links.BY_USER)
	answer = open_page(http.login(user_with(as_user, *SALES)), path_of(person))
	assert answer.status == 200
	assert customer.name not in answer.text
