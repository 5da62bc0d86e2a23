"""Memory: what a build leaves for the next one, so that files that have not changed are not parsed again.

It lies beside the database and belongs to that very file: where that was moved, copied or made by other hands, or the
program has changed, nothing is remembered and everything is read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import partial
from itertools import islice
from pathlib import Path
from sys import intern
from typing import NamedTuple, TypeVar

from claimbase.pack import ask_for, pack_commit, unpack, unpack_all, unpack_commits, unpack_heads
from claimbase.records import UNSEEN, Document, Holding, Packed, Past, Recounted, Stamp, Taken

Found = TypeVar("Found")

_SCHEMA = (
    "create table about (what text primary key, value text not null) strict",
    """create table files (
      path text primary key,
      size integer not null,
      written integer not null,
      changed integer not null,
      mark text not null,
      head text not null,
      rest text not null,
      asked text not null
    ) strict""",
    "create table commits (number integer primary key, hash text not null unique, packed text not null) strict",
    "create table past (what text primary key, value text not null) strict",
    "create table holdings (claim text primary key, held text not null) strict",
)
_BATCH = 500
# How it shows that what is remembered is not what was written.
_UNREADABLE = (sqlite3.DatabaseError, AttributeError, LookupError, TypeError, ValueError)
_INSERT = "insert or replace into files values (?, ?, ?, ?, ?, ?, ?, ?)"
# A file may change again within one tick of its file system's clock, which its date does not show: two seconds on FAT.
_TICK = 2_000_000_000


class Known(NamedTuple):
    """What is remembered of a file: how it looked from outside, and the mark of what was in it."""

    stamp: Stamp
    mark: str


class Forgotten(Exception):
    """What was remembered cannot be read any more."""


def mark_of(document: Document) -> str:
    """What tells a document's content from others: the digest of its bytes, or why there are none."""
    return document.sha256 or document.problems[0].message


