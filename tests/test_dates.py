"""Dates: the part that is known and how precise it is; what is not known is not made up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.dates import Date, read_date


@pytest.mark.parametrize(
    ("text", "sortable", "precision"),
    [
        ("2026-02-14", "2026-02-14", "day"),
        (" 2026-02-14 ", "2026-02-14", "day"),
        ("2026-2-4", "2026-02-04", "day"),
        ("2024-02-29", "2024-02-29", "day"),
        ("2026-02-14T08:00:00Z", "2026-02-14", "day"),
        ("2026-02-14 (revised)", "2026-02-14", "day"),
        ("2024-01", "2024-01", "month"),
        ("2024-1", "2024-01", "month"),
        ("2024", "2024", "year"),
        ("2024, spring", "2024", "year"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(text: str, sortable: str, precision: str) -> None:
    assert read_date(text) == Date(sortable, precision, None)


@pytest.mark.parametrize(
    ("text", "sortable", "precision"),
    [
        ("2026-02-00", "2026-02", "month"),
        ("2024-00-00", "2024", "year"),
        ("2024-00", "2024", "year"),
        ("2024-00-17", "2024", "year"),
    ],
)
def test_a_zero_day_becomes_a_month_and_no_day_is_invented(text: str, sortable: str, precision: str) -> None:
    assert read_date(text) == Date(sortable, precision, "imprecise")


@pytest.mark.parametrize(
    ("text", "sortable", "precision"),
    [
        ("2026-02-30", "2026-02", "month"),
        ("2026-02-29", "2026-02", "month"),
        ("2026-04-31", "2026-04", "month"),
        ("2026-01-99", "2026-01", "month"),
        ("2026-13-01", "2026", "year"),
        ("2026-99", "2026", "year"),
    ],
)
def test_of_an_impossible_date_the_possible_part_is_kept(text: str, sortable: str, precision: str) -> None:
    assert read_date(text) == Date(sortable, precision, "impossible")


@pytest.mark.parametrize(
    "text", ["soon", "", "14.02.2026", "02/14/2026", "Feb 2026", "20260214", "2026-02-14-3", "26-02-14", "-2026"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) == Date(None, None, "impossible")


@pytest.mark.parametrize("text", ["0000-01-05", "0000-00-00", "0000"])
def test_a_year_of_zeros_is_no_year(text: str) -> None:
    assert read_date(text) == Date(None, None, "impossible")


@given(st.one_of(st.text(), st.from_regex(r"\d{1,5}(-\d{0,3}){0,3}.?", fullmatch=True)))
def test_any_text_is_read_and_no_day_is_invented(text: str) -> None:
    found = read_date(text)
    if found.sortable is None:
        assert found == Date(None, None, "impossible")
        return
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    parts = [int(part) for part in found.sortable.split("-")]
    assert found.precision == ("year", "month", "day")[len(parts) - 1]
    assert parts[1:] == numbers[1 : len(parts)]


@pytest.mark.parametrize("text", ["3026-01-01", "2101", "9999-12-31", "0000-01-05"])
def test_a_year_beyond_reason_is_a_slip_and_no_date(text: str) -> None:
    assert read_date(text) == Date(None, None, "impossible")


@given(st.dates(max_value=date(2100, 12, 31)))
def test_every_day_of_the_calendar_is_itself(day: date) -> None:
    assert read_date(day.isoformat()) == Date(day.isoformat(), "day", None)


@given(st.lists(st.dates(max_value=date(2100, 12, 31)), min_size=2, max_size=2))
def test_sortable_dates_sort_as_dates_do(days: list[date]) -> None:
    assert sorted(days) == sorted(days, key=lambda day: read_date(day.isoformat()).sortable or "")
