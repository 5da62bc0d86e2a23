"""Inline: where on a line a reference stands, and the reason behind it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.inline import BULLET, Found, find_references, reason_after


def test_every_reference_knows_its_columns_what_it_names_and_how_it_is_written() -> None:
    line = "- [[naps|rest]], [night](night%20shifts.md) and inbox/archive/2020-a.md."
    assert find_references(line) == [
        Found(2, 15, "naps", "rest", "wiki"),
        Found(17, 43, "night shifts.md", "night", "markdown"),
        Found(48, 71, "inbox/archive/2020-a.md", None, "path"),
    ]
    assert [line[found.start : found.end] for found in find_references(line)] == [
        "[[naps|rest]]",
        "[night](night%20shifts.md)",
        "inbox/archive/2020-a.md",
    ]


def test_a_path_within_a_link_is_no_second_reference() -> None:
    assert [found.form for found in find_references("[[a/b.md]] [a/b.md](c/d.md) a/b.md")] == [
        "wiki",
        "markdown",
        "path",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[[]]",
        "[[ | naps]]",
        "[naps]",
        "[naps]()",
        "[naps](naps.txt)",
        "[naps](https://example.org/naps.md)",
        "naps.md",
        "https://example.org/a/naps.md",
        "a/naps.mdx",
        "a/naps.md/more",
    ],
)
def test_what_is_no_reference(line: str) -> None:
    assert find_references(line) == []


@pytest.mark.parametrize(("name", "found"), [("n" * 1_000, 1), ("n" * 1_001, 0)])
def test_a_name_has_a_thousand_characters_at_the_most(name: str, found: int) -> None:
    assert len(find_references(f"[[{name}]]")) == found


@pytest.mark.parametrize(
    ("behind", "reason"),
    [
        (" — it helps", "it helps"),
        (" – it helps", "it helps"),
        (" -- it helps", "it helps"),
        (" - it helps", "it helps"),
        (": it helps", "it helps"),
        ("— it helps", "it helps"),
        (", it helps", "it helps"),
        (" it helps -- at night", "it helps -- at night"),
        (" — it helps — at night", "it helps — at night"),
        (" (it helps)", "(it helps)"),
        (" -helps", "-helps"),
        ("", None),
        ("   ", None),
    ],
)
def test_the_reason_is_what_stands_behind_the_dash(behind: str, reason: str | None) -> None:
    line = f"[[one -- two]]{behind}"
    assert reason_after(line, len("[[one -- two]]")) == reason


@pytest.mark.parametrize("line", ["- a", "* a", "+ a", "  - a", "\t- a", "- [ ] a", "- [x] a", "-  a"])
def test_a_bullet_opens_with_a_mark_and_a_space(line: str) -> None:
    bullet = BULLET.match(line)
    assert bullet
    assert line[bullet.end() :] == "a"


@pytest.mark.parametrize("line", ["-a", "a - b", "1. a", "**a**", "--- a", "", "-", "> - a"])
def test_what_is_no_bullet(line: str) -> None:
    assert BULLET.match(line) is None


words = st.text(st.sampled_from("ab -|#.()é"), min_size=1, max_size=8).filter(lambda text: text.split("|")[0].strip())
links = words.map(lambda text: f"[[{text}]]")
fillers = st.text(st.sampled_from("ab ,—"), max_size=6)


@given(st.lists(st.tuples(fillers, links), max_size=6))
def test_as_many_links_are_found_as_are_written_at_their_columns(parts: list[tuple[str, str]]) -> None:
    line = "".join(filler + link for filler, link in parts)
    assert [line[found.start : found.end] for found in find_references(line)] == [link for _, link in parts]


@given(st.text(st.sampled_from('[]()<>|#%./ab "md-`é\\:')))
def test_any_line_is_searched_and_its_references_do_not_overlap(line: str) -> None:
    found = find_references(line)
    assert all(0 <= item.start < item.end <= len(line) for item in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(item.label == item.label.strip() for item in found if item.form == "wiki")


@given(st.text(st.characters(exclude_characters="\n\r")), st.integers(0, 20))
def test_a_reason_stands_on_its_line(line: str, end: int) -> None:
    reason = reason_after(line, end)
    assert reason is None or (reason and reason in line[end:])
