"""Neighbourhood: where the claims around a claim stand in a small drawing of the argument."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# What bears on the claim stands to its left, what it bears on to its right, and what speaks against it below.
COLUMNS = {
    "rests on": "left",
    "supported by": "left",
    "carries": "right",
    "supports": "right",
    "challenged by": "below left",
    "challenges": "below right",
    "related to": "below",
}
MOST = {"left": 7, "right": 7, "below left": 3, "below right": 3, "below": 3}
# Three boxes and the gaps between them are as wide as a page's text.
_WIDTH, _HEIGHT, _ACROSS, _DOWN = 204, 58, 248, 70
_LETTERS, _LINES = 26, 3


class Box(NamedTuple):
    """A claim in the drawing: its place, and its title in lines that fit."""

    id: str
    title: str
    confidence: str | None
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


class Line(NamedTuple):
    """An argument in the drawing, from the end that acts; `label` says what it does."""

    stance: str
    x1: int
    y1: int
    x2: int
    y2: int


class Drawing(NamedTuple):
    """Boxes and lines in a picture of this width and height; the first box is the claim itself."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    left_out: int


def draw(claim: Mapping[str, Any], bearing: Iterable[Mapping[str, Any]]) -> Drawing | None:
    """The claims that bear on a claim around it, each once; None where there are none.

    `bearing` are rows with `stance`, `other`, `other_title` and `other_confidence`.
    """
    columns: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    rows = list(bearing)
    shown: set[str] = set()
    for row in rows:
        column = COLUMNS[row["stance"]]
        if row["other"] not in shown and len(columns[column]) < MOST[column]:
            shown.add(row["other"])
            columns[column].append(row)
    if not shown:
        return None
    left_out = len({row["other"] for row in rows} - shown)
    side = max(len(columns["left"]), len(columns["right"]), 1)
    below = max(len(columns["below left"]), len(columns["below"]), len(columns["below right"]))
    middle = (side - 1) * _DOWN // 2
    centre = _box(claim["id"], claim["title"], claim["confidence"], _ACROSS, middle)
    boxes, lines = [centre], []
    for column, members in columns.items():
        for place, row in enumerate(members):
            x = {"left": 0, "right": 2 * _ACROSS, "below left": 0, "below right": 2 * _ACROSS}.get(column, _ACROSS)
            if column in ("left", "right"):
                y = middle - (len(members) - 1) * _DOWN // 2 + place * _DOWN
            else:
                y = side * _DOWN + _DOWN // 2 + place * _DOWN
            box = _box(row["other"], row["other_title"], row["other_confidence"], x, y)
            boxes.append(box)
            lines.append(_line(row["stance"], centre, box))
    height = (side + below) * _DOWN + (_DOWN // 2 if below else 0) - (_DOWN - _HEIGHT)
    return _cropped(Drawing(2 * _ACROSS + _WIDTH, height, tuple(boxes), tuple(lines), left_out))


def _cropped(drawing: Drawing) -> Drawing:
    """The drawing without the columns at its sides in which nothing stands."""
    left = min(box.x for box in drawing.boxes)
    right = max(box.x + box.width for box in drawing.boxes)
    return drawing._replace(
        width=right - left,
        boxes=tuple(box._replace(x=box.x - left) for box in drawing.boxes),
        lines=tuple(line._replace(x1=line.x1 - left, x2=line.x2 - left) for line in drawing.lines),
    )


def _box(id_: str, title: str, confidence: str | None, x: int, y: int) -> Box:
    return Box(id_, title, confidence, _lines(title), x, y, _WIDTH, _HEIGHT)


def _lines(title: str) -> tuple[str, ...]:
    """The title broken between words, cut where it takes more lines than there are."""
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= _LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = [line[:_LETTERS] for line in lines[:_LINES]]
    if len(lines) > _LINES or lines[: len(shown)] != shown:
        shown[-1] = shown[-1][: _LETTERS - 1] + "…"
    return tuple(shown)


def _line(stance: str, centre: Box, other: Box) -> Line:
    """From the box that acts to the one that is acted upon, at the edges that face each other."""
    is_inward = stance in ("supported by", "challenged by", "carries")
    start, end = (other, centre) if is_inward else (centre, other)
    if start.x == end.x:
        up, down = sorted((start, end), key=lambda box: box.y)
        x = start.x + _WIDTH // 2
        edges = (x, up.y + _HEIGHT, x, down.y) if start is up else (x, down.y, x, up.y + _HEIGHT)
        return Line(stance, *edges)
    to_right = start.x < end.x
    x1 = start.x + (_WIDTH if to_right else 0)
    x2 = end.x + (0 if to_right else _WIDTH)
    return Line(stance, x1, start.y + _HEIGHT // 2, x2, end.y + _HEIGHT // 2)
