"""What each page shows: every `pages/<page>/<name>.sql` becomes the list `name` in that page's template.

The pages of rows also have the lists of `pages/every_row`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_decode
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE

_PAGES = Path(__file__).parent / "pages"
HOME, EVERY_ROW = "home", "every_row"
_QUERIES = {
    folder.name: {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.sql"))}
    for folder in sorted(_PAGES.iterdir())
}


@hookimpl
def extra_template_vars(datasette: Datasette, view_name: str, request: Request | None, table: str | None) -> Any:
    """The lists of the home page, or of the row's page where its table has one; an awaitable of a dictionary."""
    if DATABASE not in datasette.databases or request is None:
        return {}
    if view_name == "index":
        return _lists(datasette, _QUERIES[HOME], "")
    if view_name == "row" and table in _QUERIES:
        return _lists(datasette, _QUERIES[table] | _QUERIES[EVERY_ROW], tilde_decode(request.url_vars["pks"]))
    return {}


async def _lists(datasette: Datasette, queries: dict[str, str], id_: str) -> dict[str, list[dict[str, Any]]]:
    database = datasette.get_database(DATABASE)
    found = {name: await database.execute(sql, {"id": id_}) for name, sql in queries.items()}
    return {name: [dict(row) for row in result.rows] for name, result in found.items()}
