"""Differ: what a version of a claim says that those before did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.differ import differ
from claimbase.records import Difference, Differences, Fields, Value, Version


def version(body: str = "", title: str = "Naps help", /, **fields: Value) -> Version:
    return Version(title, fields, body)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"confidence": "proven"}, {"confidence": "likely"}, ("confidence", "proven", "likely")),
        ({}, {"confidence": "likely"}, ("confidence", None, "likely")),
        ({"confidence": "likely"}, {}, ("confidence", "likely", None)),
        ({"tags": ["a; b"]}, {"tags": ["a", "b"]}, ("tags", '["a; b"]', '["a", "b"]')),
        ({"tags": "a"}, {"tags": ["a"]}, ("tags", "a", '["a"]')),
        ({"agent": {"name": "é"}}, {"agent": {}}, ("agent", '{"name": "é"}', None)),
        ({"importance": None}, {"importance": True}, ("importance", None, "true")),
        ({"created": "2026-02-00"}, {"created": 2026}, ("created", "2026-02-00", "2026")),
    ],
)
def test_a_key_that_says_something_else_differs(
    before: Fields, after: Fields, found: tuple[str, str | None, str | None]
) -> None:
    assert differ([version(**before)], version(**after)) == Differences((Difference(*found),), 0, 0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": "x", "b": "y"}, {"b": "y", "a": "x"}),
        ({"a": " x "}, {"a": "x"}),
        ({"a": []}, {"a": None}),
        ({"a": ""}, {}),
        ({"title": "One"}, {"title": "Other"}),
    ],
)
def test_what_says_the_same_does_not_differ(before: Fields, after: Fields) -> None:
    assert differ([version(**before)], version(**after)) == Differences()


def test_the_title_is_the_one_that_is_shown() -> None:
    assert differ([version("", "Naps help")], version("", "Naps may help", title_="x")).fields == (
        Difference("title", "Naps help", "Naps may help"),
        Difference("title_", None, "x"),
    )


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"),
    [
        ("a\nb\n", "a\nb\nc\n", 1, 0),
        ("a\nb\n", "b\n", 0, 1),
        ("a\nb\n", "a\nc\n", 1, 1),
        ("a\nb\n", "b\n\n\na", 0, 0),
        ("a\na\n", "a", 0, 1),
        ("  a", "a  ", 0, 0),
        ("", "a\n\nb", 2, 0),
    ],
)
def test_lines_are_counted_whatever_their_place(before: str, after: str, added: int, removed: int) -> None:
    assert differ([version(before)], version(after)) == Differences((), added, removed)


def test_a_merge_differs_where_it_says_what_no_parent_said() -> None:
    ours, theirs = version("a\nb", confidence="proven", scope="x"), version("a\nc", confidence="likely", scope="y")
    assert differ([ours, theirs], version("a\nb\nc", confidence="experimental", scope="y")) == Differences(
        (Difference("confidence", "proven", "experimental"),), 1, 0
    )


VERSIONS = st.builds(
    Version,
    st.sampled_from(["One", "Two"]),
    st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.text(max_size=2), st.lists(st.text(max_size=1)))),
    st.lists(st.sampled_from(["x", "y", " z", ""])).map("\n".join),
)


@given(VERSIONS, VERSIONS)
def test_back_again_is_the_reverse(one: Version, other: Version) -> None:
    there, back = differ([one], other), differ([other], one)
    assert {(field.field, field.old, field.new) for field in there.fields} == {
        (field.field, field.new, field.old) for field in back.fields
    }
    assert (there.added, there.removed) == (back.removed, back.added)
    assert differ([one], one) == Differences()


@given(VERSIONS, VERSIONS)
def test_a_merge_that_took_one_side_differs_in_nothing(one: Version, other: Version) -> None:
    assert differ([one, other], one).fields == ()
    assert (differ([one, other], one).added, differ([one, other], one).removed) == (0, 0)
