"""Tools that people have already read the base: pandas and DuckDB, from the file and over the wire."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pandas
import pytest
import requests
from click.testing import CliRunner

from build import main

TABLES = ("claims", "links", "evidence", "arguments", "problems")


def number_of_rows(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        [number] = connection.execute(f"select count(*) from {table}").fetchone()
    return int(number)


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_the_same_table_from_the_file_and_over_the_wire(
    sample_database: Path, sample_address: str, table: str
) -> None:
    with closing(sqlite3.connect(sample_database)) as connection:
        of_file = pandas.read_sql(f"select * from {table} order by 1", connection)
    streamed = pandas.read_csv(f"{sample_address}/codex/{table}.csv?_stream=on&_sort={of_file.columns[0]}")
    assert len(streamed) == len(of_file) == number_of_rows(sample_database, table) > 0
    assert list(streamed.columns) == list(of_file.columns)
    for column in of_file.select_dtypes("number"):
        assert streamed[column].equals(of_file[column]), column


def test_pandas_reads_json(sample_address: str) -> None:
    growth = pandas.read_json(f"{sample_address}/codex/growth.json?_shape=array")
    assert list(growth.columns) == ["month", "claims", "total"]
    assert growth["total"].is_monotonic_increasing


def test_duckdb_asks_a_stream_of_csv(sample_database: Path, sample_address: str, tmp_path: Path) -> None:
    for table in ("claims", "arguments"):
        answer = requests.get(f"{sample_address}/codex/{table}.csv?_stream=on", timeout=60)
        (tmp_path / f"{table}.csv").write_bytes(answer.content)
    [(arguments,)] = duckdb.execute(
        f"select count(*) from '{tmp_path}/arguments.csv' as arguments "
        f"join '{tmp_path}/claims.csv' as claims on claims.id = arguments.from_claim"
    ).fetchall()
    assert arguments == number_of_rows(sample_database, "arguments")


def test_duckdb_joins_parquet_of_the_database(sample_database: Path, tmp_path: Path) -> None:
    written = CliRunner().invoke(main, ["export", "parquet", str(sample_database), str(tmp_path / "parquet")])
    assert written.exit_code == 0
    [(arguments,)] = duckdb.execute(
        f"select count(*) from '{tmp_path}/parquet/arguments.parquet' as arguments "
        f"join '{tmp_path}/parquet/claims.parquet' as claims on claims.id = arguments.to_claim"
    ).fetchall()
    assert arguments == number_of_rows(sample_database, "arguments")


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_reads_the_database_itself(sample_database: Path, table: str) -> None:
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        connection.execute("load sqlite")
    except duckdb.Error:
        pytest.skip("DuckDB has no extension for SQLite here, which it would fetch from the internet: install sqlite")
    connection.execute(f"attach '{sample_database}' as codex (type sqlite, read_only)")
    [number] = connection.execute(f"select count(*) from codex.{table}").fetchone() or [None]
    assert number == number_of_rows(sample_database, table)
