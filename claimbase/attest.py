"""Attest: which sources bear on which claims, how, and by which rule we know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from claimbase.dates import read_date
from claimbase.identifiers import find_identifiers
from claimbase.numbering import lasting_numbers
from claimbase.records import NO_PROVENANCE, Block, Document, EvidenceRow, Link, Provenance
from claimbase.slugs import slugify
from claimbase.values import field, identifying_texts

_RULE_KINDS = {"extracted": "origin", "enriched": "extend"}
# What a claim's own link says of the source it leads to; a list of the front matter else names an origin.
_RELATION_KINDS = {"challenged_by": "challenge", "supported_by": "confirm", "related": "cites", "mentions": "cites"}
# A title shorter than this is a phrase that any text may contain.
_TITLE_WORDS = 4
# An identifier or an opening of titles that more sources than this share tells none of them from the others.
_MOST_ALIKE = 20


def attest(
    documents: Sequence[Document], links: Sequence[Link], provenance: Provenance = NO_PROVENANCE
) -> tuple[EvidenceRow, ...]:
    """A row for every statement that a source bears on a claim; the same pair may be stated by several rules."""
    claims = [document for document in documents if document.kind == "claim"]
    sources = [document for document in documents if document.kind == "source"]
    blocks = list(_by_blocks(claims, links))
    stated = chain(_by_links(links, blocks), blocks, _by_source_text(claims, sources), _by_commits(claims, provenance))
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


def _by_source_text(claims: Iterable[Document], sources: Sequence[Document]) -> Iterator[EvidenceRow]:
    """Claims whose free `source` text carries a source's identifier or quotes its title."""
    identified, titled = _identified(sources), _titled(sources)
    for claim in claims:
        text = field(claim.fields, "source")
        if not text:
            continue
        place = claim.path, claim.lines.get("source")
        for source in _unique(identified.get(key, []) for key in _keys(text)):
            yield EvidenceRow(0, claim.id, source.id, "origin", "identifier", None, None, None, None, *place)
        for source in _quoted(slugify(text), titled):
            yield EvidenceRow(0, claim.id, source.id, "origin", "title", None, None, None, None, *place)


def _by_commits(claims: Iterable[Document], provenance: Provenance) -> Iterator[EvidenceRow]:
    """Claims that were added by a commit which names its source."""
    for claim in claims:
        life = provenance.documents.get(claim.id)
        for commit, edit in life.edits if life else ():
            source = provenance.sources.get(commit.hash)
            if source and edit.status == "created":
                facts = commit.date[:10], commit.extracted_by, None, claim.path, None, commit.hash
                yield EvidenceRow(0, claim.id, source.id, "origin", "commit", None, *facts)


def _identified(sources: Iterable[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for source in sources:
        for key in {key for text in identifying_texts(source.fields) for key in _keys(text)}:
            found[key].append(source)
    return {key: group for key, group in found.items() if len(group) <= _MOST_ALIKE}


def _keys(text: str) -> list[str]:
    found = find_identifiers(text)
    return [key for key in (found.arxiv, found.doi, found.url) if key]


def _titled(sources: Iterable[Document]) -> dict[str, list[tuple[str, Document]]]:
    """Sources by the first words of their title, so that a text is searched for all titles in one pass."""
    found: dict[str, list[tuple[str, Document]]] = defaultdict(list)
    for source in sources:
        words = slugify(source.title).split("-")
        if len(words) >= _TITLE_WORDS:
            found["-".join(words[:_TITLE_WORDS])].append(("-".join(words), source))
    return {opening: group for opening, group in found.items() if len(group) <= _MOST_ALIKE}


def _quoted(slug: str, titled: dict[str, list[tuple[str, Document]]]) -> list[Document]:
    words = slug.split("-")
    openings = ("-".join(words[start : start + _TITLE_WORDS]) for start in range(len(words)))
    rest = f"-{slug}-"
    return _unique(
        [[source for title, source in titled.get(opening, []) if f"-{title}-" in rest] for opening in openings]
    )


def _unique(groups: Iterable[Iterable[Document]]) -> list[Document]:
    return list({document.id: document for group in groups for document in group}.values())
