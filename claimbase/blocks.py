"""Blocks: the evidence blocks of a claim's body, with the source, date and extractor that each of them names."""

from __future__ import annotations

import re
from typing import NamedTuple

from claimbase.prose import is_rule, lines
from claimbase.records import Block

# A body without any of these opens no block; most are read no further.
_SIGNS = ("source:", "additional evidence", "(extend)", "(confirm)", "(challenge)")
_BLOCK_KIND = re.compile(r"\((extend|confirm|challenge)\)[ \t]*$", re.IGNORECASE)
_BLOCK_TITLE = re.compile(r"additional evidence\b", re.IGNORECASE)
_INHERITED_KIND = re.compile(r"\((extend|confirm|challenge)\)[ \t]", re.IGNORECASE)
_BLOCK_SOURCE = re.compile(r">?[ \t]*[*_]{1,2}Source:[*_]{0,2}", re.IGNORECASE)
_WIKI_LINK = re.compile(r"\[\[[^\[\]]*\]\]")


class BlockSource(NamedTuple):
    """The parts of `*Source: [[…]] | Added: … | Extractor: …*`."""

    source: str
    added: str | None
    extractor: str | None


def block_source(text: str) -> BlockSource | None:
    """The parts of an evidence block's source line, None for any other line."""
    match = _BLOCK_SOURCE.match(text)
    if not match:
        return None
    written = text[match.end() :].rstrip(" \t*_")
    # The bar of `[[x|label]]` is its own.
    source, *rest = _WIKI_LINK.sub(lambda link: link[0].replace("|", "\0"), written).split("|")
    named = {key.strip().lower(): value.strip(" *_") for key, _, value in (part.partition(":") for part in rest)}
    return BlockSource(source.replace("\0", "|").strip(), named.get("added"), named.get("extractor"))


def block_kind(heading: str | None) -> str | None:
    """The kind of the evidence block a heading opens, None where it opens none."""
    kind = _BLOCK_KIND.search(heading or "")
    if kind:
        return kind[1].lower()
    return "extend" if _BLOCK_TITLE.match(heading or "") else None


def evidence_blocks(body: str, first: int = 1) -> list[Block]:
    """The evidence blocks of a body, each up to the next heading or rule.

    A block opens with a heading "Additional Evidence (kind)", or any heading that ends in "(challenge)" and the
    like before a source line; a source line or a paragraph "(challenge) …" that has lost its heading opens a
    block of its own, and the kind is then its own or that of the block before.
    """
    lowered = body.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return []
    rows = body.split("\n")
    blocks: list[Block] = []
    opened: _Opened | None = None
    for line in lines(body, first):
        kind = block_kind(line.heading)
        if kind or line.heading is not None or is_rule(line.text):
            blocks += _close(opened, line.number, rows, first)
            opened = _Opened(kind, line.number, line.number + 1) if kind else None
            continue
        source = block_source(line.text)
        inherited = _INHERITED_KIND.match(line.text)
        if source and (opened is None or opened.source):
            blocks += _close(opened, line.number, rows, first)
            opened = _Opened(blocks[-1].kind if blocks else "extend", line.number, line.number)
        elif inherited and (blocks or opened):
            blocks += _close(opened, line.number, rows, first)
            opened = _Opened(inherited[1].lower(), line.number, line.number)
        if opened and source:
            opened = opened._replace(source_line=line.number, source=source)
    return blocks + _close(opened, first + len(rows), rows, first)


class _Opened(NamedTuple):
    """A block whose end is not yet seen; its text starts on the line `start`."""

    kind: str
    line: int
    start: int
    source_line: int | None = None
    source: BlockSource | None = None


def _close(opened: _Opened | None, end: int, rows: list[str], first: int) -> list[Block]:
    """The block that ends before the line `end`, with its text as it stands, code and all."""
    if opened is None:
        return []
    source = opened.source or BlockSource("", None, None)
    numbers = (number for number in range(opened.start, end) if number != opened.source_line)
    text = "\n".join(rows[number - first] for number in numbers).strip()
    name = source.source if opened.source else None
    return [Block(opened.kind, opened.line, opened.source_line, name, source.added, source.extractor, text)]
