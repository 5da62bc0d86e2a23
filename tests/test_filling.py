"""Filling in: the site's own templates are filled in at one go, those of others as they were meant to be."""

from __future__ import annotations

import pytest
from datasette.app import Datasette

OWN = ("index.html", "row-codex-claims.html", "table.html", "query.html", "error.html")
OTHERS = ("show_json.html", "allow_debug.html", "permissions_debug.html")


@pytest.mark.parametrize("name", OWN)
async def test_own_templates_are_filled_in_at_one_go(site: Datasette, name: str) -> None:
    await site.invoke_startup()
    assert not site.jinja_env.get_template(name).environment.is_async
    assert not site.jinja_env.select_template(["there-is-no-such.html", name]).environment.is_async


@pytest.mark.parametrize("name", OTHERS)
async def test_templates_of_datasette_are_filled_in_as_ever_although_they_extend_ours(
    site: Datasette, name: str
) -> None:
    await site.invoke_startup()
    assert site.jinja_env.get_template(name).environment.is_async


@pytest.mark.parametrize("path", ["/-/versions", "/-/plugins", "/-/settings"])
async def test_pages_of_datasette_stand_in_our_frame(local_site: Datasette, path: str) -> None:
    response = await local_site.client.get(path)
    assert (response.status_code, 'class="masthead"' in response.text) == (200, True)


async def test_a_row_is_looked_into_before_its_methods(site: Datasette) -> None:
    await site.invoke_startup()
    own = site.jinja_env.get_template("index.html").environment
    assert own.from_string("{{ row.items }} {{ row.values() | list }}").render(row={"items": 3}) == "3 [3]"
