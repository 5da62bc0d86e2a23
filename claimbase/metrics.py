"""Metrics: the measures of each claim."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from claimbase import graph
from claimbase.records import ArgumentRow, MetricRow
from claimbase.survey import Survey
from claimbase.vocabulary import RANKS

# An argument seen from each of its ends.
_FROM, _TO = (
    itemgetter(ArgumentRow._fields.index(end), ArgumentRow._fields.index("relation"))
    for end in ("from_claim", "to_claim")
)


def metrics(base: Survey, condensed: graph.Condensed) -> Iterator[MetricRow]:
    """The row of each claim, by id; `condensed` are the premises."""
    outgoing, incoming = _counted(map(_FROM, base.arguments)), _counted(map(_TO, base.arguments))
    supports, supported = outgoing["supports"], incoming["supports"]
    challenges, challenged = outgoing["challenges"], incoming["challenges"]
    rests_on, carries = outgoing["depends_on"], incoming["depends_on"]
    related, related_to = outgoing["related"], incoming["related"]
    bonds = base.bonds
    objections = Counter(claim for claim, _ in bonds.objections)
    linked = ((claim, other) for claim, others in bonds.claim_links.items() for other in others)
    central = graph.centrality(list(base.claims), linked)
    weakest = _weakest(base, condensed)
    depths = graph.depths(bonds.premises, bonds.sources)
    falling = graph.downstream_counts(condensed, base.kinds)
    circle = {node: number for number, group in enumerate(graph.cycles(condensed), 1) for node in group}
    for id_ in sorted(base.claims):
        yield MetricRow(
            claim=id_,
            supports=supports.get(id_, 0),
            supported_by=supported.get(id_, 0),
            challenges=challenges.get(id_, 0),
            challenged_by=challenged.get(id_, 0),
            objections=objections.get(id_, 0),
            rests_on=rests_on.get(id_, 0),
            carries=carries.get(id_, 0),
            related=related.get(id_, 0) + related_to.get(id_, 0),
            neighbours=len(base.neighbours.get(id_, ())),
            mentions=bonds.mentions.get(id_, 0),
            sources=len(bonds.sources.get(id_, ())),
            centrality=round(central[id_] * len(base.claims), 4),
            **_rated(base, id_, weakest),
            depth=depths.get(id_),
            cycle=circle.get(id_),
            falling_claims=falling[id_].get("claim", 0),
            falling_beliefs=falling[id_].get("belief", 0),
            falling_positions=falling[id_].get("position", 0),
            age=base.ages.get(id_),
        )


def measured_anew(base: Survey, before: Iterable[MetricRow]) -> Iterator[MetricRow]:
    """The rows of claims that are rated or dated otherwise than `before`, while all that binds them is the same."""
    weakest = _weakest(base, graph.condense(base.bonds.premises))
    for row in before:
        yield row._replace(**_rated(base, row.claim, weakest), age=base.ages.get(row.claim))


def _counted(ends: Iterable[tuple[str, str]]) -> Mapping[str, Mapping[str, int]]:
    """By relation, how many arguments of it each claim has."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (claim, relation), count in Counter(ends).items():
        found[relation][claim] = count
    return found


def _weakest(base: Survey, condensed: graph.Condensed) -> dict[str, graph.Weakest]:
    return graph.weakest_premises(condensed, {id_: RANKS[name] for id_, name in base.confidences.items()})


def _rated(base: Survey, id_: str, weakest: Mapping[str, graph.Weakest]) -> dict[str, Any]:
    """How sure the weakest is of all that a claim rests on, and whether the claim is rated above it."""
    weak, rank = weakest.get(id_), RANKS.get(base.confidences.get(id_, ""), 0)
    return {
        "weakest_claim": weak.node if weak else None,
        "weakest_confidence": base.confidences[weak.node] if weak else None,
        "overrated": int(weak is not None and rank > weak.rank),
    }


def degree(row: MetricRow) -> int:
    """How many arguments a claim takes part in."""
    outward = row.supports + row.challenges + row.rests_on + row.related
    return outward + row.supported_by + row.challenged_by + row.carries
