"""Argue: one edge for each argument between two claims, however many links witness it and from whichever end."""

from __future__ import annotations

import pytest

from claimbase.argue import argue
from claimbase.pipeline.understand import take_apart
from claimbase.records import File
from claimbase.resolve import resolve
from claimbase.settle import settle


def arguments(files: dict[str, str]) -> list[tuple[str, str, str, int, int]]:
    """The edges between claims `a`, `b` and so on of one folder, as (from, relation, to, asserted, witnesses)."""
    paths = {path if "/" in path else f"domains/x/{path}.md": text for path, text in files.items()}
    documents = settle(take_apart(File(path, text.encode(), None))[0] for path, text in sorted(paths.items()))
    links = resolve(documents)
    return [(row.from_claim, row.relation, row.to_claim, row.asserted, row.witnesses) for row in argue(links)]


def front(**lists: str) -> str:
    return "---\n" + "".join(f"{key}: [{items}]\n" for key, items in lists.items()) + "---\n"


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        (front(supports="b"), ("a", "supports", "b", 1, 1)),
        (front(supported_by="b"), ("b", "supports", "a", 1, 1)),
        (front(challenges="b"), ("a", "challenges", "b", 1, 1)),
        (front(challenged_by="b"), ("b", "challenges", "a", 1, 1)),
        (front(depends_on="b"), ("a", "depends_on", "b", 1, 1)),
        (front(related="b"), ("a", "related", "b", 1, 1)),
        ("Since [[b]], so.", ("a", "depends_on", "b", 0, 1)),
        ("## Challenges\n[[b]] says no.", ("b", "challenges", "a", 0, 1)),
        ("Relevant Notes:\n- [[b]]", ("a", "related", "b", 1, 1)),
    ],
)
def test_an_edge_is_read_from_the_end_that_acts(text: str, edge: tuple[str, str, str, int, int]) -> None:
    assert arguments({"a": text, "b": ""}) == [edge]


@pytest.mark.parametrize(
    ("one", "other", "edge"),
    [
        (front(supports="b"), front(supported_by="a"), ("a", "supports", "b", 1, 2)),
        (front(challenges="b"), front(challenged_by="a"), ("a", "challenges", "b", 1, 2)),
        (front(related="b"), front(related="a"), ("a", "related", "b", 1, 2)),
        (front(related="b, B, b.md"), "", ("a", "related", "b", 1, 3)),
        (front(depends_on="b") + "Since [[b]], so.", "", ("a", "depends_on", "b", 1, 2)),
        ("Since [[b]], and since [[b]].", "", ("a", "depends_on", "b", 0, 2)),
    ],
)
def test_what_both_ends_state_is_one_argument_with_two_witnesses(
    one: str, other: str, edge: tuple[str, str, str, int, int]
) -> None:
    assert arguments({"a": one, "b": other}) == [edge]


def test_both_directions_are_two_arguments_where_direction_matters() -> None:
    assert arguments({"a": front(supports="b"), "b": front(supports="a")}) == [
        ("a", "supports", "b", 1, 1),
        ("b", "supports", "a", 1, 1),
    ]


def test_a_related_edge_is_the_same_from_either_end() -> None:
    assert arguments({"a": "", "b": front(related="a")}) == [("a", "related", "b", 1, 1)]


@pytest.mark.parametrize(
    "files",
    [
        {"a": front(supports="a")},
        {"a": front(supports="nobody")},
        {"a": "[[b]]", "b": ""},
        {"a": "## Evidence\n[[b]]", "b": ""},
        {"a": "Topics:\n- [[b]]", "b": ""},
        {"a": front(supports="s"), "inbox/archive/s.md": ""},
        {"inbox/archive/s.md": front(claims_extracted="a"), "a": ""},
        {"domains/x/_map.md": "- [[a]]", "a": ""},
        {"agents/m/positions/p.md": front(depends_on="a"), "a": ""},
        {"a": front(claims="b"), "b": ""},
    ],
)
def test_what_is_no_argument_between_two_claims(files: dict[str, str]) -> None:
    assert arguments(files) == []


def test_arguments_are_numbered_in_a_fixed_order() -> None:
    files = {"c": front(supports="a", challenges="b"), "b": front(depends_on="a"), "a": front(related="c")}
    assert arguments(files) == [
        ("a", "related", "c", 1, 1),
        ("b", "depends_on", "a", 1, 1),
        ("c", "challenges", "b", 1, 1),
        ("c", "supports", "a", 1, 1),
    ]


def test_a_chain_of_dependencies_is_an_edge_a_step() -> None:
    files = {"a": front(depends_on="b"), "b": front(depends_on="c"), "c": front(depends_on="d"), "d": ""}
    assert [(row[0], row[2]) for row in arguments(files)] == [("a", "b"), ("b", "c"), ("c", "d")]
