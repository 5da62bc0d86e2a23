"""Look around: what there is beside the documents of a base, and how they came to be."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from claimbase.discover import ignore_rules, left_out, read
from claimbase.git import NoHistory, Repository, open_repository
from claimbase.paths import printable
from claimbase.pipeline.understand import as_it_stood
from claimbase.records import NO_COMMITS, History, Past, Recounted
from claimbase.recount import recount
from claimbase.trace import trace
from claimbase.vocabulary import WEIGHTS_FILE
from claimbase.weights import read_weights


class Surroundings(NamedTuple):
    """What there is beside the documents of a base: the repository it lies in, or why there is none, and its rules.

    These are what each role counts, and what is left out.
    """

    repository: Repository | None
    state: str
    weights: Mapping[str, float]
    ignoring: str

    @property
    def mark(self) -> str:
        """What tells these surroundings from others."""
        repository = self.repository
        place = (repository.prefix, repository.head, sorted(repository.shallow)) if repository else ()
        facts = self.state, place, sorted(self.weights.items()), self.ignoring
        return hashlib.sha256(repr(facts).encode()).hexdigest()


def look_around(root: Path) -> Surroundings:
    """What there is beside the documents of a base."""
    weights, rules = read_weights(next(iter(read(root, [WEIGHTS_FILE])))), ignore_rules(root)
    try:
        repository = open_repository(root)
    except NoHistory as error:
        return Surroundings(None, str(error), weights, rules)
    return Surroundings(repository, "shallow" if repository.shallow else "whole", weights, rules)


def read_past(root: Path, paths: Iterable[str], around: Surroundings, known: Recounted = NO_COMMITS) -> Past:
    """How the documents at these paths came to be; what is known of commits is not read again."""
    if around.repository is None:
        return Past(History(around.state), weights=around.weights, mark=around.mark)
    try:
        recounted = recount(around.repository, as_it_stood, known)
    except NoHistory as error:
        return Past(History(str(error)), weights=around.weights)
    return past_of(around, recounted, map(printable, paths))


def past_of(around: Surroundings, recounted: Recounted, paths: Iterable[str]) -> Past:
    """How the documents at these paths came to be, as commits that are known tell it."""
    history = trace(tuple(recounted.commits.values()), set(paths), left_out(around.ignoring), around.state)
    return Past(history, recounted, around.weights, around.mark)
