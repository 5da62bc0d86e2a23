"""Update: a copy of the last database becomes that of the changed base, by touching only the rows that differ."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from claimbase import full_text
from claimbase.numbering import NUMBERED, ROOM
from claimbase.records import Table
from claimbase.texts import HOLDERS, insertion, row_columns

Row: TypeAlias = tuple[Any, ...]

_TEXT = """
select coalesce(
  (select body from fresh where path = {path}),
  (select body from before.texts where path = {path})
)
"""


# By which column the rows of a table are told apart where only those of some documents are made anew. Where there is
# an index of a column, it is that.
_TOLD_BY = {
    "arguments": "from_claim",
    "beliefs": "document",
    "document_tags": "document",
    "links": "from_document",
    "secondary_domains": "document",
    "similar_claims": "claim",
}
_PRAGMAS = ("journal_mode = off", "synchronous = off", "foreign_keys = on", "cache_size = -65536")
# Queries are planned anew for a table that has grown or shrunk by so much since they were last.
_MUCH = 0.1


class Crowded(Exception):
    """A document has more rows than there are numbers for it, so that others' numbers depend on it."""


class Some(NamedTuple):
    """Which rows are looked at: those of documents by path, by id, and the arguments that start from claims."""

    paths: Set[str]
    ids: Set[str]
    claims: Set[str]


class _Shape(NamedTuple):
    """A table's name, the columns its rows have, and the places of those that are its key."""

    name: str
    columns: Sequence[str]
    key: Sequence[int]


class _Difference(NamedTuple):
    """The rows of a table that are no more, that are other than they were, and that are new."""

    gone: list[Row]
    changed: list[Row]
    added: list[Row]


class Update:
    """A database that is becoming that of a changed base, and the one it is a copy of, attached as `before`.

    Only when all is done are its constraints and its index those of the new rows.
    """

    def __init__(self, connection: sqlite3.Connection, bodies: Mapping[str, str]) -> None:
        self.connection = connection
        self._bodies = bodies
        self._differences: list[tuple[_Shape, _Difference]] = []

    def hold(self, tables: Iterable[Table], some: Some | None = None) -> None:
        """Makes the tables hold these rows and no others; or no others of `some`, while all the rest stay.

        Raises `Crowded`.
        """
        for table in tables:
            shape = _shape(self.connection, table.name)
            rows = table.rows if some is None else list(table.rows)
            if some:
                self._make_room(shape, rows)
            difference = _compare(shape, self._before(shape, some), rows, self._bodies)
            _apply(self.connection, shape, difference)
            self._differences.append((shape, difference))

    def renumber(self, moves: Mapping[int, int], some: Some) -> None:
        """Lets the links of all but some documents follow arguments whose numbers have changed."""
        self.connection.execute("create temp table moves (old integer primary key, new integer not null)")
        self.connection.executemany("insert into moves values (?, ?)", moves.items())
        self._choose(some.ids)
        self.connection.execute(
            "update links set argument = (select new from moves where old = argument)"
            " where argument in (select old from moves) and from_document not in (select value from chosen)"
        )

    def changed_tables(self) -> list[str]:
        """The tables some of whose rows were put in or taken out."""
        return sorted(shape.name for shape, difference in self._differences if difference.gone or difference.added)

    def finish(self) -> None:
        """Has the index follow the rows."""
        for shape, difference in self._differences:
            full_text.forget(self.connection, shape.name, _ids((*difference.gone, *difference.changed)))
            full_text.learn(self.connection, shape.name, _ids((*difference.changed, *difference.added)))

    def _before(self, shape: _Shape, some: Some | None) -> Iterable[Row]:
        columns = f"select {', '.join(shape.columns)} from {shape.name}"  # noqa: S608 - our own names
        if some is None:
            return self.connection.execute(columns)
        column = _TOLD_BY.get(shape.name, "path")
        self._choose({"path": some.paths, "from_claim": some.claims}.get(column, some.ids))
        return self.connection.execute(f"{columns} where {column} in (select value from chosen)")  # noqa: S608

    def _choose(self, values: Iterable[str]) -> None:
        self.connection.execute("delete from chosen")
        self.connection.executemany("insert into chosen values (?)", ((value,) for value in values))

    def _make_room(self, shape: _Shape, rows: Iterable[Row]) -> None:
        if shape.columns[0] == "id" and shape.name in NUMBERED:
            crowded = f"select exists (select 1 from {shape.name} where id % {ROOM} = 0)"  # noqa: S608 - our own names
            if self.connection.execute(crowded).fetchone()[0] or any(row[0] % ROOM == 0 for row in rows):
                raise Crowded


