"""Sketch: the tables of the base as boxes, and a line from each to every table it refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

# Six columns are as wide as a page.
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 132, 36, 160, 48


class Table(NamedTuple):
    """A table in the sketch: its place, how many rows it has, and the lines to those it refers to."""

    name: str
    rows: int
    x: int
    y: int
    width: int
    height: int
    lines: tuple[tuple[int, int, int, int], ...]


class Sketch(NamedTuple):
    """Tables in a picture of this width and height."""

    width: int
    height: int
    tables: tuple[Table, ...]


def sketch(tables: Iterable[Mapping[str, Any]], columns: Iterable[Mapping[str, Any]]) -> Sketch:
    """Tables in columns from left to right: each stands to the right of what it refers to, as far as that can be.

    `tables` are rows with `name` and `rows`; `columns` are rows with `relation` and `refers_to`. A table that refers
    to itself, or to one that refers back to it, has no line for that where it would lead to the right.
    """
    counts = {table["name"]: table["rows"] or 0 for table in tables}
    refers: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        if column["relation"] in counts and column["refers_to"] in counts:
            refers[column["relation"]].add(column["refers_to"])
    ranks: dict[str, int] = {}
    for name in sorted(counts):
        _rank(name, refers, ranks)
    places = _places(ranks, refers)
    # What lies to the right comes first, so that its lines run below the boxes on their way.
    order = sorted(places, key=lambda name: (-places[name][0], places[name][1]))
    shown = tuple(_table(name, counts[name], places, refers[name]) for name in order)
    width = max((table.x for table in shown), default=0) + _WIDTH
    return Sketch(width, max((table.y for table in shown), default=0) + _HEIGHT, shown)


def _rank(name: str, refers: Mapping[str, set[str]], ranks: dict[str, int], above: tuple[str, ...] = ()) -> int:
    """How many steps it is from a table down to one that refers to none, without what leads back to the way here."""
    if name not in ranks:
        others = sorted(refers.get(name, set()) - {name, *above})
        ranks[name] = max((1 + _rank(other, refers, ranks, (*above, name)) for other in others), default=0)
    return ranks[name]


def _places(ranks: Mapping[str, int], refers: Mapping[str, set[str]]) -> dict[str, tuple[int, int]]:
    """A place for each table; in its column, it stands about as high as those it refers to."""
    columns: dict[int, list[str]] = defaultdict(list)
    for name, rank in sorted(ranks.items()):
        columns[rank].append(name)
    places: dict[str, tuple[int, int]] = {}
    for rank in sorted(columns):
        ordered = sorted(columns[rank], key=lambda name: (_middle(name, refers, places), name))
        places |= {name: (rank * _ACROSS, row * _DOWN) for row, name in enumerate(ordered)}
    return places


def _middle(name: str, refers: Mapping[str, set[str]], places: Mapping[str, tuple[int, int]]) -> float:
    heights: Sequence[int] = [places[other][1] for other in refers.get(name, ()) if other in places]
    return round(sum(heights) / len(heights), 6) if heights else 0.0


def _table(name: str, rows: int, places: Mapping[str, tuple[int, int]], others: Iterable[str]) -> Table:
    x, y = places[name]
    ends = sorted(places[other] for other in others if places[other][0] < x)
    lines = tuple((x, y + _HEIGHT // 2, left + _WIDTH, top + _HEIGHT // 2) for left, top in ends)
    return Table(name, rows, x, y, _WIDTH, _HEIGHT, lines)
