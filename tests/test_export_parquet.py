"""Parquet: what other engines read from the files is what SQLite holds."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest

from build import PROJECT
from claimbase.export import EXPORT_FORMATS, export_to
from claimbase.exports.codex import NotExportable

parquet: Any = import_module("pyarrow.parquet")

PARQUET = EXPORT_FORMATS["parquet"]
SCHEMA = (PROJECT / "claimbase/schema.sql").read_text(encoding="utf-8")
TABLES = sorted(re.findall(r"^create table (\w+) \($", SCHEMA, re.MULTILINE))


def in_key_order(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    columns = connection.execute(f"pragma table_info({table})").fetchall()
    keys = [row["cid"] for row in sorted(columns, key=lambda row: row["pk"]) if row["pk"]]
    rows = [tuple(row) for row in connection.execute(f"select * from {table}")]
    return sorted(rows, key=lambda row: [row[key] for key in keys])


def read_with_pyarrow(path: Path) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in parquet.read_table(path).to_pylist()]


def read_with_duckdb(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()


@pytest.fixture(scope="module")
def folder(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the tiny knowledge base was exported to."""
    path = tmp_path_factory.mktemp("parquet") / "of" / "codex"
    export_to(path, PARQUET, database)
    return path


def test_every_table_is_a_file_and_nothing_else_is(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [f"{table}.parquet" for table in TABLES]
    assert {"claims", "links", "problems"} < set(TABLES)


@pytest.mark.parametrize("read", [read_with_pyarrow, read_with_duckdb])
def test_the_rows_are_those_of_sqlite_in_the_order_of_their_keys(
    rows: sqlite3.Connection, folder: Path, read: Callable[[Path], list[tuple[Any, ...]]]
) -> None:
    for table in TABLES:
        assert read(folder / f"{table}.parquet") == in_key_order(rows, table), table


def test_types_and_what_may_be_null_are_those_of_the_schema(folder: Path) -> None:
    def field(table: str, column: str) -> tuple[str, bool]:
        found = parquet.read_schema(folder / f"{table}.parquet").field(column)
        return str(found.type), found.nullable

    assert field("claims", "id") == ("string", False)
    assert field("claims", "confidence") == ("string", True)
    assert field("claims", "words") == ("int64", False)
    assert field("claims", "year") == ("int64", True)
    assert field("metrics", "centrality") == ("double", False)


def test_one_line_of_sql_asks_several_files_at_once(rows: sqlite3.Connection, folder: Path) -> None:
    claims, links = folder / "claims.parquet", folder / "links.parquet"
    question = "select count(*) from {links} as l join {claims} as c on c.id = l.to_claim where l.relation = 'supports'"
    with duckdb.connect() as connection:
        answer = connection.execute(question.format(claims=f"'{claims}'", links=f"'{links}'")).fetchone()
    assert answer == tuple(rows.execute(question.format(claims="claims", links="links")).fetchone())
    assert answer > (0,)


def test_the_documented_line_of_sql_is_answered(
    rows: sqlite3.Connection, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [line] = re.findall(r'^duckdb -c "(.*)"$', (PROJECT / "docs/deploy.md").read_text(encoding="utf-8"), re.MULTILINE)
    (tmp_path / "parquet").symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        counted = connection.execute(line).fetchall()
    domains = rows.execute("select domain, confidence, count(*) from claims group by domain, confidence")
    assert set(counted) == {tuple(row) for row in domains}
    assert [count for *_, count in counted] == sorted((count for *_, count in counted), reverse=True)


@pytest.mark.parametrize("read", [read_with_pyarrow, read_with_duckdb])
def test_nasty_texts_come_back_as_they_are(
    nasty_database: Path, nasty: sqlite3.Connection, tmp_path: Path, read: Callable[[Path], list[tuple[Any, ...]]]
) -> None:
    export_to(tmp_path, PARQUET, nasty_database)
    for table in ("claims", "sources", "links"):
        assert read(tmp_path / f"{table}.parquet") == in_key_order(nasty, table), table


def test_bodies_that_would_not_fit_into_memory_together_are_written_apart(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "codex.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute("update sources set body = ''")
        connection.execute(
            "update sources set body = printf('%.*c', 9000000, 'x') where id in (select id from sources limit 3)"
        )
    export_to(tmp_path, PARQUET, copy)
    metadata = parquet.ParquetFile(tmp_path / "sources.parquet").metadata
    assert metadata.num_row_groups == 2
    assert sum(len(row["body"]) for row in parquet.read_table(tmp_path / "sources.parquet").to_pylist()) == 27_000_000


def test_without_pyarrow_the_message_says_what_to_install(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(NotExportable, match=re.escape("pip install 'claimbase[parquet]'")):
        export_to(tmp_path / "parquet", PARQUET, database)
    assert not list((tmp_path / "parquet").iterdir())
