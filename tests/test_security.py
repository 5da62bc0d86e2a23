"""Security: what SECURITY.md promises is tested where it says so."""

from __future__ import annotations

import re

import pytest

from build import PROJECT
from claimbase.discover import LARGEST, LONGEST_RULES
from claimbase.read_yaml import DEEPEST, LONGEST, MOST_EVENTS

TEXT = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
# `tests/test_a.py`: `test_b`, `test_c`
_NAMED = re.compile(r"`(tests/(?:\w+/)?\w+\.py)`: (`test_\w+`(?:, `test_\w+`)*)")
NAMED = sorted({(file, test) for file, tests in _NAMED.findall(TEXT) for test in re.findall(r"`(\w+)`", tests)})


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_is_there(file: str, test: str) -> None:
    assert f"def {test}(" in (PROJECT / file).read_text(encoding="utf-8")


def test_every_attack_names_a_test() -> None:
    tables = [part.split("\n\n")[0] for part in TEXT.split("| attack | what comes of it | test |\n|---|---|---|\n")[1:]]
    assert len(tables) == 4
    assert [row for table in tables for row in table.splitlines() if "`test_" not in row] == []


def test_bounds_are_those_of_the_code() -> None:
    assert f"| a file | {LARGEST // 2**20} MB |" in TEXT
    assert f"| {LONGEST // 1024} kB, {DEEPEST} levels, {MOST_EVENTS:,} nodes;" in TEXT
    assert f"| {LONGEST_RULES // 1024} kB, matched in linear time |" in TEXT
