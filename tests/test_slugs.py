"""Slugs: one form for all spellings of a name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.slugs import is_markdown, slugify, strip_ending


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sleep matters", "sleep-matters"),
        ("sleep-matters", "sleep-matters"),
        ("  Sleep --  matters!  ", "sleep-matters"),
        ("$430M is spent", "430m-is-spent"),
        ("430m is spent", "430m-is-spent"),
        ("€5 or £4 or ¥3 or ₿2", "5-or-4-or-3-or-2"),
        ("Goodhart's law", "goodharts-law"),
        ("Goodhart’s law", "goodharts-law"),
        ("23.5 percent", "23-5-percent"),
        ("Träume ordnen", "traume-ordnen"),
        ("Tra\u0308ume ordnen", "traume-ordnen"),
        ("naïve café", "naive-cafe"),
        ("ﬁne ①", "fine-1"),
        ("İstanbul", "istanbul"),
        ("a_b/c\\d", "a-b-c-d"),
        ("_map", "map"),
        ("!!!", ""),
        ("睡眠", ""),
        ("", ""),
    ],
)
def test_a_slug_forgets_case_punctuation_and_accents(name: str, slug: str) -> None:
    assert slugify(name) == slug


@pytest.mark.parametrize(("one", "other"), [("sleep matters", "sleepmatters"), ("430m", "43 0m"), ("law", "laws")])
def test_different_words_have_different_slugs(one: str, other: str) -> None:
    assert slugify(one) != slugify(other)


def test_an_acute_accent_used_as_an_apostrophe_vanishes() -> None:
    assert slugify("Goodhart´s law") == "goodharts-law"


@given(st.text())
def test_a_slug_is_its_own_slug_and_plain(name: str) -> None:
    slug = slugify(name)
    assert slugify(slug) == slug
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)


@given(st.text(), st.text())
def test_words_side_by_side_are_joined_by_one_hyphen(left: str, right: str) -> None:
    assert slugify(f"{left} {right}") == "-".join(filter(None, [slugify(left), slugify(right)]))


@pytest.mark.parametrize(
    ("name", "stripped"),
    [
        ("naps.md", "naps"),
        ("naps.MD", "naps"),
        ("naps.markdown", "naps"),
        ("23.5 percent", "23.5 percent"),
        ("23.5 percent.md", "23.5 percent"),
        ("naps.md.md", "naps.md"),
        ("v1.2", "v1.2"),
        ("nomd", "nomd"),
        (".md", ""),
        ("", ""),
    ],
)
def test_only_a_literal_ending_is_stripped(name: str, stripped: str) -> None:
    assert strip_ending(name) == stripped


@pytest.mark.parametrize(
    ("name", "answer"),
    [("a.md", True), ("a.Md", True), ("a.markdown", True), ("amd", False), ("a.md~", False), ("a.txt", False)],
)
def test_markdown_is_told_by_the_ending(name: str, answer: bool) -> None:
    assert is_markdown(name) is answer
