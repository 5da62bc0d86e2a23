"""Recognise: which of the documents that are there each life in a history is of, and what commits name as theirs."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from claimbase.kinds import kind_of, plain_id
from claimbase.records import Commit, Document, FormerName, History, Life, Provenance, Subject
from claimbase.slugs import strip_ending
from claimbase.values import folder_domain


def recognise(history: History, documents: Sequence[Document]) -> Provenance:
    """A history told of these documents."""
    by_path = {document.path: document for document in documents}
    names = _former_names(history, by_path)
    domains = frozenset(document.domain for document in documents)
    lives = [(life, by_path.get(life.path or "")) for life in history.lives]
    return Provenance(
        history,
        names,
        {document.id: life for life, document in lives if document},
        tuple((life, _subject(life, document, domains)) for life, document in lives if _is_claim(life, document)),
        dict(_sources(history.commits, documents, names)),
    )


def _former_names(history: History, by_path: Mapping[str, Document]) -> tuple[FormerName, ...]:
    """Every path that is no more, each with the last commit that took it away."""
    order = {commit.hash: number for number, commit in enumerate(history.commits)}
    found: dict[str, FormerName] = {}
    for life in history.lives:
        document = by_path.get(life.path or "")
        for path, commit in life.former:
            before = found.get(path)
            if path not in by_path and (before is None or order[before.commit.hash] <= order[commit.hash]):
                found[path] = FormerName(path, document, commit)
    return tuple(found[path] for path in sorted(found))


def _is_claim(life: Life, document: Document | None) -> bool:
    kind = document.kind if document else kind_of(life.edits[-1][1].path, None)
    return kind == "claim"


def _subject(life: Life, document: Document | None, domains: frozenset[str | None]) -> Subject:
    if document:
        return Subject(document.id, None, document.domain)
    path = life.edits[-1][1].path
    domain = folder_domain(path)
    return Subject(None, plain_id(path, "claim"), domain if domain in domains else None)


def _sources(
    commits: Sequence[Commit], documents: Sequence[Document], names: Sequence[FormerName]
) -> Iterator[tuple[str, Document]]:
    """The source that each commit names: by its path, one that it had, or a file name that no other has."""
    found = {name.path: name.document for name in names if name.document and name.document.kind == "source"}
    found |= {document.path: document for document in documents if document.kind == "source"}
    by_path = {strip_ending(path): document for path, document in found.items()}
    by_name: dict[str, set[str]] = defaultdict(set)
    for path, document in by_path.items():
        by_name[posixpath.basename(path)].add(document.path)
    for commit in commits:
        stated = strip_ending((commit.source or "").strip("`[]\"' ").removeprefix("./"))
        named = by_name.get(posixpath.basename(stated), set())
        source = by_path.get(stated) or (found[next(iter(named))] if len(named) == 1 else None)
        if source:
            yield commit.hash, source
