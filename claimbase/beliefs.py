"""Beliefs: the numbered sections of an agent's `beliefs.md`, each a statement of its own."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import chain, count
from typing import NamedTuple

from claimbase.prose import lines
from claimbase.records import Document
from claimbase.slugs import slugify

_NUMBERED = re.compile(r"(\d{1,4})\.[ \t]+(\S.*)")
_LEVEL = 3


class Belief(NamedTuple):
    """A section `### 2. Title`: where its heading stands, and the line after its last."""

    id: str
    number: int
    title: str
    line: int
    end: int


def beliefs_of(document: Document) -> list[Belief]:
    """The beliefs a document states, in its order; none unless it is a document of beliefs."""
    if document.kind != "beliefs":
        return []
    page = document.page
    headings = [line for line in lines(page.body, page.body_line) if line.heading and line.level <= _LEVEL]
    ends = [line.number for line in headings[1:]] + [page.body_line + page.body.count("\n") + 1]
    found: dict[str, Belief] = {}
    for line, end in zip(headings, ends, strict=False):
        numbered = _NUMBERED.fullmatch(line.heading or "") if line.level == _LEVEL else None
        if numbered:
            id_ = _unused_id(document, numbered[2], found)
            found[id_] = Belief(id_, int(numbered[1]), numbered[2], line.number, end)
    return list(found.values())


def _unused_id(document: Document, title: str, taken: Container[str]) -> str:
    """The id of a belief: its document's and the slug of its title, so that renumbering does not move it.

    They are joined by two hyphens, which no id of a document holds. Beliefs of one title, or of titles without a slug,
    are told apart by a number.
    """
    plain = f"{document.id}--{slugify(title) or 'untitled'}"
    return next(id_ for id_ in chain([plain], (f"{plain}--{number}" for number in count(2))) if id_ not in taken)


def text_of(document: Document, belief: Belief) -> str:
    """What a belief says, without its heading and the rule that closes it."""
    page = document.page
    rows = page.body.split("\n")[belief.line - page.body_line + 1 : belief.end - page.body_line]
    return "\n".join(rows).strip().removesuffix("---").strip()
