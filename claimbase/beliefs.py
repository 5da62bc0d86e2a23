"""Beliefs: the numbered sections of an agent's `beliefs.md`, each a statement of its own."""

from __future__ import annotations

import re
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
    last = page.body_line + page.body.count("\n") + 1
    ends = [*(line.number for line in headings[1:]), last]
    return [
        Belief(belief_id(document, match[2]), int(match[1]), match[2], line.number, end)
        for line, end in zip(headings, ends, strict=True)
        if line.level == _LEVEL and (match := _NUMBERED.fullmatch(line.heading or ""))
    ]


def belief_id(document: Document, title: str) -> str:
    """A belief's id: that of its document and the slug of its title, so that renumbering does not move it."""
    return f"{document.id}-{slugify(title)}"


def text_of(document: Document, belief: Belief) -> str:
    """What a belief says, without its heading and the rule that closes it."""
    page = document.page
    rows = page.body.split("\n")[belief.line - page.body_line + 1 : belief.end - page.body_line]
    return "\n".join(rows).strip().removesuffix("---").strip()
