"""Dates as they are written: the sortable part and how precise it is; a day is never invented."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?![\d-])")


# A year beyond these is a slip of the pen, and would make all else in a base look stale.
_FIRST_YEAR, _LAST_YEAR = 1, 2100


class Date(NamedTuple):
    """`sortable` is ISO 8601 cut at `precision`: "2026-02-14" day, "2026-02" month, "2026" year.

    `fault` is None, "imprecise" (a zero stands for what nobody knows) or "impossible" (no such day or month).
    """

    sortable: str | None
    precision: str | None
    fault: str | None


@lru_cache(maxsize=1 << 14)
def read_date(text: str) -> Date:
    """The date a text opens with, as far as the calendar can confirm it.

    "2026-02-00" is the month 2026-02 (imprecise); "2026-02-30" is the month 2026-02 (impossible);
    "2026-02-14T08:00Z" is that day; "soon" is no date at all.
    """
    match = _DATE.match(text.strip())
    if not match or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        return Date(None, None, "impossible")
    year = int(match[1])
    month, day = (int(part) if part else None for part in match.groups()[1:])
    if month is None:
        return Date(f"{year:04}", "year", None)
    if month == 0:
        return Date(f"{year:04}", "year", "imprecise")
    if month > 12:
        return Date(f"{year:04}", "year", "impossible")
    if day is None:
        return Date(f"{year:04}-{month:02}", "month", None)
    if day == 0:
        return Date(f"{year:04}-{month:02}", "month", "imprecise")
    try:
        return Date(date(year, month, day).isoformat(), "day", None)
    except ValueError:
        return Date(f"{year:04}-{month:02}", "month", "impossible")
