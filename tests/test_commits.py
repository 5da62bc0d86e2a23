"""Commits: what a commit says of itself, however its author wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.commits import read_commit
from claimbase.records import Commit

HEAD = b"tree 1\nauthor Ada <a@example.org> 1767268800 +0100\ncommitter Bo <b@example.org> 1767268900 +0000\n\n"

EXTRACTION = """theseus: extract claims from 2026-03-21-paper.md

- Source: inbox/queue/2026-03-21-paper.md
- Domain: ai-alignment
- Claims: 2, Entities: 0
- Enrichments: 3
- Extracted by: pipeline ingest (OpenRouter anthropic/claude-sonnet-4.5)

Pentagon-Agent: Theseus <PIPELINE>
"""


def read(message: str) -> Commit:
    return read_commit("0" * 40, (), HEAD + message.encode())


def test_a_commit_of_an_extraction_says_all_of_it() -> None:
    assert read(EXTRACTION) == Commit(
        hash="0" * 40,
        parents=(),
        date="2026-01-01T12:00:00Z",
        author="Ada",
        subject="theseus: extract claims from 2026-03-21-paper.md",
        agent="Theseus",
        agent_mode="PIPELINE",
        prefix="theseus",
        pull_request=None,
        source="inbox/queue/2026-03-21-paper.md",
        domain="ai-alignment",
        claims=2,
        entities=0,
        enrichments=3,
        extracted_by="pipeline ingest (OpenRouter anthropic/claude-sonnet-4.5)",
        extraction_model="anthropic/claude-sonnet-4.5",
        reviewers=(),
        edits=(),
    )


@pytest.mark.parametrize(
    ("message", "agent", "mode"),
    [
        (
            "x\n\nPentagon-Agent: Leo <76FB9BCA-CC16-4479-B3E5-25A3769B3D7E>\n",
            "Leo",
            "76FB9BCA-CC16-4479-B3E5-25A3769B3D7E",
        ),
        ("x\n\nPentagon-Agent: Leo <HEADLESS>\n\nMore.\n\nCo-authored-by: Bo <b@example.org>", "Leo", "HEADLESS"),
        ("x\n\n- Pentagon-Agent: Leo", "Leo", None),
        ("x\n\nPentagon-Agent: Leo\r\n", "Leo", None),
        ("x\n\nDone by Pentagon-Agent: Leo <ID>. Reviewed-By: Rio <ID>", "Leo", "ID"),
        ("x\n\nPentagon-Agent: Leo <A>\n\nPentagon-Agent: Rio <B>", "Rio", "B"),
        ("x\n\nPentagon-Agent: Auto-Fix <HEADLESS>", "Auto-Fix", "HEADLESS"),
        ("because Pentagon-Agent headers in commit objects survive", None, None),
        ("x\n\nPentagon-Agent: a line that goes on and on and is a sentence and no name", None, None),
        ("x\n\nPentagon-Agent: <HEADLESS>", None, None),
        ("x\n\nPentagon-Agent:", None, None),
        ("x", None, None),
    ],
)
def test_the_agent_may_stand_anywhere_in_a_message(message: str, agent: str | None, mode: str | None) -> None:
    assert (read(message).agent, read(message).agent_mode) == (agent, mode)


@pytest.mark.parametrize(
    ("message", "reviewers"),
    [
        ("x\n\nReviewed-By: Leo <76FB>", ("Leo",)),
        ("x\n\nPentagon-Agent: Vida <F262>. Reviewed-By: Leo <76FB>", ("Leo",)),
        ("x\n\nreviewed-by: Leo\nReviewed-by: Rio <x>\nReviewed-by: Leo", ("Leo", "Rio")),
        ("x\n\nReviewed-by:", ()),
    ],
)
def test_reviewers_are_those_that_are_named(message: str, reviewers: tuple[str, ...]) -> None:
    assert read(message).reviewers == reviewers


@pytest.mark.parametrize(
    ("subject", "prefix", "number"),
    [
        ("auto-fix: strip 73 broken wiki links", "auto-fix", None),
        ("Merge pull request 'x: y' (#752) from a into main", None, 752),
        ("Merge pull request #12 from a/b", None, 12),
        ("theseus: extract claims (#608)", "theseus", 608),
        ("see #12", None, None),
        ("https://example.org", None, None),
        ("A sentence: and more", None, None),
        ("", None, None),
    ],
)
def test_prefix_and_pull_request_are_read_off_the_subject(subject: str, prefix: str | None, number: int | None) -> None:
    assert (read(subject).prefix, read(subject).pull_request) == (prefix, number)


@pytest.mark.parametrize(
    ("message", "subject"),
    [
        ("One\nTwo\n\nThree", "One"),
        ("One (#608)\nCo-authored-by: Bo <b@example.org>", "One (#608)"),
        ("\n\nOne", "One"),
        ("  One  \r\nTwo", "One"),
        ("", ""),
    ],
)
def test_the_subject_is_the_first_line_alone(message: str, subject: str) -> None:
    assert read(message).subject == subject


@pytest.mark.parametrize(
    ("message", "source"),
    [
        ("theseus: extract claims from 2026-03-21-paper.md (#608)", "2026-03-21-paper.md"),
        ("rio: extract from 2026-03-21-paper.md", "2026-03-21-paper.md"),
        ("rio: extract from 2026-03-21-paper.md\n\n- Source: inbox/queue/paper.md", "inbox/queue/paper.md"),
        ("rio: extract claims from a long experiment (#484)", None),
        ("Merge pull request 'rio: extract from paper' (#5) from a into main", None),
        ("x\n\nSource: paper.md", None),
        ("x\n\n-  Source:paper.md  ", "paper.md"),
    ],
)
def test_the_source_is_named_in_the_body_or_the_subject(message: str, source: str | None) -> None:
    assert read(message).source == source


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("headless extraction cron (worker 2)", None),
        ("openai/gpt-4o, twice", "openai/gpt-4o"),
        ("pipeline (meta-llama/llama-3:free)", "meta-llama/llama-3:free"),
        ("see https://example.org/a", None),
        ("inbox/archive/a", None),
    ],
)
def test_a_model_is_a_vendor_and_a_name(written: str, model: str | None) -> None:
    assert read(f"x\n\n- Extracted by: {written}").extraction_model == model


@pytest.mark.parametrize(
    ("author", "name", "date"),
    [
        ("Ada <a@b> 1767268800 -0500", "Ada", "2026-01-01T12:00:00Z"),
        ("<a@b> 1767268800 +0000", "", "2026-01-01T12:00:00Z"),
        ("Ada <a@b> -5 +0000", "Ada", "1970-01-01T00:00:00Z"),
        ("Ada <a@b> 999999999999 +0000", "Ada", "9999-12-31T23:59:59Z"),
        ("Ada <a@b> soon", "Ada", "1970-01-01T00:00:00Z"),
        ("", "", "1970-01-01T00:00:00Z"),
    ],
)
def test_names_and_moments_are_read_as_far_as_they_go(author: str, name: str, date: str) -> None:
    commit = read_commit("0", (), f"tree 1\nauthor {author}\n\nx".encode())
    assert (commit.author, commit.date) == (name, date)


@pytest.mark.parametrize(
    ("encoding", "message", "subject"),
    [
        (b"ISO-8859-1", "Träume".encode("latin-1"), "Träume"),
        (b"no-such", "Träume".encode(), "Träume"),
        (b"hex", b"41", "41"),
        (b"utf-7", b"+2AA-", "+2AA-"),
        (b"idna", b"xn--a", "xn--a"),
        (b"cp999", b"a", "a"),
        (b"Shift_JIS", "昼寝".encode("shift_jis"), "昼寝"),
        (b"UTF-8", b"Tr\xe4ume", "Tr�ume"),
    ],
)
def test_a_message_is_read_in_the_encoding_it_names(encoding: bytes, message: bytes, subject: str) -> None:
    content = b"tree 1\nauthor A <a> 1 +0000\nencoding " + encoding + b"\n\n" + message
    assert read_commit("0", (), content).subject == subject


def test_a_commit_that_cannot_be_read_has_a_hash_and_nothing_else() -> None:
    commit = read_commit("0", ("1",), None)
    assert (commit.hash, commit.parents, commit.subject, commit.agent) == ("0", ("1",), "", None)


@given(st.binary())
def test_any_bytes_are_a_commit(content: bytes) -> None:
    commit = read_commit("0", (), content)
    assert "\n" not in commit.subject
    assert len(commit.date) == len("2026-01-01T12:00:00Z")


LINES = st.lists(
    st.one_of(
        st.text(),
        st.sampled_from(
            [
                *("- Source: a", "Source: b", "- Claims: 2, Entities: 0", "Claims: 9999999", "- Extracted by: x/y"),
                *("Pentagon-Agent: Leo <ID>", "Pentagon-Agent:", "Reviewed-By: Rio", "x: y (#12)", "- Domain:"),
            ]
        ),
    ),
    max_size=12,
)


@given(LINES)
def test_no_message_is_too_odd_and_each_value_is_one_of_its_own(lines: list[str]) -> None:
    message = "\n".join(lines)
    commit = read_commit("0", (), HEAD + message.encode("utf-8", "replace"))
    for value in (commit.agent, commit.agent_mode, commit.source, commit.domain, commit.extracted_by):
        assert value is None or (value.strip() == value != "" and "\n" not in value)


@pytest.mark.parametrize(
    "message",
    [
        "- Source: a" + " " * 200_000 + "b",
        "-" + " " * 200_000,
        "Pentagon-Agent: " * 20_000,
        "Claims: 1, " * 20_000,
        "- Extracted by: " + "a/" * 100_000,
        "Reviewed-By: " + " " * 200_000,
        "extract from " * 20_000,
        "extract from " + "x" * 200_000 + " y",
    ],
)
def test_no_message_takes_longer_than_it_is_long(message: str) -> None:
    assert read(message).hash == "0" * 40


@pytest.mark.parametrize("author", [" " * 200_000 + "<", "<" * 200_000, "a " * 100_000])
def test_no_author_takes_longer_than_the_name_is_long(author: str) -> None:
    assert read_commit("0", (), f"author {author}\n\nx".encode()).subject == "x"
