"""Tables: figures with a title, as text for a terminal or as Markdown for a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """A title, the heads of the columns, and rows of as many cells. The first column is words, the others figures."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Aligned columns, the words at the right where they may be long."""
        widths = [max(map(len, column)) for column in zip(*[self.heads, *self.rows], strict=True)][1:]
        lines = [
            "  ".join([*(cell.rjust(width) for cell, width in zip(row[1:], widths, strict=True)), row[0]])
            for row in [self.heads, *self.rows]
        ]
        return "\n".join([self.title, *lines, *self.notes])

    def markdown(self) -> str:
        """A table as GitHub reads it."""
        rule = ["---", *["---:"] * (len(self.heads) - 1)]
        lines = [f"| {' | '.join(cells)} |" for cells in [self.heads, rule, *self.rows]]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)])
