"""Plot: where the bars of a small chart stand; templates draw them, each beside its data as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

CONFIDENCES = ("proven", "likely", "experimental", "speculative", "unrated")


class Bar(NamedTuple):
    """A part of a bar: what it stands for, how many that are, and where it lies on a scale from 0 to 100."""

    name: str
    number: int
    start: float
    length: float


def shares(row: Mapping[str, Any]) -> tuple[Bar, ...]:
    """The confidences of a domain's claims side by side, all of them together being 100; none for no claim."""
    total = sum(row[name] for name in CONFIDENCES)
    bars, start = [], 0.0
    for name in CONFIDENCES:
        if row[name]:
            length = 100 * row[name] / total
            bars.append(Bar(name, row[name], round(start, 2), round(length, 2)))
            start += length
    return tuple(bars)


def columns(rows: Sequence[Mapping[str, Any]], name: str, number: str) -> tuple[Bar, ...]:
    """A bar for each row, as long as its number is against the greatest; `start` is its place, from 0."""
    greatest = max((row[number] for row in rows), default=0)
    return tuple(
        Bar(str(row[name]), row[number], place, round(100 * row[number] / greatest, 2) if greatest else 0.0)
        for place, row in enumerate(rows)
    )
