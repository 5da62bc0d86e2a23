"""Bound: what a statement from outside may do to a database, how long it may take and how much it may make.

SQLite looks at the clock between steps of a statement, and one step may be a function that takes an hour. So values are
bounded in length, and functions whose cost grows with the product of two lengths are replaced by others.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias, TypeVar

# Each statement may take so long.
LONGEST_SECONDS = 2.0
# No value may have more bytes: a file of a base has at most 16 MB, and must still be readable.
LONGEST_VALUE = 20_000_000
LONGEST_STATEMENT = 20_000
LONGEST_PATTERN = 100
MOST_COLUMNS = 200
# All that SQLite holds in memory for one process.
MOST_MEMORY = 256 * 1024 * 1024
# What is asked in a reader's own words, among many readers, has narrower bounds: a step goes through all functions in a
# row, whatever the time is. Those that compare with patterns cost the product of two lengths, and count more.
LONGEST_OWN_VALUE = 1_000_000
LONGEST_OWN_PATTERN = 50
# A full-text index takes a question apart in one step too, whose cost grows with the square of its words.
LONGEST_FULL_TEXT_VALUE = 100_000
MOST_FUNCTIONS = 300
_COSTS = {"like": 15, "glob": 15}
# SQLite looks at the clock after so many steps; a step may make a value of the greatest length.
_STEPS = 100

_HARMLESS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE})
# These tell of the schema, of what their value names; those that change a setting do so by their value. The last is set
# by the library of GraphQL, and means nothing where nothing is written.
_PRAGMAS = frozenset(
    {
        *("foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo"),
        *("table_info", "table_list", "table_xinfo"),
        "recursive_triggers",
    }
)
# A full-text index asks for the first, Datasette for the others.
_PRAGMAS_WITHOUT_VALUE = frozenset({"data_version", "schema_version", "user_version"})
# These reach out of the database, or make long values of nothing.
_REFUSED_FUNCTIONS = frozenset(
    {"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "zeroblob", "randomblob"}
)

_DIGITS = re.compile("[0-9]{7,}")

FULL_TEXT = "_fts"  # is how the names of full-text indexes end

Answer = TypeVar("Answer")
Value: TypeAlias = "str | int | float | bytes | None"


def open_to_read(database: Path) -> sqlite3.Connection:
    """A connection that cannot write. Its texts are always text, whatever bytes an expression has made them of."""
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def bound(connection: sqlite3.Connection) -> None:
    """Lets a connection read from here on and nothing else, neither other files nor settings, in bounded values.

    A statement that wants more raises `sqlite3.DatabaseError` when it is prepared, or where a value grows too long;
    Python 3.10 cannot bound the length of values and statements.
    """
    if sys.version_info >= (3, 11):
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST_STATEMENT)
        connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, MOST_COLUMNS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    _set_lengths(connection, LONGEST_VALUE, LONGEST_PATTERN)
    for name, count, function in _REPLACED:
        connection.create_function(name, count, function, deterministic=True)
    printf = _printf(sqlite3.connect(":memory:", check_same_thread=False))
    for name in ("printf", "format"):
        connection.create_function(name, -1, printf, deterministic=True)
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


def ask_narrowly(connection: sqlite3.Connection, question: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """What a bound connection answers where it makes shorter values, compares with shorter patterns and calls less."""
    try:
        with _narrowly(connection, LONGEST_OWN_VALUE, full_text=False):
            return question(connection)
    except _FullText:
        with _narrowly(connection, LONGEST_FULL_TEXT_VALUE, full_text=True):
            return question(connection)


class _FullText(Exception):
    """A statement asks a full-text index."""


@contextlib.contextmanager
def _narrowly(connection: sqlite3.Connection, value: int, full_text: bool) -> Iterator[None]:
    left, found = MOST_FUNCTIONS, False

    def may(action: int, *named: str | None) -> int:
        nonlocal left, found
        if action == sqlite3.SQLITE_FUNCTION:
            left -= _COSTS.get((named[1] or "").lower(), 1)
        if action == sqlite3.SQLITE_READ and not full_text:
            found |= (named[0] or "").lower().endswith(FULL_TEXT)
        return sqlite3.SQLITE_DENY if left < 0 or found else _may(action, *named)

    connection.set_authorizer(may)
    _set_lengths(connection, value, LONGEST_OWN_PATTERN)
    try:
        yield
    except sqlite3.DatabaseError as error:
        if found:
            raise _FullText from error
        raise
    finally:
        connection.set_authorizer(_may)
        _set_lengths(connection, LONGEST_VALUE, LONGEST_PATTERN)


def bound_memory(connection: sqlite3.Connection, most: int = MOST_MEMORY) -> None:
    """Bounds what SQLite may hold in memory for this whole process, and all its connections, from here on."""
    connection.execute(f"pragma hard_heap_limit = {most}")


def _set_lengths(connection: sqlite3.Connection, value: int, pattern: int) -> None:
    if sys.version_info >= (3, 11):
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, value)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, pattern)


def _may(action: int, first: str | None, second: str | None, _schema: str | None, _within: str | None) -> int:
    """Whether a statement may do what it wants to, as https://www.sqlite.org/c3ref/c_alter_table.html lists it."""
    allowed = (
        action in _HARMLESS
        or (action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _REFUSED_FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and _may_ask((first or "").lower(), second))
        # So a virtual table is declared; the schema itself cannot be written to where nothing can.
        or (action == sqlite3.SQLITE_UPDATE and first in ("sqlite_master", "sqlite_temp_master"))
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _may_ask(pragma: str, value: str | None) -> bool:
    return pragma in _PRAGMAS or (pragma in _PRAGMAS_WITHOUT_VALUE and value is None)


def _instr(value: Value, part: Value) -> int | None:
    return None if value is None or part is None else _text(value).find(_text(part)) + 1


def _replace(value: Value, old: Value, new: Value) -> Value:
    if value is None or old is None:
        return None
    text, looked_for = _text(value), _text(old)
    if not looked_for:
        return value
    if new is None:
        return None
    instead = _text(new)
    if len(text) + text.count(looked_for) * len(instead) > LONGEST_VALUE:
        raise ValueError("what replaces the text makes it too long")
    return text.replace(looked_for, instead)


def _trim(left: bool, right: bool) -> Callable[[Value, Value], str | None]:
    """Takes characters off one end of a text or off both, looking at each once."""

    def trim(value: Value, unwanted: Value) -> str | None:
        if value is None or unwanted is None:
            return None
        text, characters = _text(value), set(_text(unwanted))
        start, end = 0, len(text)
        while left and start < end and text[start] in characters:
            start += 1
        while right and start < end and text[end - 1] in characters:
            end -= 1
        return text[start:end]

    return trim


def _printf(plain: sqlite3.Connection) -> Callable[..., Value]:
    """As SQLite does it, which counts to a width of a billion though the value becomes too long on the way."""

    def printf(*values: Value) -> Value:
        form = _text(values[0]) if values and values[0] is not None else ""
        widths = [int(digits[:9]) for digits in _DIGITS.findall(form)]
        if "*" in form:
            widths += [abs(value) for value in values if isinstance(value, int)]
        if max(widths, default=0) > LONGEST_VALUE:
            raise ValueError("a width makes the text too long")
        [value] = plain.execute(f"select printf({', '.join('?' * len(values))})", values).fetchone()
        return value  # type: ignore[no-any-return]

    return printf


def _text(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


# In place of those of SQLite, https://www.sqlite.org/lang_corefunc.html, since Python searches in linear time:
# https://github.com/python/cpython/blob/main/Objects/stringlib/stringlib_find_two_way_notes.txt
_REPLACED: tuple[tuple[str, int, Callable[..., Value]], ...] = (
    ("instr", 2, _instr),
    ("replace", 3, _replace),
    ("trim", 2, _trim(left=True, right=True)),
    ("ltrim", 2, _trim(left=True, right=False)),
    ("rtrim", 2, _trim(left=False, right=True)),
)
