"""Prose: which lines of a body are text, which are headings, and what is code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.prose import first_heading, is_rule, lines
from tests.conftest import BODIES


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
        ("``\nno fence\n``", [(1, "  "), (2, "        "), (3, "  ")]),
    ],
)
def test_fenced_code_is_skipped_and_line_numbers_stay_true(body: str, left: list[tuple[int, str]]) -> None:
    assert texts(body) == left


def test_a_code_span_of_three_backticks_at_the_start_of_a_line_is_no_fence() -> None:
    assert texts("```[[a]]``` is code\n[[b]]") == [(1, "            is code"), (2, "[[b]]")]


@pytest.mark.parametrize(("marker", "indent"), [("- ", "  "), ("1. ", "   ")])
def test_a_fence_in_a_list_item_ends_where_it_ends(marker: str, indent: str) -> None:
    body = f"{marker}```\n{indent}[[code]]\n{indent}```\n[[text]]"
    assert texts(body) == [(4, "[[text]]")]


@pytest.mark.parametrize("body", ["> ```\n> code\n\n[[text]]", "- ```\n  code\n\n[[text]]", "- a\n  ```\n\n[[text]]"])
def test_a_fence_that_is_not_closed_ends_with_its_quotation_or_item(body: str) -> None:
    assert texts(body)[-1] == (4, "[[text]]")


def test_a_code_span_may_go_over_two_lines() -> None:
    assert texts("a `b [[c]]\n[[d]] e` f") == [(1, "a         "), (2, "         f")]


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


@given(BODIES, st.integers(1, 50))
def test_any_body_keeps_its_lines_and_columns(body: str, first: int) -> None:
    written = body.split("\n")
    for line in lines(body, first):
        original = written[line.number - first]
        assert len(line.text) == len(original)
        assert all(shown in (" ", real) for shown, real in zip(line.text, original, strict=True))


@given(st.text(alphabet="`ab "))
def test_blanking_code_twice_is_blanking_it_once(text: str) -> None:
    once = [line.text for line in lines("x" + text)]
    assert [line.text for line in lines(once[0])] == once
