"""Names: whatever a reference finds, it asks for a key by which that is called."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimbase.names import asked, called
from claimbase.pipeline.understand import take_apart
from claimbase.records import Document, File, Link
from claimbase.resolve import resolve
from claimbase.settle import settle

NAMES = ["nap", "Nap", "NAP's", "straße", "STRASSE", "ﬁn", "Kelvin", "!", "睡", "_map", "beliefs", "..", "23.5 percent"]
LONG = ["one two three four five six", "One two three four five", "one two three four five seven eight", "a b c d e"]
FOLDERS = ["", "domains/a", "domains/b", "core/a", "inbox/archive", "agents/mara", "entities/x"]
PATHS = st.tuples(st.sampled_from(FOLDERS), st.sampled_from([*NAMES, *LONG])).map(
    lambda parts: "/".join(filter(None, parts)) + ".md"
)
LABELS = st.one_of(
    st.sampled_from(
        [*NAMES, *LONG, "a", "b", "one two three four", "../a/nap", "domains/a/nap.md", "a/../nap", "/", "./"]
    ),
    st.tuples(st.sampled_from([*FOLDERS, "..", ".", "../.."]), st.sampled_from(NAMES)).map("/".join),
    st.sampled_from(NAMES).map(lambda name: f"{name}#heading"),
    st.sampled_from([*NAMES, *LONG]).map(lambda name: f"{name} — a reason"),
)
LINES = st.one_of(
    LABELS.map("[[{}]]".format),
    LABELS.map("## Relevant notes\n- {}".format),
    LABELS.map("### 1. {}".format),
    LABELS.map("# {}".format),
)
TEXTS = st.tuples(
    st.sampled_from(["", "title: {}\n", "aliases: ['{}']\n", "supports: ['{}']\n", "claims_extracted: ['{}']\n"]),
    st.sampled_from([*NAMES, *LONG]),
    st.sampled_from(["", "created: 1999\n", "type: source\n", "domain: b\n"]),
    st.lists(LINES, max_size=3),
).map(lambda parts: f"---\n{parts[0].format(parts[1])}{parts[2]}---\n" + "\n".join(parts[3]))
BASES = st.dictionaries(PATHS, TEXTS, max_size=6)


def settled(files: dict[str, str]) -> dict[str, Document]:
    documents = (take_apart(File(path, text.encode(), None))[0] for path, text in sorted(files.items()))
    return {document.path: document for document in settle(documents)}


def answers(links: tuple[Link, ...], path: str) -> list[tuple[object, ...]]:
    """What the links of a document lead to, as far as they lead anywhere."""
    return [
        (link.reference, link.state, link.rule, link.target.id, link.target.kind, link.belief, link.candidates)
        for link in links
        if link.origin.path == path and link.target
    ]


@given(BASES)
def test_no_reference_finds_what_it_does_not_ask_for(files: dict[str, str]) -> None:
    documents = settled(files)
    for link in resolve(list(documents.values())):
        if link.target:
            assert asked(link.origin) & called(link.target)


@settings(max_examples=150)
@given(BASES, BASES, st.sets(PATHS, max_size=3))
@example({"a/x.md": "[[../]]"}, {"a.md": ""}, set())
@example({"a/x.md": "[[b/]]"}, {"a/b.md": ""}, set())
@example({"x.md": "[[strasse]]"}, {"straße.md": ""}, set())
@example({"x.md": "[[one two three four five]]"}, {"a.md": "---\ntitle: one two three four five six\n---\n"}, set())
def test_answers_change_only_for_those_that_ask_for_a_name_that_came_went_or_means_another(
    files: dict[str, str], coming: dict[str, str], going: set[str]
) -> None:
    before, after = settled(files), settled({path: files[path] for path in files.keys() - going} | coming)
    was, now = resolve(list(before.values())), resolve(list(after.values()))
    others = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    keys = {key for path in others for base in (before, after) if path in base for key in called(base[path])}
    for path in before.keys() & after.keys() - set(others):
        if asked(after[path]).isdisjoint(keys):
            assert answers(was, path) == answers(now, path)


@pytest.mark.parametrize(
    ("path", "text", "keys"),
    [
        ("domains/a/Short nights.md", "", {"short-nights", "/"}),
        (
            "domains/a/x.md",
            "---\ntitle: Why it is\naliases: [That, other]\n---\n# H",
            {"x", "why-it-is", "that", "other"},
        ),
        ("domains/a/one two three four five six.md", "", {"one-two-three-four-five", "one-two-three-four-five-six"}),
        ("domains/a/_map.md", "", {"a", "map", "domains/a/_map"}),
        ("agents/mara/beliefs.md", "### 1. Rest is work", {"beliefs", "rest-is-work"}),
    ],
)
def test_a_document_is_called_by_its_name_its_titles_and_what_opens_them(path: str, text: str, keys: set[str]) -> None:
    assert keys <= called(take_apart(File(path, text.encode(), None))[0])


@pytest.mark.parametrize(
    ("reference", "keys"),
    [
        ("[[Short nights]]", {"short-nights"}),
        ("[[Short nights#why]]", {"short-nights", "short-nights-why"}),
        ("[[domains/a/Short nights.md]]", {"domains-a-short-nights", "short-nights"}),
        ("[[_map]]", {"domains/a/_map"}),
        ("[[../..]]", {"", "/"}),
        ("nothing at all", set()),
    ],
)
def test_a_document_asks_for_every_reading_of_its_references(reference: str, keys: set[str]) -> None:
    assert asked(take_apart(File("domains/a/x.md", reference.encode(), None))[0]) == keys
