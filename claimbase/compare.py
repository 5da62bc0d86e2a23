"""Compare: what differs between two databases, claim by claim and link by link."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from claimbase.texts import statements


class Found(NamedTuple):
    """A claim that only one of the two databases has."""

    title: str
    path: str
    confidence: str | None


class Renaming(NamedTuple):
    """A claim whose file is called otherwise, or lies in another folder."""

    title: str
    path: str
    old_path: str


class Move(NamedTuple):
    """A confidence that moved: `up`, `down`, or in no direction where one of the two is none that is ranked."""

    title: str
    path: str
    old: str | None
    new: str | None
    direction: str | None


class Change(NamedTuple):
    """A title, status, domain or agent that differs."""

    title: str
    path: str
    field: str
    old: str | None
    new: str | None


class LinkChange(NamedTuple):
    """A reference that broke or was mended; `target` is the file it led to, or leads to now."""

    path: str
    line: int
    label: str
    target: str


class Tally(NamedTuple):
    """How many problems of one code are new, and how many are gone."""

    code: str
    severity: str
    new: int
    gone: int


class Comparison(NamedTuple):
    """What differs. `edited` counts the claims whose files do; files are at `old_files` and `new_files` on the web."""

    added: tuple[Found, ...]
    removed: tuple[Found, ...]
    renamed: tuple[Renaming, ...]
    edited: int
    moved: tuple[Move, ...]
    changed: tuple[Change, ...]
    broken: tuple[LinkChange, ...]
    mended: tuple[LinkChange, ...]
    problems: tuple[Tally, ...]
    old_files: str | None
    new_files: str | None


class NotComparable(RuntimeError):
    """The two databases cannot be compared; the message says which one is why, and what helps, in one line."""


def compare(old: Path, new: Path, version: int) -> Comparison:
    """What differs from one database to the other, both of them of this version of the schema.

    Both are only read. The cost is linear in their documents, links and problems. Raises `NotComparable`.
    """
    with contextlib.closing(sqlite3.connect(":memory:", uri=True, isolation_level=None)) as connection:
        connection.execute("pragma temp_store = memory")
        for name, path in (("old", old), ("new", new)):
            _attach(connection, name, path, version)
        try:
            return _read(connection)
        except sqlite3.DatabaseError as error:
            raise NotComparable(f"{old} and {new}: {error}") from error


def _attach(connection: sqlite3.Connection, name: str, path: Path, version: int) -> None:
    if not path.is_file():
        raise NotComparable(f"{path}: there is no such file")
    try:
        connection.execute(f"attach database ? as {name}", (f"{path.resolve().as_uri()}?mode=ro",))
        found = connection.execute(f"pragma {name}.user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise NotComparable(f"{path}: {error}") from error
    if found != version:
        raise NotComparable(f"{path}: its schema has version {found} and not {version}; build it again")


def _read(connection: sqlite3.Connection) -> Comparison:
    connection.execute("begin")
    for statement in statements("comparison/which_document_is_which.sql"):
        connection.execute(statement)
    links = _ask(connection, "which_links_broke_or_were_mended")
    [(edited,)] = _ask(connection, "how_many_claims_were_edited")
    [(old_files, new_files)] = _ask(connection, "where_are_the_files")
    return Comparison(
        added=tuple(Found(*row) for row in _ask(connection, "which_claims_were_added")),
        removed=tuple(Found(*row) for row in _ask(connection, "which_claims_were_removed")),
        renamed=tuple(Renaming(*row) for row in _ask(connection, "which_claims_were_renamed")),
        edited=edited,
        moved=tuple(Move(*row) for row in _ask(connection, "which_confidences_moved")),
        changed=tuple(Change(*row) for row in _ask(connection, "which_fields_changed")),
        broken=tuple(LinkChange(*row) for *row, broken in links if broken),
        mended=tuple(LinkChange(*row) for *row, broken in links if not broken),
        problems=tuple(Tally(*row) for row in _ask(connection, "which_problems_came_and_went")),
        old_files=old_files,
        new_files=new_files,
    )


def _ask(connection: sqlite3.Connection, question: str) -> list[tuple[Any, ...]]:
    [statement] = statements(f"comparison/{question}.sql")
    return connection.execute(statement).fetchall()
