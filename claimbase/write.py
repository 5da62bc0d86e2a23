"""Write: the rows reach a new database beside the old one, which it replaces only once it is sound."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database

from claimbase.records import Table

SCHEMA_VERSION = 1
OLDEST_SQLITE = (3, 37)
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.building")
_FTS = ("claims_fts", "documents_fts")
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
def replacing(target: Path) -> Iterator[Path]:
    """A temporary path beside `target` that takes its place when the block ends well, and vanishes when it does not.

    The change is a rename, so that whoever opens `target` finds the old file or the new one, whole.
    """
    if target.is_dir():
        raise NotWritable(f"{target}: Is a directory")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.building")
    try:
        _remove_stale(target)
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


def _put_in_place(temporary: Path, target: Path) -> None:
    try:
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise NotWritable(f"{target}: {error.strerror}") from error


def write(path: Path, tables: Iterable[Table]) -> None:
    """Fills the empty file at `path` with the schema, the rows, the indexes and the full-text index."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise NotWritable(f"Python's SQLite is {sqlite3.sqlite_version}; strict tables need 3.37 or later")
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection):
        database = Database(connection)
        # Nobody else sees the file before it is renamed, and a crash throws it away: no journal is needed.
        for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -65536"):
            connection.execute(f"pragma {pragma}")
        connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
        connection.execute("begin")
        for statement in _statements("schema.sql"):
            connection.execute(statement)
        for table in tables:
            _insert(database, table)
        for script in ("indexes.sql", *_views()):
            for statement in _statements(script):
                connection.execute(statement)
        for name in _FTS:
            connection.execute(f"insert into {name} ({name}) values ('rebuild')")  # noqa: S608 - our own two names
        connection.execute("commit")
        connection.execute("analyze")


def _insert(database: Database, table: Table) -> None:
    """Adds the rows as they are: `insert_all` looks at every value once more, which costs as much as the insert."""
    values = ", ".join("?" for _ in database.table(table.name).columns)
    database.conn.executemany(f"insert into {table.name} values ({values})", table.rows)  # noqa: S608 - our own names


def _statements(script: str) -> list[str]:
    text = files("claimbase").joinpath(script).read_text(encoding="utf-8")
    return [statement for statement in text.split(";\n") if statement.strip()]


def _views() -> list[str]:
    folder = files("claimbase").joinpath("views")
    return sorted(f"views/{entry.name}" for entry in folder.iterdir() if entry.name.endswith(".sql"))


def _remove_stale(target: Path) -> None:
    """Removes what builds of this database that were killed have left behind."""
    for entry in target.parent.iterdir():
        match = _TEMPORARY.fullmatch(entry.name)
        if match and match["name"] == target.name and not _is_running(int(match["process"])):
            _remove(entry)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.unlink()


def _sync(path: Path) -> None:
    """Asks the system to put a file, or a folder's list of names, on the disk before going on."""
    if path.is_dir() and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
