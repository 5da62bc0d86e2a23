"""Keeps the sort column among the columns asked for: without it Datasette 0.65 answers a second page with a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.app import Datasette

from claimbase.addresses import DATABASE


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    def wrap(app: Any) -> Any:
        async def with_sort_column(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and b"col=" in scope["query_string"]:
                default = _default_sort(datasette, scope["path"])
                query = keep_sort_column(scope["query_string"].decode("latin-1"), default)
                scope = scope | {"query_string": query.encode("latin-1")}
            await app(scope, receive, send)

        return with_sort_column

    return wrap


def keep_sort_column(query: str, default: str | None) -> str:
    """A query string whose `_col` and `_nocol` leave in the column that `_sort`, `_sort_desc` or the default name."""
    pairs = parse_qsl(query, keep_blank_values=True)
    asked = dict(pairs)
    column = asked.get("_sort") or asked.get("_sort_desc") or default
    if not column:
        return query
    kept = [pair for pair in pairs if pair != ("_nocol", column)]
    if "_col" in asked and ("_col", column) not in kept:
        kept.append(("_col", column))
    return urlencode(kept)


def _default_sort(datasette: Datasette, path: str) -> str | None:
    parts = path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != DATABASE:
        return None
    metadata = datasette.table_metadata(DATABASE, parts[1].partition(".")[0])
    return metadata.get("sort") or metadata.get("sort_desc")
