"""Bound: what a statement from outside may do to a database, how long it may take and how much it may make.

SQLite looks at the clock between steps of a statement, and one step may be a function that takes an hour. So values are
bounded in length, and functions whose cost grows with the product of two lengths are replaced by others.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

# Each statement may take so long.
LONGEST_SECONDS = 2.0
# No value may have more bytes: a file of a base has at most 16 MB, and must still be readable.
LONGEST_VALUE = 20_000_000
LONGEST_STATEMENT = 20_000
LONGEST_PATTERN = 100
# What is looked for in a value, or trimmed off it.
LONGEST_PART = 1_000
MOST_COLUMNS = 200
# All that SQLite holds in memory for one process.
MOST_MEMORY = 256 * 1024 * 1024
# SQLite looks at the clock after so many steps; a step may make a value of the greatest length.
_STEPS = 100

_HARMLESS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
# These tell of the schema; `data_version` is asked by a full-text index.
_PRAGMAS = frozenset(
    {
        *("data_version", "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo"),
        *("table_info", "table_list", "table_xinfo"),
    }
)
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})

Value: TypeAlias = "str | int | float | bytes | None"


def open_to_read(database: Path) -> sqlite3.Connection:
    """A connection that cannot write. Its texts are always text, whatever bytes an expression has made them of."""
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def bound(connection: sqlite3.Connection) -> None:
    """Lets a connection read from here on and nothing else, neither other files nor settings, in bounded values.

    A statement that wants more raises `sqlite3.DatabaseError` when it is prepared, or where a value grows too long.
    """
    if sys.version_info >= (3, 11):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_STATEMENT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)
        connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for name, count, function in _REPLACED:
        connection.create_function(name, count, function, deterministic=True)
    connection.set_authorizer(_may)


@contextlib.contextmanager
def within(connection: sqlite3.Connection, seconds: float = LONGEST_SECONDS) -> Iterator[None]:
    """Inside the block a statement that is still running after so many seconds raises `sqlite3.OperationalError`."""
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, _STEPS)


def bound_memory(connection: sqlite3.Connection) -> None:
    """Bounds what SQLite may hold in memory for this whole process, and all its connections, from here on."""
    connection.execute(f"pragma hard_heap_limit = {MOST_MEMORY}")


def _may(action: int, first: str | None, second: str | None, _schema: str | None, _within: str | None) -> int:
    """Whether a statement may do what it wants to, as https://www.sqlite.org/c3ref/c_alter_table.html lists it."""
    allowed = (
        action in _HARMLESS
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _REFUSED_FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and (first or "").lower() in _PRAGMAS)
        # So a virtual table is declared; the schema itself cannot be written to where nothing can.
        or (action == sqlite3.SQLITE_UPDATE and first in ("sqlite_master", "sqlite_temp_master"))
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _careful(function: Callable[..., str | int]) -> Callable[..., Value]:
    """A function of texts as SQL has it, null where any is null, that refuses to look for a text that is too long."""

    def careful(*values: Value) -> Value:
        return None if None in values else function(*_texts(*values))

    return careful


def _replace(value: Value, old: Value, new: Value) -> Value:
    if value is None or old is None:
        return None
    text, looked_for = _texts(value, old)
    if not looked_for:
        return value
    if new is None:
        return None
    instead = _text(new)
    if len(text) + text.count(looked_for) * len(instead) > LONGEST_VALUE:
        raise ValueError("what replaces the text makes it too long")
    return text.replace(looked_for, instead)


def _texts(*values: Value) -> list[str]:
    """The values as texts, of which the second may be no longer than what is looked for."""
    texts = [_text(value) for value in values]
    if len(texts[1]) > LONGEST_PART:
        raise ValueError(f"longer than {LONGEST_PART} characters")
    return texts


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


# In place of those of SQLite: https://www.sqlite.org/lang_corefunc.html
_REPLACED: tuple[tuple[str, int, Callable[..., Value]], ...] = (
    ("instr", 2, _careful(lambda text, part: text.find(part) + 1)),
    ("replace", 3, _replace),
    ("trim", 2, _careful(str.strip)),
    ("ltrim", 2, _careful(str.lstrip)),
    ("rtrim", 2, _careful(str.rstrip)),
)
