"""Reach: which documents need new rows when some files have changed.

A row of a document is made from what the document says, from the answers to its references, and from a little that
others say of it. So all is as it was, but for the documents that changed; those that ask for a name which has come,
gone or means another now, be it one that a document had; those whose namesake is another; sources that wait for what a
changed claim shows of them; claims whose text or commit names a changed source; and those that share the places of
their numbers with one of these.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple, TypeAlias

from claimbase import vocabulary
from claimbase.beliefs import beliefs_of
from claimbase.dimensions import named_by
from claimbase.names import called, once_called
from claimbase.numbering import sharing
from claimbase.pairs import wording
from claimbase.quotes import RULES, by_commits, by_source_text, quotable
from claimbase.records import Document, EvidenceRow, Past, Provenance
from claimbase.suggest import Reconsidered, slugs_of
from claimbase.values import folder_agent

ByPath: TypeAlias = Mapping[str, Document]
# What was and what is at a path, where that is not the very same.
Pairs: TypeAlias = Sequence[tuple[Document | None, Document | None]]
Asking: TypeAlias = Callable[[Set[str]], Iterable[str]]

# Keys of a claim that name no domain, no agent and nobody who had a part in it.
_WORDS_OF_CLAIMS = frozenset({"confidence", "description", *vocabulary.REFERENCE_FIELDS})

_UNANSWERED = "select distinct path, label from links where to_document is null and form <> 'prose'"
_ENRICHING = "select distinct path from links where relation = 'enriched' and to_document = ?"
_FORMER = "select path, document from former_names"
_QUOTING = f"select * from evidence where rule in ({', '.join('?' * len(RULES))})"  # noqa: S608 - places for values


class Base(NamedTuple):
    """The heads of a base's settled documents, its past, and what of that is theirs."""

    documents: ByPath
    past: Past
    provenance: Provenance


def reached(before: ByPath, base: Base, changed: Set[str], connection: sqlite3.Connection, asking: Asking) -> set[str]:
    """The paths of the documents whose rows may be others than in the database, including those that are gone.

    The database is of the documents `before`, and its commits are those of the base; `changed` are the paths of the
    files that are new or other than they were, and `asking` finds the paths of the documents whose references look for
    any of some keys.
    """
    after = base.documents
    gone = before.keys() - after.keys()
    renamed = [pair for pair in was_and_is(before, after) if _name(pair[0]) != _name(pair[1])]
    found = set(changed) | gone | {document.path for pair in renamed for document in pair if document}
    others = [document for pair in renamed for document in pair if document]
    moved = _moved_names(base.provenance, others, connection)
    if others or moved:
        found |= _affected(others, moved, after, connection, asking)
    ids = {before[path].id for path in found & before.keys()}
    found |= {path for id_ in ids for (path,) in connection.execute(_ENRICHING, (id_,))}
    if moved or any(quotable(before.get(path)) != quotable(after.get(path)) for path in found):
        found |= _quoting(base, connection)
    return sharing(before.keys() | after.keys(), found)


def tell_alike(pairs: Pairs, base: Base) -> bool:
    """Whether documents name the same domains and agents as before, and nobody had another part in them.

    That is certain where nothing has changed but bodies, what claims say in words, how sure they are and what they
    refer to; and where claims come, go or are others whom nobody tells of and who tell of nobody new.
    """
    others = [document for pair in pairs if _outline(pair[0]) != _outline(pair[1]) for document in pair if document]
    return not others or _tell_nothing(others, base)


def _tell_nothing(documents: Sequence[Document], base: Base) -> bool:
    """Whether all are claims that no commit and no attribution tells of, each beside another that names the same.

    That one lies in the same folder and is none of these.
    """
    paths = {document.path for document in documents}
    edits = (edit for commit in base.past.recounted.commits.values() for edit in commit.edits)
    if not paths.isdisjoint(path for edit in edits for path in (edit.path, edit.old_path)):
        return False
    named: dict[str, set[object]] = defaultdict(set)
    folders = {document.folder for document in documents}
    for document in base.documents.values():
        if document.folder in folders and document.path not in paths:
            named[document.folder].add(named_by(document))
    return all(
        document.kind == "claim"
        and "attribution" not in document.fields
        and not folder_agent(document.path)
        and named_by(document) in named[document.folder]
        for document in documents
    )


