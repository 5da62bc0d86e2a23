"""Sitemap: every page once, at an address that answers."""

from __future__ import annotations

import re
import sqlite3
from xml.etree import ElementTree

import pytest
from datasette.app import Datasette


async def addresses(site: Datasette, path: str) -> list[str]:
    response = await site.client.get(path)
    assert response.status_code == 200
    root = ElementTree.fromstring(response.text)  # noqa: S314 - our own
    return [str(place.text) for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


async def test_every_document_is_on_the_sitemap_once_and_its_page_answers(
    site: Datasette, rows: sqlite3.Connection
) -> None:
    [only] = await addresses(site, "/sitemap.xml")
    found = await addresses(site, only.removeprefix("http://localhost"))
    assert len(found) == len(set(found))
    for row in rows.execute("select id from documents"):
        assert any(address.endswith(f"/{row['id']}") for address in found), row["id"]
    for address in found:
        assert (await site.client.get(address.removeprefix("http://localhost"))).status_code == 200, address


@pytest.mark.parametrize("number", ["0", "2", "9999"])
async def test_a_part_that_is_not_there_is_not_found(site: Datasette, number: str) -> None:
    assert (await site.client.get(f"/sitemap-{number}.xml")).status_code == 404


async def test_robots_are_told_where_the_sitemap_is_and_what_to_leave_alone(site: Datasette) -> None:
    text = (await site.client.get("/robots.txt")).text
    assert re.search(r"^Sitemap: http://localhost/sitemap\.xml$", text, re.MULTILINE)
    assert "Disallow: /-/" in text
