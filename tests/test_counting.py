"""Counting: facets counted together and rows of a broad search are those that Datasette finds one by one."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata

from build import PROJECT
from plugins.counting import Counted, is_broad

TABLES = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["codex"]["tables"]
# Each has an index of all its facets.
TOGETHER = ("arguments", "claims", "documents", "evidence", "links", "sources")
# A word in a third of the claims of the tiny knowledge base, and one in a single claim.
BROAD, NARROW = "sleep", "tram"


async def listed(site: Datasette, address: str) -> dict[str, Any]:
    response = await site.client.get(f"/codex/{address}")
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def counts(facet: dict[str, Any]) -> list[tuple[Any, int]]:
    return [(choice["value"], choice["count"]) for choice in facet["results"]]


def one_by_one(rows: sqlite3.Connection, table: str, column: str, where: str = "1") -> list[tuple[Any, int]]:
    sql = f"select {column}, count(*) from {table} where {where} and {column} is not null group by 1 order by 2 desc, 1"
    return [tuple(row) for row in rows.execute(sql).fetchmany(20)]


@pytest.mark.parametrize("table", TOGETHER)
async def test_facets_counted_together_are_those_counted_one_by_one(
    site: Datasette, rows: sqlite3.Connection, table: str
) -> None:
    facets = (await listed(site, f"{table}.json"))["facet_results"]
    assert set(facets) == set(TABLES[table]["facets"])
    for column, facet in facets.items():
        assert counts(facet) == one_by_one(rows, table, column), column


async def test_a_filter_narrows_the_facets_and_is_taken_back_by_its_choice(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    facets = (await listed(site, "claims.json?domain=bridges"))["facet_results"]
    assert counts(facets["confidence"]) == one_by_one(rows, "claims", "confidence", "domain = 'bridges'")
    [bridges] = facets["domain"]["results"]
    assert (bridges["value"], bridges["label"], bridges["selected"]) == ("bridges", "Bridges", True)
    assert bridges["toggle_url"] == "http://localhost/codex/claims.json"
    likely = next(choice for choice in facets["confidence"]["results"] if choice["value"] == "likely")
    assert likely["selected"] is False
    assert likely["toggle_url"] == "http://localhost/codex/claims.json?domain=bridges&confidence=likely"


async def test_a_facet_that_a_reader_adds_stands_beside_the_others_and_can_be_taken_away(site: Datasette) -> None:
    facets = (await listed(site, "claims.json?_facet=type"))["facet_results"]
    assert {name for name, facet in facets.items() if facet["hideable"]} == {"type"}
    assert set(facets) == {"type", *TABLES["claims"]["facets"]}


async def test_more_values_than_are_shown_are_said_to_be_more(site: Datasette) -> None:
    facets = (await listed(site, "claims.json?_facet_size=1"))["facet_results"]
    assert (len(facets["domain"]["results"]), facets["domain"]["truncated"]) == (1, True)


async def test_facets_without_an_index_of_their_own_are_counted_too(site: Datasette, rows: sqlite3.Connection) -> None:
    facets = (await listed(site, "problems.json"))["facet_results"]
    assert counts(facets["code"]) == one_by_one(rows, "problems", "code")


@pytest.mark.parametrize("words", [BROAD, NARROW, "nowhere", ""])
@pytest.mark.parametrize("more", ["", "&domain=sleep", "&_sort=title", "&_size=2"])
async def test_a_search_of_the_table_finds_what_the_index_of_words_names(
    site: Datasette, rows: sqlite3.Connection, words: str, more: str
) -> None:
    where = "rowid in (select rowid from claims_fts where claims_fts match ?)"
    where += " and domain = 'sleep'" if "domain" in more else ""
    expected = {row[0] for row in rows.execute(f"select id from claims where {where}", (f'"{words}"',))}
    answer = await listed(site, f"claims.json?_search={words}&_shape=objects{more}")
    assert answer["filtered_table_rows_count"] == len(expected)
    found = {row["id"] for row in answer["rows"]}
    assert found <= expected
    assert len(found) == (min(2, len(expected)) if "_size" in more else len(expected))
    facets = answer["facet_results"]
    assert sum(number for _, number in counts(facets["domain"])) == len(expected)


async def test_a_search_in_an_order_of_ones_own_is_broad_from_an_eighth_of_the_rows_on(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    sql = "select count(*) from claims_fts where claims_fts match ?"
    broad, narrow = (rows.execute(sql, (word,)).fetchone()[0] for word in (BROAD, NARROW))
    (claims,) = rows.execute("select count(*) from claims").fetchone()
    assert narrow * 8 <= claims < broad * 8
    for word, sign in ((BROAD, "+"), (NARROW, "")):
        answer = await listed(site, f"claims.json?_search={word}&_sort=title")
        assert f"where {sign}rowid in (select rowid" in answer["query"]["sql"]


def test_a_search_alone_is_broad_where_its_first_rows_are_soon_met_in_the_order_of_the_table() -> None:
    assert is_broad(1_000, 100_000, alone=True)
    assert not is_broad(500, 100_000, alone=True)
    assert not is_broad(1_000, 100_000, alone=False)
    assert is_broad(13_000, 100_000, alone=False)


def test_facets_of_few_rows_look_each_up_though_the_list_goes_through_an_index() -> None:
    narrowed = "select * from claims where +rowid in (select rowid from claims_fts)"
    few, many = (Counted(None, "", {}, rows, 100_000).in_facets(narrowed) for rows in (4_000, 4_001))
    assert (few, many) == (narrowed.replace("+", ""), narrowed)


@pytest.mark.parametrize("mode", ["raw", "escaped"])
async def test_a_query_in_the_language_of_the_index_is_counted_like_any(site: Datasette, mode: str) -> None:
    answer = await listed(site, f"claims.json?_search=tram+OR+sleep&_searchmode={mode}")
    assert answer["filtered_table_rows_count"] == (0 if mode == "escaped" else len(answer["rows"]))


async def test_a_search_that_is_no_query_is_refused_as_before(site: Datasette) -> None:
    response = await site.client.get('/codex/claims.json?_search="&_searchmode=raw')
    assert (response.status_code, response.json()["error"]) == (400, "unterminated string")