def argue_alike(pairs: Pairs) -> bool:
    """Whether the same claims, positions and beliefs are there under the same names, whatever else they say now."""
    return all(_part(was) == _part(now) for was, now in pairs)


def _part(document: Document | None) -> object:
    """All of a document that decides what it is in the argument, where it is on the map and what it is like."""
    if document is None:
        return None
    beliefs = [id_ for id_, _ in beliefs_of(document)]
    names = document.id, document.slug, document.twin_of, document.title, wording(document)
    return document.kind, document.domain, *names, beliefs


def _outline(document: Document | None) -> object:
    if document is None:
        return None
    silent = _WORDS_OF_CLAIMS if document.kind == "claim" else ()
    fields = {key: value for key, value in document.fields.items() if key not in silent}
    return document.id, document.path, document.kind, document.title, document.domain, fields


def was_and_is(before: ByPath, after: ByPath) -> Pairs:
    """The documents that there were and those that there are, in pairs."""
    paths = (path for path in before.keys() | after.keys() if before.get(path) is not after.get(path))
    return [(before.get(path), after.get(path)) for path in sorted(paths)]


def retitled(pairs: Pairs) -> frozenset[str]:
    """The ids that went by another title before or by none."""
    was, now = ([document for pair in pairs if (document := pair[place])] for place in (0, 1))
    titles = ({(document.id, document.title) for document in documents} for documents in (was, now))
    return frozenset(id_ for id_, _ in set.symmetric_difference(*titles))


def _name(document: Document | None) -> tuple[object, ...]:
    """All of a document that the links of others may show or depend on."""
    if document is None:
        return ()
    beliefs = [(belief.key, belief.title) for belief in document.content.beliefs]
    facts = document.id, document.twin_of, document.kind, document.domain, document.title
    return *facts, beliefs, called(document)


def _moved_names(provenance: Provenance, renamed: Sequence[Document], connection: sqlite3.Connection) -> set[str]:
    """The paths of former names that lead elsewhere than they did, or to a document that shows another face."""
    was = dict(connection.execute(_FORMER))
    now = {name.path: name.document.id if name.document else None for name in provenance.former_names}
    others = {document.id for document in renamed}
    return {path for path, id_ in was.items() ^ now.items()} | {path for path, id_ in now.items() if id_ in others}


def _affected(
    renamed: Sequence[Document], moved: Set[str], after: ByPath, connection: sqlite3.Connection, asking: Asking
) -> set[str]:
    """The documents whose references may have other answers or suggestions, or whose namesake is another."""
    slugs = {slug for document in renamed for slug in slugs_of(document)}
    reconsidered = Reconsidered(after.values(), slugs)
    unanswered = connection.execute(_UNANSWERED)
    ids = {document.id for document in renamed}
    return {
        *asking(
            {key for document in renamed for key in called(document)}
            | {key for path in moved for key in once_called(path)}
        ),
        *(path for path, label in unanswered if reconsidered.may_differ(label)),
        *(document.path for document in after.values() if document.twin_of in ids),
    }


def _quoting(base: Base, connection: sqlite3.Connection) -> set[str]:
    """The claims whose text or commit names other sources than the tables say."""
    documents = list(base.documents.values())
    claims = [document for document in documents if document.kind == "claim"]
    sources = [document for document in documents if document.kind == "source"]
    now, was = defaultdict(set), defaultdict(set)
    for row in chain(by_source_text(claims, sources), by_commits(claims, base.provenance)):
        now[row.path].add(row._replace(id=0))
    for values in connection.execute(_QUOTING, RULES):
        row = EvidenceRow._make(values)
        was[row.path].add(row._replace(id=0))
    return {path for path in now.keys() | was.keys() if now[path] != was[path]}
