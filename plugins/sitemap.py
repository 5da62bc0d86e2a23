"""Sitemap: every page that search engines may show, and what they had better leave alone."""

from __future__ import annotations

import sqlite3
from itertools import chain
from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request
from markupsafe import escape

from claimbase.addresses import DATABASE, page_of

# The protocol allows 50,000 addresses in a file: https://www.sitemaps.org/protocol.html
MOST = 20_000

_DOCUMENTS = (Path(__file__).parent / "sitemap.sql").read_text(encoding="utf-8")
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_WHOLE = ("/", "/map", "/changes", "/health", "/data", "/api", "/export", f"/{DATABASE}")
_ROBOTS = """User-agent: *
Disallow: /-/
Disallow: /graphql
Disallow: /search
Disallow: /preview/
Disallow: /export/
Disallow: /*?

Sitemap: {}
"""


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/robots\.txt$", robots),
        (r"^/sitemap\.xml$", sitemap),
        (r"^/sitemap-(?P<number>[0-9]{1,4})\.xml$", part),
    ]


async def robots(datasette: Datasette, request: Request) -> Response:
    """Pages are for all; what is computed for one reader is not for those who ask for everything."""
    return Response.text(_ROBOTS.format(_absolute(datasette, request, "/sitemap.xml")))


async def sitemap(datasette: Datasette, request: Request) -> Response:
    """The parts of the sitemap, as many as there are documents for."""
    starts = await _starts(datasette)
    parts = [_absolute(datasette, request, f"/sitemap-{number}.xml") for number in range(1, len(starts) + 1)]
    return _answer("sitemapindex", "sitemap", parts)


async def part(datasette: Datasette, request: Request) -> Response:
    """One part of the sitemap; the first begins with the pages about the whole."""
    starts, number = await _starts(datasette), int(request.url_vars["number"])
    if not 1 <= number <= len(starts):
        raise NotFound(f"The sitemap has {len(starts)} parts")
    database = datasette.get_database(DATABASE)

    def ask(connection: sqlite3.Connection) -> list[str]:
        values = {"after": starts[number - 1], "most": MOST}
        return [page_of(kind, id_) for kind, id_ in connection.execute(_DOCUMENTS, values)]

    paths = chain(_WHOLE if number == 1 else (), await database.execute_fn(ask))
    return _answer("urlset", "url", [_absolute(datasette, request, path) for path in paths])


async def _starts(datasette: Datasette) -> list[str]:
    """The id behind which each part begins."""

    def ask(connection: sqlite3.Connection) -> list[str]:
        starts = [""]
        while last := list(connection.execute(_DOCUMENTS, {"after": starts[-1], "most": MOST}))[MOST - 1 :]:
            starts.append(last[0][1])
        return starts

    return await datasette.get_database(DATABASE).execute_fn(ask)


def _absolute(datasette: Datasette, request: Request, path: str) -> str:
    return str(datasette.absolute_url(request, datasette.urls.path(path)))


def _answer(root: str, item: str, addresses: list[str]) -> Response:
    lines = [f"<{item}><loc>{escape(address)}</loc></{item}>" for address in addresses]
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_NAMESPACE}">', *lines, f"</{root}>"])
    return Response(text, content_type="application/xml; charset=utf-8")
