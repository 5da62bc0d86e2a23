"""What the pages show: every `pages/<page>/<name>.sql` becomes the list `name` in that page's template.

A page stands for a row where a table is called so, and has the lists of `pages/every_row` too; else it is about the
base as a whole and has an address of its own: `/health` for `pages/health`. They are made here and not by Datasette,
which first asks for what its own templates would show.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.app import Datasette
from datasette.tracer import trace
from datasette.utils import path_with_format, sqlite_timelimit
from datasette.utils.asgi import Request
from jinja2 import Environment

from claimbase.addresses import DATABASE, ROW_PAGES
from claimbase.once import Once

_PAGES = Path(__file__).parent / "pages"
HOME, EVERY_ROW = "home", "every_row"
_QUERIES = {
    folder.name: {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.sql"))}
    for folder in sorted(_PAGES.iterdir())
}
_WHOLE = sorted(set(_QUERIES) - {*ROW_PAGES, EVERY_ROW})
_TEMPLATES = {page: f"{page}.html" for page in _WHOLE} | {HOME: "index.html"}
_TEMPLATES |= {table: f"row-{DATABASE}-{table}.html" for table in ROW_PAGES}
# The rows of these have ids that no document has, or that another one may have.
_NO_FILES = frozenset({"agents", "beliefs", "contributors", "domains"})
# What a page may be asked for beside its address, and whose lists hang on that; all others are read once for a build.
_PARAMETERS = {
    "changes": ("claim", "by_commit", "agent", "domain", "kind", "field", "behind"),
    "map": ("domain", "focus"),
    "search": ("q", "kind", "domain", "confidence", "page"),
}
_ASKING = frozenset({"changes", "search"})
# What the queries of a page are given that nobody asks for.
_GIVEN = {"search": {"size": 20}}

Lists: TypeAlias = dict[str, list[dict[str, Any]]]

# What is read once for a build may take longer than what each reader asks for: a minute at most.
LONGEST_READING_MS = 60_000

_KEPT: WeakKeyDictionary[Any, dict[str, Lists]] = WeakKeyDictionary()
_ONCE: WeakKeyDictionary[Any, Once] = WeakKeyDictionary()


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """The pages, where the database is ours and the templates too: those of Datasette want more than the lists."""
    templates = Path(datasette.template_dir or _PAGES)
    if DATABASE not in datasette.databases or not all((templates / name).is_file() for name in _TEMPLATES.values()):
        return []
    tables = "|".join(ROW_PAGES)
    wholes = [(r"^/$" if page == HOME else rf"^/{page}$", partial(show_whole, page)) for page in _WHOLE]
    return [*wholes, (rf"^/{DATABASE}/(?P<table>{tables})/(?P<id>[a-z0-9-]+)$", show_row)]


async def show_whole(page: str, datasette: Datasette, request: Request) -> Response:
    """A page about the base as a whole: home, health, the map, or what was searched for."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])
    given = {name: request.args.get(name) or "" for name in _PARAMETERS.get(page, ())}
    lists = await (
        _lists(datasette, _QUERIES[page], given | _GIVEN.get(page, {}))
        if page in _ASKING
        else _kept_lists(datasette, page)
    )
    metadata = datasette.metadata()
    context = {"metadata": metadata, "asked": given, **lists}
    return await _page(datasette, request, page, "index" if page == HOME else page, context)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """What all pages say of the site in their head and foot, those of errors too."""
    env.globals["site"] = datasette.metadata()


async def _kept_lists(datasette: Datasette, page: str) -> Lists:
    """The lists of a page about the whole base: read once for a build, however many ask for it meanwhile."""
    database = datasette.get_database(DATABASE)
    build = getattr(database, "generation", database)
    once = _ONCE.setdefault(build, Once())
    await once.wait(page, LONGEST_READING_MS / 1_000)
    lists = _KEPT.get(build, {}).get(page)
    if lists is None:
        with once.making(page):
            lists = await _lists(datasette, _QUERIES[page], {}, LONGEST_READING_MS)
            if not database.is_mutable:
                _KEPT.setdefault(build, {})[page] = lists
    return lists


async def show_row(datasette: Datasette, request: Request) -> Response:
    """The page of a claim, a source, an entity, a domain, an agent or any other document."""
    table, id_ = request.url_vars["table"], request.url_vars["id"]
    allowed = [("view-table", (DATABASE, table)), ("view-database", DATABASE), "view-instance"]
    await datasette.ensure_permissions(request.actor, allowed)
    queries = _QUERIES[table] | (_QUERIES[EVERY_ROW] if table not in _NO_FILES else {})
    lists = await _lists(datasette, queries, {"id": id_})
    if not lists[ROW_PAGES[table]]:
        raise NotFound(f"The table {table} has no {id_}")
    metadata = datasette.metadata(database=DATABASE, table=table)
    context = {"database": DATABASE, "table": table, "metadata": metadata, **lists}
    return await _page(datasette, request, table, "row", context)


async def _page(datasette: Datasette, request: Request, page: str, view: str, context: dict[str, Any]) -> Response:
    """An answer as Datasette's own view of that name gives it, from the page's template."""
    if request.method not in ("GET", "HEAD"):
        return Response.text("Method not allowed", status=405)
    template = datasette.jinja_env.get_template(_TEMPLATES[page])

    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    told = {"page_url": datasette.absolute_url(request, request.path), "request_path": request.path}
    context = {**told, "absolute": absolute, **context}
    if view not in ("row", "index"):
        html = await datasette.render_template(template, context, request=request, view_name=view)
        return Response.html(html)
    data = datasette.absolute_url(request, datasette.urls.path(path_with_format(request=request, format="json")))
    context = {"alternate_url_json": data, **context}
    html = await datasette.render_template(template, context, request=request, view_name=view)
    link = f'{data}; rel="alternate"; type="application/json+datasette"'
    return Response.html(html, headers={"Link": link})


async def _lists(datasette: Datasette, queries: dict[str, str], given: Mapping[str, object], limit: int = 0) -> Lists:
    """The rows of each query, all asked in one go: a way to a thread of Datasette's and back costs more than most.

    Each may take so many milliseconds, else all together what `plugins/bounding.py` allows the request: SQLite then
    need not ask Python for the time again and again, for which it would wait for whatever else Python does.
    """

    def ask(connection: sqlite3.Connection) -> Lists:
        found = {}
        for name, sql in queries.items():
            with sqlite_timelimit(connection, limit) if limit else nullcontext():
                found[name] = [dict(row) for row in connection.execute(sql, given)]
        return found

    with trace("sql", database=DATABASE, sql="\n".join(queries.values()), params=given):
        return await datasette.get_database(DATABASE).execute_fn(ask)
