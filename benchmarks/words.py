"""Words: invented prose in the proportions of real texts, drawn in bulk."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable
from itertools import accumulate

# How many words have so many syllables.
_LENGTHS = ((1, 150), (2, 8_000), (3, 22_000))
_SHARED = 400
_SLOTS = 65_536
# Without it one word in eleven would be the first (Mandelbrot 1953).
_FLATTENING = 1.7
_CONSONANTS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "sh")
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in ("a", "e", "i", "o", "u")]
_ENDINGS = ("", "", "", "", "", "n", "r", "s", "s", "ed", "ing", "tion", "al", "ly")
# How the words of a running text are set, by the part of all words that are set so: sentences of about sixteen words,
# and one word in twenty-five with punctuation beyond ASCII.
_SETTINGS = (
    (0.060, "{0}. {1}"),
    (0.070, "{2},"),
    (0.014, "— {2}"),
    (0.006, "“{2} {3}”"),
    (0.010, "{2}’s"),
    (0.003, "{2}…"),
    (0.003, "{2}é"),
    (0.010, "{4}"),
    (0.004, "({2} {3})"),
)


class Words:
    """Words drawn as in real texts: the n-th most common occurs in proportion to 1/n (Zipf 1935).

    Every topic has the few hundred commonest words in common with the others, and ranks the rest in its own order.
    """

    def __init__(self, chance: random.Random, topics: Iterable[str]) -> None:
        self._chance = chance
        words = _vocabulary(chance)
        weights = list(accumulate(1 / (rank + _FLATTENING) for rank in range(1, len(words) + 1)))
        # Sixteen random bits choose a slot, many at a time, and a word has as many slots as it is common.
        ranks = chance.choices(range(len(words)), cum_weights=weights, k=_SLOTS)
        topics = list(topics)
        step = (len(words) - _SHARED) // len(topics)
        self._plain = {
            topic: _ranked(ranks, words[:_SHARED], words[_SHARED + number * step :] + words[_SHARED:])
            for number, topic in enumerate(topics)
        }
        order = chance.sample(range(_SLOTS), int(_SLOTS * sum(share for share, _ in _SETTINGS)))
        self._set = {topic: _typeset(slots, order) for topic, slots in self._plain.items()}

    def take(self, topic: str, number: int) -> list[str]:
        """So many words of a topic."""
        return list(map(self._plain[topic].__getitem__, self._draw(number)))

    def name(self, topic: str, number: int) -> str:
        """So many words of a topic, each capitalised."""
        return " ".join(self.take(topic, number)).title()

    def sentence(self, topic: str) -> str:
        """A sentence without punctuation inside."""
        return " ".join(self.take(topic, 8 + int(self._chance.random() * 14))).capitalize() + "."

    def paragraph(self, topic: str, number: int) -> str:
        """Sentences of a topic with so many words in all."""
        slots = self._set[topic]
        text = " ".join(map(slots.__getitem__, self._draw(number)))
        return text[:1].upper() + text[1:] + "."

    def prose(self, topic: str, number: int) -> list[str]:
        """Paragraphs of a topic with about so many words in all."""
        sizes = []
        while number > 0:
            sizes.append(min(number, 50 + int(self._chance.random() * 90)))
            number -= sizes[-1]
        return [self.paragraph(topic, size) for size in sizes]

    def _draw(self, number: int) -> tuple[int, ...]:
        return struct.unpack(f"<{number}H", self._chance.randbytes(2 * number))


def _vocabulary(chance: random.Random) -> list[str]:
    """Invented words, the commonest first: common words are short, as Zipf saw too."""
    words: dict[str, None] = {}
    for syllables, number in _LENGTHS:
        kinds = len(_ENDINGS) * len(_SYLLABLES) ** syllables
        words |= dict.fromkeys(_word(drawn, syllables) for drawn in chance.sample(range(kinds), number))
    return list(words)


def _word(number: int, syllables: int) -> str:
    """The word that has this number among all that can be made of so many syllables and an ending."""
    number, ending = divmod(number, len(_ENDINGS))
    word = ""
    for _ in range(syllables):
        number, syllable = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
    return word + _ENDINGS[ending]


def _ranked(ranks: list[int], shared: list[str], own: list[str]) -> list[str]:
    words = shared + own
    return [words[rank] for rank in ranks]


def _typeset(slots: list[str], order: list[int]) -> list[str]:
    """The slots with punctuation at the places given, so that words drawn from them one by one make sentences."""
    ready = slots.copy()
    places = iter(order)
    for share, setting in _SETTINGS:
        for _ in range(int(len(slots) * share)):
            place = next(places)
            other = slots[place - 1]
            year = str(1950 + place % 77)
            ready[place] = setting.format(slots[place], other.capitalize(), slots[place], other, year)
    return ready
