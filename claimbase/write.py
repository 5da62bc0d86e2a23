"""Write: the rows reach a new database beside the old one, which it replaces only once it is sound."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Set
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from claimbase.records import Table
from claimbase.texts import Texts, insertion, row_columns, statements

if TYPE_CHECKING:
    from sqlite_utils import Database

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

SCHEMA_VERSION = 2
OLDEST_SQLITE = (3, 37)
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.building(?:-texts|-index)?")
# Rows come in the order of their keys, for which a small cache is as good; indexes are sorted in as much.
_ROOM = "cache_size = -8192"
_ROOM_TO_SORT = "cache_size = -32768"
# Nobody else sees the file before it is renamed, and a crash throws it away: no journal is needed. Constraints are
# checked once, when all is written: checking every row as it comes in costs as much again.
_PRAGMAS = (
    "journal_mode = off",
    "synchronous = off",
    "foreign_keys = off",
    "ignore_check_constraints = on",
    _ROOM,
)
_INDEX = re.compile(r"^create (?:unique )?index \w+ on (?P<table>\w+)", re.MULTILINE)
_TEXT = "select body from kept.texts where path = {path}"
# How file systems say that they do not lock folders: https://man7.org/linux/man-pages/man2/flock.2.html, on NFS.
_NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
# What SQLite says when the fault is the disk's and not ours.
_DISK_FAULTS = frozenset(
    {
        "attempt to write a readonly database",
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
    }
)


class NotWritable(OSError):
    """The database cannot be written where it was asked for; the message says why."""


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Inside the block no other build writes into the folder of `target`; one that wants to waits for the end.

    What builds of this database that were killed have left behind is removed. Where there are no such locks, as on
    Windows and on some network drives, builds of one database must not be started at the same time.
    """
    with contextlib.ExitStack() as stack:
        try:
            if fcntl:
                descriptor = os.open(target.parent, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                _lock(descriptor)
            _remove_stale(target)
        except OSError as error:
            raise NotWritable(f"{target}: {error.strerror}") from error
        yield


def _lock(folder: int) -> None:
    """Waits for a folder; a network drive that locks only what is open for writing is gone on with."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` that takes its place when the block ends well, and vanishes when it does not.

    The change is a rename, so that whoever opens `target` finds the old file or the new one, whole.
    """
    if target.is_dir():
        raise NotWritable(f"{target}: Is a directory")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.building")
    try:
        temporary.touch()
    except OSError as error:
        raise NotWritable(f"{target}: {error.strerror}") from error
    try:
        yield temporary
        _put_in_place(temporary, target)
    except sqlite3.OperationalError as error:
        if str(error) in _DISK_FAULTS:
            raise NotWritable(f"{target}: {error}") from error
        raise
    finally:
        _remove(temporary)


def copy(source: Path, target: Path) -> None:
    """Makes `target` what `source` is. Raises `NotWritable`."""
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise NotWritable(f"{source}: {error.strerror}") from error


def _put_in_place(temporary: Path, target: Path) -> None:
    try:
        sync(temporary)
        with _outliving(target):
            temporary.replace(target)
        sync(target.parent)
    except OSError as error:
        raise NotWritable(f"{target}: {error.strerror}") from error


@contextlib.contextmanager
def _outliving(path: Path) -> Iterator[None]:
    """What the block does away with is held a while longer: the system takes its time to free so large a file."""
    with contextlib.ExitStack() as stack:
        if os.name == "posix":
            with contextlib.suppress(OSError):
                held = os.open(path, os.O_RDONLY)
                stack.callback(lambda: Thread(target=os.close, args=(held,)).start())
        yield


def sync(path: Path) -> None:
    """Asks the system to put a file, or a folder's list of names, on the disk before going on."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def writing(path: Path, texts: Texts) -> Iterator[Writing]:
    """The empty file at `path` as a database that takes in tables, with their bodies from `texts`.

    When the block ends well it also has its indexes, its views and its full text.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise NotWritable(f"Python's SQLite is {sqlite3.sqlite_version}; strict tables need 3.37 or later")
    # Loaded only here: a build that finds little to write is over sooner than this is read.
    from sqlite_utils import Database  # noqa: PLC0415

    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.closing(connection))
        aside = stack.enter_context(ThreadPoolExecutor(1))
        # Where the block fails, nobody waits for the indexes of what is thrown away.
        stack.callback(connection.interrupt)
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
        connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
        connection.execute("attach database ? as kept", (os.fsencode(texts.path),))
        connection.execute("begin")
        _run(connection, "schema.sql", "full_text.sql")
        tables = Writing(Database(connection), texts, aside)
        yield tables
        tables.index()
        tables.wait()
        _run(connection, *_views())
        connection.execute("commit")
        connection.execute("detach database kept")
        connection.execute("analyze")


class Writing:
    """A new database while it is filled. Only one thread at a time makes use of its connection."""

    def __init__(self, database: Database, texts: Texts, aside: ThreadPoolExecutor) -> None:
        self._database = database
        self._texts: Texts | None = texts
        self._aside = aside
        self._not_indexed: set[str] = set()
        self._indexing: Future[None] | None = None

    def add(self, tables: Iterable[Table]) -> None:
        """Puts in the rows of tables, of which each is made when its turn comes."""
        for table in tables:
            self.wait()
            _insert(self._database, table)
            self._not_indexed.add(table.name)

    def index(self) -> None:
        """Begins to index the tables that are there, and all texts; SQLite does that alone, so that Python is free.

        Indexes that are made when all rows are there are sorted, which is much quicker.
        """
        self.wait()
        self._indexing = self._aside.submit(self._index, self._not_indexed)
        self._not_indexed = set()

    def wait(self) -> None:
        """Returns when nothing is being indexed."""
        if self._indexing:
            self._indexing.result()
            self._indexing = None

    def _index(self, tables: Set[str]) -> None:
        connection = self._database.conn
        connection.execute(f"pragma {_ROOM_TO_SORT}")
        for statement in statements("indexes.sql"):
            index = _INDEX.search(statement)
            if index and index["table"] in tables:
                connection.execute(statement)
        connection.execute(f"pragma {_ROOM}")
        if self._texts:
            connection.execute("commit")
            self._texts.add_index_to(connection)
            connection.execute("begin")
            self._texts = None


def _run(connection: sqlite3.Connection, *scripts: str) -> None:
    for script in scripts:
        for statement in statements(script):
            connection.execute(statement)


def _insert(database: Database, table: Table) -> None:
    """Adds the rows as they are: `insert_all` looks at every value once more, which costs as much as the insert.

    Values are bound faster from plain tuples.
    """
    columns = row_columns(table.name, [column.name for column in database.table(table.name).columns])
    values = insertion(table.name, columns, _TEXT)
    names, parameters = ", ".join(values), ", ".join(values.values())
    database.conn.executemany(f"insert into {table.name} ({names}) values ({parameters})", map(tuple, table.rows))  # noqa: S608


def _views() -> list[str]:
    folder = files("claimbase").joinpath("views")
    return sorted(f"views/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _remove_stale(target: Path) -> None:
    """Removes what builds of this database that were killed have left behind."""
    for entry in target.parent.iterdir():
        match = _TEMPORARY.fullmatch(entry.name)
        if match and match["name"] == target.name and _is_over(int(match["process"])):
            _remove(entry)


def _is_over(process: int) -> bool:
    """Whether the build of a process has ended. One of this number is not this one: containers count from the start."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return process == os.getpid()


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
