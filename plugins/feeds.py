"""Feeds: what changed as Atom, for whoever asks again and again; narrowed down as the page `/changes` is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE
from claimbase.timeline import Made, by_commit

MOST = 100
# Atom asks for a moment: this stands where nothing ever changed, and no clock is asked.
_NEVER = "1970-01-01T00:00:00Z"
_NARROWED_BY = ("claim", "by_commit", "agent", "domain", "kind", "field")
_CHANGES = (Path(__file__).parent / "pages" / "changes" / "change_list.sql").read_text(encoding="utf-8")
# What XML 1.0 cannot hold, escaped or not: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/changes\.atom$", feed)]


async def feed(datasette: Datasette, request: Request) -> Response:
    """The newest changes, an entry for each commit: https://www.rfc-editor.org/rfc/rfc4287"""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    asked = {name: request.args.get(name) or "" for name in _NARROWED_BY}
    query = urlencode({name: value for name, value in asked.items() if value})
    limit = datasette.setting("sql_time_limit_ms")

    def ask(connection: sqlite3.Connection) -> list[dict[str, Any]]:
        with sqlite_timelimit(connection, limit):
            return [dict(row) for row in connection.execute(_CHANGES, {**asked, "behind": ""})]

    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    entries = whole_commits(await datasette.get_database(DATABASE).execute_fn(ask))
    context = {
        "site": datasette.metadata(),
        "query": query,
        "asked": asked,
        "entries": [(entry_id(entry, query), entry) for entry in entries],
        "updated": entries[0].first["date"] if entries else _NEVER,
        "absolute": absolute,
    }
    text = await datasette.render_template("feed.xml", context, request=request)
    return Response(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text), content_type="application/atom+xml; charset=utf-8")


def whole_commits(changes: Sequence[dict[str, Any]]) -> tuple[Made, ...]:
    """The commits that the changes are of, without the last where it may go on behind them and is not the only one."""
    commits = by_commit(changes[:MOST])
    return commits[:-1] if len(changes) > MOST and len(commits) > 1 else commits


def entry_id(commit: Made, query: str) -> str:
    """The same for the same commit in the same feed, wherever the site is."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, commit.first['by_commit'] + '?' + query)}"
