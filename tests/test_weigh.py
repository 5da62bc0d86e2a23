"""Weigh: what a GraphQL request could return at most, and what is more than one may ask for."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, get_introspection_query, parse, validate

from claimbase.weigh import DEEPEST, LARGEST_PAGE, MOST_VALUES, weigh

SCHEMA = build_schema("""
    type Query { claim(id: String): Claim  claimList(first: Int = 10): ClaimList! }
    type Claim { id: String  body: String  tags: [String!]!  witnesses: [Claim!]!  supports(first: Int): ClaimList! }
    type ClaimList { nodes: [Claim!]!  totalCount: Int! }
""")


def weight(query: str, **variables: Any) -> int:
    document = parse(query)
    assert validate(SCHEMA, document) == []
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return weigh(SCHEMA, document, operation, variables)


@pytest.mark.parametrize(
    ("query", "weighs"),
    [
        ("{ claim { id } }", 1 + 1),
        ("{ claim { id tags } }", 1 + 2),
        ("{ claim { witnesses { id } } }", 1 + 1 + 5),
        ("{ claim { body } }", 1 + 20),
        ("{ claimList { totalCount nodes { id } } }", 1 + 10 + 10 + 10),
        ("{ claimList(first: 100) { nodes { id } } }", 1 + 100 + 100),
        ("{ claimList(first: 100) { nodes { supports(first: 3) { nodes { id } } } } }", 1 + 100 + 100 + 300 + 300),
        ("{ claimList(first: 4) { nodes { supports { nodes { id } } } } }", 1 + 4 + 4 + 40 + 40),
        ("{ a: claim { id } b: claim { id } }", 4),
        ("{ claim { ...F } } fragment F on Claim { id tags }", 1 + 1 + 2),
        ("{ claim { ... on Claim { id } } }", 1 + 1),
        ("{ __typename }", 1),
    ],
)
def test_a_field_counts_once_for_every_value_it_is_asked_of(query: str, weighs: int) -> None:
    assert weight(query) == weighs


def test_a_variable_counts_as_what_it_is() -> None:
    assert weight("query ($n: Int) { claimList(first: $n) { totalCount } }", n=7) == 1 + 7


@pytest.mark.parametrize("first", [0, -1, LARGEST_PAGE + 1])
def test_a_page_is_neither_empty_nor_endless(first: int) -> None:
    with pytest.raises(GraphQLError, match=f"`first` is {first}, and has to be from 1 to {LARGEST_PAGE}"):
        weight(f"{{ claimList(first: {first}) {{ totalCount }} }}")


def test_an_alias_costs_what_it_repeats() -> None:
    once = "claimList(first: 1000) { nodes { id } }"
    assert weight("{" + " ".join(f"a{number}: {once}" for number in range(9)) + "}") <= MOST_VALUES
    with pytest.raises(GraphQLError, match="more than 20,000 values"):
        weight("{" + " ".join(f"a{number}: {once}" for number in range(10)) + "}")


def test_fragments_that_double_are_counted_out_before_they_are_followed() -> None:
    fragments = [f"fragment F{n} on Claim {{ ...F{n + 1} ... on Claim {{ ...F{n + 1} }} }}" for n in range(20)]
    with pytest.raises(GraphQLError, match="more than"):
        weight("{ claim { ...F0 } } fragment F20 on Claim { id } " + " ".join(fragments))


def test_what_lies_too_deep_is_refused() -> None:
    def nested(times: int) -> str:
        return "{ claim { witnesses " + "{ ... on Claim " * times + "{ id }" + " }" * times + " } }"

    assert weight(nested(DEEPEST - 4)) == 1 + 1 + 5
    with pytest.raises(GraphQLError, match=f"more than {DEEPEST} levels"):
        weight(nested(DEEPEST))


def test_a_tool_may_ask_for_the_whole_schema_and_nobody_for_more() -> None:
    every = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True)
    assert weight(every) == 1
    with pytest.raises(GraphQLError, match="more about the schema than all of it"):
        weight(
            "{" + " ".join(f"a{n}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}" for n in range(99)) + "}"
        )
