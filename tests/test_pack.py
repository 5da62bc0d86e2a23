"""Pack: what is unpacked is what was packed, to the order of keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from build import PROJECT
from claimbase.commits import read_commit
from claimbase.discover import discover, read
from claimbase.pack import head_of, pack, pack_commit, unpack, unpack_commits, unpack_heads
from claimbase.paths import printable
from claimbase.pipeline.understand import take_apart
from claimbase.records import (
    Belief,
    Block,
    Codex,
    Content,
    Difference,
    Differences,
    Document,
    Edit,
    File,
    Problem,
    Reference,
)

KB = Path(__file__).parent / "kb"

PATHS = st.sampled_from(
    [
        *("domains/sleep/a nap.md", "inbox/archive/2026-a.md", "agents/mara/beliefs.md", "entities/sleep/x.md"),
        *("agents/mara/positions/x.md", "domains/sleep/_map.md", "x.md", printable("\udcff.md"), "睡/眠.md"),
    ]
)
PIECES = st.sampled_from(
    [
        *("---", "type: claim", "z: 1", "a: true", "a: 1", "m: [1, true, null, '1', {k: [v]}]", "n: {b: {c: 2}, a: 1}"),
        *("confidence: likely", 'title: "\\ud800 \\udfff \\0"', "title: \u2028", "created: 2026-02-30", "- item"),
        *("supports: [a, '[[b|c]]', d — why]", "a: [b", "999999999999999: 999999999999999", "# Heading", "### 1. One"),
        *("### Additional Evidence (extend)", "*Source: [[a]] | Added: 2026*", "[x](%ed%a0%80.md)", "- [[a]] — why"),
        *("## Challenges", "in words", "", "```", "\ufeff", "\x85", "\x00", "ſ", "💤", "'\"\\"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("\n".join)
BYTES = st.one_of(
    st.binary(max_size=200),
    TEXTS.map(str.encode),
    TEXTS.map(lambda text: b"\xff\xfe" + text.encode("utf-16-le") + b"\x00\xd8"),
    TEXTS.map(lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()),
    st.tuples(TEXTS, st.binary(max_size=9)).map(lambda parts: parts[0].encode() + parts[1]),
)


def assert_comes_back(document: Document) -> None:
    """Whether a document survives: as equal, of the same types, its keys in the same order."""
    packed = pack(document)
    for text in packed:
        text.encode()
        assert "\n" not in text
    assert unpack(packed) == document
    assert repr(unpack(packed)) == repr(document)
    assert pack(unpack(packed)) == packed


def test_every_document_of_the_tiny_base_comes_back(codex: Codex) -> None:
    for document in codex.documents:
        assert_comes_back(document)


@pytest.mark.parametrize("root", [KB, PROJECT])
def test_every_file_comes_back_before_it_is_settled(root: Path) -> None:
    for file in read(root, discover(root)):
        assert_comes_back(take_apart(file)[0])


@given(PATHS, BYTES)
@example("domains/sleep/x.md", b'---\ntitle: "\\ud800"\n---\n')
@example("domains/sleep/x.md", b"\xff\xfe\x00\xd8")
@example("domains/sleep/x.md", b"\xed\xa0\x80")
def test_whatever_a_file_holds_its_document_comes_back(path: str, data: bytes) -> None:
    assert_comes_back(take_apart(File(path, data, None))[0])


def test_a_file_that_cannot_be_read_comes_back() -> None:
    assert_comes_back(take_apart(File("domains/sleep/x.md", b"", "No such file or directory"))[0])


def test_one_true_and_the_word_are_told_apart() -> None:
    text = b"---\na: 1\nb: true\nc: '1'\nd: 'true'\ne: null\nf: ''\ng: []\nh: {}\n---\n"
    fields = unpack(pack(take_apart(File("x.md", text, None))[0])).fields
    assert repr(fields) == "{'a': 1, 'b': True, 'c': '1', 'd': 'true', 'e': None, 'f': '', 'g': [], 'h': {}}"


def test_the_order_of_keys_is_told() -> None:
    one, other = (
        take_apart(File("x.md", text, None))[0] for text in (b"---\na: 1\nb: 2\n---\n", b"---\nb: 2\na: 1\n---\n")
    )
    assert one.fields == other.fields
    assert pack(one._replace(lines={}, sha256="")) != pack(other._replace(lines={}, sha256=""))


def test_what_is_unpacked_is_of_the_records_that_were_packed(codex: Codex) -> None:
    documents = [unpack(pack(document)) for document in codex.documents]
    contents = [document.content for document in documents]
    assert {type(content) for content in contents} == {Content}
    assert {type(item) for content in contents for item in content.references} == {Reference}
    assert {type(item) for content in contents for item in content.blocks} == {Block}
    assert {type(item) for content in contents for item in content.beliefs} == {Belief}
    assert {type(item) for document in documents for item in document.problems} == {Problem}


def test_a_head_is_what_is_unpacked_of_one(codex: Codex) -> None:
    for document in codex.documents:
        assert [head_of(document)] == list(unpack_heads([pack(document).head]))
    assert any(document.content.references for document in codex.documents)


def test_words_that_documents_share_are_kept_once() -> None:
    text = b"---\ntype: claim\nscope: of naps\n---\n## Relevant notes of this nap\n- [[a nap of an hour]]\n"
    plain = [take_apart(File(f"domains/naps in the sun/{name}.md", text, None))[0] for name in "ab"]
    paths = [f"domains/naps in the sun/{name}.md" for name in "ab"]
    shared = [unpack(pack(document), path) for document, path in zip(plain, paths, strict=True)]
    assert shared == plain
    assert shared[0].path is paths[0]
    (one,), (other,) = (document.content.references for document in shared)
    assert one.label is other.label
    assert one.section is other.section
    assert shared[0].folder is shared[1].folder
    assert shared[0].lines is shared[1].lines
    assert shared[0].fields["scope"] is shared[1].fields["scope"]


def test_it_is_json_that_runs_nothing() -> None:
    assert json.loads(pack(take_apart(File("x.md", b"text", None))[0]).head)[:3] == ["x", "x", "x"]


EDITS = st.builds(
    Edit,
    st.sampled_from(["created", "edited"]),
    st.text(),
    st.none() | st.text(),
    st.builds(
        Differences,
        st.lists(st.builds(Difference, st.text(), st.none() | st.text(), st.none() | st.text())).map(tuple),
        st.integers(),
        st.integers(),
    ),
)


@given(st.binary(), st.lists(st.text()).map(tuple), st.lists(EDITS).map(tuple))
def test_a_commit_comes_back_as_it_was(content: bytes, parents: tuple[str, ...], edits: tuple[Edit, ...]) -> None:
    commit = read_commit("0", parents, content)._replace(edits=edits)
    assert list(unpack_commits([pack_commit(commit)])) == [commit]
