"""Check: a database is sound before anyone sees it. What fails here is a bug of ours, not a fault of the content."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from claimbase.full_text import INDEXES

_CHECKS = ("quick_check", "foreign_key_check")


class Unsound(AssertionError):
    """The new database contradicts itself; it was thrown away."""


def check(path: Path) -> None:
    """Raises `Unsound` unless pages, constraints, foreign keys and full-text indexes of the database are right.

    The indexes of tables are not compared with their rows, as `integrity_check` does: SQLite has just made them.
    """
    with ThreadPoolExecutor() as pool:
        found = [
            *pool.map(_full_text_fault, [path] * len(INDEXES), INDEXES),
            *pool.map(_fault, [path] * 2, _CHECKS),
        ]
    for fault in filter(None, found):
        raise Unsound(fault)


def _fault(path: Path, pragma: str) -> str | None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = [row for row in connection.execute(f"pragma {pragma}").fetchmany(3) if row != ("ok",)]
        return f"{pragma}: {found}" if found else None


def _full_text_fault(path: Path, table: str) -> str | None:
    with contextlib.closing(sqlite3.connect(path, timeout=600)) as connection:
        try:
            connection.execute(f"insert into {table} ({table}, rank) values ('integrity-check', 0)")  # noqa: S608
        except sqlite3.DatabaseError as error:
            return f"{table}: {error}"
        connection.rollback()
    return None
