"""What a benchmark prints; its figures are for a machine that has time for them."""

import re
from types import SimpleNamespace

import pytest

from benchmarks import load, matching, panel, send, webhook
from benchmarks.deliveries import Answer

FIGURES = {name: 12_345.678 for name in load._ROWS}


@pytest.mark.parametrize(("quick", "suffixes"), [("1", [""]), ("", ["_10000", "_100000"])])
def test_the_last_line_names_every_figure_of_every_size(monkeypatch, capsys, quick, suffixes):
	monkeypatch.setenv("QUICK", quick)
	monkeypatch.setattr(load, "_in_own_process", lambda documents, effort: FIGURES)
	load.main()
	last = capsys.readouterr().out.splitlines()[-1]
	assert re.findall(r"(\w+)=[\d.]+(?= |$)", last) == [name + end for end in suffixes for name in FIGURES]
	assert "," not in last


def measured(milliseconds: float, queries: int = 9) -> SimpleNamespace:
	timed = SimpleNamespace(p50=milliseconds, p95=milliseconds * 2, queries=queries)
	return SimpleNamespace(tab=timed, bare=timed, frappe=timed, times_bare=1.0, times_bare_and_frappe=0.5)


def printed(monkeypatch, capsys, figures: dict) -> list[str]:
	monkeypatch.setattr(panel, "measure", lambda effort: figures)
	panel.main()
	return capsys.readouterr().out.splitlines()


def test_growth_is_from_the_smallest_mirror_to_the_largest(monkeypatch, capsys):
	grown = {10_000: measured(10), 100_000: measured(40), 1_000_000: measured(12)}
	last = printed(monkeypatch, capsys, {("get", 5): grown})[-1]
	assert "growth_get_5=1.20" in last.split()


def test_a_customer_who_came_later_has_no_growth_over_all_sizes(monkeypatch, capsys):
	late = {100_000: measured(10), 1_000_000: measured(11)}
	figures = {("get", 5): {10_000: measured(1), **late}, ("get", 20_000): late}
	lines = printed(monkeypatch, capsys, figures)
	names = {figure.split("=")[0] for figure in lines[-1].split()}
	assert {"growth_get_5", "times_bare_get_5", "times_bare_get_20000", "queries_get_20000"} <= names
	assert "growth_get_20000" not in names


def test_a_number_of_queries_that_depends_on_the_data_is_seen_in_the_table(monkeypatch, capsys):
	grown = {10_000: measured(10, queries=9), 100_000: measured(10, queries=11)}
	[row] = [line for line in printed(monkeypatch, capsys, {("get", 5): grown}) if line.startswith("get")]
	assert row.endswith("9-11")


@pytest.mark.parametrize(
	("documents", "customers", "items", "most"),
	[(10, 9, 30, 5), (50, 20, 50, 5), (51, 20, 50, 6), (1_000, 20, 50, 24), (1_000, 51, 101, 27)],
)
def test_sending_may_take_a_call_for_every_fifty_of_anything_and_two_more(documents, customers, items, most):
	assert send.most_calls(documents, customers, items) == most


@pytest.mark.parametrize(
	("quick", "ends"), [("1", ["10", "100", "list_100"]), ("", ["10", "100", "1000", "list_100"])]
)
def test_the_last_line_tells_the_ways_of_sending_apart(monkeypatch, capsys, quick, ends):
	monkeypatch.setenv("QUICK", quick)
	figures = {name: 1_234.5 for name in send._ROWS}
	monkeypatch.setattr(send, "_in_own_process", lambda documents, how: figures)
	send.main()
	last = capsys.readouterr().out.splitlines()[-1]
	names = re.findall(r"(\w+)=[\d.]+(?= |$)", last)
	assert names == [f"{name}_{end}" for end in ends for name in send._ROWS]


def test_deliveries_that_were_answered_otherwise_are_counted(monkeypatch, capsys):
	answers = [Answer(200, 0, 0, 0.01)] * 97 + [
		Answer(200, 9, 1, 0.02),
		Answer(401, 0, 0, 0.03),
		Answer(0, 0, 0, 5.0),
	]
	found = webhook.answered(answers)
	assert (found["deliveries"], found["ok"], found["with_body"], found["with_cookies"]) == (100, 98, 1, 1)
	assert (round(found["p50_ms"]), round(found["most_ms"])) == (10, 5000)
	assert 30 <= found["p99_ms"] < 100
	monkeypatch.setattr(webhook, "measure", lambda seconds: {name: 1_234.5 for name in webhook._ROWS})
	webhook.main()
	last = capsys.readouterr().out.splitlines()[-1]
	assert re.findall(r"(\w+)=[\d.]+(?= |$)", last) == list(webhook._ROWS)


def test_the_last_line_tells_how_right_the_matching_was(monkeypatch, capsys):
	monkeypatch.setattr(matching, "measure", lambda count: dict.fromkeys(matching._ROWS, 12_345.678))
	matching.main()
	last = capsys.readouterr().out.splitlines()[-1]
	assert re.findall(r"(\w+)=[\d.]+(?= |$)", last) == list(matching._ROWS)
