"""Standing: arguments, links, evidence and analysis as the tables of a database have them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import islice
from sys import intern

from claimbase import vocabulary
from claimbase.graph import Premises
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
from claimbase.survey import Bonds, claim_links_of, objections_of, premises_of, sources_of

# SQLite takes no more than 32,766: https://www.sqlite.org/limits.html#max_variable_number
_MOST_VALUES = 10_000
_LINKS = """
select from_document, from_belief, relation, label, line, asserted, state, to_document, to_belief
from links
"""
_CLAIM_LINKS = """
select from_claim, to_claim
from links
where from_claim is not null
  and to_claim is not null
  and to_claim <> from_claim
"""
_MENTIONS = "select count(*) from links where to_document = ?1 and from_document <> ?1"
_ARGUED = """
select distinct from_claim
from arguments
where id in (select argument from links where from_document = ?)
"""


def standing_links(
    connection: sqlite3.Connection, by_id: Mapping[str, Document], condition: str, *parameters: object
) -> Iterator[Link]:
    """The links that fulfil a condition, with all that arguments, premises and objections are made from."""
    for start, within, relation, label, line, asserted, state, end, belief in connection.execute(
        f"{_LINKS} where {condition}", parameters
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


def standing_evidence(connection: sqlite3.Connection, condition: str, *parameters: object) -> Iterator[EvidenceRow]:
    """The evidence that fulfils a condition, by its numbers."""
    found = connection.execute(f"select * from evidence where {condition} order by id", parameters)  # noqa: S608
    return map(EvidenceRow._make, found)


def standing_arguments(connection: sqlite3.Connection, condition: str, *parameters: object) -> Iterator[ArgumentRow]:
    """The arguments that fulfil a condition, by their numbers; each id is kept once for all of them."""
    found = connection.execute(f"select * from arguments where {condition} order by id", parameters)  # noqa: S608
    for number, start, relation, end, *witnessed in found:
        yield ArgumentRow(number, intern(start), intern(relation), intern(end), *witnessed)


def arguments_from(connection: sqlite3.Connection, claims: Iterable[str]) -> Iterator[ArgumentRow]:
    """The arguments that start from claims."""
    for condition, some in _among("from_claim", claims):
        yield from standing_arguments(connection, condition, *some)


def standing_blocks(connection: sqlite3.Connection, sources: Iterable[str], but: Set[str]) -> Iterator[EvidenceRow]:
    """The evidence of these sources that blocks show, but for those in files of some paths."""
    for condition, some in _among("source", sources):
        found = standing_evidence(connection, f"{condition} and rule = 'block'", *some)
        yield from (row for row in found if row.path not in but)


def arguing(connection: sqlite3.Connection) -> set[str]:
    """The claims that arguments start from."""
    return {claim for (claim,) in connection.execute("select distinct from_claim from arguments")}


def standing_bonds(connection: sqlite3.Connection, by_id: Mapping[str, Document], was: Bonds, now: Bonds) -> Bonds:
    """What the links and the evidence of the tables come to; of mentions, those of claims.

    Their dependencies and metrics are still those of before some links and some evidence, which came to what `was`,
    came to what is `now`. No metric counts what leads to a claim that was none before.
    """
    objecting = standing_links(connection, by_id, _of_relations(("challenges", "challenged_by")))
    gained, lost = now.mentions, was.mentions
    metrics = connection.execute("select claim, mentions from metrics")
    known = {id_: mentions + gained.get(id_, 0) - lost.get(id_, 0) for id_, mentions in metrics}
    fresh = [id_ for id_, document in by_id.items() if document.kind == "claim" and id_ not in known]
    return Bonds(
        sources=standing_sources(connection),
        premises=_premises(connection, by_id, was.premises, now.premises),
        claim_links=claim_links_of((intern(start), intern(end)) for start, end in connection.execute(_CLAIM_LINKS)),
        mentions=known | {id_: connection.execute(_MENTIONS, (id_,)).fetchone()[0] for id_ in fresh},
        objections=objections_of(objecting, standing_evidence(connection, "kind = 'challenge'")),
    )


def links_of(connection: sqlite3.Connection, by_id: Mapping[str, Document], ids: Iterable[str]) -> Iterator[Link]:
    """The links of documents."""
    for condition, some in _among("from_document", ids):
        yield from standing_links(connection, by_id, condition, *some)


def evidence_in(connection: sqlite3.Connection, paths: Iterable[str]) -> Iterator[EvidenceRow]:
    """The evidence that stands in files of these paths."""
    for condition, some in _among("path", paths):
        yield from standing_evidence(connection, condition, *some)


def standing_sources(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """The sources of each claim."""
    return sources_of(connection.execute("select distinct claim, source, kind from evidence"))


def standing_premises(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """What each claim, belief and position rests on directly."""
    premises: dict[str, list[str]] = defaultdict(list)
    for node, premise in connection.execute("select node, premise from dependencies order by node, premise"):
        premises[node].append(premise)
    return premises


def _premises(connection: sqlite3.Connection, by_id: Mapping[str, Document], was: Premises, now: Premises) -> Premises:
    """What everything rests on, given what some links said of it: who else says what is no longer said is looked up."""
    if any(not set(below) <= set(now.get(node, ())) for node, below in was.items()):
        return premises_of(standing_links(connection, by_id, _of_relations(vocabulary.RESTING)))
    standing = standing_premises(connection)
    return standing | {node: sorted({*standing.get(node, ()), *below}) for node, below in now.items()}


def _among(column: str, values: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Conditions that a column has one of some values, each with as many of these as one query takes."""
    rest = iter(values)
    while some := list(islice(rest, _MOST_VALUES)):
        yield f"{column} in ({', '.join('?' * len(some))})", some


def _of_relations(relations: Iterable[str]) -> str:
    return f"relation in ({', '.join(repr(relation) for relation in relations)})"


def standing_analysis(connection: sqlite3.Connection) -> Analysis:
    """The analysis, but for dependencies, similar claims, vital signs, places and what claims hold."""
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


def argued_by(connection: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """The claims from which the arguments start that the links of documents state."""
    return {claim for id_ in ids for (claim,) in connection.execute(_ARGUED, (id_,))}


def standing_tags(connection: sqlite3.Connection) -> list[TagRow]:
    """All tags that documents have."""
    return [TagRow(tag) for (tag,) in connection.execute("select distinct tag from document_tags order by tag")]
