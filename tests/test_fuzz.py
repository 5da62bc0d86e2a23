"""Fuzz: a few thousand files changed at random keep what every base keeps."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.fuzz import Broken, Mutant, fault, fewest, mutants, mutate, originals, see

MUTANTS, SEED = 10_000, 20260214


def test_ten_thousand_mutants_are_documents_links_and_problems(tmp_path: Path) -> None:
    for batch in mutants(MUTANTS, SEED):
        see(batch, tmp_path / "base")


def test_a_seed_makes_the_same_mutants_again() -> None:
    assert next(mutants(50, 1)) == next(mutants(50, 1)) != next(mutants(50, 2))
    changed = [mutate(random.Random(number), originals(), number).data for number in range(50)]  # noqa: S311
    assert len(set(changed)) == 50


def test_what_breaks_something_is_told_from_all_that_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def see_no_evil(batch: list[Mutant], folder: Path) -> None:
        if any(b"evil" in mutant.data for mutant in batch):
            raise Broken("evil")

    monkeypatch.setattr("tests.fuzz.see", see_no_evil)
    batch = [Mutant(f"{number}.md", b"evil" if number == 37 else b"") for number in range(60)]
    assert isinstance(fault(batch, tmp_path), Broken)
    assert fewest(batch, tmp_path) == [batch[37]]
