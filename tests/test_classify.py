"""Classify: what each document is, what it is called, and an id that lasts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.classify import classify
from claimbase.parse import parse
from claimbase.records import Document, File
from claimbase.settle import settle


def documents(files: dict[str, str]) -> dict[str, Document]:
    pages = [parse(File(path, text.encode(), None)) for path, text in sorted(files.items())]
    return {document.path: document for document in settle(map(classify, pages))}


def ids(files: dict[str, str]) -> dict[str, str]:
    return {path: document.id for path, document in documents(files).items()}


def only(path: str, text: str = "") -> Document:
    return documents({path: text})[path]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Stated\nname: Named\n---\n# Headed", "Stated"),
        ("---\nname: Named\n---\n# Headed", "Named"),
        ("---\ntitle:\n---\n# Headed", "Headed"),
        ("---\ntype: claim\n---\nText.", "23.5 percent of naps"),
        ("---\ntitle: 2026\n---\n", "2026"),
    ],
)
def test_the_title_is_stated_or_the_heading_or_the_file_name(text: str, title: str) -> None:
    assert only("domains/sleep/23.5 percent of naps.md", text).title == title


@pytest.mark.parametrize(
    ("path", "text", "domain"),
    [
        ("domains/sleep/a.md", "---\ndomain: sleep\n---\n", "sleep"),
        ("domains/sleep/a.md", "---\ndomain: Bridges and roads\n---\n", "bridges-and-roads"),
        ("domains/sleep/a.md", "", "sleep"),
        ("domains/Sleep & Rest/a.md", "", "sleep-rest"),
        ("domains/睡眠/a.md", "", "domain-01324e54"),
        ("domains/sleep/a.md", "---\ndomain: a sentence that says too many words for a name\n---\n", "sleep"),
        ("inbox/archive/a.md", "", None),
        ("inbox/archive/a.md", "---\ndomain: sleep\n---\n", "sleep"),
        ("domains/a.md", "", None),
    ],
)
def test_the_domain_is_stated_or_the_folder(path: str, text: str, domain: str | None) -> None:
    assert only(path, text).domain == domain


@pytest.mark.parametrize(
    ("path", "id_"),
    [
        ("domains/sleep/Naps help.md", "naps-help"),
        ("domains/sleep/naps-help.md", "naps-help"),
        ("domains/sleep/$430M is spent.md", "430m-is-spent"),
        ("domains/sleep/23.5 percent.md", "23-5-percent"),
        ("domains/sleep/Träume.md", "traume"),
        ("inbox/archive/deep/2026-01-01-a.md", "2026-01-01-a"),
        ("entities/sleep/Drowsy Labs.md", "drowsy-labs"),
        ("agents/mara/beliefs.md", "agents-mara-beliefs"),
        ("domains/sleep/_map.md", "domains-sleep-map"),
        ("README.md", "readme"),
    ],
)
def test_the_id_of_claims_sources_and_entities_is_their_name_and_of_others_their_path(path: str, id_: str) -> None:
    assert only(path).id == id_


def test_an_id_is_never_cut() -> None:
    assert only(f"domains/sleep/{'long ' * 48}name.md").id == "long-" * 48 + "name"


def test_a_name_without_a_letter_gets_an_id_that_stays() -> None:
    one = only("domains/sleep/睡眠.md")
    assert re.fullmatch(r"untitled-[0-9a-f]{8}", one.id)
    assert one.id == ids({"domains/sleep/睡眠.md": "changed", "domains/sleep/昼寝.md": ""})["domains/sleep/睡眠.md"]


def test_twins_are_told_apart_by_their_folder_and_the_older_keeps_the_name() -> None:
    found = documents(
        {
            "core/coordination/Rest.md": "---\ncreated: 2026-02-01\n---\n",
            "domains/sleep/Rest.md": "---\ncreated: 2026-01-01\n---\n",
            "foundations/attention/rest.md": "---\ncreated: 2026-02\n---\n",
        }
    )
    assert [(document.id, document.twin_of) for document in found.values()] == [
        ("rest-in-core-coordination", "rest"),
        ("rest", None),
        ("rest-in-foundations-attention", "rest"),
    ]


def test_names_that_differ_by_case_in_one_folder_are_twins_too() -> None:
    found = ids({"domains/sleep/Rest.md": "", "domains/sleep/rest.md": "", "domains/sleep/rest!.md": ""})
    assert found["domains/sleep/Rest.md"] == "rest"
    assert found["domains/sleep/rest!.md"] == "rest-in-domains-sleep"
    assert re.fullmatch(r"rest-in-domains-sleep-[0-9a-f]{8}", found["domains/sleep/rest.md"])


def test_a_claim_keeps_the_name_it_shares_with_a_source_of_its_day_and_they_are_no_twins() -> None:
    text = "---\n{}: 2026-01-01\n---\n"
    found = documents(
        {
            "inbox/archive/naps.md": text.format("date"),
            "domains/sleep/naps.md": text.format("created"),
            "entities/x/naps.md": text.format("created"),
        }
    )
    assert {path: (document.id, document.twin_of) for path, document in found.items()} == {
        "domains/sleep/naps.md": ("naps", None),
        "inbox/archive/naps.md": ("naps-in-inbox-archive", None),
        "entities/x/naps.md": ("naps-in-entities-x", None),
    }


def test_an_older_source_keeps_the_name_it_shares_with_a_claim() -> None:
    found = ids(
        {
            "inbox/archive/naps.md": "---\ndate: 2020-01-01\n---\n",
            "domains/sleep/naps.md": "---\ncreated: 2026-01-01\n---\n",
        }
    )
    assert found == {"inbox/archive/naps.md": "naps", "domains/sleep/naps.md": "naps-in-domains-sleep"}


def test_a_file_without_a_date_is_older_than_any() -> None:
    found = ids({"domains/a/naps.md": "---\ncreated: 2020-01-01\n---\n", "domains/z/naps.md": ""})
    assert found == {"domains/a/naps.md": "naps-in-domains-a", "domains/z/naps.md": "naps"}


def test_files_of_other_kinds_have_no_twins() -> None:
    found = documents({"agents/mara/beliefs.md": "", "agents/otto/beliefs.md": ""})
    assert [document.twin_of for document in found.values()] == [None, None]


def test_documents_come_in_the_order_of_their_pages() -> None:
    pages = [parse(File(path, b"", None)) for path in ("b.md", "a.md", "c.md")]
    assert [document.path for document in settle(map(classify, pages))] == ["b.md", "a.md", "c.md"]


@pytest.mark.parametrize(
    "added",
    [
        ("domains/sleep/new.md", ""),
        ("foundations/attention/Rest.md", "---\ncreated: 2026-03-01\n---\n"),
        ("inbox/archive/rest.md", "---\ndate: 2026-05-01\n---\n"),
        ("agents/mara/rest.md", ""),
    ],
)
def test_a_file_that_is_added_moves_no_id(added: tuple[str, str]) -> None:
    before = {
        "domains/sleep/Rest.md": "---\ncreated: 2026-01-01\n---\n",
        "core/coordination/Rest.md": "---\ncreated: 2026-02-01\n---\n",
        "inbox/archive/2026-01-01-a.md": "",
    }
    after = ids({**before, added[0]: added[1]})
    assert {path: after[path] for path in before} == ids(before)


@pytest.mark.parametrize(
    ("there", "added"),
    [
        (("domains/sleep/naps.md", ""), ("domains/a/naps.md", "---\ncreated: 2026-01-01\n---\n")),
        (("inbox/archive/naps.md", ""), ("domains/sleep/naps.md", "---\ncreated: 2026-01-01\n---\n")),
        (
            ("inbox/archive/naps.md", "---\ndate: 2025-01-01\n---\n"),
            ("core/a/naps.md", "---\ncreated: 2026-01-01\n---\n"),
        ),
    ],
)
def test_no_file_that_is_added_with_its_date_takes_an_id_away(there: tuple[str, str], added: tuple[str, str]) -> None:
    assert ids(dict([there, added]))[there[0]] == ids(dict([there]))[there[0]]


_PATHS = st.lists(
    st.tuples(
        st.sampled_from(["domains/a", "domains/a b", "core/a", "inbox/archive", "entities/a", "agents/a", "x", ""]),
        st.sampled_from(["Nap", "nap", "nap-in-core-a", "n'ap", "!", "?", "_map", "beliefs", "a nap", "睡"]),
    ).map(lambda parts: "/".join(filter(None, parts)) + ".md"),
    unique=True,
    max_size=12,
)


@given(_PATHS)
def test_ids_are_unique_and_plain_whatever_the_names(paths: list[str]) -> None:
    found = list(ids(dict.fromkeys(paths, "")).values())
    assert len(set(found)) == len(paths)
    assert all(re.fullmatch(r"[a-z0-9-]+", id_) for id_ in found)


@given(_PATHS)
def test_a_twin_names_the_id_of_a_document_of_its_kind(paths: list[str]) -> None:
    found = documents(dict.fromkeys(paths, ""))
    by_id = {document.id: document for document in found.values()}
    for document in found.values():
        if document.twin_of:
            assert by_id[document.twin_of].kind == document.kind
            assert by_id[document.twin_of].twin_of is None
