"""Refresh: a database whose file was replaced is shown at once, without a failed request or an answer of two builds.

A *generation* is one build as it is served: connections to one file, the counts of its tables and its hash. A request
is pinned to the generation that was current when it came, to the last byte of its answer, and so are the requests it
makes itself. A generation that was superseded closes with the last request pinned to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from queue import LifoQueue
from typing import Any, BinaryIO, NamedTuple, TypeAlias, TypeVar

import click
from datasette import __version__, hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import escape_sqlite, sqlite3
from datasette.utils.asgi import AsgiFileDownload, Request, Response, asgi_start
from datasette.views.database import DatabaseDownload

from claimbase.addresses import DATABASE

PERIOD = 0.05  # seconds between two looks at the file, which take microseconds
LENT = 2  # connections that are lent out, for as long as an answer takes to be sent
# Seconds that a generation waits for its hash. A large file has it only later; its pages are seen sooner than kept.
LONGEST_WAIT = 0.05
_BLOCK = 1 << 20
_TABLES_AND_VIEWS = (Path(__file__).parent / "tables_and_views.sql").read_text(encoding="utf-8")
# What is relied upon of Datasette beyond its documented hooks.
_OF_DATASETTE = ("_prepare_connection", "crossdb", "databases", "executor", "inspect_data", "nolock")
_OF_DATABASE = ("cached_table_counts", "execute", "execute_fn", "hash", "size", "table_counts")
_RESTART = "restart the server to show it"

Answer = TypeVar("Answer")
Connection: TypeAlias = Any
Application: TypeAlias = Callable[..., Any]


class Unshowable(Exception):
    """A file cannot take the place of the one that is served; the message says why."""


class Fingerprint(NamedTuple):
    """What tells a file from the one that replaced it, without reading it."""

    inode: int
    mtime_ns: int
    size: int


def read_fingerprint(path: Path, immutable: bool) -> Fingerprint:
    """The fingerprint of the file that lies at `path`; of one that may be written to, only what stays."""
    status = path.stat()
    return Fingerprint(status.st_ino, *((status.st_mtime_ns, status.st_size) if immutable else (0, 0)))


class Generation:
    """One build as it is served; whoever uses it does so within `used()`, and it closes after the last of them.

    `counts` has the number of rows of every table, `hash` the SHA-256 of the file, which is None until it is known.
    Both stay None for a file that may be written to; it has no `file` here.
    """

    def __init__(self, fingerprint: Fingerprint, connections: list[Connection], file: BinaryIO | None) -> None:
        self.fingerprint = fingerprint
        self.shape = _shape(connections[0])
        self.counts = _counts(connections[0]) if file else None
        self.hash: str | None = None
        self._file = file
        self._idle: LifoQueue[Connection] = LifoQueue()
        self._lock, self._counting = threading.Lock(), threading.Lock()
        self._users, self._retired, self._closed = 0, False, False
        for connection in connections:
            self._idle.put(connection)
        if file:
            self._start_hashing(file)

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Keeps the generation open inside the block."""
        with self._counting:
            self._users += 1
        try:
            yield
        finally:
            with self._counting:
                self._users -= 1
            self._close_if_done()

    def retire(self) -> None:
        """Says that no new request comes: the generation closes as soon as nobody uses it."""
        self._retired = True
        self._close_if_done()

    def run(self, question: Callable[[Connection], Answer]) -> Answer:
        """What a connection of this generation answers, asked in the thread of the caller."""
        with self.lent() as connection:
            return question(connection)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection of this generation for as long as the block takes; `LENT` at a time may be away."""
        connection = self._idle.get()
        try:
            yield connection
        finally:
            self._give_back(connection)

    def read(self, offset: int, length: int) -> bytes:
        """A piece of the file, fewer bytes only at its end."""
        assert self._file, "only a file that nobody writes to is held open"  # noqa: S101
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length)

    def _start_hashing(self, file: BinaryIO) -> None:
        # The thread has a descriptor of its own, so that it need not be waited for when the generation closes.
        own = os.fdopen(os.dup(file.fileno()), "rb")
        thread = threading.Thread(target=self._read_hash, args=(own,), daemon=True)
        thread.start()
        thread.join(LONGEST_WAIT)

    def _read_hash(self, file: BinaryIO) -> None:
        digest = hashlib.sha256()
        with file:
            while block := file.read(_BLOCK):
                if self._closed:
                    return
                digest.update(block)
        self.hash = digest.hexdigest()

    def _give_back(self, connection: Connection) -> None:
        # A question may outlast the request that asked it and was cut off.
        with self._lock:
            if not self._closed:
                self._idle.put(connection)
                return
        connection.close()

    def _close_if_done(self) -> None:
        if self._retired and not self._users and not self._closed:
            self._closed = True
            # With the last descriptor the system frees a replaced file's blocks: for a gigabyte half a second.
            threading.Thread(target=self._close, daemon=True).start()

    def _close(self) -> None:
        with self._lock:
            while not self._idle.empty():
                self._idle.get().close()
            if self._file:
                self._file.close()


def _shape(connection: Connection) -> tuple[Any, ...]:
    """What the pages rely on: the version of the schema, and every table and view."""
    version = connection.execute("pragma user_version").fetchone()[0]
    return (version, *(tuple(row) for row in connection.execute(_TABLES_AND_VIEWS)))


def _counts(connection: Connection) -> dict[str, int]:
    tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
    return {
        table: connection.execute(f"select count(*) from {escape_sqlite(table)}").fetchone()[0]  # noqa: S608
        for table in tables
    }


def open_generation(path: Path, connect: Callable[[], Connection], connections: int, immutable: bool) -> Generation:
    """The build that lies at `path` now, with as many connections as it will ever have.

    All are open before it is known to be still the same file: one opened later might find the next build. Raises
    OSError or sqlite3.Error where the file cannot be read.
    """
    while True:
        fingerprint = read_fingerprint(path, immutable)
        with contextlib.ExitStack() as opened:
            file = opened.enter_context(path.open("rb")) if immutable else None
            pool = [opened.enter_context(contextlib.closing(connect())) for _ in range(connections)]
            if read_fingerprint(path, immutable) == fingerprint:
                generation = Generation(fingerprint, pool, file)
                opened.pop_all()
                return generation


class Pin:
    """A request's hold on a generation, None once it has let go: a context may outlive its request."""

    def __init__(self, database: RefreshingDatabase, generation: Generation) -> None:
        self.database = database
        self.generation: Generation | None = generation


