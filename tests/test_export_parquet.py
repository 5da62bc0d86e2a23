"""Export: what other engines read from the Parquet files is what SQLite holds."""

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
from claimbase.export_parquet import NotExportable, export_parquet

parquet: Any = import_module("pyarrow.parquet")

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
    export_parquet(database, path)
    return path


def test_every_table_is_a_file_and_nothing_else_is(database: Path, tmp_path: Path) -> None:
    written = export_parquet(database, tmp_path)
    assert [path.name for path in written] == [f"{table}.parquet" for table in TABLES]
    assert sorted(tmp_path.iterdir()) == written
    assert {"claims.parquet", "links.parquet", "problems.parquet"} < {path.name for path in written}


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


def test_two_exports_of_one_database_are_the_same_bytes(database: Path, folder: Path, tmp_path: Path) -> None:
    for path in export_parquet(database, tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_a_new_export_takes_the_place_of_the_old_one(database: Path, tmp_path: Path) -> None:
    [claims] = [path for path in export_parquet(database, tmp_path) if path.stem == "claims"]
    before = claims.read_bytes()
    claims.write_bytes(b"of an older base")
    export_parquet(database, tmp_path)
    assert claims.read_bytes() == before


def test_bodies_that_would_not_fit_into_memory_together_are_written_apart(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "codex.db"
    copy.write_bytes(database.read_bytes())
    with sqlite3.connect(copy) as connection:
        connection.execute("update sources set body = ''")
        connection.execute(
            "update sources set body = printf('%.*c', 9000000, 'x') where id in (select id from sources limit 3)"
        )
    export_parquet(copy, tmp_path)
    metadata = parquet.ParquetFile(tmp_path / "sources.parquet").metadata
    assert metadata.num_row_groups == 2
    assert sum(len(row["body"]) for row in parquet.read_table(tmp_path / "sources.parquet").to_pylist()) == 27_000_000


def test_a_failed_export_leaves_the_old_files_and_nothing_of_its_own(database: Path, tmp_path: Path) -> None:
    broken = tmp_path / "codex.db"
    broken.write_bytes(database.read_bytes())
    folder = tmp_path / "parquet"
    before = {path: path.read_bytes() for path in export_parquet(broken, folder)}
    with sqlite3.connect(broken) as connection:
        [page] = connection.execute("select rootpage from sqlite_master where name = 'vital_signs'").fetchone()
        [size] = connection.execute("pragma page_size").fetchone()
    with broken.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(NotExportable, match="malformed"):
        export_parquet(broken, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_the_database_is_not_written_to(database: Path, tmp_path: Path) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in database.parent.iterdir()}

    before = state()
    export_parquet(database, tmp_path)
    assert state() == before


def test_what_is_no_codex_is_refused_in_one_line(tmp_path: Path) -> None:
    def refusal(database: Path) -> str:
        with pytest.raises(NotExportable) as caught:
            export_parquet(database, tmp_path / "parquet")
        return str(caught.value).removeprefix(str(database))

    other, text = tmp_path / "other.db", tmp_path / "notes.txt"
    with sqlite3.connect(other) as connection:
        connection.execute("create table claims (id text primary key) strict")
    text.write_text("a claim is a statement that can be wrong\n" * 40)
    assert refusal(tmp_path / "codex.db") == ": there is no such file"
    assert refusal(other) == ": this is not a codex, it lacks documents, links, problems"
    assert refusal(text) == ": file is not a database"
    assert not (tmp_path / "parquet").exists()


def test_a_folder_that_cannot_be_made_is_said_to_be_so(database: Path, tmp_path: Path) -> None:
    taken = tmp_path / "parquet"
    taken.write_text("")
    with pytest.raises(NotExportable, match=f"^{re.escape(str(taken))}: File exists$"):
        export_parquet(database, taken)


def test_without_pyarrow_the_message_says_what_to_install(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(NotExportable, match=re.escape("pip install 'claimbase[parquet]'")):
        export_parquet(database, tmp_path)
