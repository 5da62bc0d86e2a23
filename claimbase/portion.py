"""Portion: as much of what was found as an answer may hold, and how much more there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from claimbase.answers import Cell

# An answer has at most so many rows and, but for one row that is longer, so many characters.
MOST_ROWS = 100
USUAL_ROWS = 20
MOST_CHARACTERS = 30_000
# A text in a row, and one part of a claim's body.
LONGEST_TEXT = 2_000
LONGEST_BODY = 12_000

AnyRow = TypeVar("AnyRow", Mapping[str, Any], list[Cell])


def fitting(rows: Iterable[AnyRow], limit: int, characters: int = MOST_CHARACTERS) -> tuple[list[AnyRow], bool]:
    """As many of the first rows as fit into an answer, one at least however long it is; and whether these are all."""
    shown: list[AnyRow] = []
    for row in rows:
        values = row.values() if isinstance(row, Mapping) else row
        characters -= sum(len(str(short(value))) for value in values)
        if len(shown) >= limit or (shown and characters < 0):
            return shown, False
        shown.append(row)
    return shown, True


def rest(total: int, offset: int, shown: int) -> tuple[int | None, str | None]:
    """Where the rows begin that are not shown, and in words how to get them; nothing where there are none."""
    end = offset + shown
    return (end, f"… and {total - end:,} more: ask again with offset={end}") if end < total else (None, None)


def short(value: Any) -> Any:
    """A value as it is shown in a row: text that is too long ends with how much more there is."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]} … and {len(value) - LONGEST_TEXT:,} more characters"
    return value


def cell(value: Any) -> Cell:
    shown: Cell = short(f"{len(value):,} bytes" if isinstance(value, bytes) else value)
    return shown
