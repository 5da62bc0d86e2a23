"""Sections: what the headings and labels of a body say about the lines below them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.inline import BULLET, find_references
from claimbase.prose import Line, block_kind, is_rule, lines
from claimbase.slugs import slugify

_LABEL = re.compile(r"(?:\*\*)?([A-Z][\w &/'’().-]{2,60}?)(?::\*\*|\*\*:|\*\*|:)(?:[ \t]+|$)")
_LONGEST_OBJECTION = 4000


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


class Objection(NamedTuple):
    """A paragraph or bullet that speaks against its document in words and names no other."""

    line: int
    section: str | None
    text: str


def placed_lines(body: str, first: int) -> Iterator[tuple[Line, Place]]:
    """Every line of text with its place; a label holds for the bullets below it, a heading until the next."""
    heading = place = Place(None, None)
    for line in lines(body, first):
        if line.heading is not None:
            place = heading = _under(line, heading)
        elif is_rule(line.text):
            place = heading = Place(None, None)
        else:
            place = _label(line.text) or _below(place if _stays(line.text) else heading)
        yield line, place


def objections(placed: Iterable[tuple[Line, Place]]) -> Iterator[Objection]:
    """The objections in words: each paragraph or bullet of a challenges section that has no reference in it."""
    opened: list[tuple[Line, Place, str]] = []
    for line, place in placed:
        if place.relation != "challenged_by" and not opened:
            continue
        text = line.text[place.opens :] if place.opens else line.text
        against = place.relation == "challenged_by" and line.heading is None and text.strip()
        if opened and (not against or place.opens or BULLET.match(text) or place.section != opened[0][1].section):
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
    return "challenged_by" if vocabulary.OBJECTION_WORDS & set(slug.split("-")) else None


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
    """The place a label opens: `Relevant Notes:`, `**Grounding:**`, `**Counterargument**`; known ones only."""
    match = _LABEL.match(text) if ":" in text or text.startswith("**") else None
    relation = relation_of(match[1]) if match else None
    if not match or not relation:
        return None
    return Place(match[1], relation, opens=match.end(), bare=_is_bare(match[1]))


def _is_bare(section: str) -> bool:
    return slugify(section) in vocabulary.BARE_BULLET_SECTIONS


def _below(place: Place) -> Place:
    """The place of the lines after the one that opened it."""
    return place if place.opens is None else place._replace(opens=None)


def _stays(text: str) -> bool:
    """Whether a line still belongs to the label above it: a bullet, what is indented under it, or nothing."""
    return not text.strip() or text[0] in " \t" or BULLET.match(text) is not None


def _objection(opened: list[tuple[Line, Place, str]]) -> Iterator[Objection]:
    if any(find_references(text) for _, _, text in opened):
        return
    text = " ".join(_without_bullet(text) for _, _, text in opened)
    if text:
        yield Objection(opened[0][0].number, opened[0][1].section, text[:_LONGEST_OBJECTION])


def _without_bullet(text: str) -> str:
    bullet = BULLET.match(text)
    return (text[bullet.end() :] if bullet else text).strip()
