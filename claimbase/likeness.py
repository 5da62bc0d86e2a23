"""Likeness: which titles, bodies and claims resemble each other, without comparing each with each."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from sys import intern
from typing import NamedTuple, TypeAlias
from zlib import crc32

from claimbase.slugs import words_of

Feature: TypeAlias = tuple[str, str]

# Of the claims that share a word, a source or a neighbour, at most this many are looked at: what more share is
# no sign of likeness, and the bound keeps the cost in line with the number of claims.
_MOST_HOLDERS = 24
_MOST_LIKE = 5
_WORDS_A_CLAIM = 6
_SHORTEST_WORD = 4
_FEW_WORDS = 2
# Digits of a fingerprint: two different lines have the same with a chance of 1 in four thousand million.
_PRINT = 8
# A source in common says more than a word or a neighbour in common.
_SORT_WEIGHTS = {"source": 2.0}


class Like(NamedTuple):
    """A claim that is like another: how much, and by which features they share."""

    other: str
    score: float
    shared: tuple[Feature, ...]


def alike_titles(titles: Mapping[str, str], least: float) -> Iterator[tuple[str, str, float]]:
    """Pairs of ids whose titles share at least the given part of their words (Jaccard), with that part.

    Of titles with the very same words each is paired with the first, and titles without a word with none. Two other
    sets that share so much must share one of their rarest words, so only those are looked up: the prefix filter of
    Chaudhuri, Ganti and Kaushik (2006), "A primitive operator for similarity joins in data cleaning".
    """
    words = {id_: _words(title) for id_, title in titles.items()}
    rarity = Counter(word for group in words.values() for word in group)
    holders: dict[str, list[str]] = defaultdict(list)
    same: dict[frozenset[str], str] = {}
    for id_ in sorted(words):
        if not words[id_]:
            continue
        if words[id_] in same:
            yield same[words[id_]], id_, 1.0
            continue
        same[words[id_]] = id_
        rarest = sorted(words[id_], key=lambda word: (rarity[word], word))
        prefix = rarest[: len(rarest) - math.ceil(least * len(rarest)) + 1]
        size = len(rarest)
        candidates = {
            other
            for word in prefix
            for other in holders[word][-_MOST_HOLDERS:]
            if least * size <= len(words[other]) <= size / least
        }
        for other in sorted(candidates):
            likeness = jaccard(words[id_], words[other])
            if likeness >= least:
                yield other, id_, likeness
        for word in prefix:
            holders[word].append(id_)


def shared_words(left: str, right: str) -> float:
    """The part of all words of two texts that both have, whatever their case and punctuation."""
    return jaccard(_words(left), _words(right))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """The part of all words of two sets that both have: 1 for equal sets, 0 for disjoint ones."""
    return len(left & right) / len(left | right) if left or right else 1.0


def line_prints(text: str) -> str:
    """A fingerprint for each line of a text that is not blank, one behind the other."""
    stripped = (line.strip() for line in text.split("\n"))
    return "".join([f"{crc32(line.encode()):08x}" for line in stripped if line])


def shared_prints(left: str, right: str) -> float:
    """The part of all lines of two texts that both have, told by their prints; 1 for equal texts."""
    mine, yours = (Counter(text[at : at + _PRINT] for at in range(0, len(text), _PRINT)) for text in (left, right))
    everything = (mine | yours).total()
    return (mine & yours).total() / everything if everything else 1.0


def distinctive_words(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The few words of each text that fewest others use, yet at least one other does."""
    # Of all words of a large base, tuples take up a tenth of what sets do.
    words = {id_: tuple(word for word in _words(text) if len(word) >= _SHORTEST_WORD) for id_, text in texts.items()}
    rarity = Counter(word for group in words.values() for word in group)
    shared = {id_: [word for word in group if 1 < rarity[word] <= _MOST_HOLDERS] for id_, group in words.items()}
    return {
        id_: tuple(sorted(group, key=lambda word: (rarity[word], word))[:_WORDS_A_CLAIM])
        for id_, group in shared.items()
    }


def most_like(
    features: Mapping[str, Sequence[Feature]],
    apart: Mapping[str, Collection[str]],
    least: float,
    some: Iterable[str] | None = None,
) -> Iterator[tuple[str, Like]]:
    """For each id the few others that share most with it, best first; `apart` names those that do not count.

    A feature is a sort and a name, such as ("source", "2020-a-paper"); it weighs the more, the fewer share it. Others
    must come to `least` in all. Where only `some` are asked for, they are compared with all others just the same.
    """
    held = _Held(features)
    numbers = range(len(held.ids)) if some is None else sorted(held.number[id_] for id_ in some)
    for number in numbers:
        id_ = held.ids[number]
        left_out = {id_, *apart.get(id_, ())}
        likely = [(-score, other) for other, score in held.scores(number).items() if score >= least]
        ranked = [(score, other) for score, other in sorted(likely) if held.ids[other] not in left_out]
        likes = (Like(held.ids[other], round(-score, 3), held.shared(number, other)) for score, other in ranked)
        for like in islice(filter(_is_telling, likes), _MOST_LIKE):
            yield id_, like


class _Held:
    """Who has which features, all by numbers: in a large base the ids themselves lie all over the memory."""

    def __init__(self, features: Mapping[str, Sequence[Feature]]) -> None:
        self.ids = sorted(features)
        self.number = {id_: number for number, id_ in enumerate(self.ids)}
        met: dict[Feature, int] = {}
        self._of_each = [[met.setdefault(feature, len(met)) for feature in features[id_]] for id_ in self.ids]
        self._features = list(met)
        self._holders: list[list[int]] = [[] for _ in met]
        for number, mine in enumerate(self._of_each):
            for feature in mine:
                self._holders[feature].append(number)
        self._weights = [
            _weight(feature, len(holders), len(features))
            for feature, holders in zip(self._features, self._holders, strict=True)
        ]

    def scores(self, number: int) -> dict[int, float]:
        """What all that one shares with each other comes to; this is the loop in which the time of an analysis goes."""
        scores: dict[int, float] = {}
        so_far = scores.get
        for feature in self._of_each[number]:
            weight = self._weights[feature]
            if weight:
                for other in self._holders[feature]:
                    scores[other] = so_far(other, 0.0) + weight
        return scores

    def shared(self, number: int, other: int) -> tuple[Feature, ...]:
        """The features that two have in common."""
        theirs = frozenset(self._of_each[other])
        return tuple([self._features[feature] for feature in self._of_each[number] if feature in theirs])


def _weight(feature: Feature, holders: int, everything: int) -> float:
    """What it weighs to share a feature; nothing where it is one's own or everybody's."""
    if not 1 < holders <= _MOST_HOLDERS:
        return 0.0
    return _SORT_WEIGHTS.get(feature[0], 1.0) * inverse_frequency(holders, everything)


def _is_telling(like: Like) -> bool:
    """Whether more than a word or two is shared: in a small base any word is rare."""
    return len(like.shared) > _FEW_WORDS or any(sort != "word" for sort, _ in like.shared)


def inverse_frequency(holders: int, everything: int) -> float:
    """How much it says to share what so many share (Spärck Jones 1972, with 1 added so that it stays above 0).

    Of how many there are in all, only the order counts, in powers of two: one more changes no weight of the others.
    """
    return math.log(1 + order_of(everything) / holders)


def order_of(count: int) -> int:
    """The smallest power of two that is no smaller than a count."""
    return 1 << max(0, count - 1).bit_length()


def _words(text: str) -> frozenset[str]:
    """The words of a text, each of which is kept once for all texts."""
    return frozenset(map(intern, words_of(text)))
