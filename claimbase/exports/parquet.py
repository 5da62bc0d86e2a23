"""Parquet: every table as a file, for the engines that read what outgrows SQLite."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from types import ModuleType
from typing import Any, TypeAlias

from claimbase.exports.codex import NotExportable, tables
from claimbase.exports.files import File, Outlet

# A batch ends at whichever comes first, and becomes a row group: what is in memory depends on neither the base's
# size nor its longest table. Characters stand for bytes.
MOST_ROWS = 65_536
MOST_CHARACTERS = 16_000_000

_TYPES = {"TEXT": "string", "INTEGER": "int64", "INT": "int64", "REAL": "float64", "BLOB": "binary"}

Row: TypeAlias = tuple[Any, ...]


def parquet(connection: sqlite3.Connection) -> Iterator[File]:
    """`<table>.parquet` for each table, in the order of their names.

    Text becomes string, integer int64, real double; what may not be null in the database may not be null in the file.
    Rows are in the order of the table's key. The same database gives the same bytes with the same pyarrow. Views are
    left out: their columns have no declared types, and their questions can be asked of the tables. Raises
    `NotExportable` where pyarrow is not installed.
    """
    arrow = _pyarrow()
    for table in tables(connection):
        yield File(f"{table}.parquet", _pieces(arrow, connection, table))


def _pyarrow() -> ModuleType:
    """The package that writes Parquet; imported only here, since a build and a site do without it."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise NotExportable("Parquet needs the package pyarrow: pip install 'claimbase[parquet]'") from error


def _pieces(arrow: ModuleType, connection: sqlite3.Connection, table: str) -> Iterator[bytes]:
    """The file of one table, a row group at a time; an empty table has its columns and no rows."""
    columns = connection.execute('select name, type, "notnull", pk from pragma_table_info(?)', (table,)).fetchall()
    schema = arrow.schema(
        arrow.field(name, getattr(arrow, _TYPES[type_])(), nullable=not (required or key))
        for name, type_, required, key in columns
    )
    rows = connection.execute(f'select * from "{table}" order by {_key(columns)}')  # noqa: S608 - names of the schema
    outlet = Outlet()
    with arrow.parquet.ParquetWriter(outlet, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns_of_batch = zip(schema, zip(*batch, strict=True), strict=True)
            arrays = [arrow.array(values, field.type) for field, values in columns_of_batch]
            writer.write_table(arrow.table(arrays, schema=schema))
            yield outlet.take()
    yield outlet.take()


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
