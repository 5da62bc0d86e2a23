"""Suggest: the name a dead label may have meant, shown and never followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.pipeline.understand import take_apart
from claimbase.records import Document, File
from claimbase.settle import settle
from claimbase.suggest import LIKE_ENOUGH, Reconsidered, Suggester, slugs_of

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


LABELS = ["Naps help nurse", "short nights cost", "Queues form where", "naps", "a b c d", "Where nurses help naps"]
TITLES = ["Naps help nurses", "Short nights cost much", "Queues form where trust is missing", "naps", "a b c d e", ""]
BASES = st.dictionaries(st.sampled_from(["a", "b", "naps-help", "queues form"]), st.sampled_from(TITLES), max_size=4)


def documents(titles: dict[str, str]) -> list[Document]:
    texts = {f"domains/x/{name}.md": f"---\ntitle: {title}\n---\n" for name, title in titles.items()}
    return list(settle(take_apart(File(path, text.encode(), None))[0] for path, text in sorted(texts.items())))


@given(BASES, BASES, st.sampled_from(LABELS))
def test_a_suggestion_changes_only_where_it_is_reconsidered(
    was: dict[str, str], now: dict[str, str], label: str
) -> None:
    before, after = documents(was), documents(now)
    changed = set[str]()
    for one, other in ((before, after), (after, before)):
        changed |= {slug for document in one if document not in other for slug in slugs_of(document)}
    if Suggester(before).suggest(label) != Suggester(after).suggest(label):
        assert Reconsidered(after, changed).may_differ(label)


@pytest.mark.parametrize("many", [198, 199, 200, 201])
def test_a_word_that_becomes_too_common_is_reconsidered(many: int) -> None:
    common = {f"{number}": f"sleeplessness {number}" for number in range(many)}
    before, after = documents(common), documents(common | {"more": "sleeplessness and more of it all"})
    label = "sleeplesness 7"
    changed = slugs_of(next(document for document in after if document.name == "more"))
    if Suggester(before).suggest(label) != Suggester(after).suggest(label):
        assert Reconsidered(after, changed).may_differ(label)