class Memory:
    """The documents of the last build of one database from one root, by path.

    A memory that cannot be written is none: the next build reads everything, and nothing else is lost.
    """

    def __init__(self, database: Path, root: Path, repository: str | None = None) -> None:
        self.path = database.with_name(f".{database.name}.memory")
        self._database = database
        self._root = root
        self.repository = repository
        self._started = time.time_ns()
        self._is_lost = False

    def known(self) -> dict[str, Known]:
        """What is remembered of each file by its path; nothing unless all is as it was: database, root, program."""
        # Path.is_file raises where a name is too long for the system.
        if not (os.path.isfile(self.path) and os.path.isfile(self._database)):  # noqa: PTH113
            return {}
        try:
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                if dict(connection.execute("select what, value from about")) != self._about():
                    return {}
                rows = connection.execute("select path, size, written, changed, mark from files")
                return {path: Known(Stamp(*stamp), mark) for path, *stamp, mark in rows}
        except sqlite3.DatabaseError:
            return {}

    def recall(self, paths: Iterable[str]) -> Iterator[Document]:
        """The documents of paths that are known, in the order of the paths. Raises `Forgotten`."""
        try:
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                for path in paths:
                    found = connection.execute("select head, rest, asked from files where path = ?", (path,))
                    yield unpack(Packed._make(found.fetchone()))
        except _UNREADABLE as error:
            raise Forgotten(str(error)) from error

    def mark(self) -> str | None:
        """The mark of what there was beside the files."""
        return self._past().get("mark")

    def recounted(self) -> Recounted:
        """The commits that are known. Raises `Forgotten`."""
        known = dict(self._all("select hash, packed from commits order by number", unpack_commits))
        past = self._past()
        return Recounted(past.get("head"), past.get("place", ""), known)

    def _past(self) -> dict[str, str]:
        with contextlib.suppress(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(self.path)) as connection:
            return dict(connection.execute("select what, value from past"))
        return {}

    def heads(self) -> dict[str, Document]:
        """Every document by its path, without its references and blocks. Raises `Forgotten`."""
        return dict(self._all("select path, head from files", unpack_heads))

    def asking(self, keys: Set[str]) -> set[str]:
        """The paths of the documents whose references ask for any of these keys. Raises `Forgotten`."""
        asked = self._all("select path, asked from files", partial(ask_for, keys=keys))
        return {path for path, does in asked if does}

    def holdings(self) -> dict[str, Holding]:
        """What each claim held when it was last compared with others. Raises `Forgotten`."""
        return dict(self._all("select claim, held from holdings", _holdings))

    def _all(self, query: str, read: Callable[[Iterable[str]], Iterable[Found]]) -> Iterator[tuple[str, Found]]:
        """What is packed in the second column of a query under what the first calls it; a part of it at a time."""
        try:
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                rows = connection.execute(query)
                while batch := rows.fetchmany(_BATCH):
                    names, packed = zip(*batch, strict=True)
                    yield from zip(names, read(packed), strict=True)
        except _UNREADABLE as error:
            raise Forgotten(str(error)) from error

    def hold(self, holdings: Mapping[str, Holding | None]) -> None:
        """Remembers what each claim of a base holds that was taken in anew."""
        try:
            with self._writing() as connection:
                if connection:
                    connection.executemany("insert into holdings values (?, ?)", map(_held, holdings.items()))
        except sqlite3.DatabaseError:
            self._is_lost = True

    def keep(self, taken: Iterable[Taken]) -> Iterator[Taken]:
        """All that is taken in, as it comes; it is remembered instead of whatever was before."""
        with self._writing(anew=True) as connection:
            rest = iter(taken)
            while batch := list(islice(rest, _BATCH)):
                if connection:
                    connection.executemany(_INSERT, map(self._row, batch))
                yield from batch

    def change(
        self,
        changed: Mapping[str, Taken],
        gone: Iterable[str],
        touched: Mapping[str, Stamp],
        holdings: Mapping[str, Holding | None] | None = None,
    ) -> None:
        """Remembers what has changed, forgets what is gone and notes how what was touched looks.

        `holdings` are those of the claims that hold other things now, None for one that is no more.

        Nothing is known until `belong` says what it is known of, nor where the memory turns out to be damaged.
        """
        try:
            with self._writing() as connection:
                if connection:
                    connection.execute("delete from about")
                    connection.executemany("delete from files where path = ?", ((path,) for path in gone))
                    connection.executemany(_INSERT, map(self._row, changed.values()))
                    looks = ((*self._sure(stamp), path) for path, stamp in touched.items())
                    connection.executemany("update files set size = ?, written = ?, changed = ? where path = ?", looks)
                    others = [(claim, held) for claim, held in (holdings or {}).items() if held]
                    connection.executemany(
                        "delete from holdings where claim = ?", ((claim,) for claim in holdings or ())
                    )
                    connection.executemany("insert into holdings values (?, ?)", map(_held, others))
        except sqlite3.DatabaseError:
            self._is_lost = True

    def keep_past(self, past: Past, known: Recounted) -> None:
        """Remembers the commits of a past, of which some are known already, and its mark."""
        commits, head, place = past.recounted.commits, past.recounted.head, past.recounted.place
        fresh = [(hash_, pack_commit(commit)) for hash_, commit in commits.items() if hash_ not in known.commits]
        gone = [(hash_,) for hash_ in known.commits if hash_ not in commits]
        facts = {"head": head, "place": place, "mark": past.mark}
        with contextlib.suppress(sqlite3.DatabaseError), self._writing() as connection:
            if connection:
                connection.execute("delete from about")
                connection.executemany("delete from commits where hash = ?", gone)
                connection.executemany("insert or replace into commits (hash, packed) values (?, ?)", fresh)
                connection.execute("delete from past")
                told = [(what, value) for what, value in facts.items() if value is not None]
                connection.executemany("insert into past values (?, ?)", told)

    def belong(self) -> None:
        """Says that what is remembered is what the database holds, as it now stands."""
        with contextlib.suppress(sqlite3.DatabaseError), self._writing() as connection:
            if connection:
                connection.execute("delete from about")
                connection.executemany("insert into about values (?, ?)", self._about().items())

    @contextlib.contextmanager
    def _writing(self, anew: bool = False) -> Iterator[sqlite3.Connection | None]:
        """A connection whose changes are kept if the block ends well; None where nothing can be written.

        Once something could not be written, nothing is, and the memory says of no database that it belongs to it.
        """
        with contextlib.ExitStack() as stack:
            try:
                if self._is_lost:
                    raise sqlite3.DatabaseError("lost before")
                if anew:
                    self.path.unlink(missing_ok=True)
                connection = stack.enter_context(contextlib.closing(sqlite3.connect(self.path, isolation_level=None)))
                connection.execute("begin immediate")
                for statement in _SCHEMA if anew else ():
                    connection.execute(statement)
            except (OSError, sqlite3.DatabaseError):
                self._is_lost = True
                yield None
                return
            yield connection
            connection.execute("commit")

    def _row(self, item: Taken) -> tuple[object, ...]:
        document = item.document
        return document.path, *self._sure(item.stamp), mark_of(document), *item.packed

    def _sure(self, stamp: Stamp) -> Stamp:
        """The stamp of a file that was not written lately when it was looked at, else one that has it read again."""
        return stamp if stamp.written < self._started - _TICK else UNSEEN

    def _about(self) -> dict[str, str]:
        found = self._database.stat()
        return {
            "database": f"{found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns}",
            "program": _program(),
            "repository": self.repository or "",
            "root": os.fsencode(self._root.resolve()).decode("utf-8", "backslashreplace"),
        }


def _holdings(held: Iterable[str]) -> Iterator[Holding]:
    """What claims hold, of which others hold most too: each name is kept once."""
    for values in unpack_all(held):
        yield Holding._make(tuple(map(intern, names)) for names in values)


def _held(item: tuple[str, Holding | None]) -> tuple[str, str]:
    return item[0], json.dumps(item[1], ensure_ascii=False)


def _program() -> str:
    """A digest of all that decides what a file becomes: this package's sources and the Python that runs them."""
    digest = hashlib.sha256(platform.python_version().encode())
    sources = (path for path in Path(__file__).parent.rglob("*") if path.suffix in {".py", ".sql"})
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()
