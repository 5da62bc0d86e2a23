"""Pitfalls: what the GraphQL library would answer otherwise than it is asked is refused, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from claimbase.pitfalls import pitfalls


@pytest.mark.parametrize(
    ("owner", "field", "asked", "told"),
    [
        ("claimsCollection", "edges", {}, "ask for `nodes` and `pageInfo { endCursor }`"),
        ("Query", "claims", {"sort": "title", "sort_desc": "words"}, "`sort` and `sort_desc` exclude each other"),
        ("Query", "claims_row", {}, "`claims_row` has to be told which row"),
        ("Query", "claims_row", {"id": None}, "`claims_row` has to be told which row"),
        ("Query", "claims", {"filter": [{"doi": {"isnull": False}}]}, "ask `notnull: true` instead"),
        ("Query", "claims", {"filter": [{"doi": {"notblank": False}}]}, "ask `isblank: true` instead"),
        ("Query", "claims", {"filter": [{"doi": {"exact": None}}]}, "compares `doi` with null"),
        ("Query", "claims", {"filter": [{"title": {"in_": ["a, b"]}}]}, "`in` of `title` has a value with a comma"),
        ("Query", "claims", {"filter": [{"words": {"gt": 1}}, {"words": {"gt": 2}}]}, "`gt` of `words` 2 times"),
    ],
)
def test_what_would_be_answered_wrongly_is_refused(owner: str, field: str, asked: dict[str, Any], told: str) -> None:
    [message] = pitfalls(owner, field, asked)
    assert told in message


@pytest.mark.parametrize(
    ("owner", "field", "asked"),
    [
        ("claimsCollection", "nodes", {}),
        ("Query", "claims", {"sort": "title", "sort_desc": None, "filter": None}),
        ("Query", "claims_row", {"id": "a"}),
        ("Query", "claims", {"filter": [{"words": {"gt": 1, "lt": 9}}, {"title": {"in_": ["a", "b"]}}, None]}),
        ("Query", "claims", {"filter": [{"doi": {"isnull": True}}, {"title": None}]}),
        ("Claim", "evidence", {"first": 3}),
    ],
)
def test_what_is_answered_as_it_is_asked_is_let_through(owner: str, field: str, asked: dict[str, Any]) -> None:
    assert list(pitfalls(owner, field, asked)) == []
