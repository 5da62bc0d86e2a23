"""Analyse: what follows from the whole argument: what is weak, what carries much, what repeats, how the base fares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple

from claimbase import graph, likeness, vocabulary
from claimbase.beliefs import beliefs_of
from claimbase.dates import read_date
from claimbase.edges import dependency_of
from claimbase.records import (
    Analysis,
    ArgumentRow,
    ContradictionRow,
    CycleRow,
    DependencyRow,
    Document,
    EvidenceRow,
    Link,
    MetricRow,
    NearDuplicateRow,
    SimilarClaimRow,
    VitalSignRow,
)
from claimbase.values import confidence_of, field

_RANKS = {name: rank for name, (rank, _) in vocabulary.CONFIDENCES.items()}
# What two claims share must weigh more than one thing that only they share; a source weighs double.
_LEAST_LIKENESS = 1.25


class _Base(NamedTuple):
    """What every part of the analysis looks at."""

    claims: Mapping[str, Document]
    arguments: Sequence[ArgumentRow]
    links: Sequence[Link]
    sources: Mapping[str, frozenset[str]]
    confidences: Mapping[str, str]
    kinds: Mapping[str, str]
    premises: graph.Premises
    ages: Mapping[str, int]
    source_ages: Mapping[str, int]
    titles: Mapping[str, str]


def analyse(
    documents: Sequence[Document],
    links: Sequence[Link],
    arguments: Sequence[ArgumentRow],
    evidence: Sequence[EvidenceRow],
) -> Analysis:
    """The measures of every claim, the circles, what is alike, and the vital signs of the whole and each domain."""
    base = _survey(documents, links, arguments, evidence)
    duplicates = tuple(_near_duplicates(base))
    cycles = graph.cycles(base.premises)
    metrics = tuple(_metrics(base, evidence, cycles))
    return Analysis(
        metrics,
        tuple(_dependencies(base)),
        tuple(_cycle_rows(base, cycles)),
        tuple(_contradictions(base)),
        duplicates,
        tuple(_similar_claims(base, duplicates)),
        tuple(_vital_signs(base, metrics)),
    )


def _survey(
    documents: Sequence[Document],
    links: Sequence[Link],
    arguments: Sequence[ArgumentRow],
    evidence: Sequence[EvidenceRow],
) -> _Base:
    claims = {document.id: document for document in documents if document.kind == "claim"}
    kinds = {document.id: document.kind for document in documents if document.kind in ("claim", "position")}
    kinds |= {belief.id: "belief" for document in documents for belief in beliefs_of(document)}
    sources: dict[str, set[str]] = defaultdict(set)
    for row in evidence:
        if row.source:
            sources[row.claim].add(row.source)
    stated = {id_: confidence_of(field(claim.page.fields, "confidence")) for id_, claim in claims.items()}
    days = {document.id: _last_looked_at(document) for document in documents if document.kind in ("claim", "source")}
    newest = max((day for day in days.values() if day), default=None)
    ages = {id_: (newest - day).days for id_, day in days.items() if day and newest}
    return _Base(
        claims,
        arguments,
        links,
        {id_: frozenset(names) for id_, names in sources.items()},
        {id_: confidence for id_, confidence in stated.items() if confidence},
        kinds,
        _premises(links),
        {id_: age for id_, age in ages.items() if id_ in claims},
        {id_: age for id_, age in ages.items() if id_ not in claims},
        {document.id: document.title for document in documents if document.kind in ("claim", "source")},
    )


def _premises(links: Iterable[Link]) -> graph.Premises:
    """What each claim, belief and position rests on directly."""
    premises: dict[str, set[str]] = defaultdict(set)
    for link in links:
        dependency = dependency_of(link)
        if dependency:
            premises[dependency[0]].add(dependency[1])
    return {node: sorted(below) for node, below in premises.items()}


def _last_looked_at(document: Document) -> date | None:
    """The first day a document's own date allows: a month stands for its first day, a year for its first."""
    for key in ("last_evaluated", "created", "date"):
        sortable = read_date(field(document.page.fields, key) or "").sortable
        if sortable and sortable >= "0001":
            return date.fromisoformat((sortable + "-01-01")[:10])
    return None


