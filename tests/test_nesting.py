"""Nesting: a claim comes with all that hangs on it, a level at a time, and every list is told to its last entry."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from graphql import (
    EnumTypeDefinitionNode,
    GraphQLError,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    parse,
    value_from_ast_untyped,
)

from build import PROJECT
from plugins.nesting import SORTS, camel, cursor, read_cursor, snake
from tests.conftest import Listener, open_site

GRAPH = parse((PROJECT / "plugins/graphql/graph.graphql").read_text(encoding="utf-8"))
QUESTIONS = sorted((PROJECT / "plugins/graphql/questions").glob("*.sql"))
# What the types leave to the tables: ends of links that have no type of their own, counts that commits state.
LEFT_OUT = {
    "links": {"from_belief", "from_position", "to_entity", "to_belief", "to_position", "argument"},
    "commits": {"domain_text", "claims", "entities", "enrichments", "extracted_by", "extraction_model"},
    "metrics": {"claim"},
}


async def ask(site: Datasette, query: str, **variables: Any) -> Any:
    response = await site.client.post("/graphql", json={"query": query, "variables": variables})
    answer = response.json()
    assert response.status_code == 200, answer["errors"]
    return answer["data"]


async def pages(site: Datasette, field: str, arguments: str, nodes: str, first: int) -> AsyncIterator[list[Any]]:
    """The pages of a list of Query, from the first to the last."""
    after: str | None = None
    for _ in range(1000):
        told = ", ".join(filter(None, (arguments, f"first: {first}", after and f"after: {json.dumps(after)}")))
        query = f"{{ {field}({told}) {{ nodes {{ {nodes} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        page = (await ask(site, query))[field]
        yield page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return
    raise AssertionError(f"{field} has no last page")


async def walk(site: Datasette, field: str, arguments: str, nodes: str, first: int) -> list[Any]:
    return [node async for page in pages(site, field, arguments, nodes, first) for node in page]


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


@pytest.mark.parametrize(
    "node",
    [node for node in GRAPH.definitions if isinstance(node, ObjectTypeDefinitionNode) and node.directives],
    ids=lambda node: node.name.value,
)
def test_a_type_has_the_columns_of_its_table(node: ObjectTypeDefinitionNode, rows: sqlite3.Connection) -> None:
    table = str(value_from_ast_untyped(node.directives[0].arguments[0].value))
    columns = {row["name"]: row for row in rows.execute(f"pragma table_info({table})")}
    plain = [field for field in node.fields if not field.directives or field.directives[0].name.value == "late"]
    assert {snake(field.name.value) for field in plain} == set(columns) - LEFT_OUT.get(table, set())
    for field in plain:
        column = columns[snake(field.name.value)]
        assert isinstance(field.type, NonNullTypeNode) == bool(column["notnull"] or column["pk"]), field.name.value


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_opens_with_what_it_answers(question: Path) -> None:
    first = question.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("-- ")
    assert "?" in first


def test_every_question_is_asked_and_every_enumeration_has_its_words() -> None:
    text = (PROJECT / "plugins/graphql/graph.graphql").read_text(encoding="utf-8")
    asked = set(re.findall(r'of: "(\w+)"', text))
    assert {path.stem.removesuffix("_count") for path in QUESTIONS} == asked
    enums = [node.name.value for node in GRAPH.definitions if isinstance(node, EnumTypeDefinitionNode)]
    assert enums == ["Confidence", "Relation", "EvidenceKind", "ClaimSort"]


@pytest.mark.parametrize(("column", "field"), [("id", "id"), ("created_precision", "createdPrecision")])
def test_fields_are_columns_in_camel_case(column: str, field: str) -> None:
    assert camel(column) == field
    assert snake(field) == column


def test_a_cursor_is_read_as_it_was_made() -> None:
    assert read_cursor(cursor("newest", "2026", "a-é-claim"), str, str, str) == ["newest", "2026", "a-é-claim"]
    assert read_cursor(cursor(7), int) == [7]


@pytest.mark.parametrize("after", ["", "x", "é", "W10", cursor("7"), cursor(7, 8), cursor(-1), cursor(10**30), "[" * 9])
def test_what_is_no_cursor_is_told_so(after: str) -> None:
    with pytest.raises(GraphQLError, match="`after` is no cursor of this list"):
        read_cursor(after, int)


# The field of a claim, and how the same is asked in SQL.
ENDS = {
    "supports": "select to_claim from arguments where from_claim = :id and relation = 'supports'",
    "supportedBy": "select from_claim from arguments where to_claim = :id and relation = 'supports'",
    "challenges": "select to_claim from arguments where from_claim = :id and relation = 'challenges'",
    "challengedBy": "select from_claim from arguments where to_claim = :id and relation = 'challenges'",
    "dependsOn": "select to_claim from arguments where from_claim = :id and relation = 'depends_on'",
    "carries": "select from_claim from arguments where to_claim = :id and relation = 'depends_on'",
    "related": "select iif(from_claim = :id, to_claim, from_claim) from arguments"
    " where :id in (from_claim, to_claim) and relation = 'related'",
}


async def test_every_claim_has_its_arguments_from_both_ends(asked_sample: Datasette, sample_database: Path) -> None:
    ends = " ".join(f"{field}(first: 100) {{ totalCount nodes {{ claim {{ id }} }} }}" for field in ENDS)
    claims = await walk(asked_sample, "claimList", "", f"id {ends}", 5)
    connection = opened(sample_database)
    found = 0
    for claim in claims:
        for field, sql in ENDS.items():
            ids = [row[0] for row in connection.execute(f"{sql} order by id", {"id": claim["id"]})]
            assert [node["claim"]["id"] for node in claim[field]["nodes"]] == ids, (claim["id"], field)
            assert claim[field]["totalCount"] == len(ids)
            found += len(ids)
    connection.close()
    assert found > 100


async def test_a_claim_has_what_its_page_shows(asked_past: Datasette) -> None:
    query = """{ claim(id: "naps-restore-attention-within-twenty-minutes") {
      title confidence path tags body
      domain { id title }
      agent { name claims { totalCount } }
      supportedBy { nodes { relation asserted reasons witnesses { label path line } claim { title } } }
      challengedBy { nodes { claim { title } } }
      objections { totalCount nodes { words claim { id } source { id } document { kind } } }
      mentionedBy { nodes { fromDocument { kind } } }
      links(relation: challenged_by) { totalCount }
      evidence { nodes { kind rule source { title author evidence { totalCount } } } }
      history { totalCount nodes { kind field old new byCommit { subject pullRequest agent { id } source { id } } } }
      confidences: history(field: "confidence") { nodes { old new date } }
      contributions { nodes { role contributor { name roles { role claims } } } }
      similar { reason claim { id } }
      metrics { supportedBy weakestClaim { id } overrated }
      problems { nodes { code message path line } }
      twinOf { id }
    } }"""
    claim = (await ask(asked_past, query))["claim"]
    assert claim["confidence"] == "likely"
    assert claim["domain"] == {"id": "sleep", "title": "Sleep and rest"}
    assert claim["path"] == "domains/sleep/Naps restore attention within twenty minutes.md"
    assert [(move["old"], move["new"]) for move in claim["confidences"]["nodes"]] == [
        ("proven", "likely"),
        ("likely", "proven"),
    ]
    assert {node["byCommit"]["pullRequest"] for node in claim["history"]["nodes"]} == {None, 7, 8}
    assert claim["evidence"]["nodes"]
    assert claim["metrics"]["supportedBy"] == len(claim["supportedBy"]["nodes"])
    assert claim["objections"]["totalCount"] == len(claim["objections"]["nodes"])


async def test_what_is_not_there_is_null(asked_past: Datasette) -> None:
    data = await ask(
        asked_past,
        '{ claim(id: "no") { id } source(id: "no") { id } domain(id: "") { id } agent(id: "\\u0000") { id } }',
    )
    assert data == {"claim": None, "source": None, "domain": None, "agent": None}


async def test_a_level_is_asked_in_as_many_questions_however_much_is_on_it(
    sample_database: Path, listener: Listener
) -> None:
    site = open_site(sample_database)
    query = """query ($first: Int) { claimList(first: $first) { nodes {
      domain { title } body
      supportedBy { nodes { reasons claim { agent { name } evidence { nodes { source { title } } } } } }
      history { nodes { byCommit { subject } } } tags metrics { mentions }
    } } }"""
    await ask(site, "{ __typename }")
    for first in (2, 40):
        listener.statements.clear()
        await ask(site, query, first=first)
        assert 5 < len(listener.statements) < 20


@pytest.mark.parametrize("sort", SORTS)
async def test_claims_are_told_to_the_last_in_every_order(
    asked_sample: Datasette, sample_database: Path, sort: str
) -> None:
    connection = opened(sample_database)
    value, descending = SORTS[sort].value, SORTS[sort].descending
    rows = connection.execute(
        f"select id from claims join metrics on claim = id order by {value} {'desc' if descending else ''}, id"
    )
    ids = [row["id"] for row in rows]
    connection.close()
    for first in (7, len(ids) - 1, len(ids)):
        found = await walk(asked_sample, "claimList", f"sort: {sort}", "id", first)
        assert [claim["id"] for claim in found] == ids
    [by_offset] = [
        page async for page in pages(asked_sample, "claimList", f"sort: {sort}, offset: {len(ids) - 3}", "id", 5)
    ]
    assert [claim["id"] for claim in by_offset] == ids[-3:]


async def test_claims_are_narrowed_by_all_that_is_asked(asked_sample: Datasette) -> None:
    query = """{ claimList(domain: "incentive-design", confidence: [likely, proven], words: "reward", first: 50) {
      totalCount nodes { title body confidence domain { id } } } }"""
    claims = (await ask(asked_sample, query))["claimList"]
    assert claims["totalCount"] == len(claims["nodes"]) > 0
    for claim in claims["nodes"]:
        assert claim["domain"]["id"] == "incentive-design"
        assert claim["confidence"] in ("likely", "proven")
        assert "reward" in (claim["title"] + claim["body"]).lower()
    nothing = await ask(
        asked_sample, '{ claimList(agent: "nobody", tag: "x") { totalCount nodes { id } pageInfo { endCursor } } }'
    )
    assert nothing["claimList"] == {"totalCount": 0, "nodes": [], "pageInfo": {"endCursor": None}}


async def test_a_cursor_goes_with_the_order_that_told_it(asked_sample: Datasette) -> None:
    page = (await ask(asked_sample, "{ claimList(sort: title) { pageInfo { endCursor } } }"))["claimList"]["pageInfo"]
    for arguments in ("sort: newest", "sort: title, offset: 2"):
        query = f"{{ claimList({arguments}, after: {json.dumps(page['endCursor'])}) {{ totalCount }} }}"
        response = await asked_sample.client.post("/graphql", json={"query": query})
        assert response.status_code == 400
        assert "`after` goes with the `sort` of the page that told it" in response.text


@pytest.mark.parametrize(
    ("field", "nodes", "sql"),
    [
        ("links", "id", "select id from links where from_claim = :id order by id"),
        ("backlinks", "id", "select id from links where to_claim = :id order by id"),
        ("evidence", "id", "select id from evidence where claim = :id order by id"),
        ("history", "id", "select id from changes where claim = :id order by date desc, id"),
        ("contributions", "id", "select id from contributions where claim = :id order by id"),
        ("problems", "id", "select id from problems where claim = :id order by id"),
    ],
)
async def test_a_list_in_a_claim_is_told_to_its_last_entry(
    asked_past: Datasette, past_database: Path, field: str, nodes: str, sql: str
) -> None:
    connection = opened(past_database)
    ids = [row[0] for row in connection.execute("select id from claims")]
    longest = max(ids, key=lambda id_: len(connection.execute(sql, {"id": id_}).fetchall()))
    wanted = [str(row[0]) for row in connection.execute(sql, {"id": longest})]
    connection.close()
    assert len(wanted) > 1
    asked = (
        f"{field}(first: 1, after: $after) {{ totalCount nodes {{ {nodes} }} pageInfo {{ hasNextPage endCursor }} }}"
    )
    query = f"query ($id: String!, $after: String) {{ claim(id: $id) {{ {asked} }} }}"
    found, after, more = [], None, True
    while more:
        page = (await ask(asked_past, query, id=longest, after=after))["claim"][field]
        assert page["totalCount"] == len(wanted)
        found += [node["id"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert found == wanted
    beyond = (await ask(asked_past, query, id=longest, after=after))["claim"][field]
    assert (beyond["totalCount"], beyond["nodes"]) == (len(wanted), [])


@pytest.mark.parametrize("words", ["reward", "reward model", '"reward model"', "model*", "the", '"""', "🦔", "\0", ""])
async def test_a_search_finds_what_the_question_finds_in_its_order(asked_sample: Datasette, words: str) -> None:
    query = """query ($words: String!) { search(words: $words, first: 20) {
      totalCount nodes { rank titled snippet claim { id title confidence domain { id } } } } }"""
    found = (await ask(asked_sample, query, words=words))["search"]
    response = await asked_sample.client.get("/codex/search.json", params={"q": words, "_shape": "objects"})
    asked = response.json()["rows"]
    assert [node["claim"]["id"] for node in found["nodes"]] == [row["id"] for row in asked]
    assert [node["snippet"] for node in found["nodes"]] == [row["snippet"] for row in asked]
    assert [node["rank"] for node in found["nodes"]] == list(range(1, len(asked) + 1))
    assert found["totalCount"] >= len(asked)


