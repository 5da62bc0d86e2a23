"""GraphQL: the documented queries find what they promise, and every table is told to its last row."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from graphql import GraphQLObjectType, GraphQLSchema, build_schema, get_named_type, is_leaf_type

from build import PROJECT
from claimbase import weigh
from plugins import asking

PAGE = (PROJECT / "docs/graphql.md").read_text(encoding="utf-8")
EXAMPLES = {path.stem.partition("-")[2]: path.read_text(encoding="utf-8") for path in asking._EXAMPLES}
# Rows of these are many and of the same few sorts, so that sorts and pages are tried on them.
LONG = ("documents", "metrics", "document_tags", "problem_codes", "domain_confidences")


async def ask(site: Datasette, query: str, **variables: Any) -> Any:
    response = await site.client.post("/graphql", json={"query": query, "variables": variables})
    answer = response.json()
    assert response.status_code == 200, answer["errors"]
    return answer["data"]


async def schema(site: Datasette) -> GraphQLSchema:
    return build_schema((await site.client.get("/graphql/codex.graphql")).text)


def cells(schema: GraphQLSchema, table: str) -> list[str]:
    """The fields of a table that hold a value and lead to nothing."""
    kind = schema.get_type(table)
    assert isinstance(kind, GraphQLObjectType)
    return [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]


def test_the_documented_queries_are_those_of_the_explorer() -> None:
    blocks = re.findall(r"## ([^\n]*)\n\n```graphql\n(.*?)```", PAGE, re.DOTALL)
    assert [f"# {title}\n{query}" for title, query in blocks] == list(EXAMPLES.values())


def test_the_documented_limits_are_those_that_hold() -> None:
    limits = dict(re.findall(r"^\| (.+?) \| ([\d,]+)(?: .*)?\|$", PAGE.partition("## Limits")[2], re.MULTILINE))
    assert {what: int(most.replace(",", "")) for what, most in limits.items()} == {
        "a request": weigh.MOST_BYTES,
        "a query": weigh.MOST_TOKENS,
        "selections within each other": weigh.DEEPEST,
        "`first`": weigh.LARGEST_PAGE,
        "values in the answer": weigh.MOST_VALUES,
        "lists of tables": weigh.MOST_LISTS,
        "time for all of it": weigh.SECONDS,
    }


@pytest.mark.parametrize("site", ["asked_past", "asked_sample"])
async def test_every_documented_query_finds_something_in_the_base_at_hand(
    site: str, request: pytest.FixtureRequest
) -> None:
    datasette: Datasette = request.getfixturevalue(site)
    for example in await asking.examples(datasette):
        data = await ask(datasette, example.query, **example.variables)
        found = json.dumps(data)
        assert None not in data.values(), example.name
        assert '"nodes": [{' in found or '"month"' in found, example.name


async def test_the_neighbours_of_a_claim_come_with_theirs(asked_sample: Datasette) -> None:
    name = "anti-scheming-training-creates-goodhart-dynamic-where-training-signal-diverges-from-scheming-tendency"
    claim = (await ask(asked_sample, EXAMPLES["claim"], id=name))["claim"]
    assert claim["body"]
    edges = [node for field in ("supportedBy", "dependsOn", "related") for node in claim[field]["nodes"]]
    assert edges
    assert all(edge["claim"]["title"] for edge in edges)
    metrics = (await ask(asked_sample, EXAMPLES["standing"], id=name))["claim"]["metrics"]
    assert metrics["weakestClaim"] == {
        "id": "a-learned-reward-model-stops-tracking-the-goal-it-stands-for-once-it-is-optimised-hard-enough",
        "title": "A learned reward model stops tracking the goal it stands for once it is optimised hard enough",
        "confidence": "likely",
    }


async def test_every_table_and_view_is_there_with_all_its_cells(asked_past: Datasette) -> None:
    told = await schema(asked_past)
    database = asked_past.get_database("codex")
    hidden = set(await database.hidden_table_names())
    for table in [*await database.table_names(), *await database.view_names()]:
        if table in hidden:
            continue
        known = (await database.execute(f"select count(*) from [{table}]")).single_value()
        data = await ask(
            asked_past,
            f"{{ {table}(first: 100) {{ totalCount nodes {{ __typename {' '.join(cells(told, table))} }} }} }}",
        )
        assert data[table]["totalCount"] == known, table
        assert len(data[table]["nodes"]) == min(known, 100), table


async def test_numbers_beyond_those_of_graphql_are_told_and_compared_as_texts(
    asked_past: Datasette, past_database: Path
) -> None:
    connection = sqlite3.connect(past_database)
    [[number]] = connection.execute("select max(id) from links")
    connection.close()
    assert number > 2**31
    data = await ask(
        asked_past,
        """query ($id: ID) { links_row(id: $id) { id label } links(sort_desc: id, first: 1) { nodes { id } } }""",
        id=str(number),
    )
    assert data["links_row"]["id"] == data["links"]["nodes"][0]["id"] == str(number)
    filtered = await ask(asked_past, f'{{ links(filter: {{id: {{gte: "{number}"}}}}) {{ totalCount }} }}')
    assert filtered == {"links": {"totalCount": 1}}


@pytest.mark.parametrize("table", LONG)
async def test_a_table_is_told_to_its_last_row_in_every_order(asked_sample: Datasette, table: str) -> None:
    told = await schema(asked_sample)
    fields = " ".join(["__typename", *(name for name in cells(told, table) if name not in ("body", "front_matter"))])
    database = asked_sample.get_database("codex")
    rows = (await database.execute(f"select count(*) from [{table}]")).single_value()
    for column in await database.table_columns(table):
        name = "description_" if column == "description" else column
        for order in (f"sort: {name}", f"sort_desc: {name}"):
            found: list[str] = []
            after: str | None = None
            more = True
            while more:
                where = f"{order}, first: {rows // 2}" + (f", after: {json.dumps(after)}" if after else "")
                query = f"{{ {table}({where}) {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
                page = (await ask(asked_sample, query))[table]
                found += [json.dumps(node) for node in page["nodes"]]
                after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
            assert len(found) == rows, (order, len(found))
            if "id" in fields.split():
                assert len(set(found)) == rows, order


async def test_datasette_still_loses_rows_that_are_equal_in_a_sort(asked_sample: Datasette) -> None:
    """Where this fails, Datasette has mended it, and what `Tables` does about it can go."""
    found: list[str] = []
    address = "/codex/problem_codes.json?_sort=severity&_size=5&_shape=objects"
    while address:
        page = (await asked_sample.client.get(address)).json()
        found += [row["id"] for row in page["rows"]]
        address = (page["next_url"] or "").removeprefix("http://localhost")
    rows = (await asked_sample.get_database("codex").execute("select count(*) from problem_codes")).single_value()
    assert len(set(found)) < rows


@pytest.mark.parametrize(
    ("words", "finds"),
    [("reward model", True), ('"reward model"', True), ("reward*", True), ('"""', False), ("🦔", False), ("\0", False)],
)
async def test_a_search_in_a_table_forgives_any_words(asked_sample: Datasette, words: str, finds: bool) -> None:
    data = await ask(asked_sample, "query ($words: String) { claims(search: $words) { totalCount } }", words=words)
    assert (data["claims"]["totalCount"] > 0) is finds
