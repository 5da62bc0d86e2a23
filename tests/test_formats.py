"""JSON and CSV: every table, view and question has both, to the last row, and says in them what went wrong."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata

from build import PROJECT
from claimbase.pipeline import build_database
from plugins.formats import TOO_LONG
from tests.conftest import open_site

CODEX: dict[str, Any] = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["codex"]
RELATIONS, QUESTIONS = list(CODEX["tables"]), list(CODEX["queries"])


@pytest.fixture(params=["tiny", "sample"])
def base(request: pytest.FixtureRequest) -> Path:
    """The databases of both bases, one after the other."""
    path: Path = request.getfixturevalue({"tiny": "database", "sample": "sample_database"}[request.param])
    return path


async def get(site: Datasette, address: str) -> Any:
    response = await site.client.get(address)
    assert response.status_code == 200, f"{address} {response.text:.300}"
    return response


async def csv_rows(site: Datasette, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((await get(site, address)).text)))


async def test_every_table_and_view_is_paged_through_and_streamed_to_the_last_row(base: Path) -> None:
    site, connection = open_site(base), sqlite3.connect(base)
    for name in RELATIONS:
        (number,) = connection.execute(f"select count(*) from {name}").fetchone()
        rows: list[Any] = []
        following: str | None = f"/codex/{name}.json?_size={number // 3 + 1}"
        while following:
            page = (await get(site, following)).json()
            rows += page["rows"]
            following = page["next_url"] and "?".join(urlsplit(page["next_url"])[2:4])
        assert len({json.dumps(row) for row in rows}) == number, name
        header, *streamed = await csv_rows(site, f"/codex/{name}.csv?_stream=on")
        assert header == page["columns"]
        assert streamed == [["" if cell is None else str(cell) for cell in row] for row in rows], name
    connection.close()


async def test_every_table_and_view_has_every_shape_and_one_largest_page(base: Path) -> None:
    site = open_site(base)
    for name in RELATIONS:
        [rows, objects, array, first] = [
            (await get(site, f"/codex/{name}.json?_size=max&_shape={shape}")).json()
            for shape in ("arrays", "objects", "array", "arrayfirst")
        ]
        assert array == objects["rows"] == [dict(zip(rows["columns"], row, strict=True)) for row in rows["rows"]]
        assert first == [row[0] for row in rows["rows"]]
        lines = (await get(site, f"/codex/{name}.json?_size=max&_shape=array&_nl=on")).text.splitlines()
        assert [json.loads(line) for line in lines] == array


async def test_every_question_is_json_and_csv_with_the_same_rows(base: Path) -> None:
    site = open_site(base)
    for name in QUESTIONS:
        answer = (await get(site, f"/codex/{name}.json?_size=max")).json()
        array = (await get(site, f"/codex/{name}.json?_size=max&_shape=array")).json()
        assert array == [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]
        for options in ("?_size=max", "?_stream=on"):
            header, *rows = await csv_rows(site, f"/codex/{name}.csv{options}")
            assert header == answer["columns"]
            assert rows == [["" if cell is None else str(cell) for cell in row] for row in answer["rows"]], name


async def test_a_question_is_streamed_to_the_last_row_however_many_an_answer_may_have(site: Datasette) -> None:
    claims = len((await get(site, "/codex/newest_claims.json?_shape=array")).json())
    site.max_returned_rows = 5
    assert claims > 5
    assert len(await csv_rows(site, "/codex/newest_claims.csv")) == 1 + 5
    assert len(await csv_rows(site, "/codex/newest_claims.csv?_stream=on")) == 1 + claims
    assert len(await csv_rows(site, "/codex/claims.csv?_stream=on")) == 1 + claims


async def test_sql_of_ones_own_is_not_streamed_beyond_what_an_answer_may_have(site: Datasette) -> None:
    numbers = "with recursive n(i) as (select 1 union all select i %2B 1 from n limit 2000) select i from n"
    assert len(await csv_rows(site, f"/codex.csv?_stream=on&sql={numbers}")) == 1 + 1000
    assert (await get(site, f"/codex.json?sql={numbers}")).json()["truncated"] is True


WRONG = [
    ("/codex/nothing", 404, "Table not found"),
    ("/codex/claims?_sort=nothing", 400, "Cannot sort table by nothing"),
    ("/codex/claims?_size=-1", 400, "_size must be a positive integer"),
    ("/codex/claims?_size=1001", 400, "_size must be <= 1000"),
    ("/codex/claims?_col=nothing", 400, "_col=nothing - invalid columns"),
    ("/codex/wanted_documents?_next=x", 400, "_next is what the answer before says under next"),
    ("/codex?sql=delete+from+claims", 400, "Statement must be a SELECT"),
    ("/codex?sql=select+nowhere", 400, "no such column: nowhere"),
]


@pytest.mark.parametrize(("address", "status", "message"), WRONG)
async def test_what_was_asked_for_wrongly_is_told_in_the_form_that_was_asked_for(
    site: Datasette, address: str, status: int, message: str
) -> None:
    path, _, query = address.partition("?")
    as_json, as_csv = [await site.client.get(f"{path}.{form}?{query}") for form in ("json", "csv")]
    assert (as_json.status_code, as_json.json()["ok"], as_json.json()["error"]) == (status, False, message)
    assert (as_csv.status_code, as_csv.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert as_csv.text == message


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/codex/claims.json?_shape=x", "_shape is one of arrays, objects, array, arrayfirst, object"),
        ("/codex/growth.json?_shape=x", "_shape is one of arrays, objects, array, arrayfirst, object"),
        ("/codex/growth.json?_shape=object", "_shape=object goes by a key, which tables alone have"),
    ],
)
async def test_a_shape_that_cannot_be_had_is_an_error(site: Datasette, address: str, message: str) -> None:
    response = await site.client.get(address)
    assert (response.status_code, response.json()["error"]) == (400, message)


async def test_a_query_that_takes_too_long_says_so_without_markup(site: Datasette) -> None:
    endless = "with recursive n(i) as (select 1 union all select i %2B 1 from n) select max(i) from n"
    as_json, as_csv = [await site.client.get(f"/codex.{form}?_timelimit=20&sql={endless}") for form in ("json", "csv")]
    assert (as_json.status_code, as_json.json()["error"]) == (400, TOO_LONG)
    assert (as_csv.status_code, as_csv.text) == (400, TOO_LONG)


async def test_cells_that_a_spreadsheet_takes_for_formulas_are_what_the_authors_wrote(tmp_path: Path) -> None:
    titles = ["=1+1", "+1", "-1", "@sum", "a, b", 'say "no"', "two\nlines"]
    for number, title in enumerate(titles):
        claim = tmp_path / f"kb/domains/a/c{number}.md"
        claim.parent.mkdir(parents=True, exist_ok=True)
        claim.write_text(f"---\ntype: claim\ntitle: {json.dumps(title)}\n---\n")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    rows = await csv_rows(open_site(tmp_path / "codex.db"), "/codex/claims.csv?_col=title&_sort=id&_header=off")
    assert [title for _, title, *_ in rows] == titles
