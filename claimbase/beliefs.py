"""Beliefs: the numbered sections of an agent's `beliefs.md`, each a statement of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from claimbase.prose import lines
from claimbase.records import Belief, Document
from claimbase.slugs import slugify

_NUMBERED = re.compile(r"(\d{1,4})\.[ \t]+(\S.*)")
_LEVEL = 3


def read_beliefs(body: str, first: int) -> Iterator[Belief]:
    """The beliefs a body states, in its order, each with a key that no other of them has."""
    rows = body.split("\n")
    headings = [line for line in lines(body, first) if line.heading and line.level <= _LEVEL]
    ends = [line.number for line in headings[1:]] + [first + len(rows)]
    met: Counter[str] = Counter()
    for line, end in zip(headings, ends, strict=False):
        numbered = _NUMBERED.fullmatch(line.heading or "") if line.level == _LEVEL else None
        if numbered:
            plain = slugify(numbered[2]) or "untitled"
            met[plain] += 1
            key = plain if met[plain] == 1 else f"{plain}--{met[plain]}"
            text = "\n".join(rows[line.number - first + 1 : end - first])
            yield Belief(key, int(numbered[1]), numbered[2], line.number, end, _without_rule(text))


def beliefs_of(document: Document) -> list[tuple[str, Belief]]:
    """The beliefs a document states, in its order, each with its id."""
    return [(belief_id(document, belief.key), belief) for belief in document.content.beliefs]


def belief_id(document: Document, key: str) -> str:
    """The id of a belief: its document's and the slug of its title, so that renumbering does not move it.

    They are joined by two hyphens, which no id of a document holds. Beliefs of one title, or of titles without a slug,
    are told apart by a number behind two more.
    """
    return f"{document.id}--{key}"


def _without_rule(text: str) -> str:
    """The text of a section without the thematic break that closes it."""
    return text.strip().removesuffix("---").strip()
