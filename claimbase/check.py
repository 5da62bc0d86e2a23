"""Check: a database is sound before anyone sees it. What fails here is a bug of ours, not a fault of the content."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path


class Unsound(AssertionError):
    """The new database contradicts itself; it was thrown away."""


def check(path: Path) -> None:
    """Raises `Unsound` unless pages, foreign keys and full-text indexes of the database agree."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        verdict = connection.execute("pragma integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Unsound(f"integrity_check: {verdict}")
        broken = connection.execute("pragma foreign_key_check").fetchmany(3)
        if broken:
            raise Unsound(f"foreign_key_check: {broken}")
        try:
            connection.execute("insert into claims_fts (claims_fts, rank) values ('integrity-check', 0)")
            connection.execute("insert into documents_fts (documents_fts, rank) values ('integrity-check', 0)")
        except sqlite3.DatabaseError as error:
            raise Unsound(f"full-text index: {error}") from error
        connection.rollback()
