"""Settle: ids and twins of a whole base, which hang on the documents alone and not on how they came."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from claimbase.pipeline.understand import take_apart
from claimbase.records import Codex, Document, File
from claimbase.settle import settle

DATES = ["", "1999", "2026-01", "2026-01-01", "2026-02-30", "soon"]
NAMES = ["nap", "Nap", "nap-in-core-a", "nap-in-domains-a", "n'ap", "!", "睡", "_map", "beliefs"]
FOLDERS = ["domains/a", "domains/a b", "domains/a-b", "core/a", "inbox/archive", "entities/a", "agents/a", "x", ""]
PATHS = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map(
    lambda parts: "/".join(filter(None, parts)) + ".md"
)
FILES = st.dictionaries(PATHS, st.sampled_from(DATES), max_size=12)


def document(path: str, date: str) -> Document:
    return take_apart(File(path, f"---\ncreated: {date}\n---\n".encode() if date else b"", None))[0]


def settled(files: dict[str, str]) -> dict[str, Document]:
    return {found.path: found for found in settle(document(*item) for item in sorted(files.items()))}


def test_nothing_settles_to_nothing() -> None:
    assert settle([]) == ()


def test_a_document_alone_stays_the_one_it_is() -> None:
    only = document("domains/a/nap.md", "")
    assert settle([only])[0] is only


def test_settling_takes_what_comes_once() -> None:
    documents = iter([document("domains/a/nap.md", "2026"), document("core/a/nap.md", "2025")])
    assert [(found.id, found.twin_of) for found in settle(documents)] == [("nap-in-domains-a", "nap"), ("nap", None)]


def test_only_id_and_twin_are_settled(codex: Codex) -> None:
    for found in codex.documents:
        plain = found._replace(id="", twin_of=None)
        [alone] = settle([found._replace(twin_of=None)])
        assert alone._replace(id="", twin_of=None) == plain


def test_three_twins_name_the_oldest() -> None:
    files = {"domains/a/nap.md": "2026", "core/a/nap.md": "2024", "domains/b/nap.md": "2025"}
    found = [(path, each.id, each.twin_of) for path, each in settled(files).items()]
    assert found == [
        ("core/a/nap.md", "nap", None),
        ("domains/a/nap.md", "nap-in-domains-a", "nap"),
        ("domains/b/nap.md", "nap-in-domains-b", "nap"),
    ]


def test_a_twin_of_one_who_has_no_plain_id_names_the_id_it_has() -> None:
    files = {"inbox/archive/nap.md": "1999", "domains/a/nap.md": "2025", "core/a/nap.md": "2026"}
    found = {path: (each.id, each.twin_of) for path, each in settled(files).items()}
    assert found == {
        "inbox/archive/nap.md": ("nap", None),
        "domains/a/nap.md": ("nap-in-domains-a", None),
        "core/a/nap.md": ("nap-in-core-a", "nap-in-domains-a"),
    }


def test_when_the_oldest_goes_the_next_takes_its_id() -> None:
    files = {"domains/a/nap.md": "2026", "core/a/nap.md": "2024", "domains/b/nap.md": "2025"}
    del files["core/a/nap.md"]
    found = {path: (each.id, each.twin_of) for path, each in settled(files).items()}
    assert found == {"domains/a/nap.md": ("nap-in-domains-a", "nap"), "domains/b/nap.md": ("nap", None)}


@given(FILES)
def test_ids_are_unique_and_twins_are_there(files: dict[str, str]) -> None:
    found = settled(files).values()
    by_id = {each.id: each for each in found}
    assert len(by_id) == len(files)
    for each in found:
        if each.twin_of:
            senior = by_id[each.twin_of]
            assert (senior.kind, senior.slug, senior.twin_of) == (each.kind, each.slug, None)


@given(FILES)
def test_documents_keep_their_order(files: dict[str, str]) -> None:
    documents = [document(*item) for item in reversed(files.items())]
    assert [found.path for found in settle(documents)] == [each.path for each in documents]


@given(FILES, st.integers(0, 99))
def test_who_is_whose_twin_does_not_hang_on_the_order(files: dict[str, str], seed: int) -> None:
    documents = [document(*item) for item in sorted(files.items())]
    shuffled = random.Random(seed).sample(documents, len(documents))  # noqa: S311 - any order will do
    twins = [{each.path for each in settle(group) if each.twin_of} for group in (documents, shuffled)]
    assert twins[0] == twins[1]


def test_a_file_called_like_the_suffixed_id_of_an_older_twin_takes_it_not_away() -> None:
    before = {"domains/a/nap.md": "2024", "core/a/nap.md": "2025"}
    assert settled(before)["core/a/nap.md"].id == "nap-in-core-a"
    after = settled({**before, "domains/a/nap-in-core-a.md": "2026-01-01"})
    assert after["core/a/nap.md"].id == "nap-in-core-a"


@given(FILES, PATHS)
def test_no_file_that_is_added_with_its_date_moves_the_id_of_an_older_one(files: dict[str, str], path: str) -> None:
    before = {known: date for known, date in files.items() if known != path}
    after = settled({**before, path: "2027-01-01"})
    assert {known: after[known].id for known in before} == {known: each.id for known, each in settled(before).items()}
