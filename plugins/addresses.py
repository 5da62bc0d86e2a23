"""Addresses that lead to a document's page by its id alone, and the cells of query results that use them."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request
from markupsafe import Markup, escape

from claimbase.addresses import DATABASE, page_of

_ID = re.compile(r"[a-z0-9]+(?:--?[a-z0-9]+)+")
# In the rows of a query: the column that shows a document's title, and the columns that may hold its id.
_TITLES = {"title": ("id", "claim", "source", "document"), "other_title": ("other",)}
_IDS = frozenset({"claim", "other", "source", "document", "taken_for", "challenged", "challenger"})
_KIND = (Path(__file__).parent / "kind_of.sql").read_text(encoding="utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/document/(?P<id>[a-z0-9-]+)$", _to_page)]


async def _to_page(datasette: Datasette, request: Request) -> Response:
    """Redirects `/document/<id>` to the page of the claim, source, belief or other document of that id."""
    id_ = request.url_vars["id"]
    found = await datasette.get_database(DATABASE).execute(_KIND, {"id": id_})
    row = found.first()
    if row is None:
        raise NotFound(f"No document has the id {id_}")
    return Response.redirect(page_of(row["kind"], id_))


@hookimpl
def render_cell(row: sqlite3.Row, value: object, column: str, table: str | None) -> Markup | None:
    """In the rows of a query, titles and ids of documents are links; the tables have their own."""
    if table is not None or not isinstance(value, str):
        return None
    if column in _TITLES:
        cells = dict(row)
        id_ = next((cells[key] for key in _TITLES[column] if cells.get(key)), None)
    else:
        id_ = value if column in _IDS else None
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return None
    # As `Markup.format` would have it, in a fifth of the time: a list of a thousand rows has two thousand of these.
    return Markup(f'<a href="/document/{id_}">{escape(value)}</a>')  # noqa: S704 - the id is a slug, the rest escaped
