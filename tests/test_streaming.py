"""Streams of CSV: all rows in one pass, and no end that looks like one where there is none."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from datasette.app import Datasette

from tests.conftest import Listener

# Fails at the fortieth link, as a query that takes too long would, pages after the first.
FAILING = urlencode(
    {"_where": "(id < (select id from links order by id limit 1 offset 40) or abs(-9223372036854775807 - 1))"}
)


async def rows_of(site: Datasette, address: str) -> list[list[str]]:
    response = await site.client.get(address)
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.text)))


async def test_a_view_is_asked_once_however_many_pages_it_has(
    site: Datasette, rows: sqlite3.Connection, listener: Listener
) -> None:
    (number,) = rows.execute("select count(*) from claim_links").fetchone()
    assert len(await rows_of(site, "/codex/claim_links.csv?_stream=on&_size=7")) == 1 + number > 100
    assert len([sql for sql in listener.statements if "from claim_links" in sql]) == 1


@pytest.mark.parametrize("size", ["1", "2", "100", "max"])
async def test_pages_of_any_size_are_the_same_rows_in_the_same_order(site: Datasette, size: str) -> None:
    at_once = await rows_of(site, "/codex/claim_links.csv?_size=max&_sort=path")
    assert await rows_of(site, f"/codex/claim_links.csv?_stream=on&_sort=path&_size={size}") == at_once


async def test_a_view_is_streamed_as_it_is_narrowed_down(site: Datasette) -> None:
    narrowed = "claim=naps-restore-attention-within-twenty-minutes&_col=relation&_sort_desc=line"
    streamed = await rows_of(site, f"/codex/claim_links.csv?_stream=on&_size=2&{narrowed}")
    assert streamed == await rows_of(site, f"/codex/claim_links.csv?{narrowed}")
    assert len(streamed) > 5


async def test_a_stream_that_cannot_go_on_does_not_end_as_if_it_had(site: Datasette) -> None:
    with pytest.raises(RuntimeError, match="the reader was not given the rest"):
        await site.client.get(f"/codex/links.csv?_stream=on&_size=10&{FAILING}")


def test_its_reader_is_told_by_the_connection(sample_address: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{sample_address}/codex/links.csv?_stream=on&_size=10&{FAILING}", timeout=60)


async def test_a_stream_that_cannot_begin_is_an_error(site: Datasette) -> None:
    response = await site.client.get("/codex/links.csv?_stream=on&_where=abs(-9223372036854775807+-+1)")
    assert (response.status_code, response.text) == (400, "integer overflow")


async def test_nothing_is_written_for_a_reader_who_has_left(site: Datasette) -> None:
    await site.invoke_startup()
    left, sent = iter([{"type": "http.request", "body": b""}]), list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        return next(left, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/codex/links.csv",
        "http_version": "1.1",
    }
    scope |= {
        "raw_path": b"/codex/links.csv",
        "query_string": b"_stream=on&_size=1",
        "headers": [(b"host", b"a.example")],
    }
    await site.app()(scope, receive, send)
    assert sum(message.get("body", b"").count(b"\n") for message in sent) < 10
    assert [message for message in sent if not message.get("more_body") and "body" in message] == []
