"""Prose: what of a body is text and what is code, and where its evidence blocks begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbase.prose import BlockSource, block_source, evidence_blocks, first_heading, is_rule, lines
from claimbase.records import Block


def texts(body: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in lines(body)]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("a\n```\ncode\n```\nb", [(1, "a"), (5, "b")]),
        ("~~~ python\ncode\n```\n~~~\nb", [(5, "b")]),
        ("````\n```\n````\nb", [(4, "b")]),
        ("```\ncode\n````\nb", [(4, "b")]),
        ("```\n``` not the end\n```\nb", [(4, "b")]),
        ("  ```\n  code\n  ```\nb", [(4, "b")]),
        ("a\n```\nnever closed\nb", [(1, "a")]),
        ("``\nno fence\n``", [(1, "``"), (2, "no fence"), (3, "``")]),
    ],
)
def test_fenced_code_is_skipped_and_line_numbers_stay_true(body: str, left: list[tuple[int, str]]) -> None:
    assert texts(body) == left


@pytest.mark.xfail(
    strict=True, reason="three backticks that close on their own line are taken for a fence without an end"
)
def test_a_code_span_of_three_backticks_at_the_start_of_a_line_is_no_fence() -> None:
    assert texts("```[[a]]``` is code\n[[b]]") == [(1, "            is code"), (2, "[[b]]")]


@pytest.mark.xfail(
    strict=True, reason="a fence in a list item is not seen to open, so its end opens one that swallows the rest"
)
@pytest.mark.parametrize(("marker", "indent"), [("- ", "  "), ("1. ", "   ")])
def test_a_fence_in_a_list_item_ends_where_it_ends(marker: str, indent: str) -> None:
    body = f"{marker}```\n{indent}[[code]]\n{indent}```\n[[text]]"
    assert texts(body)[1:] == [(4, "[[text]]")]


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        ("see `a` now", "see     now"),
        ("``a ` b``x", "         x"),
        ("`a`[[b]]`c`", "   [[b]]   "),
        ("a ` b", "a ` b"),
        ("`a `` b` c", "         c"),
        ("x ```` a ``` b", "x ```` a ``` b"),
        ("``a` [[b]]", "``a` [[b]]"),
        ("ü`é`ß", "ü   ß"),
    ],
)
def test_code_spans_are_blanked_and_columns_stay_true(text: str, blanked: str) -> None:
    assert texts(text) == [(1, blanked)]


@pytest.mark.parametrize(
    ("text", "heading", "level"),
    [
        ("# One", "One", 1),
        ("###### Six ##", "Six", 6),
        ("##\tTab", "Tab", 2),
        ("# C# and `code`", "C# and `code`", 1),
        ("####### seven", None, 0),
        ("#hashtag", None, 0),
        (" # indented", None, 0),
        ("#", None, 0),
    ],
)
def test_headings(text: str, heading: str | None, level: int) -> None:
    (line,) = lines(text)
    assert (line.heading, line.level) == (heading, level)


_SLOW = pytest.mark.xfail(run=False, reason="the pattern tries every way to share out the spaces: 6 s for 2 kB")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# a" + " " * 100_000 + "b", id="heading, spaces", marks=_SLOW),
        pytest.param("# " + "#" * 100_000 + "b", id="heading, hashes", marks=_SLOW),
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


@pytest.mark.parametrize("text", ["---", "***", "_ _ _", " - - - ", "-----", "--- "])
def test_rules(text: str) -> None:
    assert is_rule(text)


@pytest.mark.parametrize("text", ["--", "-*-", "--- a", "- a", "", "===", "**a**"])
def test_what_is_no_rule(text: str) -> None:
    assert not is_rule(text)


@pytest.mark.parametrize(
    ("body", "heading"),
    [
        ("# One", "One"),
        ("text\n\n# One\n# Two", "One"),
        ("```\n# code\n```\n# One", "One"),
        ("## Two only", None),
        ("# ", None),
        ("a # b", None),
    ],
)
def test_the_first_heading_is_of_level_one(body: str, heading: str | None) -> None:
    assert first_heading(body) == heading


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


@pytest.mark.xfail(strict=True, reason="the asterisks that close the bold label are taken for the start of the source")
def test_a_bold_label_is_no_part_of_the_source() -> None:
    assert block_source("**Source:** three roommates") == BlockSource("three roommates", None, None)


@pytest.mark.xfail(strict=True, reason="`[[x|label]]` is cut at its own bar")
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


@pytest.mark.xfail(strict=True, reason="code of a block is blanked or dropped from the text that is kept")
@pytest.mark.parametrize("code", ["It sets `rem` to 3.", "```\nrem = 3\n```"])
def test_the_text_of_a_block_keeps_its_code(code: str) -> None:
    (block,) = evidence_blocks(f"### Additional Evidence (extend)\n*Source: a*\n{code}")
    assert block.text == code


_PIECES = st.lists(
    st.sampled_from(
        [
            *("```", "~~~", "`", "``", "# h", "### Additional Evidence (extend)", "### x (challenge)", "---", "text"),
            *("*Source: [[a]] | Added: 2026*", "*Source: b*", "(confirm) c", "", "    d", "- [[e]]", "> f", "`g` h"),
        ]
    ),
    max_size=14,
).map("\n".join)


@given(st.one_of(st.text(), _PIECES), st.integers(1, 50))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_body_keeps_its_lines_and_columns(body: str, first: int) -> None:
    written = body.split("\n")
    for line in lines(body, first):
        original = written[line.number - first]
        assert len(line.text) == len(original)
        assert all(shown in (" ", real) for shown, real in zip(line.text, original, strict=True))


@given(st.one_of(st.text(), _PIECES), st.integers(1, 50))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_blocks_of_any_body_stand_in_order_on_lines_that_exist(body: str, first: int) -> None:
    blocks = evidence_blocks(body, first)
    last = first + body.count("\n")
    assert [block.line for block in blocks] == sorted({block.line for block in blocks})
    for block in blocks:
        assert first <= block.line <= (block.source_line or block.line) <= last
        assert block.kind in ("extend", "confirm", "challenge")


@given(st.text(alphabet="`ab "))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_blanking_code_twice_is_blanking_it_once(text: str) -> None:
    once = [line.text for line in lines("x" + text)]
    assert [line.text for line in lines(once[0])] == once
