"""Codex: a database that is opened to be read, and what is asked of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from claimbase.bound import open_to_read
from claimbase.texts import statements

# What every codex has, so that another SQLite database is refused before anything is written.
_KNOWN_BY = frozenset({"claims", "documents", "links", "problems"})

Row: TypeAlias = dict[str, Any]


class NotExportable(RuntimeError):
    """The database cannot be exported, or not to there; the message says why, and what helps, in one line."""


def open_codex(database: Path) -> sqlite3.Connection:
    """A connection that cannot write and sees one state of the database from its first query on.

    Raises `NotExportable` where there is no codex.
    """
    if not database.is_file():
        raise NotExportable(f"{database}: there is no such file")
    connection = open_to_read(database)
    try:
        connection.execute("begin")
        lacking = _KNOWN_BY - set(tables(connection))
    except sqlite3.DatabaseError as error:
        connection.close()
        raise NotExportable(f"{database}: {error}") from error
    if lacking:
        connection.close()
        raise NotExportable(f"{database}: this is not a codex, it lacks {', '.join(sorted(lacking))}")
    return connection


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of the tables with rows of their own, sorted; full-text indexes can be had from these again."""
    found = connection.execute("select name from pragma_table_list where schema = 'main' and type = 'table' and strict")
    return sorted(str(name) for (name,) in found)


def ask(connection: sqlite3.Connection, question: str, **values: object) -> Iterator[Row]:
    """The rows that answer a question of this folder, one after another."""
    answer = connection.execute(_statement(question), values)
    names = [column[0] for column in answer.description]
    return (dict(zip(names, row, strict=True)) for row in answer)


@cache
def _statement(question: str) -> str:
    [statement] = statements(f"exports/{question}.sql")
    return statement
