"""Texts: the bodies of documents go to the disk as they are read, and are indexed while the rest is worked out."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.resources import files
from itertools import count, islice
from pathlib import Path

from claimbase.records import Document
from claimbase.values import field

# The kinds whose own table holds their body; each body stands in the database once.
OWN_TABLE = frozenset({"claim", "source", "entity", "position"})

_BATCH = 200
_KEPT = """
create table texts (
  number integer primary key,
  path text not null unique,
  elsewhere integer not null,
  claim integer,
  title text not null,
  description text,
  body text not null
) strict
"""
# What an external-content index holds beside its content: https://www.sqlite.org/fts5.html#fts5_data_structures
FULL_TEXT = ("documents_fts", "claims_fts")
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

    SQLite indexes without holding up Python, so the index is made in a thread while everything else is worked out.
    """

    def __init__(self, beside: Path) -> None:
        self.path = beside.with_name(f"{beside.name}-texts")
        self._index_path = beside.with_name(f"{beside.name}-index")
        self._index = _open(self._index_path)
        self._thread = ThreadPoolExecutor(1)
        self._indexing: Future[None] | None = None

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *error: object) -> None:
        self._index.interrupt()
        self._thread.shutdown()
        self._index.close()
        for path in (self.path, self._index_path):
            path.unlink(missing_ok=True)

    def keep(self, read: Iterable[tuple[Document, str]]) -> Iterator[Document]:
        """The documents as they come, each without its body, which is kept; indexing starts after the last."""
        with contextlib.closing(_open(self.path)) as connection:
            connection.execute(_KEPT)
            connection.execute("begin")
            numbers, claims = count(1), count(1)
            pairs = iter(read)
            while batch := list(islice(pairs, _BATCH)):
                rows = [
                    _row(next(numbers), next(claims) if document.kind == "claim" else None, document, body)
                    for document, body in batch
                ]
                connection.executemany("insert into texts values (?, ?, ?, ?, ?, ?, ?)", rows)
                yield from (document for document, _ in batch)
            connection.execute("commit")
        self._indexing = self._thread.submit(_make_index, self._index, self.path)

    def add_index_to(self, connection: sqlite3.Connection) -> None:
        """Copies the full-text index, once it is made, into a database whose documents have the same numbers."""
        if self._indexing:
            self._indexing.result()
        connection.execute("attach database ? as made", (str(self._index_path),))
        connection.execute("begin")
        for table in (f"{name}_{shadow}" for name in FULL_TEXT for shadow in _SHADOWS):
            connection.execute(f"delete from main.{table}")  # noqa: S608 - our own names
            connection.execute(f"insert into main.{table} select * from made.{table}")  # noqa: S608 - our own names
        connection.execute("commit")
        connection.execute("detach database made")


def _row(number: int, claim: int | None, document: Document, body: str) -> tuple[object, ...]:
    description = field(document.fields, "description")
    return number, document.path, int(document.kind in OWN_TABLE), claim, document.title, description, body


def _open(path: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else sees and a crash throws away."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -16384"):
        connection.execute(f"pragma {pragma}")
    return connection


def _make_index(connection: sqlite3.Connection, texts: Path) -> None:
    connection.execute("attach database ? as kept", (str(texts),))
    connection.execute("begin")
    for statement in (*statements("full_text.sql"), *_FILL):
        connection.execute(statement)
    connection.execute("commit")
