"""Streaming: a CSV of all rows ends with the last of them, or breaks off so that whoever reads it notices.

Datasette asks for a stream page by page. For a table that is well, since each page begins where an index says; a view
is asked anew for every page, and of a canned query there is the first alone. Where a page fails, Datasette writes why
behind the rows and ends as if all was well; and it writes on when nobody reads any longer.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted, Results
from datasette.utils import sqlite_timelimit
from datasette.views.base import DatasetteError

from claimbase.addresses import DATABASE

# How Datasette asks for a page of a view: one row more than it shows, to see whether there is another page.
_PAGE = re.compile(r"(.*) limit (\d+)(?: offset \d+)?\s*", re.DOTALL)

Application: TypeAlias = Callable[..., Awaitable[None]]
Execute: TypeAlias = Callable[..., Awaitable[Any]]


class BrokenOff(RuntimeError):
    """The stream cannot be brought to its end: the server drops the connection, which tells the reader."""


class _Stop(BaseException):
    """Leaves the making of a stream, past all that catches errors in order to write them down."""


class Stream:
    """One answer that is being streamed, and the only pass through a view that it takes."""

    def __init__(self, of_view: bool, of_question: bool) -> None:
        self.of_view, self.of_question = of_view, of_question
        self.begun = self.failed = self.gone = False
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor | None = None
        self._ahead: list[Any] = []

    def page(self, database: Database, sql: str, params: Any, size: int) -> Results:
        """The next rows of the query, with the one behind them that will be the first of the next page."""
        limit = database.ds.setting("sql_time_limit_ms")
        if self._connection is None:
            self._connection = database.connect()
            database.ds._prepare_connection(self._connection, database.name)
        try:
            with sqlite_timelimit(self._connection, limit):
                if self._cursor is None:
                    self._cursor = self._connection.execute(sql, params or {})
                rows = [*self._ahead, *self._cursor.fetchmany(size - len(self._ahead))]
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, sql, params) from error
            raise
        self._ahead = rows[-1:] if len(rows) == size else []
        return Results(rows, False, self._cursor.description)

    def close(self) -> None:
        if self._connection:
            self._connection.close()


_STREAM: ContextVar[Stream | None] = ContextVar("stream", default=None)


@hookimpl
def startup(datasette: Datasette) -> None:
    if DATABASE in datasette.databases:
        database = datasette.databases[DATABASE]
        database.execute = _streaming(database, database.execute)


def _streaming(database: Database, execute: Execute) -> Execute:
    async def stream_or_execute(sql: str, params: Any = None, *arguments: Any, **named: Any) -> Any:
        stream = _STREAM.get()
        # What may be cut off are the rows that are shown; all else Datasette needs whole.
        if stream is None or not named.get("truncate"):
            return await execute(sql, params, *arguments, **named)
        page = _PAGE.fullmatch(sql) if stream.of_view else None
        try:
            if page and database.ds.executor:
                words = (database, page[1], params, int(page[2]))
                return await asyncio.get_running_loop().run_in_executor(database.ds.executor, stream.page, *words)
            return await execute(sql, params, *arguments, **named | {"truncate": not stream.of_question})
        except (QueryInterrupted, sqlite3.Error, DatasetteError):
            stream.failed = True
            raise

    return stream_or_execute


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        async def streamed(scope: Any, receive: Any, send: Any) -> None:
            arguments = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
            if not (scope.get("path", "").endswith(".csv") and dict(arguments).get("_stream")):
                await app(scope, receive, send)
                return
            if "_size" not in dict(arguments):
                scope = scope | {"query_string": urlencode([*arguments, ("_size", "max")]).encode()}
            await _stream(await _begin(datasette, scope["path"]), app, scope, receive, send)

        return streamed

    return wrap


async def _begin(datasette: Datasette, path: str) -> Stream:
    name = path.removeprefix(datasette.urls.database(DATABASE) + "/").removesuffix(".csv")
    views = await datasette.databases[DATABASE].view_names() if DATABASE in datasette.databases else []
    return Stream(name in views, name in (datasette.metadata(database=DATABASE).get("queries") or {}))


async def _stream(stream: Stream, app: Application, scope: Any, receive: Any, send: Any) -> None:
    """Sends the answer of the application, but for the end of one that failed or that nobody reads."""

    async def wait_for_leaving() -> None:
        message = await receive()
        while message.get("more_body"):
            message = await receive()
        # Behind the whole of a request there comes but one message more.
        if message["type"] != "http.disconnect":
            message = await receive()
        stream.gone = message["type"] == "http.disconnect"

    async def send_on(message: dict[str, Any]) -> None:
        if stream.gone or (stream.failed and stream.begun):
            raise _Stop
        stream.begun = stream.begun or message.get("status") == 200
        await send(message)

    leaving = asyncio.create_task(wait_for_leaving())
    token = _STREAM.set(stream)
    try:
        await app(scope, receive, send_on)
    except _Stop:
        if not stream.gone:
            raise BrokenOff(f"{scope['path']}: a page failed, so the reader was not given the rest") from None
    finally:
        _STREAM.reset(token)
        leaving.cancel()
        stream.close()
