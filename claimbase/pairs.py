"""Pairs: claims that contradict each other, repeat each other, or belong together and are not linked yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from typing import NamedTuple

from claimbase import likeness, vocabulary
from claimbase.records import ContradictionRow, Document, Holding, NearDuplicateRow, SimilarClaimRow
from claimbase.survey import Survey
from claimbase.values import field

# What two claims share must weigh more than one thing that only they share; a source weighs double.
_LEAST_LIKENESS = 1.25
# What a claim holds, in the order of `Holding`.
_SORTS = ("source", "claim", "word")


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


def compare_words(documents: Iterable[Document]) -> Wordings:
    """What comes of comparing the words of the claims among documents; heads are enough for it."""
    claims = {document.id: document for document in documents if document.kind == "claim"}
    duplicates = tuple(near_duplicates(claims))
    return Wordings(duplicates, likeness.distinctive_words({id_: wording(claim) for id_, claim in claims.items()}))


def near_duplicates(claims: Mapping[str, Document]) -> Iterator[NearDuplicateRow]:
    """Claims with nearly the same title, and twins whatever their titles, with how much of their bodies is the same."""
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
            _likeness_of_bodies(left, right),
        )


def compared_anew(claims: Mapping[str, Document], before: Iterable[NearDuplicateRow]) -> Iterator[NearDuplicateRow]:
    """The rows of claims that have the same titles as `before`, whatever has become of their bodies."""
    for row in before:
        yield row._replace(body_likeness=_likeness_of_bodies(claims[row.claim], claims[row.other]))


def _likeness_of_bodies(one: Document, other: Document) -> float:
    return round(likeness.shared_prints(one.content.prints, other.content.prints), 3)


class Wordings(NamedTuple):
    """What comes of comparing the words of claims alone: near-duplicates, and the rarer words of each."""

    duplicates: tuple[NearDuplicateRow, ...]
    words: Mapping[str, tuple[str, ...]]


class Before(NamedTuple):
    """What is known of a base before it changed.

    This is what its claims held, to be recalled where it is needed, its near-duplicates, and the ids that go by other
    titles now. `wordings` are those of the claims as they are now, and None where they are the same under the same
    names.
    """

    holdings: Callable[[], Mapping[str, Holding]]
    duplicates: tuple[NearDuplicateRow, ...]
    retitled: frozenset[str]
    wordings: Wordings | None


def wording(claim: Document) -> str:
    """What a claim says in short: the words by which it may be like others."""
    return f"{claim.title} {field(claim.fields, 'description') or ''}"


def holdings_of(base: Survey, wordings: Wordings) -> dict[str, Holding]:
    """What each claim of a base may share with others."""
    alike: dict[str, set[str]] = defaultdict(set)
    for row in wordings.duplicates:
        alike[row.claim].add(row.other)
        alike[row.other].add(row.claim)
    return {
        id_: Holding(
            tuple(sorted(base.bonds.sources.get(id_, ()))),
            tuple(sorted({*base.neighbours.get(id_, ()), *alike.get(id_, ())})),
            wordings.words[id_],
        )
        for id_ in base.claims
    }


def held_otherwise(before: Mapping[str, Holding], after: Mapping[str, Holding | None]) -> dict[str, Holding | None]:
    """What the claims hold now that held something else before; None for those that are no more."""
    return {id_: after.get(id_) for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}


def likened_otherwise(
    before: Mapping[str, Holding], after: Mapping[str, Holding], changed: Set[str], retitled: Set[str]
) -> Iterable[str]:
    """The claims that may be like others than they were.

    These are those that have `changed` what they hold, and those that hold what others have gained or lost, or what
    goes by another title; all, where so many claims have come or gone that everything weighs otherwise.
    """
    if likeness.order_of(len(before)) != likeness.order_of(len(after)):
        return after
    nothing = Holding((), (), ())
    sources, claims, words = set(retitled), set(retitled), set[str]()
    for id_ in changed:
        old, new = before.get(id_, nothing), after.get(id_, nothing)
        sources |= {*old.sources} ^ {*new.sources}
        claims |= {*old.claims} ^ {*new.claims}
        words |= {*old.words} ^ {*new.words}
    return (changed & after.keys()) | _holding(after, sources, claims, words)


def similar_claims(
    holdings: Mapping[str, Holding], titles: Mapping[str, str], some: Iterable[str]
) -> Iterator[SimilarClaimRow]:
    """Claims that share sources, neighbours or rare words with some and are not linked to them yet."""
    linked = {id_: holdings[id_].claims for id_ in some}
    features = _features(holdings, linked)
    rank = Counter[str]()
    least = _LEAST_LIKENESS * likeness.inverse_frequency(2, len(features) or 1)
    for id_, like in likeness.most_like(features, linked, least, linked):
        rank[id_] += 1
        yield SimilarClaimRow(id_, rank[id_], like.other, like.score, _reason(like, titles))


def _features(holdings: Mapping[str, Holding], some: Collection[str]) -> dict[str, list[likeness.Feature]]:
    """What claims may have in common with some of them; the rest that they hold plays no part."""
    parts = [{name for id_ in some for name in holdings[id_][part]} for part in range(len(_SORTS))]
    # Most features are those of many claims; each is kept once.
    met: dict[likeness.Feature, likeness.Feature] = {}
    return {
        id_: [
            met.setdefault(pair, pair)
            for sort, names, shared in zip(_SORTS, held, parts, strict=True)
            for pair in [(sort, name) for name in names if name in shared]
        ]
        for id_, held in holdings.items()
    }


def _holding(holdings: Mapping[str, Holding], sources: Set[str], claims: Set[str], words: Set[str]) -> set[str]:
    """The claims that hold any of these."""
    return {
        id_
        for id_, held in holdings.items()
        if not (sources.isdisjoint(held.sources) and claims.isdisjoint(held.claims) and words.isdisjoint(held.words))
    }


def _reason(like: likeness.Like, titles: Mapping[str, str]) -> str:
    """Why two claims are alike, in words: what they share of each sort, two by name and the rest by number."""
    parts = []
    for sort, words in (("source", "both draw on"), ("claim", "both are linked with"), ("word", "both speak of")):
        shared = [name if sort == "word" else f'"{titles[name]}"' for found, name in like.shared if found == sort]
        if shared:
            more = f" and {len(shared) - 2} more" if len(shared) > 2 else ""
            parts.append(f"{words} {', '.join(shared[:2])}{more}")
    return "; ".join(parts)
