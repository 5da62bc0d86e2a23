"""Texts: the bodies of documents go to the disk as they are read, and are indexed while the rest is worked out."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path

from claimbase.full_text import INDEXES, check_words, make_room
from claimbase.records import Document, Taken
from claimbase.spread import beside
from claimbase.values import field

# Each body stands in the database once: in the table of its kind, where that is one of these, else with its document.
_OWN_TABLE = ("claim", "source", "entity", "position")
# The tables that hold the bodies of documents, which are in none of the rows that the stages make.
HOLDERS = frozenset({"documents", "claims", "sources", "entities", "positions"})

_BATCH = 200
_KEPT = """
create table texts (
  number integer primary key,
  path text not null unique,
  claim integer,
  title text not null,
  description text,
  body text not null
) strict
"""
# What an external-content index holds beside its content: https://www.sqlite.org/fts5.html#fts5_data_structures
_SHADOWS = ("data", "idx", "docsize", "config")
_FILL = (
    "insert into documents_fts (rowid, title, body) select number, title, body from kept.texts order by number",
    "insert into claims_fts (rowid, title, description, body)"
    " select claim, title, description, body from kept.texts where claim is not null order by claim",
)


def statements(script: str) -> list[str]:
    """The statements of an SQL file of this package."""
    text = files("claimbase").joinpath(script).read_text(encoding="utf-8")
    return [statement for statement in text.split(";\n") if statement.strip()]


class Texts:
    """The bodies of a base in a file of their own beside the new database, and their full-text index in another.

    The index of a large base is made by another process while everything else is worked out.
    """

    def __init__(self, temporary: Path, expected: int = 0) -> None:
        self.path = temporary.with_name(f"{temporary.name}-texts")
        self._index_path = temporary.with_name(f"{temporary.name}-index")
        self._told, self._tell = multiprocessing.Pipe(duplex=False)
        # Started before there is much in memory, of which a process that is forked later would keep a copy.
        work = partial(_make_index, self._told, self._index_path, self.path)
        self._indexing = beside(work, expected, giving_way=True)

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *error: object) -> None:
        self._indexing.__exit__(*error)
        self._told.close()
        self._tell.close()
        for path in (self.path, self._index_path):
            path.unlink(missing_ok=True)

    def keep(self, taken: Iterable[Taken]) -> Iterator[Taken]:
        """All that is taken in, as it comes, with the bodies on the disk; indexing starts after the last."""
        with contextlib.closing(_open(self.path)) as connection:
            connection.execute(_KEPT)
            connection.execute("begin")
            numbers, claims = count(1), count(1)
            rest = iter(taken)
            while batch := list(islice(rest, _BATCH)):
                rows = [
                    _row(next(numbers), next(claims) if document.kind == "claim" else None, document, body)
                    for document, _, body, _ in batch
                ]
                connection.executemany("insert into texts values (?, ?, ?, ?, ?, ?)", rows)
                yield from batch
            connection.execute("commit")
        self._tell.send(True)

    def add_index_to(self, connection: sqlite3.Connection) -> None:
        """Copies the full-text index, once it is made, into a database whose documents have the same numbers."""
        self._indexing.result()
        connection.execute("attach database ? as made", (os.fsencode(self._index_path),))
        connection.execute("begin")
        for table in (f"{name}_{shadow}" for name in INDEXES for shadow in _SHADOWS):
            connection.execute(f"delete from main.{table}")  # noqa: S608 - our own names
            connection.execute(f"insert into main.{table} select * from made.{table}")  # noqa: S608 - our own names
        connection.execute("commit")
        connection.execute("detach database made")


def row_columns(table: str, columns: Iterable[str]) -> list[str]:
    """The columns of a table that its rows have."""
    return [column for column in columns if not (table in HOLDERS and column == "body")]


def insertion(table: str, columns: Sequence[str], text: str) -> dict[str, str]:
    """What to insert into each column of a table, given the columns its rows have, as SQL.

    `text` is the query for a body; `{path}` in it becomes the path of the row.
    """
    values = {column: f"?{number}" for number, column in enumerate(columns, 1)}
    if table in HOLDERS:
        values["body"] = f"({text.format(path=values['path'])})"
    if table == "documents":
        own = ", ".join(f"'{kind}'" for kind in _OWN_TABLE)
        values["body"] = f"case when {values['kind']} in ({own}) then null else {values['body']} end"
    return values


def _row(number: int, claim: int | None, document: Document, body: str) -> tuple[object, ...]:
    return number, document.path, claim, document.title, field(document.fields, "description"), body


def _open(path: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else sees and a crash throws away."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -4096"):
        connection.execute(f"pragma {pragma}")
    return connection


def _make_index(told: Connection, path: Path, texts: Path) -> None:
    """Fills the indexes at `path` once it is told that all texts are there."""
    # Heard, but left where it is: if this fails, whoever does it again has to hear it too.
    told.poll(None)
    path.unlink(missing_ok=True)
    with contextlib.closing(_open(path)) as connection:
        connection.execute("attach database ? as kept", (os.fsencode(texts),))
        connection.execute("begin")
        for statement in statements("full_text.sql"):
            connection.execute(statement)
        make_room(connection)
        for statement in _FILL:
            connection.execute(statement)
        connection.execute("commit")
        check_words(connection)
