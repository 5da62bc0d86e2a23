"""Timeline: changes in their order, put together by the day and by the commit that made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

Row: TypeAlias = Mapping[str, Any]

_DAY = slice(len("2026-02-14"))


class Together(NamedTuple):
    """What one commit changed, in the order it was given in; `first` is any of it, for what is true of the commit."""

    first: Row
    changes: tuple[Row, ...]


class Day(NamedTuple):
    """A day in UTC, as an ISO 8601 date, and the commits that were made on it."""

    date: str
    commits: tuple[Together, ...]


def by_commit(changes: Iterable[Row]) -> tuple[Together, ...]:
    """Changes that follow each other and are of one commit, together."""
    groups = (tuple(group) for _, group in groupby(changes, lambda change: change["by_commit"]))
    return tuple(Together(group[0], group) for group in groups)


def by_day(changes: Iterable[Row]) -> tuple[Day, ...]:
    """The commits of changes that follow each other on one day, together."""
    days = groupby(by_commit(changes), lambda commit: commit.first["date"][_DAY])
    return tuple(Day(date, tuple(commits)) for date, commits in days)
