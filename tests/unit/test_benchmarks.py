"""What a benchmark prints; its figures are for a machine that has time for them."""

import re

import pytest

from benchmarks import load

FIGURES = {name: 12_345.678 for name in load._ROWS}


@pytest.mark.parametrize(("quick", "suffixes"), [("1", [""]), ("", ["_10000", "_100000"])])
def test_the_last_line_names_every_figure_of_every_size(monkeypatch, capsys, quick, suffixes):
	monkeypatch.setenv("QUICK", quick)
	monkeypatch.setattr(load, "_in_own_process", lambda documents, effort: FIGURES)
	load.main()
	last = capsys.readouterr().out.splitlines()[-1]
	assert re.findall(r"(\w+)=[\d.]+(?= |$)", last) == [name + end for end in suffixes for name in FIGURES]
	assert "," not in last