def _metrics(base: _Base, evidence: Sequence[EvidenceRow], cycles: list[list[str]]) -> Iterator[MetricRow]:
    outgoing = Counter((row.from_claim, row.relation) for row in base.arguments)
    incoming = Counter((row.to_claim, row.relation) for row in base.arguments)
    objections = _objections(base.links, evidence)
    claim_links = _claim_links(base)
    neighbours = _neighbours(claim_links)
    mentions = Counter(link.target.id for link in base.links if link.target and link.reference.document != link.target)
    central = graph.centrality(list(base.claims), sorted(claim_links))
    weakest = graph.weakest_premises(base.premises, {id_: _RANKS[name] for id_, name in base.confidences.items()})
    depths = graph.depths(base.premises, base.sources)
    falling = graph.downstream_counts(base.premises, base.kinds)
    circle = {node: number for number, group in enumerate(cycles, 1) for node in group}
    for id_ in sorted(base.claims):
        weak = weakest.get(id_)
        rank = _RANKS.get(base.confidences.get(id_, ""), 0)
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
            neighbours=len(neighbours[id_]),
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


def _objections(links: Iterable[Link], evidence: Iterable[EvidenceRow]) -> Counter[str]:
    """How much speaks against each claim that is no claim itself: words, documents, evidence that challenges."""
    found = Counter(row.claim for row in evidence if row.kind == "challenge")
    for link in links:
        reference = link.reference
        if reference.relation == "challenged_by" and link.state in ("prose", "dead"):
            found[reference.document.id] += 1
        if reference.relation == "challenges" and link.target and reference.document.kind != "claim":
            found[link.target.id] += 1
    return found


def _claim_links(base: _Base) -> set[tuple[str, str]]:
    """Which claim links to which, once, by whatever relation."""
    return {
        (link.reference.document.id, link.target.id)
        for link in base.links
        if link.target and link.reference.document.kind == link.target.kind == "claim"
        if link.reference.document.id != link.target.id
    }


