"""Update: a copy of the last database becomes that of the changed base, by touching only the rows that differ."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from claimbase import full_text
from claimbase.records import Table
from claimbase.texts import HOLDERS, insertion, row_columns

Row: TypeAlias = tuple[Any, ...]

_TEXT = """
select coalesce(
  (select body from fresh where path = {path}),
  (select body from before.texts where path = {path})
)
"""


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


def update(path: Path, tables: Iterable[Table], bodies: Mapping[str, str], before: Path) -> None:
    """Makes the database at `path`, a copy of the one at `before`, hold these rows and no others.

    `bodies` are those of the files that have changed, by their paths; all others are as they were.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection):
        for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -65536"):
            connection.execute(f"pragma {pragma}")
        connection.execute("attach database ? as before", (os.fsencode(before),))
        connection.execute("create temp table fresh (path text primary key, body text not null)")
        connection.executemany("insert into fresh values (?, ?)", bodies.items())
        connection.execute("begin")
        differences = []
        for table in tables:
            shape = _shape(connection, table.name)
            difference = _compare(connection, shape, table.rows, bodies)
            _apply(connection, shape, difference)
            differences.append((shape, difference))
        for shape, difference in differences:
            full_text.forget(connection, shape.name, _ids((*difference.gone, *difference.changed)))
            full_text.learn(connection, shape.name, _ids((*difference.changed, *difference.added)))
        connection.execute("commit")
        if any(rows for _, difference in differences for rows in difference):
            connection.execute("analyze main")


def _shape(connection: sqlite3.Connection, table: str) -> _Shape:
    found = connection.execute(f"pragma table_info({table})").fetchall()
    columns = row_columns(table, [name for _, name, *_ in found])
    return _Shape(table, columns, [columns.index(name) for _, name, _, _, _, key in found if key])


def _compare(
    connection: sqlite3.Connection, shape: _Shape, rows: Iterable[Row], bodies: Mapping[str, str]
) -> _Difference:
    """What is to be done.

    Only the rows that hold bodies are changed where they stand. All others, and those that go by another path, are
    taken out and put in again, so that on the way no two rows share what must be unique.
    """
    old = connection.execute(f"select {', '.join(shape.columns)} from {shape.name}")  # noqa: S608 - our own names
    key = itemgetter(*shape.key)
    left = {key(row): row for row in old}
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