@contextlib.contextmanager
def updating(path: Path, bodies: Mapping[str, str], before: Path) -> Iterator[Update]:
    """The database at `path`, a copy of the one at `before`, to be made into that of the changed base in the block.

    `bodies` are those of the files that have changed, by their paths; all others are as they were.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection):
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
        connection.execute("attach database ? as before", (os.fsencode(before),))
        connection.execute("create temp table fresh (path text primary key, body text not null)")
        connection.executemany("insert into fresh values (?, ?)", bodies.items())
        connection.execute("create temp table chosen (value text primary key) without rowid")
        connection.execute("begin")
        connection.execute("pragma defer_foreign_keys = on")
        update = Update(connection, bodies)
        yield update
        update.finish()
        connection.execute("commit")
        _plan_anew(connection, update.changed_tables())


def _plan_anew(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Has SQLite look again at those of the tables that are no longer about as large as when it looked last."""
    statistics = connection.execute("select tbl, stat from main.sqlite_stat1 where stat <> ''")
    planned = {table: int(found.split()[0]) for table, found in sorted(statistics, key=_rows_planned)}
    for table in tables:
        [rows] = connection.execute(f"select count(*) from main.{table}").fetchone()  # noqa: S608 - our own names
        if abs(rows - planned.get(table, 0)) > _MUCH * rows:
            connection.execute(f"analyze main.{table}")


def _rows_planned(statistics: tuple[str, str]) -> int:
    """How many rows there were; an index that leaves some out has fewer than its table."""
    return int(statistics[1].split()[0])


def _shape(connection: sqlite3.Connection, table: str) -> _Shape:
    found = connection.execute(f"pragma main.table_info({table})").fetchall()
    columns = row_columns(table, [name for _, name, *_ in found])
    return _Shape(table, columns, [columns.index(name) for _, name, _, _, _, key in found if key])


def _compare(shape: _Shape, before: Iterable[Row], rows: Iterable[Row], bodies: Mapping[str, str]) -> _Difference:
    """What is to be done.

    Only the rows that hold bodies are changed where they stand. All others, and those that go by another path, are
    taken out and put in again, so that on the way no two rows share what must be unique.
    """
    key = itemgetter(*shape.key)
    left = {key(row): row for row in before}
    path = shape.columns.index("path") if shape.name in HOLDERS else None
    difference = _Difference([], [], [])
    for row in rows:
        was = left.pop(key(row), None)
        if was is not None and path is not None and was[path] == row[path]:
            difference.changed.extend([row] if was != row or row[path] in bodies else ())
        elif was != row:
            difference.gone.extend([was] if was else ())
            difference.added.append(row)
    difference.gone.extend(left.values())
    return difference


def _ids(rows: Iterable[Row]) -> Iterator[str]:
    return (row[0] for row in rows)


def _key(shape: _Shape, row: Row) -> Row:
    return tuple(row[place] for place in shape.key)


def _apply(connection: sqlite3.Connection, shape: _Shape, difference: _Difference) -> None:
    which = " and ".join(f"{shape.columns[place]} = ?{place + 1}" for place in shape.key)
    only = {place: f"?{number + 1}" for number, place in enumerate(shape.key)}
    gone = " and ".join(f"{shape.columns[place]} = {parameter}" for place, parameter in only.items())
    delete = f"delete from {shape.name} where {gone}"  # noqa: S608 - our own names
    connection.executemany(delete, (_key(shape, row) for row in difference.gone))
    values = [f"{column} = ?{number}" for number, column in enumerate(shape.columns, 1)]
    if shape.name in HOLDERS:
        values.append(f"body = {insertion(shape.name, shape.columns, _TEXT)['body']}")
    connection.executemany(f"update {shape.name} set {', '.join(values)} where {which}", difference.changed)  # noqa: S608
    added = insertion(shape.name, shape.columns, _TEXT)
    names, parameters = ", ".join(added), ", ".join(added.values())
    connection.executemany(f"insert into {shape.name} ({names}) values ({parameters})", difference.added)  # noqa: S608