_PIN: ContextVar[Pin | None] = ContextVar("pin", default=None)


class RefreshingDatabase(Database):  # type: ignore[misc] # Datasette has no types
    """A database of Datasette's that answers from the generation its request is pinned to, else from the current one.

    `obstacle` says why a replaced file cannot be shown; the generation of the start is then served for good.
    """

    def __init__(self, stock: Any, obstacle: str | None = None) -> None:
        super().__init__(stock.ds, path=stock.path, is_mutable=stock.is_mutable)
        self.name, self.route = stock.name, stock.route
        self._path = Path(stock.path)
        self._obstacle = obstacle
        self._refused: Fingerprint | None = None
        self._said: str | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._lending = asyncio.Semaphore(LENT)
        self._current = self._open()

    @property
    def generation(self) -> Generation:
        """The generation that answers here and now."""
        return self._pinned() or self._current

    @property
    def hash(self) -> str | None:
        """The SHA-256 of the file that answers here and now: None while it is read, and for one that may change."""
        return self.generation.hash

    @property
    def size(self) -> int:
        return self._path.stat().st_size if self.is_mutable else self.generation.fingerprint.size

    @property
    def cached_table_counts(self) -> dict[str, int] | None:
        return self.generation.counts

    @property
    def inspected(self) -> dict[str, Any]:
        """What `datasette inspect` would say of the file that answers here and now."""
        tables = {table: {"count": count} for table, count in (self.generation.counts or {}).items()}
        return {"hash": self.hash, "size": self.size, "file": self._path.name, "tables": tables}

    async def execute_fn(self, fn: Callable[[Connection], Answer]) -> Answer:
        """What a connection answers, asked in one of Datasette's threads."""
        generation = self.generation
        with generation.used():
            if self.ds.executor is None:
                return generation.run(fn)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.ds.executor, generation.run, fn)

    @contextlib.asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """A connection for an answer that is made while it is sent; who comes when all are away waits for one."""
        async with self._lending:
            generation = self.generation
            with generation.used(), generation.lent() as connection:
                yield connection

    @contextlib.contextmanager
    def pinned(self) -> Iterator[Pin]:
        """Inside the block everything is answered by the generation that was current at its start."""
        generation = self.generation
        pin = Pin(self, generation)
        token = _PIN.set(pin)
        with generation.used():
            try:
                yield pin
            finally:
                pin.generation = None
                _PIN.reset(token)

    def is_pinned(self) -> bool:
        """Whether a request is being answered that holds on to a generation of this database."""
        return self._pinned() is not None

    def watch(self) -> None:
        """Has the file looked at from now on, as long as the running event loop runs."""
        loop = asyncio.get_running_loop()
        if self._watcher is None or self._watcher.done() or self._watcher.get_loop() is not loop:
            self._watcher = loop.create_task(self._watch())

    async def refresh(self) -> None:
        """Shows the file that lies at the path now, if it is another one than before and can be shown.

        Otherwise the one before goes on being served, and one line on stderr says why.
        """
        found = None
        try:
            found = read_fingerprint(self._path, not self.is_mutable)
            if found not in (self._current.fingerprint, self._refused):
                self._show(await asyncio.to_thread(self._open))
        except (OSError, sqlite3.OperationalError) as error:
            self._say_once(getattr(error, "strerror", None) or str(error))
        except (sqlite3.DatabaseError, Unshowable) as error:
            self._refused = found
            self._say_once(str(error))
        else:
            self._said = None

    def close(self) -> None:
        super().close()
        self._current.retire()

    def _pinned(self) -> Generation | None:
        pin = _PIN.get()
        return pin.generation if pin and pin.database is self else None

    async def _watch(self) -> None:
        while True:
            await self.refresh()
            await asyncio.sleep(PERIOD)

    def _open(self) -> Generation:
        connections = max(1, self.ds.setting("num_sql_threads")) + LENT
        return open_generation(self._path, self._connect, connections, not self.is_mutable)

    def _connect(self) -> Connection:
        mode = "immutable=1"
        if self.is_mutable:
            mode = "mode=ro&nolock=1" if self.ds.nolock else "mode=ro"
        address = f"{self._path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self.ds._prepare_connection(connection, self.name)
        return connection

    def _show(self, generation: Generation) -> None:
        obstacle = self._obstacle
        if generation.shape != self._current.shape:
            obstacle = f"other tables or views than before; {_RESTART}"
        if obstacle:
            generation.retire()
            raise Unshowable(obstacle)
        before, self._current = self._current, generation
        before.retire()

    def _say_once(self, reason: str) -> None:
        if reason != self._said:
            click.echo(f"{self.path}: {reason}; the database of before is still served", err=True)
        self._said = reason


