"""What stands on a statement of account, and what it adds up to."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xero_connector.core.statement import AGES, TYPES, Open, accounts

TODAY = date(2026, 11, 22)
INVOICE, CREDIT_NOTE = TYPES


def document(
	number, balance, due=TODAY, day=date(2026, 1, 1), total=None, currency="NZD", kind=INVOICE
) -> Open:
	balance = Decimal(balance)
	return Open(kind, number, None, day, due, currency, Decimal(total or balance), balance)


def test_the_oldest_document_comes_first_and_each_line_tells_what_is_owed_so_far():
	(account,) = accounts(
		[
			document("INV-2", "50.00", day=date(2026, 3, 1)),
			document("INV-3", "7.00", day=None),
			document("INV-1", "20.00", day=date(2026, 2, 1), total="100.00"),
		],
		TODAY,
	)
	assert [line.document.number for line in account.lines] == ["INV-1", "INV-2", "INV-3"]
	assert [line.running for line in account.lines] == [Decimal("20.00"), Decimal("70.00"), Decimal("77.00")]
	assert account.lines[0].settled == Decimal("80.00")


def test_credit_that_is_left_lowers_what_is_owed_but_has_no_age():
	(account,) = accounts(
		[
			document("INV-1", "100.00", due=date(2026, 11, 1)),
			document("CN-1", "30.00", total="45.00", due=None, day=date(2026, 6, 1), kind=CREDIT_NOTE),
		],
		TODAY,
	)
	note = account.lines[1]
	assert (note.total, note.settled, note.balance) == (
		Decimal("-45.00"),
		Decimal("-15.00"),
		Decimal("-30.00"),
	)
	assert note.running == account.balance == Decimal("70.00")
	assert account.ageing["1-30"] == Decimal("100.00")
	assert account.credit == Decimal("-30.00")
	assert not note.overdue


def test_an_invoice_is_late_from_the_day_after_its_due_date():
	days = {
		"not_due": (TODAY, date(2026, 12, 1), None),
		"1-30": (date(2026, 11, 21), date(2026, 10, 23)),
		"31-60": (date(2026, 10, 22), date(2026, 9, 23)),
		"61-90": (date(2026, 9, 22), date(2026, 8, 24)),
		"90+": (date(2026, 8, 23), date(2020, 1, 1)),
	}
	for age, dues in days.items():
		for due in dues:
			(account,) = accounts([document("INV-1", "1.00", due=due)], TODAY)
			assert account.ageing[age] == Decimal("1.00"), due
			assert account.lines[0].overdue == (age != "not_due")


def test_currencies_are_never_added_together():
	nzd, usd = accounts(
		[document("INV-1", "1.00"), document("INV-2", "2.00", currency="USD"), document("INV-3", "4.00")],
		TODAY,
	)
	assert (nzd.currency, nzd.balance) == ("NZD", Decimal("5.00"))
	assert (usd.currency, usd.balance) == ("USD", Decimal("2.00"))


def test_nothing_open_makes_no_account():
	assert accounts([], TODAY) == []


@given(
	st.lists(
		st.builds(
			document,
			st.text(max_size=5),
			st.decimals(Decimal("0.01"), Decimal("1000000"), places=2),
			st.none() | st.dates(),
			st.none() | st.dates(),
			currency=st.sampled_from(["NZD", "USD"]),
			kind=st.sampled_from(TYPES),
		)
	)
)
def test_ages_and_credit_add_up_to_the_balance_and_the_last_line_tells_it(documents):
	for account in accounts(documents, TODAY):
		assert sum(account.ageing[age] for age in AGES) + account.credit == account.balance
		assert account.lines[-1].running == account.balance
