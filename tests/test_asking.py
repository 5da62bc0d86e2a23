"""Asking: whatever is wrong with a GraphQL request is answered in JSON, with what was wrong and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from graphql import get_introspection_query

from claimbase.weigh import MOST_BYTES
from plugins.asking import Answers
from tests.conftest import Listener, open_site

JSON = {"content-type": "application/json"}


async def ask(site: Datasette, query: str, variables: dict[str, Any] | None = None) -> tuple[int, Any]:
    response = await site.client.post("/graphql", json={"query": query, "variables": variables})
    return response.status_code, response.json()


# How a request is sent, the status it gets, and what it is told.
SENT: list[tuple[str, dict[str, Any], int, str]] = [
    ("POST", {"headers": JSON}, 400, "The body is no JSON (it is empty)"),
    ("POST", {"headers": JSON, "content": "query { x }"}, 400, "The body is no JSON (Expecting value"),
    ("POST", {"headers": JSON, "content": b"\xff\xfe"}, 400, "The body is no JSON ("),
    ("POST", {"headers": JSON, "content": "[" * 40_000}, 400, "The body is no JSON ("),
    ("POST", {"json": [{"query": "{ __typename }"}]}, 400, "several questions are several requests"),
    ("POST", {"json": {}}, 400, "There is no `query`: POST"),
    ("POST", {"json": {"query": ["{ __typename }"]}}, 400, "There is no `query`: POST"),
    ("POST", {"json": {"query": "{ __typename }", "variables": []}}, 200, ""),
    ("POST", {"json": {"query": "{ __typename }", "variables": ["a"]}}, 400, "`variables` is no JSON object"),
    ("POST", {"json": {"query": "{ __typename }", "operationName": 5}}, 400, "`operationName` is no text"),
    ("POST", {"json": {"query": "{ __typename }", "operationName": "A"}}, 400, "`operationName` has to say which"),
    ("POST", {"json": {"query": "query A { __typename } query B { __typename }"}}, 400, "one of A, B"),
    ("POST", {"headers": JSON, "content": '{"query": "\\ud800"}'}, 400, "half a character"),
    ("POST", {"content": "query={ __typename }"}, 415, "not as nothing: POST"),
    ("POST", {"data": {"query": "{ __typename }"}}, 415, "not as application/x-www-form-urlencoded: POST"),
    ("POST", {"headers": JSON | {"cookie": "a=b"}, "content": "{}"}, 400, "There is no `query`"),
    ("POST", {"data": {"query": "x"}, "headers": {"cookie": "a=b"}}, 415, "not as application/x-www-form"),
    ("POST", {"json": {"query": " " * MOST_BYTES}}, 413, f"The body is larger than {MOST_BYTES:,} bytes"),
    ("PUT", {"json": {"query": "{ __typename }"}}, 405, "PUT is not for /graphql"),
    ("DELETE", {}, 405, "DELETE is not for /graphql"),
    ("GET", {}, 400, "There is no `query`"),
    ("GET", {"params": {"query": "{ __typename }"}}, 200, ""),
    ("GET", {"params": {"query": "{ __typename }", "variables": ""}}, 200, ""),
    ("GET", {"params": {"query": "{ nope }"}}, 400, "Cannot query field 'nope'"),
    ("GET", {"params": {"query": "{ __typename }", "variables": "{"}}, 400, "`variables` is no JSON"),
    ("HEAD", {"params": {"query": "{ __typename }"}}, 200, ""),
    ("OPTIONS", {}, 200, ""),
]

# What is asked, and what is told.
ASKED: list[tuple[str, str]] = [
    ("{", "Syntax Error: Expected Name, found <EOF>."),
    ("{ nope }", "Cannot query field 'nope' on type 'Query'."),
    ("{ claim { id } }", "argument 'id' of type 'String!' is required"),
    ('{ claim(id: "x") }', "must have a selection of subfields"),
    ("{ claim(id: 5) { id } }", "String cannot represent a non string value: 5"),
    ("query ($id: String!) { claim(id: $id) { id } }", "Variable '$id' of required type 'String!' was not provided."),
    ("{ claimList(confidence: [likly]) { totalCount } }", "Did you mean the enum value 'likely'?"),
    ("{ claimList(sort: size) { totalCount } }", "Value 'size' does not exist in 'ClaimSort' enum."),
    ('{ claimList(after: "x") { totalCount } }', "`after` is no cursor of this list"),
    ("{ claimList(offset: -1) { totalCount } }", "`offset` is -1, and has to be 0 or more."),
    ("{ claimList(first: 0) { totalCount } }", "`first` is 0, and has to be from 1 to 1000"),
    ("{ claims(first: 5000) { totalCount } }", "`first` is 5000, and has to be from 1 to 1000"),
    ('{ claims(after: "x") { totalCount } }', "`after` is no cursor of this list"),
    ('{ links(after: "x") { totalCount } }', "`after` is no cursor of this list"),
    ('{ domain_confidences(after: "x") { totalCount } }', "`after` is no cursor of this list"),
    ('{ claims(where: "nope = 1") { totalCount } }', "A list of a table cannot be told: no such column: nope."),
    ('{ claims(where: "1; drop table claims") { totalCount } }', "A list of a table cannot be told: "),
    ("{ claims { edges { cursor } } }", "ask for `nodes` and `pageInfo { endCursor }`"),
    ("{ domain_confidences { edges { node { id } } } }", "ask for `nodes` and `pageInfo { endCursor }`"),
    ("{ claims(filter: {doi: {isnull: false}}) { totalCount } }", "ask `notnull: true` instead"),
    ("mutation { x }", "Schema is not configured to execute mutation operation."),
    ("{ claimList { nodes " * 400 + "{ id }" + " } }" * 400, "Document is nested too deeply"),
    ("{" + " claimList { totalCount }" * 300 + "}", "Document contains more than 1000 tokens"),
    ("{" + "a" * 9_000, "Syntax Error: Expected Name, found <EOF>."),
    ("{ " * 900 + "}" * 90, "Syntax Error: Expected Name"),
    ("fragment A on Claim { ...A } { claim(id: 1) { ...A } }", "Cannot spread fragment 'A' within itself"),
]


async def test_however_a_request_is_sent_the_answer_is_json_and_says_what_was_wrong(asked_past: Datasette) -> None:
    for method, sent, status, told in SENT:
        response = await asked_past.client.request(method, "/graphql", **sent)
        assert response.status_code == status, (method, sent, response.text)
        assert response.headers["content-type"].startswith("application/json"), (method, sent)
        if status != 200:
            [error] = response.json()["errors"]
            assert told in error["message"], (method, sent)


async def test_whatever_is_asked_wrongly_is_a_400_that_says_so(asked_past: Datasette) -> None:
    for query, told in ASKED:
        status, answer = await ask(asked_past, query)
        assert status == 400, query[:80]
        assert any(told in error["message"] for error in answer["errors"]), (query[:80], answer["errors"])


async def test_a_method_that_is_not_for_it_is_told_which_are(asked_past: Datasette) -> None:
    assert (await asked_past.client.put("/graphql")).headers["allow"] == "GET, HEAD, POST, OPTIONS"


async def test_a_database_that_is_not_there_is_a_404_in_json(asked_past: Datasette) -> None:
    response = await asked_past.client.post("/graphql/nothing", json={"query": "{ __typename }"})
    assert response.status_code == 404
    assert response.json() == {"errors": [{"message": "There is no such database: ask /graphql/codex."}]}


async def test_what_nobody_may_read_is_a_403_in_json(site: Datasette) -> None:
    site._metadata_local["databases"]["codex"]["allow"] = False
    response = await site.client.post("/graphql", json={"query": "{ __typename }"})
    assert response.status_code == 403
    assert response.json() == {"errors": [{"message": "You may not read the database codex."}]}


async def test_a_bomb_of_aliases_is_refused_before_anything_of_it_is_read(asked_past: Datasette) -> None:
    bomb = "{" + " ".join(f"a{number}: claims(first: 1000) {{ nodes {{ body }} }}" for number in range(40)) + "}"
    assert len(bomb) < 1_900
    status, answer = await ask(asked_past, bomb)
    assert status == 400
    assert answer["errors"][0]["message"].startswith("The answer could hold more than 20,000 values")


async def test_lists_of_tables_in_lists_end_with_what_to_ask_instead(sample_site: Datasette) -> None:
    status, answer = await ask(
        sample_site, "{ links(first: 150) { nodes { from_document { links_by_from_document_list { totalCount } } } } }"
    )
    assert status == 400
    assert len(answer["errors"]) <= 5
    told = r"(Query|Time) limit exceeded: .+\. A table's list in a list is asked for row by row: lower `first`"
    assert re.match(told, answer["errors"][0]["message"])


async def test_tools_learn_the_schema(asked_past: Datasette) -> None:
    every = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True)
    status, answer = await ask(asked_past, every)
    assert status == 200
    assert {"Claim", "claims", "ClaimList"} <= {kind["name"] for kind in answer["data"]["__schema"]["types"]}
    bomb = "{" + " ".join(f"a{n}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}" for n in range(60)) + "}"
    status, answer = await ask(asked_past, bomb)
    assert status == 400
    assert answer["errors"][0]["message"] == "This asks more about the schema than all of it: ask once."


async def test_the_schema_is_a_text_that_is_the_same_every_time(site: Datasette, database: Any) -> None:
    text = (await site.client.get("/graphql/codex.graphql")).text
    assert text == (await site.client.get("/graphql?schema=1")).text
    assert text == (await open_site(database).client.get("/graphql/codex.graphql")).text
    assert " at 0x" not in text


async def test_a_browser_is_shown_the_explorer_with_examples_that_find_something(asked_past: Datasette) -> None:
    response = await asked_past.client.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 200
    assert response.text.count('<li><a href="?query=') == 9
    assert 'aria-current="page">A claim, what speaks for and against it' in response.text


def test_answers_are_kept_as_long_as_there_is_room() -> None:
    answers = Answers(10)
    for name, text in (("a", "aaaa"), ("b", "bbbb"), ("a", "aaaaa"), ("c", "cc")):
        answers.keep(name, text)
    assert [answers.get(name) for name in "abc"] == ["aaaaa", None, "cc"]
    answers.keep(None, "d")
    assert answers.get(None) is None


async def test_an_answer_that_is_kept_is_told_once_more(sample_database: Path, listener: Listener) -> None:
    site = open_site(sample_database)
    for query, again in (("{ claimList { totalCount } }", 0), ('{ claims(where: "1 = 1") { totalCount } }', 1)):
        first = await ask(site, query)
        listener.statements.clear()
        assert await ask(site, query) == first
        assert bool(listener.statements) == bool(again)
