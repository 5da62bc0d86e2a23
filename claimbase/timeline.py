"""Timeline: changes in their order, put together by the day, the commit that made them and the claim they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

Row: TypeAlias = Mapping[str, Any]

_DAY = slice(len("2026-02-14"))


class Touched(NamedTuple):
    """What one commit changed in one claim; `first` is any of it, for what is true of the claim."""

    first: Row
    changes: tuple[Row, ...]


class Made(NamedTuple):
    """What one commit changed; `first` is any of it, for what is true of the commit."""

    first: Row
    claims: tuple[Touched, ...]


class Day(NamedTuple):
    """A day in UTC, as an ISO 8601 date, and the commits that were made on it."""

    date: str
    commits: tuple[Made, ...]


def by_commit(changes: Iterable[Row]) -> tuple[Made, ...]:
    """Changes that follow each other and are of one commit, together."""
    commits = _together(changes, lambda change: change["by_commit"])
    return tuple(Made(commit[0], tuple(_by_claim(commit))) for commit in commits)


def by_day(changes: Iterable[Row]) -> tuple[Day, ...]:
    """The commits of changes that follow each other on one day, together."""
    days = groupby(by_commit(changes), lambda commit: commit.first["date"][_DAY])
    return tuple(Day(date, tuple(commits)) for date, commits in days)


def _by_claim(changes: Iterable[Row]) -> Iterable[Touched]:
    return (Touched(claim[0], claim) for claim in _together(changes, lambda change: change["path"]))


def _together(changes: Iterable[Row], key: Callable[[Row], str]) -> Iterable[tuple[Row, ...]]:
    return (tuple(group) for _, group in groupby(changes, key))
