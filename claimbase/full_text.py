"""Full text: how the indexes of words follow the rows they are made from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

INDEXES = ("documents_fts", "claims_fts")
# Words wait in so many bytes of memory before they are sorted into an index: fewer, larger parts are merged sooner.
_WAITING = 8 * 1024 * 1024


class Unsound(AssertionError):
    """A new database contradicts itself; it was thrown away."""


class _Index(NamedTuple):
    name: str
    made_from: str
    columns: str


# The table whose rows come and go, and the index that follows them.
_OF_TABLE = {
    "documents": _Index("documents_fts", "texts", "title, body"),
    "claims": _Index("claims_fts", "claims", "title, description, body"),
}


def forget(connection: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    """Takes the words of rows out of the table's index, as they are in the attached database `before`.

    An index that keeps no text of its own must be told what it is to forget:
    https://www.sqlite.org/fts5.html#the_delete_command
    """
    index = _OF_TABLE.get(table)
    if index:
        name, made_from, columns = index
        found = f"select 'delete', rowid, {columns} from before.{made_from} where id = ?"  # noqa: S608 - our own names
        statement = f"insert into {name} ({name}, rowid, {columns}) {found}"
        connection.executemany(statement, ((id_,) for id_ in ids))


def learn(connection: sqlite3.Connection, table: str, ids: Iterable[str]) -> None:
    """Puts the words of rows into the table's index, as they now are."""
    index = _OF_TABLE.get(table)
    if index:
        name, made_from, columns = index
        found = f"select rowid, {columns} from main.{made_from} where id = ?"  # noqa: S608 - our own names
        connection.executemany(f"insert into {name} (rowid, {columns}) {found}", ((id_,) for id_ in ids))


def make_room(connection: sqlite3.Connection) -> None:
    """Lets more words wait in memory while the indexes are filled, by an option that SQLite's documents leave out.

    https://www.sqlite.org/src/file/ext/fts5/fts5_config.c
    """
    for index in INDEXES:
        connection.execute(f"insert into {index} ({index}, rank) values ('hashsize', {_WAITING})")  # noqa: S608


def check_words(connection: sqlite3.Connection) -> None:
    """Raises `Unsound` unless the indexes are what SQLite would have made."""
    try:
        for index in INDEXES:
            connection.execute(f"insert into {index} ({index}, rank) values ('integrity-check', 0)")  # noqa: S608
    except sqlite3.DatabaseError as error:
        raise Unsound(f"full-text index: {error}") from error
