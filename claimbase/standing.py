"""Standing: links, evidence and analysis as the tables of a database have them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

from claimbase import vocabulary
from claimbase.records import (
    Analysis,
    ArgumentRow,
    ContradictionRow,
    CycleRow,
    Document,
    EvidenceRow,
    Link,
    MetricRow,
    NearDuplicateRow,
    Problem,
    Reference,
    TagRow,
)
from claimbase.survey import Bonds, objections_of, premises_of, sources_of

_LINKS = """
select from_document, from_belief, relation, label, line, asserted, state, to_document, to_belief
from links
"""
_PAIRS = """
select from_document, to_document
from links
where to_document is not null
  and to_document <> from_document
"""


def standing_links(
    connection: sqlite3.Connection, by_id: Mapping[str, Document], condition: str, *parameters: object
) -> Iterator[Link]:
    """The links that fulfil a condition, with all that arguments, premises and objections are made from."""
    for start, within, relation, label, line, asserted, state, end, belief in connection.execute(
        f"{_LINKS} where {condition} order by id", parameters
    ):
        key = within.removeprefix(f"{start}--") if within else None
        reference = Reference(relation, label, None, None, "", "", None, line, bool(asserted), key)
        yield Link(by_id[start], reference, state, None, by_id[end] if end else None, belief)


def standing_witnesses(
    connection: sqlite3.Connection, by_id: Mapping[str, Document], but: Set[str], arguments: Iterable[int]
) -> Iterator[Link]:
    """The links of all but some documents that state arguments of these numbers."""
    for number in arguments:
        for start, *_ in connection.execute("select distinct from_document from links where argument = ?", (number,)):
            if start not in but:
                yield from standing_links(connection, by_id, "argument = ? and from_document = ?", number, start)


def standing_evidence(connection: sqlite3.Connection) -> list[EvidenceRow]:
    """All evidence, by its numbers."""
    return [EvidenceRow._make(row) for row in connection.execute("select * from evidence order by id")]


def standing_arguments(connection: sqlite3.Connection) -> list[ArgumentRow]:
    """All arguments, by their numbers."""
    return [ArgumentRow._make(row) for row in connection.execute("select * from arguments order by id")]


def standing_bonds(
    connection: sqlite3.Connection, by_id: Mapping[str, Document], evidence: Iterable[EvidenceRow]
) -> Bonds:
    """What the links and the evidence of the tables come to."""
    evidence = list(evidence)
    resting = list(standing_links(connection, by_id, _of_relations(vocabulary.RESTING)))
    objecting = list(standing_links(connection, by_id, _of_relations(("challenges", "challenged_by"))))
    pairs = connection.execute(_PAIRS).fetchall()
    claims = {id_ for id_, document in by_id.items() if document.kind == "claim"}
    return Bonds(
        sources=sources_of(evidence),
        premises=premises_of(resting),
        claim_links=frozenset([pair for pair in pairs if pair[0] in claims and pair[1] in claims]),
        mentions=Counter([end for _, end in pairs]),
        objections=objections_of(objecting, evidence),
    )


def _of_relations(relations: Iterable[str]) -> str:
    return f"relation in ({', '.join(repr(relation) for relation in relations)})"


def standing_analysis(connection: sqlite3.Connection) -> Analysis:
    """As much of the analysis as problems are made from."""
    return Analysis(
        metrics=tuple(map(MetricRow._make, connection.execute("select * from metrics order by claim"))),
        dependencies=(),
        cycles=tuple(map(CycleRow._make, connection.execute("select * from cycles order by id"))),
        contradictions=tuple(map(ContradictionRow._make, connection.execute("select * from contradictions"))),
        near_duplicates=tuple(map(NearDuplicateRow._make, connection.execute("select * from near_duplicates"))),
        similar_claims=(),
        vital_signs=(),
        places=(),
        holdings={},
        likened=frozenset(),
    )


def standing_problems(connection: sqlite3.Connection, path: str) -> list[Problem]:
    """The problems of a document, by their numbers."""
    found = connection.execute(
        "select path, line, code, message, suggestion from problems where path = ? order by id", (path,)
    )
    return [Problem._make(row) for row in found]


def arguments_of(connection: sqlite3.Connection, ids: Iterable[str]) -> set[int]:
    """The numbers of the arguments that the links of documents state."""
    query = "select distinct argument from links where from_document = ? and argument is not null"
    return {number for id_ in ids for (number,) in connection.execute(query, (id_,))}


def standing_tags(connection: sqlite3.Connection) -> list[TagRow]:
    """All tags that documents have."""
    return [TagRow(tag) for (tag,) in connection.execute("select distinct tag from document_tags order by tag")]
