"""Analyse: what follows from the whole argument: what is weak, what carries much, what repeats, how the base fares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from claimbase import graph
from claimbase.metrics import measured_anew, metrics
from claimbase.pairs import (
    Before,
    Wordings,
    compare_words,
    compared_anew,
    contradictions,
    held_otherwise,
    holdings_of,
    likened_otherwise,
    similar_claims,
)
from claimbase.place import place
from claimbase.records import (
    NO_ANALYSIS,
    Analysis,
    ArgumentRow,
    CycleRow,
    DependencyRow,
    Document,
    Holding,
    NearDuplicateRow,
    PlaceRow,
    SimilarClaimRow,
)
from claimbase.spread import beside
from claimbase.survey import Bonds, Survey, survey
from claimbase.vital_signs import vital_signs

# Another process keeps a copy of what it looks at, which for more claims than this is too much memory.
_MOST_COMPARED_BESIDE = 20_000
# The tables whose rows may be others where claims are only rated or dated otherwise.
WEIGHED = frozenset({"metrics", "contradictions", "near_duplicates", "vital_signs"})


def analyse(
    documents: Sequence[Document],
    arguments: Sequence[ArgumentRow],
    bonds: Bonds,
    before: Before | None = None,
) -> Analysis:
    """The measures of every claim, the circles, what is alike, and the vital signs of the whole and each domain.

    Heads of the documents are enough for it. Where it is known how things were `before`, only those claims are likened
    to others for whom that may come out otherwise.
    """
    base = survey(documents, arguments, bonds)
    few = len(base.claims) if len(base.claims) <= _MOST_COMPARED_BESIDE else 0
    with beside(partial(_compare, base, before), few) as comparison:
        condensed = graph.condense(bonds.premises)
        measured = tuple(metrics(base, condensed))
        found = NO_ANALYSIS._replace(
            metrics=measured,
            dependencies=tuple(_dependencies(base)),
            cycles=tuple(_cycle_rows(base, graph.cycles(condensed))),
            contradictions=tuple(contradictions(base)),
            vital_signs=tuple(vital_signs(base, measured)),
        )
        return found._replace(**comparison.result()._asdict())


def reweigh(
    documents: Sequence[Document],
    before: Analysis,
    arguments: Sequence[ArgumentRow],
    sources: Mapping[str, frozenset[str]],
    premises: graph.Premises,
) -> Analysis:
    """The analysis of a base in which the same claims argue for the same as `before`, but are rated or dated otherwise.

    Of the arguments those are enough in which claims support or challenge each other.
    """
    base = survey(documents, arguments, Bonds(sources, premises, {}, {}, frozenset()))
    measured = tuple(measured_anew(base, before.metrics))
    return before._replace(
        metrics=measured,
        contradictions=tuple(contradictions(base)),
        near_duplicates=tuple(compared_anew(base.claims, before.near_duplicates)),
        vital_signs=tuple(vital_signs(base, measured)),
    )


class _Compared(NamedTuple):
    """What comes of comparing claims with each other: where each stands among them, and which it is like."""

    places: tuple[PlaceRow, ...]
    near_duplicates: tuple[NearDuplicateRow, ...]
    similar_claims: tuple[SimilarClaimRow, ...]
    holdings: Mapping[str, Holding | None]
    likened: frozenset[str]


def _compare(base: Survey, before: Before | None) -> _Compared:
    places = place(base.claims.values(), base.arguments)
    if before is None:
        wordings = compare_words(base.claims.values())
        holdings = holdings_of(base, wordings)
        similar = tuple(similar_claims(holdings, base.titles, holdings))
        return _Compared(places, wordings.duplicates, similar, holdings, frozenset(holdings))
    known = before.holdings()
    wordings = before.wordings or _same_words(base, before.duplicates, known)
    holdings = holdings_of(base, wordings)
    changed = held_otherwise(known, holdings)
    likened = frozenset(likened_otherwise(known, holdings, changed.keys(), before.retitled))
    similar = tuple(similar_claims(holdings, base.titles, likened))
    return _Compared(places, wordings.duplicates, similar, changed, likened)


def _same_words(base: Survey, duplicates: Iterable[NearDuplicateRow], known: Mapping[str, Holding]) -> Wordings:
    """The wordings of claims that say in the same words what they said before, whatever has become of their bodies."""
    return Wordings(tuple(compared_anew(base.claims, duplicates)), {id_: held.words for id_, held in known.items()})


def _dependencies(base: Survey) -> Iterator[DependencyRow]:
    for node in sorted(base.bonds.premises):
        for premise in base.bonds.premises[node]:
            yield DependencyRow(node, base.kinds[node], premise, base.kinds[premise])


def _cycle_rows(base: Survey, cycles: list[list[str]]) -> Iterator[CycleRow]:
    members = [(number, node) for number, group in enumerate(cycles, 1) for node in group]
    for row, (number, node) in enumerate(members, 1):
        kind = base.kinds[node]
        yield CycleRow(row, number, *(node if kind == name else None for name in ("claim", "belief", "position")))
