"""Survey: what every part of the analysis looks at, gathered once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from claimbase import graph
from claimbase.beliefs import beliefs_of
from claimbase.dates import read_date
from claimbase.edges import dependency_of
from claimbase.records import ArgumentRow, Document, EvidenceRow, Link
from claimbase.values import confidence_of, field


class Survey(NamedTuple):
    """Claims by id, and of each: its confidence, its sources, its premises, the claims it is linked with, its age.

    A source that only speaks against a claim is none of its sources.
    Ages are days before the newest date in the base. `kinds` and `premises` hold beliefs and positions too.
    """

    claims: Mapping[str, Document]
    arguments: Sequence[ArgumentRow]
    links: Sequence[Link]
    evidence: Sequence[EvidenceRow]
    sources: Mapping[str, frozenset[str]]
    confidences: Mapping[str, str]
    kinds: Mapping[str, str]
    premises: graph.Premises
    claim_links: frozenset[tuple[str, str]]
    ages: Mapping[str, int]
    source_ages: Mapping[str, int]
    titles: Mapping[str, str]


def survey(
    documents: Sequence[Document],
    links: Sequence[Link],
    arguments: Sequence[ArgumentRow],
    evidence: Sequence[EvidenceRow],
) -> Survey:
    """The survey of a base whose links are resolved."""
    claims = {document.id: document for document in documents if document.kind == "claim"}
    kinds = {document.id: document.kind for document in documents if document.kind in ("claim", "position")}
    kinds |= {id_: "belief" for document in documents for id_, _ in beliefs_of(document)}
    stated = {id_: confidence_of(field(claim.fields, "confidence")) for id_, claim in claims.items()}
    ages = _ages(documents)
    return Survey(
        claims=claims,
        arguments=arguments,
        links=links,
        evidence=evidence,
        sources=_sources(evidence),
        confidences={id_: confidence for id_, confidence in stated.items() if confidence},
        kinds=kinds,
        premises=_premises(links),
        claim_links=_claim_links(links),
        ages={id_: age for id_, age in ages.items() if id_ in claims},
        source_ages={id_: age for id_, age in ages.items() if id_ not in claims},
        titles={document.id: document.title for document in documents if document.kind in ("claim", "source")},
    )


def neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """What each id is paired with, in either direction."""
    found: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        found[first].add(second)
        found[second].add(first)
    return found


def _sources(evidence: Iterable[EvidenceRow]) -> dict[str, frozenset[str]]:
    sources: dict[str, set[str]] = defaultdict(set)
    for row in evidence:
        if row.source and row.kind != "challenge":
            sources[row.claim].add(row.source)
    return {id_: frozenset(names) for id_, names in sources.items()}


def _premises(links: Iterable[Link]) -> graph.Premises:
    """What each claim, belief and position rests on directly."""
    premises: dict[str, set[str]] = defaultdict(set)
    for link in links:
        dependency = dependency_of(link)
        if dependency:
            premises[dependency[0]].add(dependency[1])
    return {node: sorted(below) for node, below in premises.items()}


def _claim_links(links: Iterable[Link]) -> frozenset[tuple[str, str]]:
    """Which claim links to which other, once, by whatever relation."""
    pairs = ((link.origin, link.target) for link in links if link.target)
    return frozenset(
        (origin.id, target.id)
        for origin, target in pairs
        if origin.kind == target.kind == "claim" and origin.id != target.id
    )


def _ages(documents: Iterable[Document]) -> dict[str, int]:
    """Days from the date of each dated claim or source to the newest of these dates."""
    days = {document.id: _last_looked_at(document) for document in documents if document.kind in ("claim", "source")}
    newest = max((day for day in days.values() if day), default=None)
    return {id_: (newest - day).days for id_, day in days.items() if day and newest}


def _last_looked_at(document: Document) -> date | None:
    """The first day a document's own date allows: a month stands for its first day, a year for its first."""
    for key in ("last_evaluated", "created", "date"):
        sortable = read_date(field(document.fields, key) or "").sortable
        if sortable and sortable >= "0001":
            return date.fromisoformat((sortable + "-01-01")[:10])
    return None