async def test_a_search_is_told_to_its_last_match(asked_sample: Datasette) -> None:
    whole = await walk(asked_sample, "search", 'words: "the"', "rank claim { id }", 1000)
    assert await walk(asked_sample, "search", 'words: "the"', "rank claim { id }", 7) == whole
    assert [found["rank"] for found in whole] == list(range(1, len(whole) + 1))
    assert len({found["claim"]["id"] for found in whole}) == len(whole) > 40
    narrowed = await walk(
        asked_sample,
        "search",
        'words: "the", domain: "incentive-design", confidence: likely',
        "claim { domain { id } confidence }",
        3,
    )
    assert narrowed
    assert {(found["claim"]["domain"]["id"], found["claim"]["confidence"]) for found in narrowed} == {
        ("incentive-design", "likely")
    }


async def test_documents_of_a_kind_are_found(asked_sample: Datasette) -> None:
    found = await walk(
        asked_sample,
        "searchDocuments",
        'words: "the", kind: "source"',
        "document { kind source { id } id claim { id } }",
        10,
    )
    assert len(found) > 10
    for one in found:
        assert one["document"]["kind"] == "source"
        assert one["document"]["source"]["id"] == one["document"]["id"]
        assert one["document"]["claim"] is None


async def test_growth_adds_up(asked_sample: Datasette, sample_database: Path) -> None:
    connection = opened(sample_database)
    for domain in (None, "incentive-design"):
        [known] = connection.execute(
            "select count(*) from claims where created_precision in ('day', 'month') and domain is coalesce(?, domain)",
            (domain,),
        ).fetchone()
        months = (
            await ask(asked_sample, "query ($d: String) { growth(domain: $d) { month claims total } }", d=domain)
        )["growth"]
        assert [month["month"] for month in months] == sorted(month["month"] for month in months)
        assert sum(month["claims"] for month in months) == months[-1]["total"] == known > 0
    connection.close()


