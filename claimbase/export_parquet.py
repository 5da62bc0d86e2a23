"""Export: every table of a database as a Parquet file, for the engines that read what outgrows SQLite."""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, TypeAlias

# A batch ends at whichever comes first, and becomes a row group: what is in memory depends on neither the base's
# size nor its longest table. Characters stand for bytes.
MOST_ROWS = 65_536
MOST_CHARACTERS = 16_000_000

_TYPES = {"TEXT": "string", "INTEGER": "int64", "INT": "int64", "REAL": "float64", "BLOB": "binary"}
# What every codex has, so that another SQLite database is refused before anything is written.
_KNOWN_BY = frozenset({"claims", "documents", "links", "problems"})

Row: TypeAlias = tuple[Any, ...]


class NotExportable(RuntimeError):
    """The database cannot be exported, or not to that folder; the message says why, and what helps, in one line."""


def export_parquet(database: Path, folder: Path) -> list[Path]:
    """Writes each table of `database` to `<folder>/<table>.parquet`; the paths, in the order of their names.

    Text becomes string, integer int64, real double; what may not be null in the database may not be null in the file.
    Rows are in the order of the table's key. The same database gives the same bytes with the same pyarrow. All files
    are complete before the first takes the place of an old one. Views are left out: their columns have no declared
    types, and their questions can be asked of the tables. The database is only read, in one transaction. Raises
    `NotExportable`.
    """
    arrow = _pyarrow()
    try:
        with contextlib.closing(_open(database)) as connection:
            tables = _tables(connection, database)
            return _write_all(arrow, connection, tables, folder)
    except sqlite3.DatabaseError as error:
        raise NotExportable(f"{database}: {error}") from error
    except OSError as error:
        raise NotExportable(f"{error.filename or folder}: {error.strerror or error}") from error


def _pyarrow() -> ModuleType:
    """The package that writes Parquet; imported only here, since a build and a site do without it."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise NotExportable("Parquet needs the package pyarrow: pip install 'claimbase[parquet]'") from error


def _open(database: Path) -> sqlite3.Connection:
    """A connection that cannot write and sees one state of the database from its first query on."""
    if not database.is_file():
        raise NotExportable(f"{database}: there is no such file")
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("begin")
    return connection


def _tables(connection: sqlite3.Connection, database: Path) -> list[str]:
    """The names of the tables with rows of their own, sorted; full-text indexes can be had from these again."""
    found = connection.execute("select name from pragma_table_list where schema = 'main' and type = 'table' and strict")
    names = sorted(str(name) for (name,) in found)
    if not set(names) >= _KNOWN_BY:
        raise NotExportable(f"{database}: this is not a codex, it lacks {', '.join(sorted(_KNOWN_BY - set(names)))}")
    return names


def _write_all(arrow: ModuleType, connection: sqlite3.Connection, tables: list[str], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=folder) as temporary:
        written = [_write(arrow, connection, table, Path(temporary)) for table in tables]
        return [path.replace(folder / path.name) for path in written]


def _write(arrow: ModuleType, connection: sqlite3.Connection, table: str, folder: Path) -> Path:
    """The file of one table; an empty table has its columns and no rows."""
    path = folder / f"{table}.parquet"
    columns = connection.execute('select name, type, "notnull", pk from pragma_table_info(?)', (table,)).fetchall()
    schema = arrow.schema(
        arrow.field(name, getattr(arrow, _TYPES[type_])(), nullable=not (required or key))
        for name, type_, required, key in columns
    )
    rows = connection.execute(f'select * from "{table}" order by {_key(columns)}')  # noqa: S608 - names of the schema
    with arrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns_of_batch = zip(schema, zip(*batch, strict=True), strict=True)
            arrays = [arrow.array(values, field.type) for field, values in columns_of_batch]
            writer.write_table(arrow.table(arrays, schema=schema))
    return path


def _key(columns: list[Row]) -> str:
    """What puts rows in the order of the primary key, which may be of several columns, or of the rowid without one."""
    named = sorted((key, name) for name, _, _, key in columns if key)
    return ", ".join(f'"{name}"' for _, name in named) or "rowid"


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The rows in lists short enough to be held in memory; at least one row to a list, however long it is."""
    batch: list[Row] = []
    characters = 0
    for row in rows:
        batch.append(row)
        characters += sum(len(value) for value in row if type(value) is str)
        if len(batch) == MOST_ROWS or characters >= MOST_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
