"""Suggest: the name a dead label may have meant, shown and never followed."""

from __future__ import annotations

import pytest

from claimbase.pipeline import take_apart
from claimbase.records import File
from claimbase.settle import settle
from claimbase.suggest import LIKE_ENOUGH, Suggester

FILES = {
    "domains/sleep/Naps help nurses.md": "",
    "domains/sleep/short-nights.md": "---\ntitle: Short nights cost much\n---\n",
    "agents/rio/Rio positions.md": "",
    "domains/sleep/睡眠.md": "",
}


def suggester(files: dict[str, str]) -> Suggester:
    return Suggester(list(settle(take_apart(File(path, text.encode(), None))[0] for path, text in files.items())))


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("Naps help nurse", "Naps help nurses"),
        ("naps-helps-nurses", "Naps help nurses"),
        ("Naps hepl nurses", "Naps help nurses"),
        ("The naps help nurses", "Naps help nurses"),
        ("Short nights cost mch", "Short nights cost much"),
        ("short night", "short-nights"),
        ("leo positions", "Rio positions"),
    ],
)
def test_a_slip_of_the_pen_is_recognised(label: str, meant: str) -> None:
    assert suggester(FILES).suggest(label) == meant


@pytest.mark.parametrize("label", ["Naps", "Nurses help", "Bridges fail by resonance", "", "!!!", "昼寝", "s" * 10_000])
def test_what_is_not_alike_has_no_suggestion(label: str) -> None:
    assert suggester(FILES).suggest(label) is None


@pytest.mark.parametrize(
    ("label", "kinds", "meant"),
    [
        ("Naps help nurse", {"claim"}, "Naps help nurses"),
        ("Naps help nurse", {"source", "claim"}, "Naps help nurses"),
        ("Naps help nurse", {"entity"}, None),
        ("naps-help-nurses", {"entity"}, "Naps help nurses"),
    ],
)
def test_a_field_has_suggestions_of_its_own_kinds_and_the_very_name(
    label: str, kinds: set[str], meant: str | None
) -> None:
    assert suggester(FILES).suggest(label, frozenset(kinds)) == meant


def test_an_empty_base_suggests_nothing() -> None:
    assert suggester({}).suggest("Naps help nurses") is None


def test_the_same_question_has_the_same_answer() -> None:
    asked = suggester(FILES)
    assert [asked.suggest("Naps help nurse") for _ in range(3)] == ["Naps help nurses"] * 3


def test_a_word_that_is_everywhere_does_not_make_two_names_alike() -> None:
    files = {f"domains/sleep/sleep {number:03}.md": "" for number in range(300)}
    assert suggester(files).suggest("sleep abc") is None


def test_being_alike_has_a_measure() -> None:
    assert 0.7 < LIKE_ENOUGH < 1
