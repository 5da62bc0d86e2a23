"""Formats: what JSON and CSV answer where Datasette's would mislead a program.

An error is an answer in the form that was asked for, with a status that says whose fault it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeAlias

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.filters import FilterArguments
from datasette.renderer import json_renderer
from datasette.utils.asgi import BadRequest, Base400, Request
from datasette.views.base import DatasetteError

SHAPES = ("arrays", "objects", "array", "arrayfirst", "object")
TOO_LONG = "The query was stopped, for it took longer than any may"

# Whether the answer at hand is CSV.
_CSV: ContextVar[bool] = ContextVar("csv", default=False)

Application: TypeAlias = Callable[..., Awaitable[None]]


@hookimpl
def register_output_renderer() -> dict[str, Any]:
    return {"extension": "json", "render": _render_json, "can_render": lambda: True}


def _render_json(args: Any, data: dict[str, Any], view_name: str) -> Any:
    """Datasette's JSON, but for shapes that cannot be had: of a query it answers 200 and an error."""
    shape = args.get("_shape", "arrays")
    if shape not in SHAPES:
        raise BadRequest(f"_shape is one of {', '.join(SHAPES)}")
    if shape == "object" and not data.get("primary_keys"):
        raise BadRequest("_shape=object goes by a key, which tables alone have")
    return json_renderer(args, data, view_name)


@hookimpl
def filters_from_request(datasette: Datasette, request: Request, database: str, table: str) -> Any:
    """Refuses what Datasette fails on: the next page of a view begins at a number."""

    async def refuse() -> FilterArguments:
        following = request.args.get("_next") or "0"
        if not following.isdecimal() and table in await datasette.get_database(database).view_names():
            raise BadRequest("_next is what the answer before says under next")
        return FilterArguments([])

    return refuse


@hookimpl
def handle_exception(request: Request, exception: BaseException) -> Response | None:
    """What a reader asked for wrongly is no fault of the server, and where CSV was asked for a line of text says so."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    if isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted":
        exception.message, exception.message_is_html = TOO_LONG, False
    if not request.path.endswith(".csv"):
        return None
    if isinstance(exception, QueryInterrupted):
        return Response.text(TOO_LONG, status=400)
    if isinstance(exception, DatasetteError):
        return Response.text(exception.message, status=exception.status)
    if isinstance(exception, Base400):
        return Response.text(str(exception), status=exception.status)
    return None


@hookimpl
def startup(datasette: Datasette) -> None:
    for database in datasette.databases.values():
        database.execute = _failing(database.execute)


def _failing(execute: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def execute_or_fail(*arguments: Any, **named: Any) -> Any:
        try:
            return await execute(*arguments, **named)
        except sqlite3.OperationalError as error:
            # Of a query that cannot be run Datasette makes a table without rows, which in CSV looks like an answer.
            if _CSV.get():
                raise DatasetteError(str(error), title="Invalid SQL", status=400) from error
            raise

    return execute_or_fail


@hookimpl
def asgi_wrapper() -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        async def knowing_the_form(scope: Any, receive: Any, send: Any) -> None:
            _CSV.set(scope.get("path", "").endswith(".csv"))
            await app(scope, receive, send)

        return knowing_the_form

    return wrap
