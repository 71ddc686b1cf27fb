"""Failures: two kinds, a code each, and never a secret in what they say."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime, timezone

import pytest

from xero_connector.core.errors import Code, NeedsPerson, WillRetry, XeroConnectorError
from xero_connector.core.model import TokenSet

SECRETS = ("access-7f3c", "refresh-91ab")
MOMENT = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
TOKENS = TokenSet(*SECRETS, MOMENT, MOMENT, ("openid", "offline_access"))


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("kind", [NeedsPerson, WillRetry])
def test_a_failure_without_values_says_its_code(kind: type[XeroConnectorError], code: Code) -> None:
	assert str(kind(code)) == code.value


def test_a_failure_says_its_code_and_its_values() -> None:
	error = NeedsPerson(Code.INVALID_VALUE, field="due_date", value="soon")
	assert str(error) == "invalid_value (field: due_date; value: soon)"
	assert (error.code, error.values) == (Code.INVALID_VALUE, {"field": "due_date", "value": "soon"})


def test_a_failure_is_of_one_of_two_kinds_never_of_both() -> None:
	assert set(XeroConnectorError.__subclasses__()) == {NeedsPerson, WillRetry}
	assert not issubclass(NeedsPerson, WillRetry)
	assert not issubclass(WillRetry, NeedsPerson)


def test_both_kinds_are_caught_by_their_common_name() -> None:
	for kind in (NeedsPerson, WillRetry):
		with pytest.raises(XeroConnectorError):
			raise kind(Code.UNKNOWN)


def test_a_retry_leaves_the_pace_open_and_assumes_that_nothing_was_done() -> None:
	error = WillRetry(Code.NETWORK)
	assert error.retry_after is None
	assert error.maybe_done is False


def test_a_retry_keeps_when_to_come_back_and_whether_it_may_have_worked() -> None:
	error = WillRetry(Code.RATE_LIMITED, retry_after=66975, maybe_done=True, problem="day")
	assert (error.retry_after, error.maybe_done) == (66975, True)
	assert str(error) == "rate_limited (problem: day)"


def test_no_two_failures_share_a_code() -> None:
	assert len({code.value for code in Code}) == len(Code.__members__)


def test_a_code_is_written_as_its_plain_value_in_json_and_in_the_log() -> None:
	assert json.dumps({"code": Code.RECONNECT}) == '{"code": "reconnect"}'


@pytest.mark.parametrize(
	"shown",
	[
		str(TOKENS), repr(TOKENS), f"{TOKENS}", f"{TOKENS!r}", format(TOKENS), repr([TOKENS]),
		repr({"tokens": TOKENS}), str(NeedsPerson(Code.UNKNOWN, what=str(TOKENS))),
	],
)  # fmt: skip
def test_tokens_are_not_printed_in_any_way(shown: str) -> None:
	assert not any(secret in shown for secret in SECRETS)
	assert "offline_access" in shown


def test_tokens_are_not_printed_by_a_log_record_or_a_traceback_that_holds_them(
	caplog: pytest.LogCaptureFixture,
) -> None:
	try:
		raise NeedsPerson(Code.RECONNECT, because=str(TOKENS))
	except NeedsPerson as error:
		told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
		logging.getLogger("xero").warning("%s %r", TOKENS, TOKENS)
	printed = "".join(line for line in told.splitlines() if not line.lstrip().startswith("SECRETS"))
	assert "reconnect" in printed
	assert not any(secret in printed + caplog.text for secret in SECRETS)
