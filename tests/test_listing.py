"""Listing: a list makes ready what it shows, and shows what it did when all cells were made ready."""

from __future__ import annotations

import re

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm


async def page(site: Datasette, path: str) -> str:
    response = await site.client.get(path)
    assert response.status_code == 200, response.text
    return str(response.text)


class Noting:
    """A plugin that notes for which cells it is asked."""

    def __init__(self) -> None:
        self.columns: set[str] = set()

    @hookimpl  # type: ignore[untyped-decorator] # Datasette has no types
    def render_cell(self, column: str) -> None:
        self.columns.add(column)


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("claims", {"id", "title", "confidence", "domain", "agent", "created", "description"}),
        ("sources", {"id", "title", "author", "date", "domain", "format", "status"}),
    ],
)
async def test_only_cells_that_a_list_shows_are_made_ready(site: Datasette, table: str, shown: set[str]) -> None:
    noting = Noting()
    pm.register(noting)
    try:
        await page(site, f"/codex/{table}")
    finally:
        pm.unregister(noting)
    assert noting.columns == shown - {"id"}


async def test_all_columns_can_be_sorted_by_and_filtered(site: Datasette) -> None:
    html = await page(site, "/codex/claims")
    sort = re.findall(r"<option[^>]*>(\w+)", html.partition('name="_sort"')[2].partition("</select>")[0])
    assert {"title", "words", "path", "created", "source"} <= set(sort)


async def test_a_table_without_a_list_of_its_own_shows_all_columns(site: Datasette) -> None:
    html = await page(site, "/codex/tags")
    assert 'class="col-id type-pk"' in html


@pytest.mark.parametrize("asked", ["_nocol=body", "_nocol=domain", "_col=title"])
async def test_a_list_of_fewer_columns_shows_what_it_can(site: Datasette, asked: str) -> None:
    assert "Naps restore attention within twenty minutes" in await page(site, f"/codex/claims?{asked}&_size=max")
