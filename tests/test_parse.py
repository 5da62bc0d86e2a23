"""Parse: front matter and body of every file, however it was written; nothing is lost and every fault has its line."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimbase.parse import parse
from claimbase.records import File, Page, Value

PATH = "domains/sleep/naps.md"


def page(text: str | bytes) -> Page:
    return parse(File(PATH, text.encode() if isinstance(text, str) else text, None))


def faults(found: Page) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in found.problems]


def test_a_whole_file_is_taken_apart() -> None:
    text = "---\ntype: claim\nrelated:\n  - a\n---\n\n# Naps help\n\nThey do.\n"
    assert page(text) == Page(
        path=PATH,
        size=len(text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        reading="whole",
        fields={"type": "claim", "related": ["a"]},
        lines={"type": 2, "related": 3, "related[0]": 4},
        body="# Naps help\n\nThey do.",
        body_line=7,
        heading="Naps help",
        problems=(),
    )


@pytest.mark.parametrize(
    ("text", "fields", "body", "body_line"),
    [
        ("---\na: b\n---\nbody", {"a": "b"}, "body", 4),
        ("---\na: b\n...\nbody", {"a": "b"}, "body", 4),
        ("---\r\na: b\r\n---\r\nbody\r\nmore", {"a": "b"}, "body\nmore", 4),
        ("---\ra: b\r---\rbody", {"a": "b"}, "body", 4),
        ("\ufeff---\na: b\n---\nbody", {"a": "b"}, "body", 4),
        ("\ufeff---\r\na: b\r\n...\r\n\r\nbody", {"a": "b"}, "body", 5),
        ("-----\na: b\n----\nbody", {"a": "b"}, "body", 4),
        ("--- \t\na: b\n---\t \nbody", {"a": "b"}, "body", 4),
        ("---\na: b\n---", {"a": "b"}, "", 3),
        ("---\na: b\n---\n\n---\n\nbody\n\n---\n", {"a": "b"}, "---\n\nbody\n\n---", 5),
        ("---\na: b\n---\n    code first", {"a": "b"}, "    code first", 4),
        ('---\na: "b\n  --- c"\n---\nbody', {"a": "b --- c"}, "body", 5),
    ],
)
def test_front_matter_ends_at_its_fence(text: str, fields: dict[str, Value], body: str, body_line: int) -> None:
    found = page(text)
    assert (found.reading, found.fields, found.body, found.body_line) == ("whole", fields, body, body_line)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "body", "body_line"),
    [
        ("", "", 1),
        ("\n\nbody\n", "body", 3),
        ("---\n---\nbody", "body", 3),
        ("---\n\n---\nbody", "body", 4),
        ("---\n# a remark\n---\nbody", "---\n# a remark\n---\nbody", 1),
        ("\n---\na: b\n---\nbody", "---\na: b\n---\nbody", 2),
        ("---\n\nA rule, then prose.\n", "---\n\nA rule, then prose.", 1),
        ("---\n\nA rule.\n\n---\n\nAnother: yes.\n", "---\n\nA rule.\n\n---\n\nAnother: yes.", 1),
        ("---\n\n# A heading\n\nkey: value\n", "---\n\n# A heading\n\nkey: value", 1),
        ("---\n- a\n- b\n---\nbody", "---\n- a\n- b\n---\nbody", 1),
        ("---", "---", 1),
        ("--- a: b\n---\n", "--- a: b\n---", 1),
    ],
)
def test_a_file_without_front_matter_is_all_body(text: str, body: str, body_line: int) -> None:
    found = page(text)
    assert (found.reading, found.fields, found.body, found.body_line) == ("none", {}, body, body_line)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "fields", "lines"),
    [
        ("**Confidence**: experimental\n\nText.", {"confidence": "experimental"}, {"confidence": 1}),
        ("**Confidence:** likely", {"confidence": "likely"}, {"confidence": 1}),
        ("\n# Title\n\n**Domain**: health\n", {"domain": "health"}, {"domain": 4}),
        ("**Type**: claim\n**Mood**: cheerful\n**Url**: x", {"type": "claim", "url": "x"}, {"type": 1, "url": 3}),
    ],
)
def test_bold_lines_stand_for_absent_front_matter(text: str, fields: dict[str, Value], lines: dict[str, int]) -> None:
    found = page(text)
    assert (found.reading, found.fields, found.lines) == ("recovered", fields, lines)
    assert found.body == text.strip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "Some prose.\n**Confidence**: likely",
        "## Part\n**Confidence**: likely",
        "```\n**Confidence**: likely\n```",
        "**confidence**: likely",
        "**Confidence** likely",
        "**Confidence**:",
        "---\n\n**Confidence**: likely",
    ],
)
def test_bold_lines_elsewhere_are_prose(text: str) -> None:
    assert page(text).fields == {}


def test_an_evidence_block_pasted_into_the_front_matter_is_body() -> None:
    found = page(
        "---\ntype: claim\ntags:\n- a\n### Additional Evidence (extend)\n*Source: [[s]]*\n\nText.\n---\n\n# Title\n"
    )
    assert found.fields == {"type": "claim", "tags": ["a"]}
    assert found.body == "### Additional Evidence (extend)\n*Source: [[s]]*\n\nText.\n\n\n# Title"
    assert (found.reading, found.body_line, found.heading) == ("recovered", 5, "Title")
    assert faults(found) == [("unclosed-front-matter", 5)]


@pytest.mark.parametrize(
    ("text", "fields", "body", "body_line", "problems"),
    [
        ("---\na: b\n\nProse.\n", {"a": "b"}, "Prose.", 4, [("unclosed-front-matter", 4)]),
        ("---\na: b\nProse: is prose\n", {"a": "b", "Prose": "is prose"}, "", 5, [("unclosed-front-matter", 5)]),
        ("---\na: b\n\n# Title\n\nProse.", {"a": "b"}, "# Title\n\nProse.", 4, [("unclosed-front-matter", 4)]),
        ("---\na: b\n[[link]] text", {"a": "b"}, "[[link]] text", 3, [("unclosed-front-matter", 3)]),
        (
            "---\na: [b\n\nProse.\n",
            {"a": "[b"},
            "Prose.",
            4,
            [("unclosed-front-matter", 4), ("broken-front-matter", 3)],
        ),
    ],
)
def test_front_matter_without_an_end_is_cut_where_it_stops_being_yaml(
    text: str, fields: dict[str, Value], body: str, body_line: int, problems: list[tuple[str, int]]
) -> None:
    found = page(text)
    assert (found.reading, found.fields, found.body, found.body_line) == ("recovered", fields, body, body_line)
    assert faults(found) == problems


@pytest.mark.parametrize(
    ("inner", "fields", "line"),
    [
        ("title: A: B\nafter: c", {"title": "A: B", "after": "c"}, 2),
        ("before: a\ntitle: 'it's\nafter: c", {"before": "a", "title": "'it's", "after": "c"}, 3),
        ("related:\n\t- a\n\t- b\nafter: c", {"related": ["a", "b"], "after": "c"}, 3),
        ("by: @someone\nafter: c", {"by": "@someone", "after": "c"}, 2),
        ("stars: *emphasis* here\nafter: c", {"stars": "*emphasis* here", "after": "c"}, 2),
        ("share: %50\nafter: c", {"share": "%50", "after": "c"}, 2),
    ],
)
def test_a_broken_value_costs_only_itself(inner: str, fields: dict[str, Value], line: int) -> None:
    found = page(f"---\n{inner}\n---\nbody")
    assert (found.reading, found.fields, found.body) == ("recovered", fields, "body")
    assert faults(found) == [("broken-front-matter", line)]
    assert found.body_line == inner.count("\n") + 4


def test_duplicate_keys_are_said_with_their_line() -> None:
    found = page("---\na: one\nb: two\na:\n---\nbody")
    assert found.fields == {"a": "one", "b": "two"}
    assert faults(found) == [("duplicate-key", 2)]


def test_duplicate_keys_are_said_beside_a_broken_value() -> None:
    found = page("---\na: [x]\nb: c: d\na: [y]\n---\nbody")
    assert found.fields == {"a": ["x", "y"], "b": "c: d"}
    assert {code for code, _ in faults(found)} == {"broken-front-matter", "duplicate-key"}


@pytest.mark.parametrize(
    "inner",
    [
        "a: &a [x, x]\nb: [*a, *a]",
        "a: " + "[" * 100 + "]" * 100,
        "a: " + "x" * 70_000,
    ],
    ids=["aliases", "depth", "length"],
)
def test_refused_front_matter_leaves_the_body(inner: str) -> None:
    found = page(f"---\n{inner}\n---\n\n# Title\n\nbody")
    assert (found.reading, found.fields, found.body, found.heading) == ("refused", {}, "# Title\n\nbody", "Title")
    assert faults(found) == [("refused-front-matter", 1)]
    assert found.body_line == inner.count("\n") + 5


def test_a_file_that_could_not_be_read_is_a_page_all_the_same() -> None:
    found = parse(File(PATH, b"", "Permission denied"))
    assert (found.reading, found.size, found.body, found.body_line) == ("unreadable", 0, "", 1)
    assert found.problems[0].message == "cannot be read: Permission denied"


@pytest.mark.parametrize(
    ("data", "body", "line"),
    [
        (b"one\ntwo \xff three", "one\ntwo \ufffd three", 2),
        (b"one\ntwo\x00", "one\ntwo\ufffd", 2),
        ("one\nzwölf".encode("latin-1"), "one\nzw\ufffdlf", 2),
        ("\ufeffzwölf".encode("utf-16-le"), "zwölf", None),
        ("\ufeffzwölf".encode("utf-16-be"), "zwölf", None),
    ],
)
def test_bytes_that_are_no_text_are_shown_and_said(data: bytes, body: str, line: int | None) -> None:
    found = page(data)
    assert found.body == body
    assert faults(found) == [("bad-encoding", line)]


def test_a_replacement_character_in_the_text_is_no_fault() -> None:
    assert page("It is shown as \ufffd.").problems == ()


def test_size_and_hash_are_of_the_bytes() -> None:
    data = "\ufeffzwölf\r\n".encode()
    assert (page(data).size, page(data).sha256) == (11, hashlib.sha256(data).hexdigest())


def test_the_heading_is_the_first_of_level_one_outside_code() -> None:
    assert page("## Two\n```\n# Code\n```\n# One #\n# Other").heading == "One"
    assert page("no heading\n#hashtag").heading is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("---\ntype: claim\n# A heading\nprose", ["heading"], id="heading below a key"),
        pytest.param("---\n- first point\nkey: value\nprose", ["first point"], id="list before the first key"),
        pytest.param("---\n{type: claim}\nlost text\n---\nbody", ["lost text"], id="text behind a mapping"),
        pytest.param("---\ntype: claim\n--- lost\n---\nbody", ["lost"], id="a second document"),
    ],
)
def test_no_text_is_lost(text: str, words: list[str]) -> None:
    found = page(text)
    kept = found.body + json.dumps(dict(found.fields), ensure_ascii=False)
    assert [word for word in words if word not in kept] == []


def test_bullets_behind_a_blank_line_are_body() -> None:
    found = page("---\ntype: claim\n\n- [[a]]\n- [[b]]\n\nProse.")
    assert found.fields == {"type": "claim"}
    assert found.body == "- [[a]]\n- [[b]]\n\nProse."


def test_broken_front_matter_that_opens_with_a_bad_line_is_said() -> None:
    assert page("---\nurl:http://example.org\ntitle: A: B\n---\nbody").problems != ()


_LINES = st.lists(
    st.sampled_from(
        [
            *(
                "---",
                "...",
                "- a",
                "a: b",
                "a:",
                "a: [b",
                "  c: d",
                "\td",
                "# h",
                "## h",
                "",
                "text",
                "**Type**: claim",
            ),
            *(
                "```",
                "a: *b",
                "a: &b [c]",
                "a: *b",
                "{a: b}",
                "? a",
                "a: |",
                "<<: *b",
                "\ufeff",
                "\x85",
                "é: ü",
                "a: 'b",
            ),
        ]
    ),
    max_size=12,
)


@given(st.one_of(st.binary(), st.text().map(str.encode), _LINES.map("\n".join).map(str.encode)))
@example(b"---\n---")
@example(b"\xff\xfe-")
def test_any_bytes_are_a_page(data: bytes) -> None:
    found = page(data)
    json.dumps(dict(found.fields), allow_nan=False).encode("utf-8")
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    assert 1 <= found.body_line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 2
    assert found.body == found.body.rstrip()


_BODIES = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0\ufffd")),
    _LINES.map("\n".join),
)


@given(
    _BODIES,
    st.sampled_from(
        ["---\ntype: claim\n---\n", "---\na: b\n...\n", "---\na: b: c\n---\n", "---\na: &a [b]\nb: *a\n---\n"]
    ),
)
def test_whatever_stands_behind_the_fence_is_the_body(body: str, front_matter: str) -> None:
    found = page(front_matter + body)
    assert found.body == body.lstrip("\n").rstrip()
    if found.body:
        lines = (front_matter + body).split("\n")
        assert lines[found.body_line - 1].rstrip() == found.body.split("\n")[0].rstrip()


@given(_BODIES.filter(lambda body: not body.startswith("---") and not body.startswith("\ufeff")))
def test_a_text_without_a_fence_is_all_body(body: str) -> None:
    assert page(body).body == body.lstrip("\n").rstrip()
