"""What the pages show: every `pages/<page>/<name>.sql` becomes the list `name` in that page's template.

Of rows, the tables that have a folder there have pages; each also has the lists of `pages/every_row`. These pages and
the home page are made here and not by Datasette, which first asks for what its own templates would show.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.tracer import trace
from datasette.utils import path_with_format, sqlite_timelimit
from datasette.utils.asgi import Request
from jinja2 import Environment, Template

from claimbase.addresses import DATABASE

_PAGES = Path(__file__).parent / "pages"
HOME, EVERY_ROW = "home", "every_row"
_QUERIES = {
    folder.name: {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.sql"))}
    for folder in sorted(_PAGES.iterdir())
}
_TABLES = sorted(set(_QUERIES) - {HOME, EVERY_ROW})
_TEMPLATES = {HOME: "index.html", **{table: f"row-{DATABASE}-{table}.html" for table in _TABLES}}

Lists: TypeAlias = dict[str, list[dict[str, Any]]]

# The home page is about the whole base, so its lists are read once for each build that is served.
_HOMES: WeakKeyDictionary[Any, Lists] = WeakKeyDictionary()


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """The pages, where the database is ours and the templates too: those of Datasette want more than the lists."""
    templates = Path(datasette.template_dir or _PAGES)
    if DATABASE not in datasette.databases or not all((templates / name).is_file() for name in _TEMPLATES.values()):
        return []
    tables = "|".join(_TABLES)
    return [(r"^/$", show_home), (rf"^/{DATABASE}/(?P<table>{tables})/(?P<id>[a-z0-9-]+)$", show_row)]


async def show_home(datasette: Datasette, request: Request) -> Response:
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    database = datasette.get_database(DATABASE)
    build = getattr(database, "generation", database)
    lists = _HOMES.get(build) or await _lists(datasette, _QUERIES[HOME], "")
    if not database.is_mutable:
        _HOMES[build] = lists
    return await _page(datasette, request, "index", {"metadata": datasette.metadata(), **lists})


async def show_row(datasette: Datasette, request: Request) -> Response:
    """The page of a claim, a source or a document."""
    table, id_ = request.url_vars["table"], request.url_vars["id"]
    allowed = [("view-table", (DATABASE, table)), ("view-database", DATABASE), "view-instance"]
    await datasette.ensure_permissions(request.actor, allowed)
    lists = await _lists(datasette, _QUERIES[table] | _QUERIES[EVERY_ROW], id_)
    if not lists[table.removesuffix("s")]:
        raise NotFound(f"The table {table} has no {id_}")
    metadata = datasette.metadata(database=DATABASE, table=table)
    context = {"database": DATABASE, "table": table, "metadata": metadata, **lists}
    return await _page(datasette, request, "row", context)


class Synchronous(Template):
    """A template that awaits nothing, which takes half as long to fill in."""

    async def render_async(self, *values: Any, **named: Any) -> str:
        return self.render(*values, **named)


_ENVIRONMENTS: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()


def _template(datasette: Datasette, name: str) -> Template:
    if datasette not in _ENVIRONMENTS:
        environment = datasette.jinja_env.overlay(enable_async=False)
        environment.template_class = Synchronous
        _ENVIRONMENTS[datasette] = environment
    return _ENVIRONMENTS[datasette].get_template(name)


async def _page(datasette: Datasette, request: Request, view: str, context: dict[str, Any]) -> Response:
    """An answer as Datasette's own view of that name gives it, from the same template."""
    if request.method not in ("GET", "HEAD"):
        return Response.text("Method not allowed", status=405)
    template = _template(datasette, _TEMPLATES[context.get("table", HOME)])
    data = datasette.absolute_url(request, datasette.urls.path(path_with_format(request=request, format="json")))
    context = {"alternate_url_json": data, **context}
    html = await datasette.render_template(template, context, request=request, view_name=view)
    return Response.html(html, headers={"Link": f'{data}; rel="alternate"; type="application/json+datasette"'})


async def _lists(datasette: Datasette, queries: dict[str, str], id_: str) -> Lists:
    """The rows of each query, all asked in one go: a way to a thread of Datasette's and back costs more than most."""
    limit = datasette.setting("sql_time_limit_ms")

    def ask(connection: sqlite3.Connection) -> Lists:
        found = {}
        for name, sql in queries.items():
            with sqlite_timelimit(connection, limit):
                found[name] = [dict(row) for row in connection.execute(sql, {"id": id_})]
        return found

    with trace("sql", database=DATABASE, sql="\n".join(queries.values()), params={"id": id_}):
        return await datasette.get_database(DATABASE).execute_fn(ask)
