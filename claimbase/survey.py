"""Survey: what every part of the analysis looks at, gathered once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from claimbase import graph
from claimbase.beliefs import beliefs_of
from claimbase.dates import read_date
from claimbase.edges import dependency_of
from claimbase.records import ArgumentRow, Document, EvidenceRow, Link
from claimbase.values import confidence_of, field


class Bonds(NamedTuple):
    """What all links and all evidence come to, by id.

    `sources` are those of each claim; one that only speaks against it is none of its sources. `premises` are what each
    claim, belief and position rests on directly, `claim_links` which others each claim links to, by whatever relation.
    `mentions` counts the links that lead to each document from others, `objections` are each claim with what speaks
    against it and is no claim itself. All links and all evidence come to no more than their parts do, put together.
    """

    sources: Mapping[str, frozenset[str]]
    premises: graph.Premises
    claim_links: Mapping[str, tuple[str, ...]]
    mentions: Mapping[str, int]
    objections: frozenset[tuple[str, str]]


class Survey(NamedTuple):
    """Claims by id, and of each: its confidence, what binds it to others, its age.

    Ages are days before the newest date in the base. `kinds` holds beliefs and positions too, `neighbours` are the
    claims that one links to or that link to it.
    """

    claims: Mapping[str, Document]
    arguments: Sequence[ArgumentRow]
    bonds: Bonds
    confidences: Mapping[str, str]
    kinds: Mapping[str, str]
    ages: Mapping[str, int]
    source_ages: Mapping[str, int]
    titles: Mapping[str, str]
    neighbours: Mapping[str, Set[str]]


def survey(documents: Sequence[Document], arguments: Sequence[ArgumentRow], bonds: Bonds) -> Survey:
    """The survey of a base whose links are resolved; heads of its documents are enough."""
    claims = {document.id: document for document in documents if document.kind == "claim"}
    kinds = {document.id: document.kind for document in documents if document.kind in ("claim", "position")}
    kinds |= {id_: "belief" for document in documents for id_, _ in beliefs_of(document)}
    stated = {id_: confidence_of(field(claim.fields, "confidence")) for id_, claim in claims.items()}
    ages = _ages(documents)
    return Survey(
        claims=claims,
        arguments=arguments,
        bonds=bonds,
        confidences={id_: confidence for id_, confidence in stated.items() if confidence},
        kinds=kinds,
        ages={id_: age for id_, age in ages.items() if id_ in claims},
        source_ages={id_: age for id_, age in ages.items() if id_ not in claims},
        titles={document.id: document.title for document in documents if document.kind in ("claim", "source")},
        neighbours=_neighbours(bonds.claim_links),
    )


def bonds_of(links: Sequence[Link], evidence: Sequence[EvidenceRow]) -> Bonds:
    """What the links and the evidence of a base come to."""
    mentions = Counter(link.target.id for link in links if link.target and link.origin.id != link.target.id)
    pairs = ((link.origin, link.target) for link in links if link.target)
    return Bonds(
        sources=sources_of((row.claim, row.source, row.kind) for row in evidence),
        premises=premises_of(links),
        claim_links=claim_links_of(
            (origin.id, target.id)
            for origin, target in pairs
            if origin.kind == target.kind == "claim" and origin.id != target.id
        ),
        mentions=mentions,
        objections=objections_of(links, evidence),
    )


def claim_links_of(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Which others each claim links to, given every such pair: tuples take up a tenth of what pairs in a set do."""
    found: dict[str, list[str]] = defaultdict(list)
    for claim, other in pairs:
        found[claim].append(other)
    return {claim: tuple(sorted(set(others))) for claim, others in found.items()}


def _neighbours(claim_links: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for claim, others in claim_links.items():
        found[claim].update(others)
        for other in others:
            found[other].add(claim)
    return found


def sources_of(evidence: Iterable[tuple[str, str | None, str]]) -> dict[str, frozenset[str]]:
    """The sources of each claim, given claim, source and kind of all evidence."""
    sources: dict[str, set[str]] = defaultdict(set)
    for claim, source, kind in evidence:
        if source and kind != "challenge":
            sources[claim].add(source)
    return {id_: frozenset(names) for id_, names in sources.items()}


def premises_of(links: Iterable[Link]) -> graph.Premises:
    """What each claim, belief and position rests on directly."""
    premises: dict[str, set[str]] = defaultdict(set)
    for link in links:
        dependency = dependency_of(link)
        if dependency:
            premises[dependency[0]].add(dependency[1])
    return {node: sorted(below) for node, below in premises.items()}


def objections_of(links: Iterable[Link], evidence: Iterable[EvidenceRow]) -> frozenset[tuple[str, str]]:
    """What speaks against each claim and is no claim itself: sources, documents, words; each counts once."""
    found = {(row.claim, row.source or f"line {row.line}") for row in evidence if row.kind == "challenge"}
    for link in links:
        reference, target = link.reference, link.target
        if reference.relation == "challenged_by" and target is None:
            found.add((link.origin.id, f"words {_same_words(reference.label)}"))
        elif reference.relation == "challenged_by" and target and target.kind not in ("claim", "source"):
            found.add((link.origin.id, target.id))
        elif reference.relation == "challenges" and target and link.origin.kind != "claim":
            found.add((target.id, link.origin.id))
    return frozenset(found)


def _same_words(text: str) -> str:
    """A text as it compares with itself elsewhere: case, spaces and what ends the sentence aside."""
    return " ".join(text.casefold().split()).rstrip(".!")


def _ages(documents: Iterable[Document]) -> dict[str, int]:
    """Days from the date of each dated claim or source to the newest of these dates."""
    days = {document.id: _last_looked_at(document) for document in documents if document.kind in ("claim", "source")}
    newest = max((day for day in days.values() if day), default=None)
    return {id_: newest - day for id_, day in days.items() if day and newest}


def _last_looked_at(document: Document) -> int | None:
    """The first day, by its number, that a document's own date allows."""
    for key in ("last_evaluated", "created", "date"):
        stated = field(document.fields, key)
        day = _first_day(stated) if stated else None
        if day:
            return day
    return None


@lru_cache(maxsize=1 << 14)
def _first_day(stated: str) -> int | None:
    """The number of the day a text names: a month stands for its first day, a year for its first."""
    sortable = read_date(stated).sortable
    return date.fromisoformat((sortable + "-01-01")[:10]).toordinal() if sortable and sortable >= "0001" else None
