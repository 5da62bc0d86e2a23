"""Metrics: the measures of each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claimbase import graph
from claimbase.records import MetricRow
from claimbase.survey import Survey, neighbours
from claimbase.vocabulary import RANKS


def metrics(base: Survey, condensed: graph.Condensed) -> Iterator[MetricRow]:
    """The row of each claim, by id; `condensed` are the premises."""
    outgoing = Counter((row.from_claim, row.relation) for row in base.arguments)
    incoming = Counter((row.to_claim, row.relation) for row in base.arguments)
    bonds = base.bonds
    linked = neighbours(bonds.claim_links)
    central = graph.centrality(list(base.claims), sorted(bonds.claim_links))
    weakest = graph.weakest_premises(condensed, {id_: RANKS[name] for id_, name in base.confidences.items()})
    depths = graph.depths(bonds.premises, bonds.sources)
    falling = graph.downstream_counts(condensed, base.kinds)
    circle = {node: number for number, group in enumerate(graph.cycles(condensed), 1) for node in group}
    for id_ in sorted(base.claims):
        weak = weakest.get(id_)
        rank = RANKS.get(base.confidences.get(id_, ""), 0)
        yield MetricRow(
            claim=id_,
            supports=outgoing[id_, "supports"],
            supported_by=incoming[id_, "supports"],
            challenges=outgoing[id_, "challenges"],
            challenged_by=incoming[id_, "challenges"],
            objections=bonds.objections.get(id_, 0),
            rests_on=outgoing[id_, "depends_on"],
            carries=incoming[id_, "depends_on"],
            related=outgoing[id_, "related"] + incoming[id_, "related"],
            neighbours=len(linked[id_]),
            mentions=bonds.mentions.get(id_, 0),
            sources=len(bonds.sources.get(id_, ())),
            centrality=round(central[id_] * len(base.claims), 4),
            weakest_claim=weak.node if weak else None,
            weakest_confidence=base.confidences[weak.node] if weak else None,
            overrated=int(weak is not None and rank > weak.rank),
            depth=depths.get(id_),
            cycle=circle.get(id_),
            falling_claims=falling[id_].get("claim", 0),
            falling_beliefs=falling[id_].get("belief", 0),
            falling_positions=falling[id_].get("position", 0),
            age=base.ages.get(id_),
        )


def degree(row: MetricRow) -> int:
    """How many arguments a claim takes part in."""
    outward = row.supports + row.challenges + row.rests_on + row.related
    return outward + row.supported_by + row.challenged_by + row.carries
