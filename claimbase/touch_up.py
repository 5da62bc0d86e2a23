"""Touch up: an edit that changed nothing but prose moves lines and bodies, and leaves the argument as it is."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from claimbase import full_text
from claimbase.likeness import shared_prints
from claimbase.pack import pack
from claimbase.records import Content, Document, Taken

Recall: TypeAlias = Callable[[Iterable[str]], Iterable[Document]]

_PLACED = ("links", "evidence", "problems", "beliefs")
_TABLES = {"claim": "claims", "source": "sources", "entity": "entities", "position": "positions"}
_COUNTED = ("claim", "source")


def moved_lines(before: Document, after: Document) -> dict[int, int] | None:
    """Which line of a document is now which, where that and its prose are all that has changed; else None.

    Whatever the rest of the base sees of it must be as it was, and stand in the same order.
    """
    # Packed, since the order of keys, which equal mappings may differ in, is seen as well.
    if pack(_seen(before)) != pack(_seen(after)):
        return None
    pairs = set(zip(_places(before), _places(after), strict=True))
    rising = sorted(pairs)
    moves = dict(rising)
    in_order = all(first[1] < second[1] for first, second in pairwise(rising))
    return moves if len(moves) == len(pairs) and in_order else None


def touch_up(path: Path, changed: Sequence[tuple[Taken, Mapping[int, int]]], before: Path, recall: Recall) -> None:
    """Makes the database at `path`, a copy of the one at `before`, hold the new prose of documents, and its lines."""
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection):
        for pragma in ("journal_mode = off", "synchronous = off"):
            connection.execute(f"pragma {pragma}")
        connection.execute("attach database ? as before", (os.fsencode(before),))
        connection.execute("create temp table moves (old integer primary key, new integer not null)")
        connection.execute("begin")
        documents = [_known_as(connection, taken.document) for taken, _ in changed]
        for document, (taken, moves) in zip(documents, changed, strict=True):
            _change_body(connection, document, taken.body)
            _move(connection, document.path, moves)
        _compare_anew(connection, documents, recall)
        connection.execute("commit")


def _seen(document: Document) -> Document:
    """A document without where things stand in it, and without what only its own rows show."""
    content = document.content
    return document._replace(
        size=0,
        sha256="",
        lines=dict.fromkeys(document.lines, 0),
        problems=tuple(problem._replace(line=None) for problem in document.problems),
        content=Content(
            tuple(reference._replace(line=0) for reference in content.references),
            tuple(block._replace(line=0, source_line=None) for block in content.blocks),
            tuple(belief._replace(line=0, end=0) for belief in content.beliefs),
        ),
    )


def _places(document: Document) -> Iterator[int]:
    """Every line that a row may name, in an order that lines have no part in."""
    content = document.content
    yield from document.lines.values()
    yield from (problem.line or 0 for problem in document.problems)
    yield from (reference.line for reference in content.references)
    for block in content.blocks:
        yield from (block.line, block.source_line or 0)
    for belief in content.beliefs:
        yield from (belief.line, belief.end)


def _known_as(connection: sqlite3.Connection, document: Document) -> Document:
    """The document with the id it has in the database, among its twins."""
    (id_,) = connection.execute("select id from documents where path = ?", (document.path,)).fetchone()
    return document._replace(id=id_)


def _change_body(connection: sqlite3.Connection, document: Document, body: str) -> None:
    about = {"id": document.id, "body": body, "words": document.content.words}
    facts = {"id": document.id, "size": document.size, "sha256": document.sha256}
    table = _TABLES.get(document.kind, "documents")
    tables = ["documents", table] if table == "claims" else ["documents"]
    for indexed in tables:
        full_text.forget(connection, indexed, [document.id])
    connection.execute("update documents set size = :size, sha256 = :sha256 where id = :id", facts)
    words = ", words = :words" if document.kind in _COUNTED else ""
    connection.execute(f"update {table} set body = :body{words} where id = :id", about)  # noqa: S608 - our own names
    for indexed in tables:
        full_text.learn(connection, indexed, [document.id])


def _move(connection: sqlite3.Connection, path: str, moves: Mapping[int, int]) -> None:
    connection.execute("delete from moves")
    connection.executemany("insert into moves values (?, ?)", ((old, new) for old, new in moves.items() if old != new))
    for table in _PLACED:
        new = f"(select new from moves where old = {table}.line)"  # noqa: S608 - our own names
        there = "path = ? and line in (select old from moves)"
        connection.execute(f"update {table} set line = {new} where {there}", (path,))  # noqa: S608 - our own names


def _compare_anew(connection: sqlite3.Connection, documents: Iterable[Document], recall: Recall) -> None:
    """How much of their bodies near-duplicates share, now that some of the bodies are others."""
    by_id = {document.id: document for document in documents if document.kind == "claim"}
    pairs = {
        pair
        for id_ in by_id
        for pair in connection.execute(
            "select claim, other from near_duplicates where claim = ? or other = ?", (id_, id_)
        )
    }
    others = {id_ for pair in pairs for id_ in pair} - by_id.keys()
    found = [connection.execute("select path from claims where id = ?", (id_,)).fetchone()[0] for id_ in sorted(others)]
    by_path = {document.path: document for document in recall(found)}
    prints = {id_: document.content.prints for id_, document in by_id.items()}
    prints |= {id_: by_path[path].content.prints for id_, path in zip(sorted(others), found, strict=True)}
    connection.executemany(
        "update near_duplicates set body_likeness = ? where claim = ? and other = ?",
        ((round(shared_prints(prints[claim], prints[other]), 3), claim, other) for claim, other in sorted(pairs)),
    )
