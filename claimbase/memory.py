"""Memory: what a build leaves for the next one, so that files that have not changed are not parsed again.

It lies beside the database and belongs to that very file: where that was moved, copied or made by other hands, or the
program has changed, nothing is remembered and everything is read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from claimbase.pack import pack, unpack
from claimbase.records import Document, Stamp, Taken

_SCHEMA = (
    "create table about (what text primary key, value text not null) strict",
    """create table files (
      path text primary key,
      size integer not null,
      changed integer not null,
      sha256 text not null,
      document text not null
    ) strict""",
)
_BATCH = 500
_INSERT = "insert or replace into files values (?, ?, ?, ?, ?)"
# A file may change again within one tick of its file system's clock, which its date does not show: two seconds on FAT.
_TICK = 2_000_000_000
# No file looks like this: whatever is remembered so is read again.
UNSURE = -1


class Known(NamedTuple):
    """What is remembered of a file: how it looked from outside, and the digest of its bytes."""

    stamp: Stamp
    sha256: str


class Memory:
    """The documents of the last build of one database from one root, by path."""

    def __init__(self, database: Path, root: Path) -> None:
        self.path = database.with_name(f".{database.name}.memory")
        self._database = database
        self._root = root

    def known(self) -> dict[str, Known]:
        """What is remembered of each file by its path; nothing unless it is of this database, root and program."""
        if not (self.path.is_file() and self._database.is_file()):
            return {}
        try:
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                if dict(connection.execute("select what, value from about")) != self._about():
                    return {}
                rows = connection.execute("select path, size, changed, sha256 from files")
                return {path: Known(Stamp(size, changed), sha256) for path, size, changed, sha256 in rows}
        except sqlite3.DatabaseError:
            return {}

    def recall(self, paths: Iterable[str]) -> Iterator[Document]:
        """The documents of paths that are known, in the order of the paths."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            for path in paths:
                (packed,) = connection.execute("select document from files where path = ?", (path,)).fetchone()
                yield unpack(packed)

    def keep(self, taken: Iterable[Taken]) -> Iterator[Taken]:
        """All that is taken in, as it comes; it is remembered instead of whatever was before."""
        self.path.unlink(missing_ok=True)
        started = time.time_ns()
        with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("begin")
            for statement in _SCHEMA:
                connection.execute(statement)
            rest = iter(taken)
            while batch := list(islice(rest, _BATCH)):
                connection.executemany(_INSERT, (_row(item, started) for item in batch))
                yield from batch
            connection.execute("commit")

    def change(self, changed: Mapping[str, Taken], gone: Iterable[str], touched: Mapping[str, Stamp]) -> None:
        """Remembers what has changed, forgets what is gone and notes how what was touched looks.

        Nothing is known until `belong` says what it is known of.
        """
        started = time.time_ns()
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("delete from about")
            connection.executemany("delete from files where path = ?", ((path,) for path in gone))
            connection.executemany(_INSERT, (_row(item, started) for item in changed.values()))
            looks = ((*_sure(stamp, started), path) for path, stamp in touched.items())
            connection.executemany("update files set size = ?, changed = ? where path = ?", looks)

    def belong(self) -> None:
        """Says that what is remembered is what the database holds, as it now stands."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("delete from about")
            connection.executemany("insert into about values (?, ?)", self._about().items())

    def _about(self) -> dict[str, str]:
        found = self._database.stat()
        return {
            "database": f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}",
            "program": _program(),
            "root": str(self._root.resolve()),
        }


def _row(item: Taken, started: int) -> tuple[object, ...]:
    readable = item.document.reading != "unreadable"
    stamp = _sure(item.stamp, started) if readable else item.stamp._replace(changed=UNSURE)
    return item.document.path, *stamp, item.document.sha256, pack(item.document)


def _sure(stamp: Stamp, started: int) -> Stamp:
    """The stamp of a file that has not changed lately; else one that no file has, so that it is looked into again."""
    return stamp if stamp.changed < started - _TICK else stamp._replace(changed=UNSURE)


def _program() -> str:
    """A digest of all that decides what a file becomes: this package's sources and the Python that runs them."""
    digest = hashlib.sha256(platform.python_version().encode())
    for source in sorted(_sources(files("claimbase")), key=lambda source: source.name):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".sql")):
            yield entry
