"""Bounding: what one visitor may take of the server, so that the next one still gets an answer.

Whoever comes may ask the database in words of his own. So each connection reads and does nothing else; what a request
asks has so much time altogether; questions of readers' own are answered one after another, in a lane that leaves the
other threads to the pages; and what an answer holds and an error tells is bounded too.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sqlite3
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from functools import partial
from json.encoder import encode_basestring_ascii as as_json
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import click
import datasette as datasette_package
from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Request
from datasette.views.base import DatasetteError

from claimbase.addresses import DATABASE
from claimbase.bound import ask_narrowly, bound, bound_memory
from claimbase.serve import LOCAL, is_loopback

# All SQL that a request asks for takes so long at most; where an answer is streamed, each of its parts is SQL.
# A step under way when it is over is not broken off, hence less than the two seconds that are promised.
SECONDS = 1.25
STREAM_SECONDS = 60.0
_LOOK = 0.02
# A thread that comes back from SQLite, with each row, waits so long for one that computes: usually fifty times as long.
_SWITCH = 0.0001
# So long a question waits for those before it in the lane.
PATIENCE_SECONDS = 4.0
LANES = 1
# Of what the answer to a question is made, written as JSON, and of how many cells.
MOST_BYTES = 10_000_000
MOST_CELLS = 25_000
# What SQLite holds in memory for the whole process: the rest of 256 MB is for the answer that is made of it.
MOST_MEMORY = 192 * 1024 * 1024

# These are SQL in a reader's own words; those ask for queries that look at each row of a table.
_OWN = frozenset({"sql", "_where"})
_FACETS = frozenset({"_facet", "_facet_array", "_facet_date"})
_LONG = _OWN | _FACETS | {"_stream"}
# GraphQL has bounds of its own.
_ASKING = ("/search", "/changes")
_DATASETTE, _OURS = Path(datasette_package.__file__).parent, Path(__file__).resolve().parent
_MISREADINGS = (ValueError, LookupError, AssertionError, TypeError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
_STOCK = frozenset({"_internal", "_memory"})

Application: TypeAlias = Callable[..., Awaitable[None]]
Message: TypeAlias = dict[str, Any]
Scope: TypeAlias = dict[str, Any]
Answer = TypeVar("Answer")
Question: TypeAlias = Callable[[sqlite3.Connection], Answer]


class Allowance:
    """How many seconds of SQL a request still has, and whether it waits in the lane for that.

    `own` says that it asks in words of its own, `counted` that its rows may be many and are counted.
    """

    def __init__(self, seconds: float, in_lane: bool = False, own: bool = False, counted: bool = False) -> None:
        self.seconds, self.in_lane, self.own, self.counted = seconds, in_lane, own, counted


_ALLOWANCE: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Has a connection read and nothing else, but for those to the databases of Datasette's own.

    One is written to and nobody can ask it; the other is there only where it is asked for, to join files with.
    """
    if database not in _STOCK:
        bound(conn)


@hookimpl(trylast=True)
def startup(datasette: Datasette) -> None:
    """Has every question count against what its request is allowed and the process hold so much in memory at most.

    Says where too much is shown to too many.
    """
    for name, database in datasette.databases.items():
        if name not in _STOCK:
            database.execute_fn = Lane(database.execute_fn, datasette).execute_fn
            # Datasette would ask, and the answer tells the file's path to whoever may ask too.
            database.attached_databases = _none_attached
    context = click.get_current_context(silent=True)
    if context is None:
        return
    # A server that a command has started has its process to itself.
    sys.setswitchinterval(_SWITCH)
    with closing(sqlite3.connect(":memory:")) as connection:
        bound_memory(connection, MOST_MEMORY)
    host = context.params.get("host")
    if datasette.setting(LOCAL) and host and not is_loopback(host):
        click.echo(
            f"Warning: {host} can be reached from other machines, and the settings are those for this machine alone "
            f"({LOCAL}): use those of settings.json",
            err=True,
        )


async def _none_attached() -> list[Any]:
    return []