def _neighbours(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The claims each claim is paired with, in either direction."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        neighbours[first].add(second)
        neighbours[second].add(first)
    return neighbours


def _contradictions(base: _Base) -> Iterator[ContradictionRow]:
    """Pairs that do not go together: one both supports and challenges the other, or both are rated likely or better."""
    supported = {frozenset((row.from_claim, row.to_claim)) for row in base.arguments if row.relation == "supports"}
    found = set()
    for row in base.arguments:
        pair = frozenset((row.from_claim, row.to_claim))
        if row.relation == "challenges":
            rated = [_RANKS[base.confidences[id_]] for id_ in pair if id_ in base.confidences]
            if pair in supported:
                found.add((row.from_claim, row.to_claim, "mixed", row.asserted))
            if len(rated) == 2 and min(rated) >= _RANKS["likely"]:
                found.add((row.from_claim, row.to_claim, "rated", row.asserted))
    for number, contradiction in enumerate(sorted(found), 1):
        yield ContradictionRow(number, *contradiction)


def _dependencies(base: _Base) -> Iterator[DependencyRow]:
    for node in sorted(base.premises):
        for premise in base.premises[node]:
            yield DependencyRow(node, base.kinds[node], premise, base.kinds[premise])


def _cycle_rows(base: _Base, cycles: list[list[str]]) -> Iterator[CycleRow]:
    members = [(number, node) for number, group in enumerate(cycles, 1) for node in group]
    for row, (number, node) in enumerate(members, 1):
        kind = base.kinds[node]
        yield CycleRow(row, number, *(node if kind == name else None for name in ("claim", "belief", "position")))


def _near_duplicates(base: _Base) -> Iterator[NearDuplicateRow]:
    """Claims with nearly the same title, and twins whatever their titles, with how much of their bodies is the same."""
    claims = base.claims
    pairs = {(id_, claim.twin_of): 1.0 for id_, claim in claims.items() if claim.twin_of}
    titles = {id_: claim.title for id_, claim in claims.items()}
    for first, second, _ in likeness.alike_titles(titles, vocabulary.ALIKE):
        pairs.setdefault((second, first) if (second, first) in pairs else (first, second), 0.0)
    for first, second in sorted(pairs):
        left, right = claims[first], claims[second]
        yield NearDuplicateRow(
            first,
            second,
            int(left.slug == right.slug),
            round(likeness.shared_words(left.title, right.title), 3),
            round(likeness.shared_lines(left.page.body, right.page.body), 3),
        )


def _similar_claims(base: _Base, duplicates: Iterable[NearDuplicateRow]) -> Iterator[SimilarClaimRow]:
    """Claims that share sources, neighbours or rare words with another and are not linked to it yet."""
    neighbours = _neighbours([*_claim_links(base), *((row.claim, row.other) for row in duplicates)])
    texts = {
        id_: f"{claim.title} {field(claim.page.fields, 'description') or ''}" for id_, claim in base.claims.items()
    }
    words = likeness.distinctive_words(texts)
    features = {
        id_: [
            *(("source", source) for source in sorted(base.sources.get(id_, ()))),
            *(("claim", neighbour) for neighbour in sorted(neighbours[id_])),
            *(("word", word) for word in words[id_]),
        ]
        for id_ in base.claims
    }
    apart = {id_: frozenset(others) for id_, others in neighbours.items()}
    rank = Counter[str]()
    least = _LEAST_LIKENESS * likeness.inverse_frequency(2, len(features) or 1)
    for id_, like in likeness.most_like(features, apart, least):
        rank[id_] += 1
        yield SimilarClaimRow(id_, rank[id_], like.other, like.score, _reason(like, base.titles))


def _reason(like: likeness.Like, titles: Mapping[str, str]) -> str:
    """Why two claims are alike, in words: what they share of each sort, two by name and the rest by number."""
    parts = []
    for sort, words in (("source", "both draw on"), ("claim", "both are linked with"), ("word", "both speak of")):
        shared = [f'"{titles[name]}"' if name in titles else name for found, name in like.shared if found == sort]
        if shared:
            more = f" and {len(shared) - 2} more" if len(shared) > 2 else ""
            parts.append(f"{words} {', '.join(shared[:2])}{more}")
    return "; ".join(parts)


def _vital_signs(base: _Base, metrics: Sequence[MetricRow]) -> Iterator[VitalSignRow]:
    groups: dict[str, list[MetricRow]] = defaultdict(list)
    for row in metrics:
        groups[base.claims[row.claim].domain or ""].append(row)
    scopes = [(None, list(metrics)), *((domain, groups[domain]) for domain in sorted(groups) if domain)]
    number = 0
    for domain, rows in scopes:
        for measure, value in _signs(base, rows).items():
            if value is not None:
                number += 1
                yield VitalSignRow(number, domain, measure, round(value, 4))


def _signs(base: _Base, rows: list[MetricRow]) -> dict[str, float | None]:
    rated = Counter(base.confidences[row.claim] for row in rows if row.claim in base.confidences)
    drawn_on = {source for row in rows for source in base.sources.get(row.claim, ())}
    degrees = [_degree(row) for row in rows]
    return {
        "claims": float(len(rows)),
        "linkage_density": _share(sum(degrees), len(rows)),
        "orphan_ratio": _share(sum(row.neighbours == 0 for row in rows), len(rows)),
        "sourced_share": _share(sum(row.sources > 0 for row in rows), len(rows)),
        "challenged_share": _share(sum(row.challenged_by + row.objections > 0 for row in rows), len(rows)),
        **{f"{name}_share": _share(rated[name], rated.total()) for name in vocabulary.CONFIDENCES},
        "overrated_share": _share(sum(row.overrated for row in rows), rated.total()),
        "median_age": _median(row.age for row in rows if row.age is not None),
        "evidence_age": _median(base.source_ages[source] for source in drawn_on if source in base.source_ages),
    }


def _degree(row: MetricRow) -> int:
    """How many arguments a claim takes part in."""
    outward = row.supports + row.challenges + row.rests_on + row.related
    return outward + row.supported_by + row.challenged_by + row.carries


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _median(numbers: Iterable[int]) -> float | None:
    known = list(numbers)
    return float(median(known)) if known else None
