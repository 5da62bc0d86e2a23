"""Reach: which documents need new rows when some files have changed.

A row of a document is made from what the document says, from the answers to its references, and from a little that
others say of it. So all is as it was, but for the documents that changed; those that ask for a name which has come,
gone or means another now; those whose namesake is another; sources that wait for what a changed claim shows of them;
claims that quote a changed source; and those that share the places of their numbers with one of these.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TypeAlias

from claimbase.names import called
from claimbase.numbering import sharing
from claimbase.pairs import Changes, wording
from claimbase.quotes import RULES, by_source_text, quotable
from claimbase.records import Document, EvidenceRow
from claimbase.suggest import Reconsidered, slugs_of

ByPath: TypeAlias = Mapping[str, Document]
Asking: TypeAlias = Callable[[Set[str]], Iterable[str]]

_UNANSWERED = "select distinct path, label from links where to_document is null and form <> 'prose'"
_ENRICHING = "select distinct path from links where relation = 'enriched' and to_document = ?"
_QUOTING = "select * from evidence where rule in (?, ?)"


def reached(
    before: ByPath, after: ByPath, changed: Set[str], connection: sqlite3.Connection, asking: Asking
) -> set[str]:
    """The paths of the documents whose rows may be others than in the database, including those that are gone.

    Both are heads of settled documents; `changed` are the paths of the files that are new or other than they were, and
    `asking` finds the paths of the documents whose references look for any of some keys.
    """
    gone = before.keys() - after.keys()
    renamed = [pair for pair in _pairs(before, after) if _name(pair[0]) != _name(pair[1])]
    found = set(changed) | gone | {document.path for pair in renamed for document in pair if document}
    if renamed:
        found |= _affected([document for pair in renamed for document in pair if document], after, connection, asking)
    ids = {before[path].id for path in found & before.keys()}
    found |= {path for id_ in ids for (path,) in connection.execute(_ENRICHING, (id_,))}
    if any(quotable(before.get(path)) != quotable(after.get(path)) for path in found):
        found |= _quoting(list(after.values()), connection)
    return sharing(before.keys() | after.keys(), found)


def changes_of_words(before: ByPath, after: ByPath) -> Changes:
    """The ids that went by another title before or by none, and whether the words of any claim have changed."""
    was, now = ([document for pair in _pairs(before, after) if (document := pair[place])] for place in (0, 1))
    titles = ({(document.id, document.title) for document in documents} for documents in (was, now))
    wordings = (
        {(document.id, wording(document)) for document in documents if document.kind == "claim"}
        for documents in (was, now)
    )
    return Changes(
        frozenset(id_ for id_, _ in set.symmetric_difference(*titles)), bool(set.symmetric_difference(*wordings))
    )


def _pairs(before: ByPath, after: ByPath) -> list[tuple[Document | None, Document | None]]:
    """What was and what is at each path, where that is not the very same."""
    paths = before.keys() | after.keys()
    return [pair for pair in ((before.get(path), after.get(path)) for path in sorted(paths)) if pair[0] is not pair[1]]


def _name(document: Document | None) -> tuple[object, ...]:
    """All of a document that the links of others may show or depend on."""
    if document is None:
        return ()
    beliefs = [(belief.key, belief.title) for belief in document.content.beliefs]
    facts = document.id, document.twin_of, document.kind, document.domain, document.title
    return *facts, beliefs, called(document)


def _affected(renamed: Sequence[Document], after: ByPath, connection: sqlite3.Connection, asking: Asking) -> set[str]:
    """The documents whose references may have other answers or suggestions, or whose namesake is another."""
    slugs = {slug for document in renamed for slug in slugs_of(document)}
    reconsidered = Reconsidered(after.values(), slugs)
    unanswered = connection.execute(_UNANSWERED)
    ids = {document.id for document in renamed}
    return {
        *asking({key for document in renamed for key in called(document)}),
        *(path for path, label in unanswered if reconsidered.may_differ(label)),
        *(document.path for document in after.values() if document.twin_of in ids),
    }


def _quoting(documents: Sequence[Document], connection: sqlite3.Connection) -> set[str]:
    """The claims whose text names other sources than the tables say."""
    claims = [document for document in documents if document.kind == "claim"]
    sources = [document for document in documents if document.kind == "source"]
    now, was = defaultdict(set), defaultdict(set)
    for row in by_source_text(claims, sources):
        now[row.path].add(row._replace(id=0))
    for values in connection.execute(_QUOTING, RULES):
        row = EvidenceRow._make(values)
        was[row.path].add(row._replace(id=0))
    return {path for path in now.keys() | was.keys() if now[path] != was[path]}
