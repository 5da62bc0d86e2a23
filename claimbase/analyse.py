"""Analyse: what follows from the whole argument: what is weak, what carries much, what repeats, how the base fares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claimbase import graph
from claimbase.metrics import metrics
from claimbase.pairs import contradictions, near_duplicates, similar_claims
from claimbase.place import place
from claimbase.records import Analysis, ArgumentRow, CycleRow, DependencyRow, Document
from claimbase.survey import Bonds, Survey, survey
from claimbase.vital_signs import vital_signs


def analyse(documents: Sequence[Document], arguments: Sequence[ArgumentRow], bonds: Bonds) -> Analysis:
    """The measures of every claim, the circles, what is alike, and the vital signs of the whole and each domain.

    Heads of the documents are enough for it.
    """
    base = survey(documents, arguments, bonds)
    cycles = graph.cycles(base.bonds.premises)
    measured = tuple(metrics(base, cycles))
    duplicates = tuple(near_duplicates(base))
    return Analysis(
        metrics=measured,
        dependencies=tuple(_dependencies(base)),
        cycles=tuple(_cycle_rows(base, cycles)),
        contradictions=tuple(contradictions(base)),
        near_duplicates=duplicates,
        similar_claims=tuple(similar_claims(base, duplicates)),
        vital_signs=tuple(vital_signs(base, measured)),
        places=place(base.claims.values(), arguments),
    )


def _dependencies(base: Survey) -> Iterator[DependencyRow]:
    for node in sorted(base.bonds.premises):
        for premise in base.bonds.premises[node]:
            yield DependencyRow(node, base.kinds[node], premise, base.kinds[premise])


def _cycle_rows(base: Survey, cycles: list[list[str]]) -> Iterator[CycleRow]:
    members = [(number, node) for number, group in enumerate(cycles, 1) for node in group]
    for row, (number, node) in enumerate(members, 1):
        kind = base.kinds[node]
        yield CycleRow(row, number, *(node if kind == name else None for name in ("claim", "belief", "position")))