class Lane:
    """A database's questions: those in a reader's own words come one after another, the others as they come."""

    def __init__(self, execute: Callable[[Question[Any]], Awaitable[Any]], datasette: Datasette) -> None:
        self._execute, self._datasette = execute, datasette
        self._free: tuple[Any, asyncio.Semaphore] | None = None

    async def execute_fn(self, question: Question[Answer]) -> Answer:
        """What a connection answers. Raises `sqlite3.OperationalError` where that goes over the bounds."""
        allowance = _ALLOWANCE.get()
        if allowance is None:
            return await self._execute(question)
        if self._most(allowance) <= 0:
            raise sqlite3.OperationalError("interrupted")
        asked = partial(_asked_by_a_reader, question, allowance.own) if allowance.counted else question
        if not allowance.in_lane:
            return await self._within(allowance, asked)
        free = self._lane()
        try:
            await asyncio.wait_for(free.acquire(), PATIENCE_SECONDS)
        except asyncio.TimeoutError as error:
            raise Busy from error
        try:
            return await self._within(allowance, asked)
        finally:
            free.release()

    async def _within(self, allowance: Allowance, question: Question[Answer]) -> Answer:
        run = Run(question, self._most(allowance))
        watching = asyncio.create_task(run.watch())
        try:
            return await self._execute(run)
        except MemoryError as error:
            raise sqlite3.OperationalError("out of memory: ask for less at a time") from error
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.DataError) or str(error).startswith("not authorized"):
                raise sqlite3.OperationalError(str(error)) from error
            raise
        finally:
            watching.cancel()
            allowance.seconds -= run.seconds

    def _most(self, allowance: Allowance) -> float:
        """How many seconds one question may take."""
        return float(min(SECONDS, allowance.seconds, self._datasette.setting("sql_time_limit_ms") / 1_000))

    def _lane(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        if self._free is None or self._free[0] is not loop:
            self._free = loop, asyncio.Semaphore(LANES)
        return self._free[1]


class Busy(Base400):  # type: ignore[misc] # Datasette has no types
    """So many ask the database in their own words that one more would wait too long."""

    status = 503

    def __init__(self) -> None:
        super().__init__("Too many questions to the database at once: ask again in a few seconds")


class Run:
    """A question while it is asked, which is interrupted after so many seconds; what comes after it on its connection
    is not. `seconds` says how long it took, without the time it waited for a thread.
    """

    def __init__(self, question: Question[Any], most: float) -> None:
        self._question, self._most = question, most
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._started: float | None = None
        self.seconds = 0.0

    def __call__(self, connection: sqlite3.Connection) -> Any:
        with self._lock:
            self._connection, self._started = connection, time.monotonic()
        try:
            return self._question(connection)
        finally:
            with self._lock:
                self._connection = None
                self.seconds = time.monotonic() - self._started

    async def watch(self) -> None:
        """Interrupts what runs too long, again and again: a question may be several statements."""
        left = self._most
        while True:
            await asyncio.sleep(max(left, _LOOK))
            with self._lock:
                left = self._most if self._started is None else self._started + self._most - time.monotonic()
                if self._connection and left <= 0:
                    self._connection.interrupt()


def _asked_by_a_reader(question: Question[Answer], own: bool, connection: sqlite3.Connection) -> Answer:
    try:
        with _counting(connection, MOST_CELLS if own else None):
            return ask_narrowly(connection, question) if own else question(connection)
    finally:
        if own:
            _give_back_memory(0)


# What many words were taken apart in is free again, and the library keeps it until it is told to give it back.
_give_back_memory = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0) if os.name == "posix" else lambda _: 0


@contextmanager
def _counting(connection: sqlite3.Connection, cells: int | None) -> Iterator[None]:
    """Inside the block the rows that are fetched may not be more than an answer holds, nor have more cells."""
    plain, left = connection.row_factory, MOST_BYTES
    cells = sys.maxsize if cells is None else cells

    def counted(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal left, cells
        cells -= len(values)
        left -= sum(len(as_json(one)) if isinstance(one, str) else 8 for one in values)
        left -= sum(len(one) * 2 for one in values if isinstance(one, bytes))
        if left < 0 or cells < 0:
            most = f"{MOST_BYTES:,} bytes" if left < 0 else f"{MOST_CELLS:,} cells"
            raise sqlite3.OperationalError(f"the answer has more than {most}: ask for less at a time")
        return sqlite3.Row(cursor, values)

    connection.row_factory = counted
    try:
        yield
    finally:
        connection.row_factory = plain


def allowance_of(path: str, query: str) -> Allowance | None:
    """What a request may take: None for what is the same for all visitors, and so is read once for all of them."""
    if not path.startswith((f"/{DATABASE}", *_ASKING)):
        return None
    names = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    own, streamed = not names.isdisjoint(_OWN), "_stream" in names
    return Allowance(
        STREAM_SECONDS if streamed else SECONDS,
        in_lane=not names.isdisjoint(_LONG),
        own=own,
        counted=own or ("_size" in names and not streamed),
    )


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    start = datasette.setting("base_url").rstrip("/")

    def wrap(app: Application) -> Application:
        async def bounded(scope: Scope, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            # What a request asks of the site itself counts as its own.
            path, query = scope["path"].removeprefix(start), scope["query_string"].decode("latin-1")
            token = _ALLOWANCE.set(_ALLOWANCE.get() or allowance_of(path, query))
            try:
                await app(scope, receive, send)
            finally:
                _ALLOWANCE.reset(token)

        return bounded

    return wrap


@hookimpl
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Tells readers what they can do otherwise, and keeps to itself what a fault of ours says, which may be a path."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400  # of Datasette's own, such as a column to sort by that there is not
    if isinstance(exception, (Base400, DatasetteError)):
        return None
    if isinstance(exception, (QueryInterrupted, sqlite3.OperationalError)):
        told = "This takes too long: ask for less at a time" if "interrupted" in str(exception) else str(exception)
        return partial(_tell, datasette, request, 400, told)
    if is_misread(exception):
        return partial(_tell, datasette, request, 400, "Something in the address is not understood")
    if datasette.setting(LOCAL):
        return None
    traceback.print_exception(exception)
    return partial(_tell, datasette, request, 500, "Something went wrong here")


def is_misread(exception: Exception) -> bool:
    """Whether Datasette stumbled over what it was asked: over a value of the address, and not in code of ours."""
    if not isinstance(exception, _MISREADINGS):
        return False
    places = [Path(frame.filename) for frame in traceback.extract_tb(exception.__traceback__)]
    known = [place for place in places if place.is_relative_to(_DATASETTE) or place.is_relative_to(_OURS)]
    return bool(known) and known[-1].is_relative_to(_DATASETTE)


async def _tell(datasette: Datasette, request: Request, status: int, told: str) -> Response:
    error = {"ok": False, "error": told, "status": status, "title": None}
    if request.path.endswith(".json"):
        return Response.json(error, status=status)
    template = datasette.jinja_env.select_template([f"{status}.html", "error.html"])
    named = {"urls": datasette.urls, "app_css_hash": datasette.app_css_hash(), "menu_links": list}
    return Response.html(await template.render_async(error | named), status=status)
