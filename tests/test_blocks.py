"""Blocks: evidence blocks, regular and irregular, with their text as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.blocks import BlockSource, block_source, evidence_blocks
from claimbase.prose import lines
from claimbase.records import Block
from tests.conftest import BODIES


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# a" + " " * 100_000 + "b", id="heading, spaces"),
        pytest.param("# " + "#" * 100_000 + "b", id="heading, hashes"),
        pytest.param("# " + " #" * 100_000 + "b", id="heading, spaces and hashes"),
        pytest.param("*Source: " + " " * 1_000_000 + "x", id="source, spaces"),
        pytest.param("*Source: " + "*_" * 100_000 + "x", id="source, stars"),
        pytest.param("*Source: " + "|" * 1_000_000, id="source, bars"),
        pytest.param("- " * 500_000 + "x", id="rule"),
        pytest.param("`" * 1_000_000, id="backticks"),
        pytest.param("x " + " ".join("`" * length for length in range(1, 1_400)), id="backticks of every length"),
        pytest.param("x" + "` `` " * 200_000, id="backticks in turn"),
        pytest.param(">" * 1_000_000, id="quotes"),
        pytest.param("\t" * 1_000_000 + "```", id="tabs"),
    ],
)
def test_a_line_of_any_length_is_read_in_one_go(text: str) -> None:
    assert len(list(lines(f"{text}\nlast"))) <= 2
    assert len(evidence_blocks(f"*Source: a*\n{text}")) <= 2


def test_a_body_of_very_many_blocks_is_read_in_one_go() -> None:
    assert len(evidence_blocks("### A (challenge)\n" + "(challenge) b\n" * 200_000)) == 200_001


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "*Source: [[x]] | Added: 2026-03-11 | Extractor: mara/by-hand*",
            BlockSource("[[x]]", "2026-03-11", "mara/by-hand"),
        ),
        ("*Source: [[x]] | Extractor: b | Added: a*  ", BlockSource("[[x]]", "a", "b")),
        ("_source: x_", BlockSource("x", None, None)),
        ("> *Source: x*", BlockSource("x", None, None)),
        ("*Source:*", BlockSource("", None, None)),
        ("Source: x", None),
        ("*Sources: x*", None),
        ("text *Source: x*", None),
    ],
)
def test_the_source_line_of_a_block(text: str, parts: BlockSource | None) -> None:
    assert block_source(text) == parts


def test_a_bold_label_is_no_part_of_the_source() -> None:
    assert block_source("**Source:** three roommates") == BlockSource("three roommates", None, None)


def test_a_source_with_a_label_keeps_it() -> None:
    assert block_source("*Source: [[x|the diary]] | Added: 2026*") == BlockSource("[[x|the diary]]", "2026", None)


REGULAR = """\
# A claim

Text.

### Additional Evidence (confirm)
*Source: [[2026-a]] | Added: 2026-03-11 | Extractor: mara*

One.

Two.

## Next

Not of the block.
"""


def test_a_regular_block_ends_at_the_next_heading() -> None:
    assert evidence_blocks(REGULAR) == [
        Block("confirm", 5, 6, "[[2026-a]]", "2026-03-11", "mara", "One.\n\nTwo."),
    ]


def test_lines_count_from_where_the_body_starts() -> None:
    (block,) = evidence_blocks(REGULAR, 20)
    assert (block.line, block.source_line) == (24, 25)


@pytest.mark.parametrize("kind", ["extend", "confirm", "challenge", "Challenge"])
def test_the_kind_stands_in_the_heading(kind: str) -> None:
    (block,) = evidence_blocks(f"### Additional Evidence ({kind})\n*Source: a*\n")
    assert block.kind == kind.lower()


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (
            "### Additional Evidence (extend)\n*Source: a*\nOne.\n\n---\n\nNot of the block.",
            [Block("extend", 1, 2, "a", None, None, "One.")],
        ),
        (
            "### One clinic disagrees (challenge)\n*Source: a*\nOne.",
            [Block("challenge", 1, 2, "a", None, None, "One.")],
        ),
        (
            "### Additional Evidence (confirm)\n*Source: a*\nOne.\n\n*Source: b*\nTwo.",
            [
                Block("confirm", 1, 2, "a", None, None, "One."),
                Block("confirm", 5, 5, "b", None, None, "Two."),
            ],
        ),
        (
            "### Additional Evidence (confirm)\n*Source: a*\nOne.\n\n(challenge) Two.\n*Source: b*\nThree.",
            [
                Block("confirm", 1, 2, "a", None, None, "One."),
                Block("challenge", 5, 6, "b", None, None, "(challenge) Two.\nThree."),
            ],
        ),
        ("*Source: a*\nOne.", [Block("extend", 1, 1, "a", None, None, "One.")]),
        (
            "### Additional Evidence (extend)\nNo source at all.",
            [Block("extend", 1, None, None, None, None, "No source at all.")],
        ),
        ("### Additional evidence\n*Source: a*\n", [Block("extend", 1, 2, "a", None, None, "")]),
        ("### Additional Evidence (extend)\n", [Block("extend", 1, None, None, None, None, "")]),
    ],
)
def test_irregular_blocks(body: str, blocks: list[Block]) -> None:
    assert evidence_blocks(body) == blocks


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Plain text (challenge) in the middle.",
        "(challenge) A paragraph with nothing before it.",
        "## Evidence\n\nText.",
        "```\n### Additional Evidence (extend)\n*Source: a*\n```",
        "`*Source: a*`",
    ],
)
def test_what_is_no_block(body: str) -> None:
    assert evidence_blocks(body) == []


@pytest.mark.parametrize("code", ["It sets `rem` to 3.", "```\nrem = 3\n```"])
def test_the_text_of_a_block_keeps_its_code(code: str) -> None:
    (block,) = evidence_blocks(f"### Additional Evidence (extend)\n*Source: a*\n{code}")
    assert block.text == code


@given(BODIES, st.integers(1, 50))
def test_the_blocks_of_any_body_stand_in_order_on_lines_that_exist(body: str, first: int) -> None:
    blocks = evidence_blocks(body, first)
    last = first + body.count("\n")
    assert [block.line for block in blocks] == sorted({block.line for block in blocks})
    for block in blocks:
        assert first <= block.line <= (block.source_line or block.line) <= last
        assert block.kind in ("extend", "confirm", "challenge")
