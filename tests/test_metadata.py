"""The metadata: every table, view, column and canned query is described, and the pages work as it says."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils import parse_metadata, validate_sql_select

from build import PROJECT

CODEX: dict[str, Any] = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["codex"]
TABLES: dict[str, dict[str, Any]] = CODEX["tables"]
QUERIES: dict[str, dict[str, str]] = CODEX["queries"]


def columns(rows: sqlite3.Connection) -> dict[str, set[str]]:
    """The columns of every table and view, full-text indexes and SQLite's own tables aside."""
    names = rows.execute(
        "select name from sqlite_master where type in ('table', 'view') "
        "and name not like '%\\_fts%' escape '\\' and name not like 'sqlite\\_%' escape '\\'"
    )
    return {name: {row["name"] for row in rows.execute(f"pragma table_info({name})")} for (name,) in names.fetchall()}


def test_every_table_view_and_column_is_described_and_nothing_else_is(rows: sqlite3.Connection) -> None:
    assert {name: set(table["columns"]) for name, table in TABLES.items()} == columns(rows)


def test_every_description_is_made_of_sentences() -> None:
    texts = [text for table in TABLES.values() for text in (table["description"], *table["columns"].values())]
    texts += [query["description"] for query in QUERIES.values()]
    assert [text for text in texts if not re.fullmatch(r"[A-Z0-9].*\.", text)] == []


def test_facets_sorts_and_labels_name_columns_that_exist() -> None:
    for name, table in TABLES.items():
        named = [table[key] for key in ("sort", "sort_desc", "label_column") if key in table]
        assert {*named, *table.get("facets", [])} <= set(table["columns"]), name


def test_every_table_that_others_refer_to_has_a_label(rows: sqlite3.Connection) -> None:
    referred = {key["table"] for name in columns(rows) for key in rows.execute(f"pragma foreign_key_list({name})")}
    assert {name for name in referred if "label_column" not in TABLES[name]} == set()


def test_no_table_is_hidden_because_graphql_fails_on_keys_that_lead_to_one() -> None:
    assert [name for name, table in TABLES.items() if "hidden" in table] == []


@pytest.mark.parametrize("name", TABLES)
async def test_every_table_and_view_has_a_page_whose_facets_are_counted_in_time(site: Datasette, name: str) -> None:
    assert (await site.client.get(f"/codex/{name}")).status_code == 200
    answer = (await site.client.get(f"/codex/{name}.json")).json()
    assert set(answer["facet_results"]) == set(TABLES[name].get("facets", []))
    assert not answer.get("facets_timed_out")


@pytest.mark.parametrize("name", ["claims", "documents", "texts"])
async def test_claims_documents_and_texts_can_be_searched(site: Datasette, name: str) -> None:
    some = (await site.client.get(f"/codex/{name}.json?_search=the")).json()
    none = (await site.client.get(f"/codex/{name}.json?_search=xyzzy")).json()
    assert some["filtered_table_rows_count"] > 0
    assert none["filtered_table_rows_count"] == 0


def test_no_query_takes_the_address_of_a_table_or_view(rows: sqlite3.Connection) -> None:
    assert set(QUERIES) & set(columns(rows)) == set()


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_has_a_title_and_a_description_and_opens_with_a_question(name: str) -> None:
    query = QUERIES[name]
    assert query["title"]
    assert query["description"]
    assert re.match(r"-- [A-Z][^\n]*\?\n(select|with)\b", query["sql"])
    validate_sql_select(query["sql"])  # or the page offers no way to edit it
