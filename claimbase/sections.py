"""Sections: what the headings and labels of a body say about the lines below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.blocks import block_kind
from claimbase.inline import BULLET, find_references
from claimbase.prose import Line, is_rule, lines
from claimbase.slugs import key_of, slugify

_LABEL = re.compile(r"(\*\*)?([A-Z][\w &/'’().-]{2,60}?)(:\*\*|\*\*:|\*\*|:)(?:[ \t]+|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_LONGEST_OBJECTION = 4000
_SHORT_LABEL = 3


class Place(NamedTuple):
    """Where a line stands: below which heading or label, and the relation that place gives to its links.

    `opens` is the column where the text starts behind a label on the same line, None on all other lines; `bare` says
    that a bullet here may name a document without brackets.
    """

    section: str | None
    relation: str | None
    level: int = 0
    opens: int | None = None
    bare: bool = False


_NOWHERE = Place(None, None)


class _Standing(NamedTuple):
    """The last heading, the place of a line, and whether it is in the paragraph of a label, or may begin it."""

    heading: Place
    place: Place
    in_paragraph: bool = False
    awaits_paragraph: bool = False


class Objection(NamedTuple):
    """A paragraph or bullet that speaks against its document in words and names no other."""

    line: int
    section: str | None
    text: str


def placed_lines(body: str, first: int) -> Iterator[tuple[Line, Place]]:
    """Every line of text with its place: a heading holds until the next, a label for what belongs to it.

    To a label belong the bullets below it and the paragraph it opens, on its own line or as the first one below.
    """
    standing = _Standing(_NOWHERE, _NOWHERE)
    for line in lines(body, first):
        standing = _stand(standing, line)
        yield line, standing.place


def objections(placed: Iterable[tuple[Line, Place]]) -> Iterator[Objection]:
    """The objections in words: each paragraph or item of a challenges section that has no reference in it."""
    opened: list[tuple[Line, Place, str]] = []
    for line, place in placed:
        if place.relation != "challenged_by" and not opened:
            continue
        text = line.raw[place.opens :] if place.opens else line.raw
        against = place.relation == "challenged_by" and line.heading is None and text.strip()
        if opened and (not against or place.opens or _ITEM.match(text) or not _continues(opened[-1], line, place)):
            yield from _objection(opened)
            opened = []
        if against:
            opened.append((line, place, text))
    yield from _objection(opened)


def relation_of(section: str) -> str | None:
    """The relation a heading or label gives to the links below it, None where it says nothing of the kind."""
    slug = slugify(section)
    if slug in vocabulary.BODY_SECTIONS:
        return vocabulary.BODY_SECTIONS[slug]
    words = set(slug.replace("counter-", "counter").split("-"))
    return "challenged_by" if vocabulary.OBJECTION_WORDS & words else None


def says_nothing(text: str) -> bool:
    """Whether what stands for an objection only says that there is none, or none yet."""
    return key_of(_COMMENT.sub("", text)) in vocabulary.NO_OBJECTIONS


def _stand(before: _Standing, line: Line) -> _Standing:
    """Where a line stands, given where the line before it stood."""
    if line.heading is not None:
        heading = _under(line, before.heading)
        return _Standing(heading, heading)
    place = _below(before.place)
    if not line.text or line.text.isspace():
        return _Standing(before.heading, place, awaits_paragraph=before.awaits_paragraph)
    if is_rule(line.text):
        return _Standing(_NOWHERE, _NOWHERE)
    label = _label(line.text)
    if label:
        return _Standing(before.heading, label, in_paragraph=True, awaits_paragraph=label.opens == len(line.text))
    if _is_below(line.text):
        return _Standing(before.heading, place, in_paragraph=before.in_paragraph and not _ITEM.match(line.text))
    if before.in_paragraph or before.awaits_paragraph:
        return _Standing(before.heading, place, in_paragraph=True)
    return _Standing(before.heading, before.heading)


def _under(line: Line, heading: Place) -> Place:
    """The place below a heading; a smaller one that says nothing itself belongs to the greater one above it.

    An evidence block says itself what it is, whatever section it was added to.
    """
    relation = relation_of(line.heading or "")
    if block_kind(line.heading):
        return Place(line.heading, None, line.level)
    if relation is None and heading.relation and line.level > heading.level:
        return heading._replace(section=line.heading)
    return Place(line.heading, relation, line.level, bare=_is_bare(line.heading or ""))


def _label(text: str) -> Place | None:
    """The place a label opens: `Relevant Notes:`, `**Grounding:**`, `**Counterargument**`; known ones only.

    A sentence may happen to hold a colon, so what is not bold must be short or a label to the letter.
    """
    match = _LABEL.match(text) if ":" in text or text.startswith("**") else None
    if not match or not (match[1] or len(match[2].split()) <= _SHORT_LABEL or _is_known(match[2])):
        return None
    relation = relation_of(match[2])
    return Place(match[2], relation, opens=match.end(), bare=_is_bare(match[2])) if relation else None


def _is_known(label: str) -> bool:
    return slugify(label) in vocabulary.BODY_SECTIONS


def _is_bare(section: str) -> bool:
    return slugify(section) in vocabulary.BARE_BULLET_SECTIONS


def _below(place: Place) -> Place:
    """The place of the lines after the one that opened it."""
    return place if place.opens is None else place._replace(opens=None)


def _is_below(text: str) -> bool:
    """Whether a line belongs to the list below a label: an item, or what is indented under it."""
    return text[0] in " \t" or BULLET.match(text) is not None


def _continues(last: tuple[Line, Place, str], line: Line, place: Place) -> bool:
    """Whether a line goes on with the paragraph of the line before: same section, no code between them."""
    return place.section == last[1].section and line.number == last[0].number + 1


def _objection(opened: list[tuple[Line, Place, str]]) -> Iterator[Objection]:
    text = " ".join(_without_marks(line, text, place.opens is not None) for line, place, text in opened)
    if says_nothing(text):
        return
    # A link may be broken across two lines.
    if not text or find_references(" ".join(line.text for line, _, _ in opened)):
        return
    yield Objection(opened[0][0].number, opened[0][1].section, text[:_LONGEST_OBJECTION])


def _without_marks(line: Line, text: str, opens: bool) -> str:
    """The text of a line without its bullet, and without the end of what was bold from before its label's colon."""
    item = _ITEM.match(text)
    text = (text[item.end() :] if item else text).strip()
    cut_in_bold = opens and line.raw.startswith("**") and text.count("**") % 2 == 1
    return text.replace("**", "", 1) if cut_in_bold else text
