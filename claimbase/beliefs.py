"""Beliefs: the numbered sections of an agent's `beliefs.md`, each a statement of its own."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from claimbase.prose import lines
from claimbase.records import Document
from claimbase.slugs import slugify

_NUMBERED = re.compile(r"(\d{1,4})\.[ \t]+(\S.*)")
_LEVEL = 3


class Belief(NamedTuple):
    """A section `### 2. Title`: where its heading stands, the line after its last, and what it says below."""

    id: str
    number: int
    title: str
    line: int
    end: int
    text: str


def beliefs_of(document: Document) -> list[Belief]:
    """The beliefs a document states, in its order; none unless it is a document of beliefs."""
    if document.kind != "beliefs":
        return []
    page = document.page
    rows = page.body.split("\n")
    headings = [line for line in lines(page.body, page.body_line) if line.heading and line.level <= _LEVEL]
    ends = [line.number for line in headings[1:]] + [page.body_line + len(rows)]
    met: Counter[str] = Counter()
    found = []
    for line, end in zip(headings, ends, strict=False):
        numbered = _NUMBERED.fullmatch(line.heading or "") if line.level == _LEVEL else None
        if numbered:
            plain = _plain_id(document, numbered[2])
            met[plain] += 1
            id_ = plain if met[plain] == 1 else f"{plain}--{met[plain]}"
            text = "\n".join(rows[line.number - page.body_line + 1 : end - page.body_line])
            found.append(Belief(id_, int(numbered[1]), numbered[2], line.number, end, _without_rule(text)))
    return found


def _plain_id(document: Document, title: str) -> str:
    """The id of a belief: its document's and the slug of its title, so that renumbering does not move it.

    They are joined by two hyphens, which no id of a document holds. Beliefs of one title, or of titles without a slug,
    are told apart by a number behind two more.
    """
    return f"{document.id}--{slugify(title) or 'untitled'}"


def _without_rule(text: str) -> str:
    """The text of a section without the thematic break that closes it."""
    return text.strip().removesuffix("---").strip()
