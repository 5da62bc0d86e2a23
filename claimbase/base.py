"""Base: a database that is open to be asked, and how it is asked."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from claimbase.answers import Cell
from claimbase.bound import LONGEST_STATEMENT, bound, open_to_read, within
from claimbase.match import match_query
from claimbase.questions import Questions
from claimbase.texts import statements

# What the site asks too may read the whole of a large base.
LONGEST_QUESTION_SECONDS = 30.0

# What SQLite says, and what whoever wrote the statement may do about it.
_ADVICE = {
    "not authorized": "only what reads this database may be run: one select statement, no attach, no pragma",
    "authorization denied": "only what reads this database may be run: one select statement, no attach, no pragma",
    "one statement at a time": "run them one after the other",
    "no such table": "describe_tables lists the tables and views",
    "no such column": "describe_tables lists the columns of a table",
    "interrupted": "it took too long; look rows up by a key, or fewer of them",
    "user-defined function raised": "a value grew too long; use substr",
    "too big": "a value grew too long; use substr",
    "too many columns": "select fewer columns",
    "query string is too large": f"a statement has at most {LONGEST_STATEMENT} characters",
    "binding": "give a value for each :name in parameters",
}

Values: TypeAlias = "Mapping[str, Cell]"


class NoAnswer(LookupError):
    """There is no answer to that; the message says why, and what to ask instead."""


class Base(NamedTuple):
    """An open database and the questions it can be asked."""

    connection: sqlite3.Connection
    questions: Questions


@contextlib.contextmanager
def asking(database: Path, questions: Questions, version: int) -> Iterator[Base]:
    """The database as it is now, opened to be read and in one state for as long as the block lasts.

    A database that a new build has put in its place is seen by the next block. Raises `NoAnswer` where there is none,
    or none of this version of the schema.
    """
    if not database.is_file():
        raise NoAnswer(f"{database}: there is no such file; build it and ask again")
    with contextlib.closing(open_to_read(database)) as connection:
        try:
            connection.execute("begin")
            found = connection.execute("pragma user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise NoAnswer(f"{database}: {error}") from error
        if found != version:
            raise NoAnswer(f"{database}: its schema has version {found} and not {version}; build it again")
        connection.create_function("escape_fts", 1, match_query, deterministic=True)
        bound(connection)
        yield Base(connection, questions)


@contextlib.contextmanager
def running(base: Base, sql: str, given: Values, seconds: float = LONGEST_QUESTION_SECONDS) -> Iterator[sqlite3.Cursor]:
    """A statement as it is read. That it cannot run, or not to its end, is `NoAnswer` with what helps."""
    try:
        with within(base.connection, seconds), contextlib.closing(base.connection.execute(sql, dict(given))) as cursor:
            yield cursor
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        told = str(error) or "out of memory"
        advice = next((f"; {advice}" for sign, advice in _ADVICE.items() if sign in told), "")
        raise NoAnswer(f"{told}{advice}") from error


def columns_of(cursor: sqlite3.Cursor) -> list[str]:
    return [str(column[0]) for column in cursor.description or ()]


def rows_of(base: Base, sql: str, given: Values) -> list[dict[str, Any]]:
    with running(base, sql, given) as cursor:
        names = columns_of(cursor)
        return [dict(zip(names, row, strict=True)) for row in cursor]


def ask_canned(base: Base, name: str, **given: str) -> list[dict[str, Any]]:
    return rows_of(base, base.questions.canned[name].sql, given)


def look_up(base: Base, question: str, **given: str) -> list[dict[str, Any]]:
    [sql] = statements(f"asking/{question}.sql")
    return rows_of(base, sql, given)
