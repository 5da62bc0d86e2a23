"""CORS: a script of another site reads every answer, whatever it is, and asks GraphQL as JSON."""

from __future__ import annotations

import pytest
from datasette.app import Datasette

from plugins.cors import readable

ORIGIN = {"origin": "https://elsewhere.example"}
READABLE = {"access-control-allow-origin": "*", "access-control-expose-headers": "Link, ETag"}


def sharing(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/codex/claims.json", 200),
        ("/codex/claims.csv?_stream=on", 200),
        ("/codex/growth.json", 200),
        ("/codex.json?sql=select+1", 200),
        ("/codex.db", 200),
        ("/llms.txt", 200),
        ("/changes.atom", 200),
        ("/map.json", 200),
        ("/static/claimbase.css", 200),
        ("/", 200),
        ("/codex/claims.json?_sort=nothing", 400),
        ("/codex.json?sql=delete+from+claims", 400),
        ("/codex/nothing.csv", 404),
        ("/graphql", 400),
    ],
)
async def test_every_answer_may_be_read(site: Datasette, address: str, status: int) -> None:
    for _ in ("made", "kept"):
        response = await site.client.get(address, headers=ORIGIN)
        assert (response.status_code, sharing(response.headers)) == (status, READABLE)


async def test_that_nothing_has_changed_may_be_read_too(site: Datasette) -> None:
    tag = (await site.client.get("/codex/claims.json")).headers["etag"]
    response = await site.client.get("/codex/claims.json", headers={**ORIGIN, "if-none-match": tag})
    assert (response.status_code, sharing(response.headers)) == (304, READABLE)


async def test_a_browser_that_asks_first_is_told_that_it_may_post_json(site: Datasette) -> None:
    asking = {**ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for address in ("/graphql", "/codex/claims.json", "/no/page"):
        response = await site.client.options(address, headers=asking)
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "*"
        assert "POST" in response.headers["access-control-allow-methods"].split(", ")
        assert response.headers["access-control-allow-headers"] == "Content-Type"
        assert "access-control-allow-credentials" not in response.headers


async def test_graphql_answers_a_script_of_another_site(site: Datasette) -> None:
    response = await site.client.post(
        "/graphql", json={"query": "{ claims(first: 1) { nodes { id } } }"}, headers=ORIGIN
    )
    assert (response.status_code, sharing(response.headers)) == (200, READABLE)


def test_what_others_have_said_of_it_is_not_said_twice() -> None:
    said = [(b"Access-Control-Allow-Origin", b"*"), (b"content-type", b"text/plain")]
    assert readable(said) == [
        (b"content-type", b"text/plain"),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", b"Link, ETag"),
    ]
