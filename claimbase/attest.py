"""Attest: which sources bear on which claims, how, and by which rule we know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from claimbase.dates import read_date
from claimbase.numbering import lasting_numbers
from claimbase.quotes import by_commits, by_source_text
from claimbase.records import NO_PROVENANCE, Block, Document, EvidenceRow, Link, Provenance

_RULE_KINDS = {"extracted": "origin", "enriched": "extend"}
# What a claim's own link says of the source it leads to; a list of the front matter else names an origin.
_RELATION_KINDS = {"challenged_by": "challenge", "supported_by": "confirm", "related": "cites", "mentions": "cites"}


def attest(
    documents: Sequence[Document],
    links: Sequence[Link],
    provenance: Provenance = NO_PROVENANCE,
    base: Iterable[Document] | None = None,
    elsewhere: Iterable[EvidenceRow] = (),
) -> tuple[EvidenceRow, ...]:
    """A row for every statement that a source bears on a claim; the same pair may be stated by several rules.

    Where the documents are only some of a base, `base` are all of it, and `elsewhere` what the blocks of others say.
    """
    claims = [document for document in documents if document.kind == "claim"]
    sources = [document for document in (documents if base is None else base) if document.kind == "source"]
    blocks = list(_by_blocks(claims, links))
    by_links = _by_links(links, chain(elsewhere, blocks))
    stated = chain(by_links, blocks, by_source_text(claims, sources), by_commits(claims, provenance))
    found = sorted(stated, key=_order)
    numbers = lasting_numbers(row.path for row in found)
    return tuple(row._replace(id=number) for number, row in zip(numbers, found, strict=True))


def _order(row: EvidenceRow) -> tuple[str, int, str, str, str]:
    return row.path, row.line or 0, row.rule, row.claim or "", row.source or ""


def _by_links(links: Iterable[Link], blocks: Iterable[EvidenceRow]) -> Iterator[EvidenceRow]:
    """Lists of a source that name claims, and links of a claim that lead to sources.

    A list does not say how a source bears on a claim it enriched; the claim's evidence block does.
    """
    told = {(row.claim, row.source): row.kind for row in blocks}
    for link in links:
        reference, target = link.reference, link.target
        origin = link.origin
        if target is None:
            continue
        if reference.relation in _RULE_KINDS and origin.kind == "source" and target.kind == "claim":
            kind = _RULE_KINDS[reference.relation]
            if reference.relation == "enriched":
                kind = told.get((target.id, origin.id), kind)
            yield _row(target, origin, kind, reference.relation, link)
        elif origin.kind == "claim" and target.kind == "source" and not _in_block(link):
            rule = "body" if reference.field == "body" else "field"
            kind = _RELATION_KINDS.get(reference.relation, "cites" if rule == "body" else "origin")
            yield _row(origin, target, kind, rule, link)


def _in_block(link: Link) -> bool:
    """Whether the link is the source line of an evidence block, which `_by_blocks` reads as a whole."""
    return link.reference.relation == "evidence" and link.reference.asserted and link.reference.field == "body"


def _row(claim: Document, source: Document, kind: str, rule: str, link: Link) -> EvidenceRow:
    reference = link.reference
    place = link.origin.path, reference.line
    return EvidenceRow(0, claim.id, source.id, kind, rule, reference.reason, None, None, None, *place)


def _by_blocks(claims: Iterable[Document], links: Iterable[Link]) -> Iterator[EvidenceRow]:
    named: dict[tuple[str, int], list[Document]] = defaultdict(list)
    for link in links:
        if link.target and link.target.kind == "source" and _in_block(link):
            named[link.origin.id, link.reference.line].append(link.target)
    for claim in claims:
        for block in claim.content.blocks:
            sources: list[Document | None] = [*named.get((claim.id, block.source_line or 0), [])]
            for source in sources or [None]:
                yield _block_row(claim, block, source)


def _block_row(claim: Document, block: Block, source: Document | None) -> EvidenceRow:
    added = read_date(block.added).sortable if block.added else None
    note = None if source else block.source
    return EvidenceRow(
        0,
        claim.id,
        source.id if source else None,
        block.kind,
        "block",
        note,
        added,
        block.extractor,
        block.text,
        claim.path,
        block.line,
    )
