"""Quotes: which sources are named by what tells of a claim: its free `source` text, or the commit that added it.

The text names a source by an identifier or by the words of its title.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from claimbase.identifiers import find_identifiers
from claimbase.records import Document, EvidenceRow, Provenance
from claimbase.slugs import slugify
from claimbase.values import field, identifying_texts

RULES = ("identifier", "title", "commit")
# A title shorter than this is a phrase that any text may contain.
_TITLE_WORDS = 4
# An identifier or an opening of titles that more sources than this share tells none of them from the others.
_MOST_ALIKE = 20


def by_source_text(claims: Iterable[Document], sources: Sequence[Document]) -> Iterator[EvidenceRow]:
    """Claims whose free `source` text carries a source's identifier or quotes its title."""
    texts = [(claim, text) for claim in claims if (text := field(claim.fields, "source"))]
    identified = _identified(sources) if any(_keys(text) for _, text in texts) else {}
    titled = _titled(sources) if texts else {}
    for claim, text in texts:
        place = claim.path, claim.lines.get("source")
        for source in _unique(identified.get(key, []) for key in _keys(text)):
            yield EvidenceRow(0, claim.id, source.id, "origin", "identifier", None, None, None, None, *place)
        for source in _quoted(slugify(text), titled):
            yield EvidenceRow(0, claim.id, source.id, "origin", "title", None, None, None, None, *place)


def by_commits(claims: Iterable[Document], provenance: Provenance) -> Iterator[EvidenceRow]:
    """Claims that were added by a commit which names its source."""
    for claim in claims:
        life = provenance.documents.get(claim.id)
        for commit, edit in life.edits if life else ():
            source = provenance.sources.get(commit.hash)
            if source and edit.status == "created":
                facts = commit.date[:10], commit.extracted_by, None, claim.path, None, commit.hash
                yield EvidenceRow(0, claim.id, source.id, "origin", "commit", None, *facts)


def quotable(document: Document | None) -> tuple[str, ...]:
    """All of a document by which claims may quote it; nothing where it is no source."""
    if document is None or document.kind != "source":
        return ()
    return document.id, document.title, *identifying_texts(document.fields)


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
