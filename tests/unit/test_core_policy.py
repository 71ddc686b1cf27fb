"""Who may do what: the table of C7, written out."""

from __future__ import annotations

import pytest

from xero_connector.core.policy import ROLES, Right, holds

ALL = {right.value for right in Right}

# R22, R24, R113: an administrator configures; R91, R115: designated users see, draft and link; C8: bills
# need Finance, Manager or the switch
MAY = {
	"Xero Manager": {"configure", "see", "see_bills", "see_books", "link", "draft", "send", "override"},
	"Xero Finance": {"see", "see_bills", "see_books", "link", "draft", "send"},
	"Xero Sales": {"see", "link", "draft"},
	"Xero Viewer": {"see"},
	"System Manager": {"configure"},
	"Sales User": set(),
	"All": set(),
	"Guest": set(),
}


def rights_of(*roles: str, **settings: bool) -> set[str]:
	return {right.value for right in Right if holds(roles, right, **settings)}


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: str) -> None:
	assert rights_of(role) == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_show_bills_shows_them_to_those_who_see_invoices_and_gives_nothing_else(role: str) -> None:
	expected = MAY[role] | ({"see_bills"} if "see" in MAY[role] else set())
	assert rights_of(role, show_bills=True) == expected


def test_somebody_with_two_roles_has_the_rights_of_both() -> None:
	assert rights_of("System Manager", "Xero Viewer") == {"configure", "see"}
	assert rights_of("Sales User", "Xero Sales") == {"see", "link", "draft"}


@pytest.mark.parametrize("show_bills", [False, True])
def test_somebody_without_roles_may_do_nothing(show_bills: bool) -> None:
	assert rights_of(show_bills=show_bills) == set()


def test_a_role_is_matched_by_its_whole_name() -> None:
	assert rights_of("Xero", "xero manager", "Manager") == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_role_of_the_app_stands_in_the_table(role: str) -> None:
	assert role in MAY


def test_every_right_is_held_by_somebody() -> None:
	assert set().union(*MAY.values()) == ALL


@pytest.mark.parametrize("role", MAY)
def test_who_is_not_on_the_list_of_users_may_set_up_and_see_nothing(role: str) -> None:
	assert rights_of(role, allowed=False, show_bills=True) == MAY[role] & {"configure"}


@pytest.mark.parametrize("role", MAY)
def test_with_finance_only_drafts_are_for_those_who_may_send(role: str) -> None:
	expected = MAY[role] if "send" in MAY[role] else MAY[role] - {"draft"}
	assert rights_of(role, sales_may_draft=False) == expected


@pytest.mark.parametrize("sales_may_draft", [False, True])
@pytest.mark.parametrize("role", MAY)
def test_view_only_lets_nobody_write_in_xero_and_leaves_the_rest(role: str, sales_may_draft: bool) -> None:
	left = rights_of(role, view_only=True, sales_may_draft=sales_may_draft)
	assert left == MAY[role] - {"draft", "send"}