async def test_domains_agents_and_contributors_have_their_claims(asked_past: Datasette, past_database: Path) -> None:
    connection = opened(past_database)
    domains = await walk(asked_past, "domainList", "", "id claims(first: 100) { totalCount nodes { id created } }", 2)
    assert [(domain["id"], domain["claims"]["totalCount"]) for domain in domains] == [
        tuple(row)
        for row in connection.execute(
            "select domains.id, count(claims.id) from domains left join claims on domain = domains.id "
            "group by 1 order by 2 desc, 1"
        )
    ]
    contributors = await walk(
        asked_past, "contributorList", "", "id contributions(first: 1) { totalCount } roles { role claims }", 1
    )
    assert [(one["id"], one["contributions"]["totalCount"]) for one in contributors] == [
        tuple(row)
        for row in connection.execute("select contributor, count(*) from contributions group by 1 order by 2 desc, 1")
    ]
    connection.close()


async def test_time_is_up_for_all_of_a_request(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = open_site(sample_database)
    await ask(site, "{ __typename }")
    monkeypatch.setattr("time.monotonic", iter(range(0, 10**6, 5)).__next__)
    response = await site.client.post("/graphql", json={"query": '{ search(words: "a* e* i* o*") { totalCount } }'})
    assert response.status_code == 400
    assert "This takes too long" in response.text


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_about_some_finds_them_by_an_index(question: Path, database: Path) -> None:
    sql = question.read_text(encoding="utf-8")
    if ":keys" not in sql:
        return
    connection = opened(database)
    parameters = dict.fromkeys(re.findall(r":([a-z]\w*)", sql)) | {"keys": "[]"}
    steps = [row["detail"] for row in connection.execute(f"explain query plan {sql}", parameters)]
    connection.close()
    tables = "arguments|links|evidence|changes|claims|contributions|document_tags|similar_claims|problems"
    assert [step for step in steps if re.match(rf"SCAN ({tables})\b", step)] == []
