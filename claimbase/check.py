"""Check: a database is sound before anyone sees it. What fails here is a bug of ours, not a fault of the content."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from claimbase.full_text import Unsound

_CHECKS = ("quick_check", "foreign_key_check")


def check(path: Path) -> None:
    """Raises `Unsound` unless pages, constraints and foreign keys of the database are right.

    Indexes are not compared with what they are made from, as `integrity_check` does: SQLite has just made those of
    tables, and those of words are checked where they are made.
    """
    with ThreadPoolExecutor() as pool:
        for fault in filter(None, pool.map(_fault, [path] * 2, _CHECKS)):
            raise Unsound(fault)


def _fault(path: Path, pragma: str) -> str | None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = [row for row in connection.execute(f"pragma {pragma}").fetchmany(3) if row != ("ok",)]
        return f"{pragma}: {found}" if found else None