class Inspection(Mapping[str, Any]):
    """What Datasette was told of its databases beforehand, and of ours what is true of the generation that answers."""

    def __init__(self, told: Mapping[str, Any], database: RefreshingDatabase) -> None:
        self._told = {**told, DATABASE: {}}
        self._database = database

    def __getitem__(self, name: str) -> Any:
        return self._database.inspected if name == DATABASE else self._told[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def _refreshing(datasette: Datasette) -> RefreshingDatabase | None:
    """A Datasette's database that refreshes itself, put in the place of its own at the first call.

    None where it has no such database, or one that it cannot read and will complain about itself.
    """
    database = datasette.databases.get(DATABASE)
    if isinstance(database, RefreshingDatabase):
        return database
    if database is None or database.path is None or missing(datasette):
        return None
    obstacle = f"--crossdb keeps the old one open; {_RESTART}" if datasette.crossdb else None
    try:
        refreshing = RefreshingDatabase(database, obstacle)
    except (OSError, sqlite3.Error):
        return None
    databases = datasette.databases.copy()
    databases[DATABASE] = refreshing
    datasette.databases = databases
    datasette.inspect_data = Inspection(datasette.inspect_data or {}, refreshing)
    return refreshing


def missing(datasette: Datasette) -> list[str]:
    """What this version of Datasette lacks to show a replaced database."""
    wanted = [(datasette, name) for name in _OF_DATASETTE] + [(Database, name) for name in _OF_DATABASE]
    return [name for owner, name in wanted if not hasattr(owner, name)]


@hookimpl(tryfirst=True)
def startup(datasette: Datasette) -> None:
    lacking = ", ".join(missing(datasette))
    if lacking:
        click.echo(f"Datasette {__version__} has no {lacking}: when codex.db is replaced, {_RESTART}", err=True)
    _refreshing(datasette)


# Called last, ours is the outermost wrapper: what the others ask is answered by the request's generation too.
@hookimpl(trylast=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        async def pinned(scope: Any, receive: Any, send: Any) -> None:
            database = _refreshing(datasette)
            if database:
                database.watch()
            # Requests that a request makes itself stay with its generation.
            if database is None or database.is_pinned() or scope["type"] != "http":
                await app(scope, receive, send)
                return
            with database.pinned() as pin:
                await app(scope, receive, _releasing(send, pin))

        return pinned

    return wrap


def _releasing(send: Application, pin: Pin) -> Application:
    """A `send` that lets go of the pin with the last message.

    The server may start the next request of a connection from within that call, and so in the context of this one.
    """

    async def release(message: Any) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            pin.generation = None
        await send(message)

    return release


class Download(DatabaseDownload):  # type: ignore[misc] # Datasette has no types
    """The file of the generation that answers: by the time it is sent, its name may be another file's."""

    async def get(self, request: Request) -> Response | OpenFile:
        response = await super().get(request)
        database = self.ds.get_database(route=DATABASE)
        if isinstance(response, AsgiFileDownload) and isinstance(database, RefreshingDatabase):
            return OpenFile(response.headers, database.generation)
        return response


class OpenFile:
    """The answer to a download."""

    def __init__(self, headers: Mapping[str, str], generation: Generation) -> None:
        self._headers = {name: value for name, value in headers.items() if name != "Transfer-Encoding"}
        self._generation = generation

    async def asgi_send(self, send: Application) -> None:
        size = self._generation.fingerprint.size
        length = {"content-length": str(size), "content-disposition": f'attachment; filename="{DATABASE}.db"'}
        await asgi_start(send, 200, self._headers | length, "application/octet-stream")
        for offset in range(0, size, _BLOCK):
            block = await asyncio.to_thread(self._generation.read, offset, _BLOCK)
            await send({"type": "http.response.body", "body": block, "more_body": offset + _BLOCK < size})


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    return [(rf"^/(?P<database>{DATABASE})\.db$", Download.as_view(datasette))]
