"""Plot: bars as long as their numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.plot import CONFIDENCES, Bar, columns, shares

COUNTS = st.fixed_dictionaries({name: st.integers(0, 10_000) for name in CONFIDENCES})


@given(COUNTS)
def test_shares_fill_the_bar_in_the_order_of_confidence(row: dict[str, int]) -> None:
    bars = shares(row)
    assert [bar.name for bar in bars] == [name for name in CONFIDENCES if row[name]]
    assert sum(bar.length for bar in bars) == pytest.approx(100 if bars else 0, abs=0.1)
    assert [bar.start for bar in bars] == sorted(bar.start for bar in bars)


def test_a_column_is_as_long_as_its_number_against_the_greatest() -> None:
    rows = [{"month": "2026-02", "claims": 4}, {"month": "2026-01", "claims": 1}]
    assert columns(rows, "month", "claims") == (Bar("2026-02", 4, 0, 100.0), Bar("2026-01", 1, 1, 25.0))


def test_nothing_has_no_bars() -> None:
    assert columns([], "month", "claims") == ()
    assert shares(dict.fromkeys(CONFIDENCES, 0)) == ()
