"""Extract: every reference a document makes, in its front matter and in its body, exactly as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from claimbase import vocabulary
from claimbase.prose import Line, block_source, is_rule, lines
from claimbase.records import Document, Reference, Value
from claimbase.slugs import slugify
from claimbase.values import text, texts

_WIKI = re.compile(r"\[\[([^\[\]\n]{1,1000})\]\]")
_MARKDOWN = re.compile(
    r"\[([^\[\]\n]*)\]\([ \t]*<?([^()<>\n]{1,1000}?\.md)(?:#[^()\s>]*)?>?[ \t]*(?:\"[^\"\n]*\")?[ \t]*\)"
)
_PATH = re.compile(r"(?<![\w/.(\[<{}-])((?:[\w.-]+/)+[\w.-]+\.md)\b(?![/\w])")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_LABEL = re.compile(r"(?:\*\*)?([A-Z][\w &/'’-]{2,60}?)(?::\*\*|\*\*:|:)(?:[ \t]|$)")
_SEPARATOR = re.compile(r"[ \t]*(?:--|—|–|-|:)[ \t]+")
_SINCE = re.compile(r"\bsince[ \t]+(?:\[\[[^\[\]\n]*\]\](?:,| and|, and)[ \t]+)*$", re.IGNORECASE)
_NOTE = re.compile(r"[ \t]+(?:—|--|–)[ \t]+|[ \t]+(?=\((?:co-source|extend|confirm|challenge)\b)")
_EDGE = re.compile(r"(.+?)\|([a-z_]+)\|([\d-]*)$")


class _Place(NamedTuple):
    """Where a line of a body stands: below which heading or label, and the relation that place gives."""

    section: str | None
    relation: str | None


class _Found(NamedTuple):
    """A reference within a line, and the columns it covers."""

    start: int
    end: int
    label: str
    display: str | None
    form: str


def extract(document: Document) -> Iterator[Reference]:
    """The references of a document, front matter first, then the body from top to bottom."""
    yield from _from_front_matter(document)
    yield from _from_body(document)


def _from_front_matter(document: Document) -> Iterator[Reference]:
    fields = document.page.fields
    for key, meaning in vocabulary.REFERENCE_FIELDS.items():
        if fields.get(key) in (None, "", [], 0) or (meaning.relation == "enriched" and document.kind != "source"):
            continue
        for index, item in enumerate(_items(fields[key])):
            yield from _from_item(document, key, index, item)
    for key, meaning in vocabulary.PATH_FIELDS.items():
        for index, item in enumerate(texts(fields.get(key))):
            for match in _PATH.finditer(item):
                found = _Found(*match.span(), match[1], None, "path")
                yield _reference(document, found, meaning.relation, None, f"{key}[{index}]")


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _from_item(document: Document, key: str, index: int, item: Value) -> Iterator[Reference]:
    relation, place = vocabulary.REFERENCE_FIELDS[key].relation, f"{key}[{index}]"
    if isinstance(item, dict):
        item = text(item.get("slug")) or text(item.get("title")) or text(item)
    written = text(item)
    if not written:
        return
    edge = _EDGE.match(written) if "|" in written and "[[" not in written else None
    if edge:
        relation = edge[2] if edge[2] in vocabulary.RELATIONS else relation
        yield _reference(document, _Found(0, 0, edge[1], None, "value"), relation, edge[3] or None, place)
        return
    wikis = list(_wikis(written))
    for found in wikis:
        yield _reference(document, found, relation, _reason(written, found.end), place)
    if not wikis:
        label, note = _split_note(written) if relation in ("extracted", "enriched") else (written, None)
        yield _reference(document, _Found(0, 0, label, None, "value"), relation, note, place)


def _split_note(written: str) -> tuple[str, str | None]:
    """A list item of a source without the remark behind the name: `x — note`, `x (co-source, …)`."""
    match = _NOTE.search(written)
    return (written[: match.start()], written[match.end() :].strip(" ()") or None) if match else (written, None)


def _reference(document: Document, found: _Found, relation: str, reason: str | None, place: str) -> Reference:
    places = document.page.lines
    key = place.partition("[")[0]
    line = places.get(place) or places.get(key) or 1
    return Reference(document, relation, found.label, found.display, reason, found.form, key, None, line, True)


def _from_body(document: Document) -> Iterator[Reference]:
    page = document.page
    if not ("[[" in page.body or ".md" in page.body or "ource:" in page.body or "Notes:" in page.body):
        return
    place = heading = _Place(None, None)
    for line in lines(page.body, page.body_line):
        if line.heading is not None:
            place = heading = _place(line.heading)
        elif is_rule(line.text):
            place = heading
        else:
            place = _label(line.text) or (place if _stays(line.text) else heading)
        yield from _from_line(document, line, place)


def _place(name: str) -> _Place:
    """The meaning of a heading: `## Evidence`, `## Challenges`, `## Relevant Notes`; others mean nothing."""
    return _Place(name, vocabulary.BODY_SECTIONS.get(slugify(name)))


def _label(text_: str) -> _Place | None:
    """The place a label opens: `Relevant Notes:` or `**Grounding:**`, known ones only."""
    match = _LABEL.match(text_)
    place = _place(match[1]) if match else None
    return place if place and place.relation else None


def _stays(text_: str) -> bool:
    """Whether a line still belongs to the label above it: a bullet, what is indented under it, or nothing."""
    return not text_.strip() or text_[0] in " \t" or _BULLET.match(text_) is not None


def _from_line(document: Document, line: Line, place: _Place) -> Iterator[Reference]:
    found = sorted(_in_line(line.text))
    source = block_source(line.text)
    if source and not found and source.source:
        found = [_Found(0, len(line.text), source.source.strip("[]"), None, "value")]
    if not found and place.section and slugify(place.section) in vocabulary.BARE_BULLET_SECTIONS:
        bullet = _BULLET.match(line.text)
        found = [_Found(0, len(line.text), line.text[bullet.end() :].strip(), None, "bare")] if bullet else []
    for item in found:
        relation, asserted = ("evidence", True) if source else _relation(document, line, place, item)
        bullet = _BULLET.match(line.text)
        leads = bullet is not None and item.start - bullet.end() <= len("**")
        reason = _reason(line.text, item.end) if leads else None
        yield Reference(
            document,
            relation,
            item.label,
            item.display,
            reason,
            item.form,
            "body",
            place.section,
            line.number,
            asserted,
        )


def _in_line(text_: str) -> Iterator[_Found]:
    if "[[" in text_:
        yield from _wikis(text_)
    if ".md" not in text_:
        return
    for match in _MARKDOWN.finditer(text_):
        if "://" not in match[2]:
            yield _Found(*match.span(), unquote(match[2]), match[1] or None, "markdown")
    for match in _PATH.finditer(_MARKDOWN.sub(_spaces, _WIKI.sub(_spaces, text_))):
        yield _Found(*match.span(), match[1], None, "path")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _wikis(text_: str) -> Iterator[_Found]:
    for match in _WIKI.finditer(text_):
        # In a table the bar of `[[x|label]]` is written `\|`.
        label, bar, display = match[1].replace("\\|", "|").partition("|")
        if label.strip():
            yield _Found(*match.span(), label.strip(), display.strip() or None if bar else None, "wiki")


def _relation(document: Document, line: Line, place: _Place, found: _Found) -> tuple[str, bool]:
    """What a link in a body means, and whether the author asserted it or it is read off where it stands."""
    bullet = _BULLET.match(line.text) is not None
    if _SINCE.search(line.text[: found.start]):
        return "premise", False
    if document.kind == "map" and bullet:
        return "map", True
    if place.relation in vocabulary.LIST_SECTIONS:
        in_list = bullet or _label(line.text) is not None
        return (place.relation, True) if in_list and place.relation else ("mentions", True)
    return (place.relation, False) if place.relation else ("mentions", True)


def _reason(text_: str, end: int) -> str | None:
    """What follows a link on its line, without the dash: titles hold dashes too, so only the text behind counts."""
    rest = text_[end:]
    separator = _SEPARATOR.match(rest)
    return (rest[separator.end() :] if separator else rest.lstrip(" ,;")).strip() or None
