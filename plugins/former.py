"""Former addresses: where a document that was renamed is now, and that one that was deleted is gone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE, ROW_PAGES, page_of

_FORMER = (Path(__file__).parent / "former.sql").read_text(encoding="utf-8")
_TABLES = {table: name for table, name in ROW_PAGES.items() if name in ("claim", "document", "entity", "source")}
_ADDRESS = re.compile(rf"/(?:{DATABASE}/(?P<table>{'|'.join(_TABLES)})|document)/(?P<id>[a-z0-9-]+)(?P<form>\.json)?")


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response | None]] | None:
    """Looks at the past of an address only once nothing is found there now."""
    address = _ADDRESS.fullmatch(request.path.removeprefix(datasette.setting("base_url").rstrip("/")))
    if not isinstance(exception, NotFound) or address is None:
        return None

    async def look_back() -> Response | None:
        for action, resource in (("view-instance", None), ("view-database", DATABASE)):
            if not await datasette.permission_allowed(request.actor, action, resource, default=True):
                return None
        kind = _TABLES[address["table"] or "documents"]
        former = await _former(datasette, address["id"], kind)
        if former is None:
            return None
        if former["document"]:
            return _to_its_place(datasette, request, former, address["form"] or "")
        return await _gone(datasette, request, former, bool(address["form"]))

    return look_back


async def _former(datasette: Datasette, id_: str, kind: str) -> dict[str, Any] | None:
    def ask(connection: sqlite3.Connection) -> dict[str, Any] | None:
        row = connection.execute(_FORMER, {"id": id_, "kind": kind}).fetchone()
        return dict(row) if row else None

    return await datasette.get_database(DATABASE).execute_fn(ask)


def _to_its_place(datasette: Datasette, request: Request, former: dict[str, Any], form: str) -> Response:
    """Redirects for good, to the same form of the page and with what was asked of it."""
    query = f"?{request.query_string}" if request.query_string else ""
    place = datasette.urls.path(page_of(former["kind"], former["document"]))
    return Response.redirect(f"{place}{form}{query}", status=301)


async def _gone(datasette: Datasette, request: Request, former: dict[str, Any], as_json: bool) -> Response:
    if as_json:
        error = f"{former['path']} was deleted on {former['date']} by commit {former['by_commit']}"
        return Response.json({"ok": False, "error": error, "status": 410, "title": "Gone", **former}, status=410)
    context = {"site": datasette.metadata(), "gone": former}
    return Response.html(await datasette.render_template("gone.html", context, request=request), status=410)
