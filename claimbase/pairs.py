"""Pairs: claims that contradict each other, repeat each other, or belong together and are not linked yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

from claimbase import likeness, vocabulary
from claimbase.records import ContradictionRow, NearDuplicateRow, SimilarClaimRow
from claimbase.survey import Survey, neighbours
from claimbase.values import field

# What two claims share must weigh more than one thing that only they share; a source weighs double.
_LEAST_LIKENESS = 1.25


def contradictions(base: Survey) -> Iterator[ContradictionRow]:
    """Pairs that do not go together: one both supports and challenges the other, or both are rated likely or better."""
    supported = {frozenset((row.from_claim, row.to_claim)) for row in base.arguments if row.relation == "supports"}
    found = set()
    for row in base.arguments:
        pair = frozenset((row.from_claim, row.to_claim))
        if row.relation == "challenges":
            rated = [vocabulary.RANKS[base.confidences[id_]] for id_ in pair if id_ in base.confidences]
            if pair in supported:
                found.add((row.from_claim, row.to_claim, "mixed", row.asserted))
            if len(rated) == 2 and min(rated) >= vocabulary.CONFIDENT:
                found.add((row.from_claim, row.to_claim, "rated", row.asserted))
    for number, contradiction in enumerate(sorted(found), 1):
        yield ContradictionRow(number, *contradiction)


def near_duplicates(base: Survey) -> Iterator[NearDuplicateRow]:
    """Claims with nearly the same title, and twins whatever their titles, with how much of their bodies is the same."""
    claims = base.claims
    pairs = {(id_, claim.twin_of) for id_, claim in claims.items() if claim.twin_of}
    titles = {id_: claim.title for id_, claim in claims.items()}
    for first, second, _ in likeness.alike_titles(titles, vocabulary.ALIKE):
        if (second, first) not in pairs:
            pairs.add((first, second))
    for first, second in sorted(pairs):
        left, right = claims[first], claims[second]
        yield NearDuplicateRow(
            first,
            second,
            int(left.slug == right.slug != ""),
            round(likeness.shared_words(left.title, right.title), 3),
            round(likeness.shared_prints(left.content.prints, right.content.prints), 3),
        )


def similar_claims(base: Survey, duplicates: Iterable[NearDuplicateRow]) -> Iterator[SimilarClaimRow]:
    """Claims that share sources, neighbours or rare words with another and are not linked to it yet."""
    linked = neighbours([*base.bonds.claim_links, *((row.claim, row.other) for row in duplicates)])
    texts = {id_: f"{claim.title} {field(claim.fields, 'description') or ''}" for id_, claim in base.claims.items()}
    words = likeness.distinctive_words(texts)
    # Most features are those of many claims; each is kept once.
    met: dict[likeness.Feature, likeness.Feature] = {}
    features = {
        id_: [met.setdefault(feature, feature) for feature in _features(base, linked, words, id_)]
        for id_ in base.claims
    }
    rank = Counter[str]()
    least = _LEAST_LIKENESS * likeness.inverse_frequency(2, len(features) or 1)
    for id_, like in likeness.most_like(features, linked, least):
        rank[id_] += 1
        yield SimilarClaimRow(id_, rank[id_], like.other, like.score, _reason(like, base.titles))


def _features(
    base: Survey, linked: Mapping[str, Set[str]], words: Mapping[str, Iterable[str]], id_: str
) -> Iterator[likeness.Feature]:
    yield from (("source", source) for source in sorted(base.bonds.sources.get(id_, ())))
    yield from (("claim", neighbour) for neighbour in sorted(linked[id_]))
    yield from (("word", word) for word in words[id_])


def _reason(like: likeness.Like, titles: Mapping[str, str]) -> str:
    """Why two claims are alike, in words: what they share of each sort, two by name and the rest by number."""
    parts = []
    for sort, words in (("source", "both draw on"), ("claim", "both are linked with"), ("word", "both speak of")):
        shared = [name if sort == "word" else f'"{titles[name]}"' for found, name in like.shared if found == sort]
        if shared:
            more = f" and {len(shared) - 2} more" if len(shared) > 2 else ""
            parts.append(f"{words} {', '.join(shared[:2])}{more}")
    return "; ".join(parts)
