"""Suggest: what a dead label may have meant. A suggestion is shown to people and never followed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Protocol

from claimbase.slugs import slugify

LIKE_ENOUGH = 0.8
_SHORTLIST = 4
# A word that stands in more names than this tells nothing about which of them was meant.
_COMMON = 200
_STEM = 4
# Names that share fewer of the label's words are never alike enough; comparing letters is the costly part.
_SHARED = 0.4


class Named(Protocol):
    """Whatever may be suggested; a document is."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...


def slugs_of(document: Named) -> set[str]:
    """The slugs under which a document may be suggested."""
    return {document.slug, slugify(document.title)} - {""}


class Reconsidered:
    """Tells which labels may be given another suggestion, now that some names have come or gone.

    A name is no suggestion unless it shares enough of a label's words; and whether a word counts is told by how many
    names have it, which can only have changed for the words of those that have come or gone.
    """

    def __init__(self, documents: Iterable[Named], changed: Set[str]) -> None:
        self._documents = documents
        self._changed = [_words(slug) for slug in changed]
        self._is_at_the_limit: dict[str, bool] = {}

    def may_differ(self, label: str) -> bool:
        """Whether the suggestion for a label without an answer may be another than it was."""
        words = _words(slugify(label))
        enough = _SHARED * len(words)
        shared = [words & others for others in self._changed]
        return any(len(these) >= enough for these in shared) or any(map(self._counts_otherwise, set().union(*shared)))

    def _counts_otherwise(self, word: str) -> bool:
        """Whether so many names have a word that one more or less decides whether it counts."""
        if word not in self._is_at_the_limit:
            # A name that has a word holds it as text behind a hyphen, which is quicker found out.
            holders = sum(f"-{word}" in name and word in _words(name) for name in self._names)
            self._is_at_the_limit[word] = abs(holders - _COMMON) <= len(self._changed)
        return self._is_at_the_limit[word]

    @cached_property
    def _names(self) -> set[str]:
        return {f"-{slug}" for document in self._documents for slug in slugs_of(document)}


class Suggester:
    """Finds the name most like a label by comparing it with the few names that share its rarer words."""

    def __init__(self, documents: Iterable[Named]) -> None:
        self._documents = documents
        self._known: dict[tuple[str, frozenset[str]], str | None] = {}

    def suggest(self, label: str, kinds: frozenset[str] = frozenset()) -> str | None:
        """The title or file name most like the label, None where none is at least `LIKE_ENOUGH` alike.

        Where `kinds` are given, a document of another kind counts only if the label is its very name.
        """
        key = slugify(label), kinds
        if key not in self._known:
            self._known[key] = self._nearest(*key)
        return self._known[key]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Every slug with the kinds of the documents it names, and for each kind the name to show."""
        names: dict[str, dict[str, str]] = defaultdict(dict)
        for document in self._documents:
            names[document.slug].setdefault(document.kind, document.name)
            names[slugify(document.title)].setdefault(document.kind, document.title)
        names.pop("", None)
        return names

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = defaultdict(list)
        for slug in self._names:
            for word in _words(slug):
                words[word].append(slug)
        return words

    def _nearest(self, slug: str, kinds: frozenset[str]) -> str | None:
        shared: Counter[str] = Counter()
        words = _words(slug)
        for word in words:
            holders = self._by_word.get(word, [])
            if len(holders) <= _COMMON:
                shared.update(holders)
        enough = _SHARED * len(words)
        likely = sorted((-count, name) for name, count in shared.items() if count >= enough)
        fits = (name for _, name in likely if not kinds or kinds & self._names[name].keys() or name == slug)
        nearest = get_close_matches(slug, list(islice(fits, _SHORTLIST)), n=1, cutoff=LIKE_ENOUGH)
        return self._shown(nearest[0], kinds) if nearest else None

    def _shown(self, slug: str, kinds: frozenset[str]) -> str:
        names = self._names[slug]
        return next((name for kind, name in names.items() if kind in kinds), next(iter(names.values())))


def _words(slug: str) -> set[str]:
    """The words of a slug and their openings, so that a slip of the pen late in a word does not hide it."""
    words = set(slug.split("-"))
    return words | {word[:_STEM] for word in words}
