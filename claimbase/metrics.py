"""Metrics: the measures of each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from claimbase import graph
from claimbase.records import EvidenceRow, Link, MetricRow
from claimbase.survey import Survey, neighbours
from claimbase.vocabulary import RANKS


def metrics(base: Survey, cycles: list[list[str]]) -> Iterator[MetricRow]:
    """The row of each claim, by id; `cycles` are those of the dependencies."""
    outgoing = Counter((row.from_claim, row.relation) for row in base.arguments)
    incoming = Counter((row.to_claim, row.relation) for row in base.arguments)
    objections = _objections(base.links, base.evidence)
    linked = neighbours(base.claim_links)
    mentions = Counter(link.target.id for link in base.links if link.target and link.origin.id != link.target.id)
    central = graph.centrality(list(base.claims), sorted(base.claim_links))
    weakest = graph.weakest_premises(base.premises, {id_: RANKS[name] for id_, name in base.confidences.items()})
    depths = graph.depths(base.premises, base.sources)
    falling = graph.downstream_counts(base.premises, base.kinds)
    circle = {node: number for number, group in enumerate(cycles, 1) for node in group}
    for id_ in sorted(base.claims):
        weak = weakest.get(id_)
        rank = RANKS.get(base.confidences.get(id_, ""), 0)
        yield MetricRow(
            claim=id_,
            supports=outgoing[id_, "supports"],
            supported_by=incoming[id_, "supports"],
            challenges=outgoing[id_, "challenges"],
            challenged_by=incoming[id_, "challenges"],
            objections=objections[id_],
            rests_on=outgoing[id_, "depends_on"],
            carries=incoming[id_, "depends_on"],
            related=outgoing[id_, "related"] + incoming[id_, "related"],
            neighbours=len(linked[id_]),
            mentions=mentions[id_],
            sources=len(base.sources.get(id_, ())),
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


def _objections(links: Iterable[Link], evidence: Iterable[EvidenceRow]) -> Counter[str]:
    """How much speaks against each claim that is no claim itself: sources, documents, words; each counts once."""
    found = {(row.claim, row.source or f"line {row.line}") for row in evidence if row.kind == "challenge"}
    for link in links:
        reference, target = link.reference, link.target
        if reference.relation == "challenged_by" and target is None:
            found.add((link.origin.id, f"words {_same_words(reference.label)}"))
        elif reference.relation == "challenged_by" and target and target.kind not in ("claim", "source"):
            found.add((link.origin.id, target.id))
        elif reference.relation == "challenges" and target and link.origin.kind != "claim":
            found.add((target.id, link.origin.id))
    return Counter(claim for claim, _ in found)


def _same_words(text: str) -> str:
    """A text as it compares with itself elsewhere: case, spaces and what ends the sentence aside."""
    return " ".join(text.casefold().split()).rstrip(".!")
