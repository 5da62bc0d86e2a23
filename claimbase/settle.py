"""Settle: which document keeps an id that several would have, and which are twins of one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from claimbase import vocabulary
from claimbase.dates import read_date
from claimbase.records import Document
from claimbase.slugs import digest, slugify
from claimbase.values import field


def settle(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents in their order, each with an id of its own and with the document it is a twin of.

    Where several share a plain id, the first by date, then by kind, then by path keeps it, and each of the others is
    called `<id>-in-<folder>`: a file that is added with its date takes no id away from an older one. Files without a
    date count as older than any.
    """
    documents = tuple(documents)
    ids = _ids(documents)
    first = _first_of_each_name(documents)
    return tuple(_settled(document, ids[document.path], first, ids) for document in documents)


def _settled(document: Document, id_: str, first: dict[tuple[str, str], Document], ids: dict[str, str]) -> Document:
    senior = first.get((document.kind, document.slug), document)
    twin_of = ids[senior.path] if senior.path != document.path else None
    return document if id_ == document.id and not twin_of else document._replace(id=id_, twin_of=twin_of)


def _first_of_each_name(documents: Iterable[Document]) -> dict[tuple[str, str], Document]:
    """The oldest of the documents that share a kind and a slug; without a slug nothing is the twin of another."""
    first: dict[tuple[str, str], Document] = {}
    for document in documents:
        if document.slug and document.kind in vocabulary.NAMED_KINDS:
            key = document.kind, document.slug
            if key not in first or _seniority(document) < _seniority(first[key]):
                first[key] = document
    return first


def _ids(documents: Iterable[Document]) -> dict[str, str]:
    """The id of each document by its path; whoever is older chooses first where several would have one."""
    contested = _contested(documents)
    ids = {document.path: document.id for document in documents if document.path not in contested}
    taken = set(ids.values())
    for document in sorted(contested.values(), key=_seniority):
        suffixed = _suffixed(document)
        choices = (document.id, suffixed, f"{suffixed}-{digest(document.path)}")
        ids[document.path] = next(id_ for id_ in choices if id_ not in taken)
        taken.add(ids[document.path])
    return ids


def _contested(documents: Iterable[Document]) -> dict[str, Document]:
    """The documents, by path, whose plain id others would have too, be it only as one that a suffix makes."""
    holders: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        holders[document.id].append(document)
    contested: dict[str, Document] = {}
    found = [document for group in holders.values() if len(group) > 1 for document in group]
    while found:
        contested |= {document.path: document for document in found}
        wanted = {_suffixed(document) for document in found}
        found = [
            document for id_ in sorted(wanted) for document in holders.get(id_, ()) if document.path not in contested
        ]
    return contested


def _suffixed(document: Document) -> str:
    return f"{document.id}-in-{slugify(document.folder) or 'root'}"


def _seniority(document: Document) -> tuple[str, int, str]:
    kinds = vocabulary.NAMED_KINDS
    rank = kinds.index(document.kind) if document.kind in kinds else len(kinds)
    date = read_date(field(document.fields, "created", "date") or "").sortable or ""
    return date, rank, document.path
