"""Extract: what a document holds for the others: its references, exactly as written, its evidence and beliefs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from claimbase import vocabulary
from claimbase.beliefs import read_beliefs
from claimbase.blocks import block_source, evidence_blocks
from claimbase.inline import BULLET, PATH, Found, find_references, find_wiki_links, reason_after
from claimbase.likeness import line_prints
from claimbase.prose import Line
from claimbase.records import Belief, Content, Document, Page, Reference, Value
from claimbase.sections import Place, objections, placed_lines, says_nothing
from claimbase.values import text, texts

_SINCE = re.compile(r"\bsince[ \t]+(?:\[\[[^\[\]\n]*\]\](?:,| and|, and)[ \t]+)*$", re.IGNORECASE)
# How far back a sentence may begin with Since and still make a premise of a link.
_REACH = 600
_NOTE = re.compile(r"(?<=[ \t])(?:—|--|–)(?=[ \t])|(?<=[ \t])(?=\((?:co-source|extend|confirm|challenge)\b)")
# A longer bullet is a paragraph and names no document.
_LONGEST_NAME = 1000
_LONGEST_REASON = 1000
_EDGE = re.compile(r"(.+?)\|([a-z_]+)\|([\d-]*)$")
# After this an author answers an objection: what is linked there does not speak against the document.
_ANSWER = re.compile(r"\b(?:counter|response|reply|rebuttal|answer)\b[^.:]{0,40}:", re.IGNORECASE)
_ITEM_SPAN = (0, 0)
# A body without any of these makes no reference; most archived sources are read no further.
_SIGNS = ("[[", ".md", "ource:", "elevant ")


def extract(page: Page, document: Document) -> Content:
    """What a page holds that is read as this document.

    The references come in the order of the file: front matter first, then the body from top to bottom.
    """
    is_claim = document.kind == "claim"
    beliefs = tuple(read_beliefs(page.body, page.body_line)) if document.kind == "beliefs" else ()
    return Content(
        (*_from_front_matter(document, page.lines), *_from_body(document, page, beliefs)),
        tuple(evidence_blocks(page.body, page.body_line)) if is_claim else (),
        beliefs,
        len(page.body.split()),
        line_prints(page.body) if is_claim else "",
    )


def _from_front_matter(document: Document, places: Mapping[str, int]) -> Iterator[Reference]:
    fields = document.fields
    for key, meaning in vocabulary.REFERENCE_FIELDS.items():
        if (
            key not in fields
            or fields[key] in (None, "", [], 0)
            or (meaning.relation == "enriched" and document.kind != "source")
        ):
            continue
        value = fields[key]
        if isinstance(value, (bool, int)):
            continue  # how many there are, and not which
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            yield from _from_item(item, key, _line(places, key, index))
    for key, meaning in vocabulary.PATH_FIELDS.items():
        for index, written in enumerate(texts(fields.get(key))):
            for match in PATH.finditer(written):
                found = Found(*match.span(), match[1], None, "path")
                yield _in_field(found, meaning.relation, None, key, _line(places, key, index))


def _from_item(item: Value, key: str, line: int) -> Iterator[Reference]:
    relation = vocabulary.REFERENCE_FIELDS[key].relation
    written = _written(item)
    if not written or (relation == "challenged_by" and says_nothing(written)):
        return
    wikis = list(find_wiki_links(written))
    edge = _EDGE.match(written) if not wikis else None
    for found in wikis:
        # Behind each of many links stand all that follow.
        behind = written[found.end : found.end + _LONGEST_REASON]
        yield _in_field(found, relation, reason_after(behind, 0), key, line)
    if edge:
        stated = edge[2] if edge[2] in vocabulary.RELATIONS else relation
        yield _in_field(Found(*_ITEM_SPAN, edge[1], None, "value"), stated, edge[3] or None, key, line)
    elif not wikis:
        label, note = _split_note(written) if relation in ("extracted", "enriched") else (written, None)
        reference = _in_field(Found(*_ITEM_SPAN, label, None, "value"), relation, note, key, line)
        yield reference._replace(whole=written if note else None)


def _written(item: Value) -> str | None:
    """A list item as its author meant it, None where it says nothing."""
    if isinstance(item, dict):
        return text(item.get("slug")) or text(item.get("title")) or text(item)
    # `[[name]]` without quotes is a list within a list to YAML.
    return f"[[{text(item)}]]" if isinstance(item, list) and text(item) else text(item)


def _split_note(written: str) -> tuple[str, str | None]:
    """A list item of a source without the remark behind the name: `x — note`, `x (co-source, …)`."""
    match = _NOTE.search(written)
    if not match or not written[: match.start()].strip():
        return written, None
    return written[: match.start()].strip(), written[match.end() :].strip(" ()") or None


def _line(places: Mapping[str, int], key: str, index: int) -> int:
    return places.get(f"{key}[{index}]") or places.get(key) or 1


def _in_field(found: Found, relation: str, reason: str | None, key: str, line: int) -> Reference:
    return Reference(relation, found.label, found.display, reason, found.form, key, None, line, True)


def _from_body(document: Document, page: Page, beliefs: Sequence[Belief]) -> list[Reference]:
    arguing = document.kind in vocabulary.ARGUING_KINDS
    if not arguing and not any(sign in page.body for sign in _SIGNS):
        return []
    placed = list(placed_lines(page.body, page.body_line))
    found: list[Reference] = []
    above = ""
    for line, place in placed:
        text = line.text
        if place.bare or "[[" in text or ".md" in text or "ource:" in text:
            found += _from_line(document, line, place, above)
        above = text if line.heading is None else ""
    found += [
        Reference("challenged_by", said.text, None, None, "prose", "body", said.section, said.line, True)
        for said in (objections(placed) if arguing else ())
    ]
    return sorted(_in_beliefs(beliefs, found), key=lambda reference: reference.line)


def _in_beliefs(beliefs: Sequence[Belief], references: list[Reference]) -> list[Reference]:
    """The references of a document of beliefs, each with the belief it stands in."""
    if not beliefs:
        return references
    starts = [belief.line for belief in beliefs]
    found = []
    for reference in references:
        before = bisect_right(starts, reference.line) - 1
        inside = before >= 0 and reference.line < beliefs[before].end
        found.append(reference._replace(belief=beliefs[before].key) if inside else reference)
    return found


def _from_line(document: Document, line: Line, place: Place, above: str) -> Iterator[Reference]:
    """The references of a line; `above` is the line before it, where a sentence may have begun."""
    found = find_references(line.text)
    source, bullet = block_source(line.text), BULLET.match(line.text)
    if source and not found and source.source:
        found = [Found(0, len(line.text), source.source.strip("[]"), None, "value")]
    elif place.bare and bullet and not found and len(line.text) <= _LONGEST_NAME:
        found = [Found(0, len(line.text), line.text[bullet.end() :].strip(), None, "bare")]
    for item in found:
        relation, asserted = ("evidence", True) if source else _relation(document, line, place, item, above)
        leads = bullet is not None and item.start - bullet.end() <= len("**")
        reason = reason_after(line.text, item.end) if leads else None
        if relation == "challenged_by" and not reason:
            reason = line.raw[place.opens or 0 :].strip()[:_LONGEST_REASON]
        section = place.section
        yield Reference(relation, item.label, item.display, reason, item.form, "body", section, line.number, asserted)


def _relation(document: Document, line: Line, place: Place, found: Found, above: str) -> tuple[str, bool]:
    """What a link in a body means, and whether the author asserts it or it is read off where it stands."""
    bullet = BULLET.match(line.text) is not None
    before = f"{above[-_REACH:]} {line.text[max(0, found.start - _REACH) : found.start]}"
    if "ince" in before and _SINCE.search(before):
        return "premise", False
    if document.kind == "map" and bullet:
        return "map", True
    if place.relation in vocabulary.LIST_SECTIONS:
        listed = bullet or place.opens is not None
        return (place.relation, True) if listed and place.relation else ("mentions", True)
    if document.kind == "challenge" and "target_claim" not in document.fields:
        return "challenges", False
    inferred = place.relation if document.kind in vocabulary.ARGUING_KINDS else None
    if inferred == "challenged_by" and _ANSWER.search(before):
        inferred = None
    return (inferred, False) if inferred else ("mentions", True)
