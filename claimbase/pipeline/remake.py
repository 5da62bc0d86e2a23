"""Remake: rows of documents that changes reach are made anew, and then whatever follows from those of all documents.

The documents that are reached (`reach`) are resolved, argued and attested as in a full build, beside the *heads* of
all others, which are documents without references and blocks, and their rows replace the old ones. The analysis of the
whole is then made again from heads and from the links, arguments and evidence that the tables now hold (`standing`):
where the same claims argue for the same as before, only what weighs them is, and else only claims that *hold* something
else than before are likened to others again. Only problems of documents of which something else is told are numbered
again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple

from claimbase.analyse import WEIGHED, analyse, reweigh
from claimbase.argue import Argued, argue_anew
from claimbase.attest import attest
from claimbase.credit import credit
from claimbase.flatten import flatten_analysis, flatten_documents, flatten_named, flatten_past, problem_rows
from claimbase.memory import Memory
from claimbase.numbering import sharing
from claimbase.pairs import Before, Wordings
from claimbase.pipeline.take_in import Changes
from claimbase.reach import Base, ByPath, Pairs, reached, retitled, tell_alike
from claimbase.records import Analysis, Document, EvidenceRow, Holding, Link, Problem, Provenance, Table, Taken
from claimbase.resolve import resolve
from claimbase.review import in_order, review_analysis, review_documents
from claimbase.standing import (
    argued_by,
    arguing,
    arguments_from,
    evidence_in,
    links_of,
    standing_analysis,
    standing_arguments,
    standing_blocks,
    standing_bonds,
    standing_evidence,
    standing_premises,
    standing_problems,
    standing_sources,
    standing_tags,
    standing_witnesses,
)
from claimbase.survey import Bonds, bonds_of
from claimbase.update import Some, Update


class Turn(NamedTuple):
    """From the heads of the documents that there were to the base as it is, by way of changes in files.

    `pairs` are those of the documents that are others now. `wordings` are what compares the words of the claims; None
    where the same claims, positions and beliefs are called and worded alike.
    """

    before: ByPath
    base: Base
    pairs: Pairs
    changes: Changes
    wordings: Callable[[], Wordings] | None


def remake(update: Update, turn: Turn, memory: Memory) -> dict[str, Holding | None]:
    """Rows of documents that changes reach are made anew, and then whatever follows from those of all documents.

    What comes back are the holdings of the claims that hold other things than before.
    """
    connection, (before, base, pairs, changes, wordings) = update.connection, turn
    after, standing = base.documents, standing_analysis(connection)
    those = reached(before, base, changes.changed.keys(), connection, memory.asking)
    ids = {found[path].id for found in (before, after) for path in those & found.keys()}
    by_id_before, by_id = ({document.id: document for document in these.values()} for these in (before, after))
    links_before = list(links_of(connection, by_id_before, ids))
    evidence_before = list(evidence_in(connection, those))
    whole = list(_whole([path for path in after if path in those], after, changes.changed, memory))
    remade = _remake(connection, whole, those, ids, base)
    _hold(update, remade, base)
    if not (tell_alike(pairs, base) and _extracted(evidence_before) == _extracted(remade.evidence)):
        _hold_past(update, base)

    was, now = bonds_of(links_before, evidence_before), bonds_of(remade.links, remade.evidence)
    if was == now and wordings is None and "arguments" not in update.changed_tables():
        analysis = _reweigh(update, base, standing)
    else:
        bonds = standing_bonds(connection, by_id, was, now)
        compared = wordings() if wordings else None
        known = Before(memory.holdings, standing.near_duplicates, retitled(pairs), compared)
        analysis = _analyse(update, base, bonds, known)
    found_before, found = _Finding(before, by_id_before, standing), _Finding(after, by_id, analysis)
    _hold_problems(update, remade, base.provenance, found_before, found)
    return dict(analysis.holdings)


class _Remade(NamedTuple):
    """What is made anew: which rows that are, the documents that there are of them, whole, and what these state.

    `elsewhere` is the evidence of sources among them that blocks of other claims show.
    """

    some: Some
    documents: Sequence[Document]
    links: Sequence[Link]
    argued: Argued
    evidence: Sequence[EvidenceRow]
    elsewhere: Sequence[EvidenceRow]


def _remake(
    connection: sqlite3.Connection, documents: Sequence[Document], those: Set[str], ids: Set[str], base: Base
) -> _Remade:
    """Documents resolved, argued and attested, of these paths and ids, which others may have had that are no more."""
    everything, provenance = list(base.documents.values()), base.provenance
    links = resolve(everything, provenance.former_names, documents)
    argued = argue_anew(
        arguing(connection),
        argued_by(connection, ids),
        links,
        partial(arguments_from, connection),
        partial(standing_witnesses, connection, {document.id: document for document in everything}, ids),
    )
    elsewhere = list(standing_blocks(connection, {document.id for document in documents}, those))
    evidence = attest(documents, links, provenance, everything, elsewhere)
    return _Remade(Some(those, ids, argued.claims), documents, links, argued, evidence, elsewhere)


def _hold(update: Update, remade: _Remade, base: Base) -> None:
    """Has the tables hold what is made anew."""
    some, documents, links, argued, evidence, _ = remade
    update.renumber(argued.moves, some)
    update.hold(flatten_documents(documents, base.provenance, links, argued.arguments), some)
    update.hold([Table("evidence", evidence)], some)
    if "document_tags" in update.changed_tables():
        update.hold([Table("tags", standing_tags(update.connection))])


def _extracted(evidence: Iterable[EvidenceRow]) -> set[tuple[str, str | None]]:
    """Which claims were extracted from which sources."""
    return {(row.claim, row.source) for row in evidence if row.rule == "extracted"}


def _hold_past(update: Update, base: Base) -> None:
    """Has the tables hold what documents name, how they came to be, and who had a part in that."""
    documents, past, provenance = list(base.documents.values()), base.past, base.provenance
    extracted = standing_evidence(update.connection, "rule = 'extracted'")
    update.hold(flatten_named(documents, provenance))
    update.hold(flatten_past(documents, provenance, credit(documents, extracted, provenance, past.weights)))


def _reweigh(update: Update, base: Base, standing: Analysis) -> Analysis:
    """The analysis where the same is argued as before."""
    connection = update.connection
    analysis = reweigh(
        list(base.documents.values()),
        standing,
        list(standing_arguments(connection, "relation in ('supports', 'challenges')")),
        standing_sources(connection),
        standing_premises(connection),
    )
    update.hold(table for table in flatten_analysis(analysis) if table.name in WEIGHED)
    return analysis


def _analyse(update: Update, base: Base, bonds: Bonds, known: Before) -> Analysis:
    """The analysis of arguments as the tables now have them."""
    arguments = list(standing_arguments(update.connection, "true"))
    analysis = analyse(list(base.documents.values()), arguments, bonds, known)
    update.hold(flatten_analysis(analysis))
    likened = analysis.likened | {id_ for id_, held in analysis.holdings.items() if held is None}
    update.hold([Table("similar_claims", analysis.similar_claims)], Some(frozenset(), likened, frozenset()))
    return analysis


class _Finding(NamedTuple):
    """The documents of a base, by path and by id, and what the analysis of them came to."""

    documents: ByPath
    by_id: Mapping[str, Document]
    analysis: Analysis

    def told(self, ids: Set[str]) -> Counter[Problem]:
        """What is told about documents, each as often as it is told; of what claims measure, only that of some."""
        metrics = tuple(row for row in self.analysis.metrics if row.claim in ids)
        return Counter(review_analysis(self.by_id, self.analysis._replace(metrics=metrics)))

    def ids_at(self, paths: Iterable[str]) -> set[str]:
        """The ids of the documents at these paths, as far as there are any."""
        return {self.documents[path].id for path in paths if path in self.documents}


def _hold_problems(update: Update, remade: _Remade, provenance: Provenance, was: _Finding, now: _Finding) -> None:
    """Has the tables hold the problems of what is made anew, and of all documents of which something else is told."""
    some, ids = remade.some, _measured_otherwise(was, now)
    told_before, told = was.told(ids), now.told(ids)
    spoken_of = {problem.path for problem in (told - told_before) + (told_before - told)}
    reviewed = sharing(now.documents.keys() | some.paths, some.paths | spoken_of)
    told_before, told = (finding.told(finding.ids_at(reviewed)) for finding in (was, now))
    evidence = [*remade.evidence, *remade.elsewhere]
    found = list(review_documents(remade.documents, remade.links, evidence, now.by_id, provenance))
    for path in sorted(reviewed - some.paths):
        found += (Counter(standing_problems(update.connection, path)) - told_before).elements()
    found += (problem for problem in told.elements() if problem.path in reviewed)
    update.hold([Table("problems", problem_rows(now.by_id.values(), in_order(found)))], some._replace(paths=reviewed))


def _measured_otherwise(was: _Finding, now: _Finding) -> set[str]:
    """The claims of whose measures something else may be told: they, or the weakest they rest on, are others now."""
    ids = was.by_id.keys() | now.by_id.keys()
    others = {id_ for id_ in ids if was.by_id.get(id_) is not now.by_id.get(id_)}
    rows = {*was.analysis.metrics} ^ {*now.analysis.metrics}
    return (
        others
        | {row.claim for row in rows}
        | {row.claim for row in now.analysis.metrics if row.weakest_claim in others}
    )


def _whole(
    paths: Sequence[str], settled: Mapping[str, Document], changed: Mapping[str, Taken], memory: Memory
) -> Iterator[Document]:
    """The documents of these paths with all that they hold, settled."""
    known = memory.recall(path for path in paths if path not in changed)
    for path in paths:
        document = changed[path].document if path in changed else next(known)
        yield document._replace(id=settled[path].id, twin_of=settled[path].twin_of)
