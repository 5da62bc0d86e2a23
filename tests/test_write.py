"""Write: the new database is whole before it takes the old one's place, whatever happens on the way."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.check import check
from claimbase.discover import discover, look
from claimbase.flatten import flatten, flatten_credited, flatten_found, flatten_stated
from claimbase.full_text import Unsound
from claimbase.pipeline import build_database
from claimbase.pipeline.take_in import take_in
from claimbase.records import Codex, Table
from claimbase.texts import Texts
from claimbase.write import SCHEMA_VERSION, NotWritable, alone, replacing, writing

KB = Path(__file__).parent / "kb"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def temporaries(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".building"))


def building(root: Path, target: Path, seed: str = "0") -> subprocess.Popen[bytes]:
    """A process that builds a database."""
    command = [sys.executable, str(PROJECT / "build.py"), str(root), "--output", str(target), "--quiet"]
    return subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603 - our own words


def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_two_builds_give_the_same_bytes(database: Path, tmp_path: Path) -> None:
    build_database(KB, tmp_path / "again.db")
    assert digest(tmp_path / "again.db") == digest(database)


def test_the_same_files_elsewhere_give_the_same_bytes(database: Path, tmp_path: Path) -> None:
    shutil.copytree(KB, tmp_path / "a copy")
    build_database(tmp_path / "a copy", tmp_path / "copy.db")
    assert digest(tmp_path / "copy.db") == digest(database)


def test_bytes_do_not_hang_on_the_seed_of_hashes(tmp_path: Path) -> None:
    builds = [building(KB, tmp_path / f"{seed}.db", seed) for seed in ("1", "2")]
    assert [build.wait() for build in builds] == [0, 0]
    assert digest(tmp_path / "1.db") == digest(tmp_path / "2.db")


def test_every_table_is_strict(rows: sqlite3.Connection) -> None:
    tables = rows.execute(
        "select name, strict from pragma_table_list where type = 'table' and schema = 'main'"
    ).fetchall()
    loose = [row["name"] for row in tables if not row["strict"]]
    assert [name for name in loose if not name.startswith("sqlite_") and "_fts" not in name] == []


def test_every_foreign_key_has_an_index(rows: sqlite3.Connection) -> None:
    for (table,) in rows.execute(
        "select name from pragma_table_list where type = 'table' and schema = 'main'"
    ).fetchall():
        indexes = [row["name"] for row in rows.execute(f"pragma index_list({table})")]
        leading = {rows.execute(f"pragma index_info({name})").fetchone()["name"] for name in indexes}
        leading |= {row["name"] for row in rows.execute(f"pragma table_info({table})") if row["pk"] == 1}
        keys = {row["from"] for row in rows.execute(f"pragma foreign_key_list({table})")}
        assert keys - leading == set(), table


def test_the_database_is_sound_and_says_its_version(rows: sqlite3.Connection) -> None:
    assert rows.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert rows.execute("pragma foreign_key_check").fetchall() == []
    assert rows.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION
    assert rows.execute("pragma journal_mode").fetchone()[0] == "delete"


@pytest.mark.parametrize(
    ("word", "claims"),
    [
        ("luxuries", ["naps-restore-attention-within-twenty-minutes"]),
        ("napping AND wards", []),
        ("Gedächtnis", ["traume-ordnen-das-gedachtnis"]),
        ("antibody", ["short-sleep-lowers-vaccine-response"]),
        ("adrowsywordthatisnowhere", []),
    ],
)
def test_words_are_found_by_their_stem(rows: sqlite3.Connection, word: str, claims: list[str]) -> None:
    sql = """
        select claims.id from claims_fts join claims on claims.rowid = claims_fts.rowid
        where claims_fts match ? order by rank limit 1
    """
    assert [row["id"] for row in rows.execute(sql, (word,))] == claims


def test_documents_of_every_kind_are_searched(rows: sqlite3.Connection) -> None:
    sql = """
        select texts.kind from documents_fts join texts on texts.rowid = documents_fts.rowid
        where documents_fts match ?
    """
    assert {row["kind"] for row in rows.execute(sql, ("nap OR pillow OR bakers OR ward",))} >= {
        *("claim", "source", "entity", "position", "musing", "document"),
    }


def test_a_block_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    target = tmp_path / "codex.db"
    target.write_text("old")
    with replacing(target) as temporary:
        assert temporary.parent == tmp_path
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert temporaries(tmp_path) == []


def fail_halfway(target: Path, error: type[BaseException]) -> None:
    with replacing(target) as temporary:
        temporary.write_text("half")
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, Unsound, MemoryError])
def test_a_block_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "codex.db"
    target.write_text("old")
    with pytest.raises(error):
        fail_halfway(target, error)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("codex.db", "old")]


def fail_with(target: Path, error: Exception) -> None:
    with replacing(target):
        raise error


@pytest.mark.parametrize(
    "message", ["database or disk is full", "disk I/O error", "attempt to write a readonly database"]
)
def test_a_fault_of_the_disk_is_said_in_one_line(tmp_path: Path, message: str) -> None:
    with pytest.raises(NotWritable, match=f"codex.db: {message}"):
        fail_with(tmp_path / "codex.db", sqlite3.OperationalError(message))


def test_a_fault_of_ours_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        fail_with(tmp_path / "codex.db", sqlite3.OperationalError("no such table: naps"))


def write_and_check(target: Path, tables: Iterable[Table]) -> None:
    with replacing(target) as temporary, Texts(temporary) as texts:
        list(texts.keep(take_in(KB, look(KB, discover(KB)))))
        with writing(temporary, texts) as database:
            database.add(tables)
        check(temporary)


def test_every_index_is_made(rows: sqlite3.Connection) -> None:
    script = (PROJECT / "claimbase/indexes.sql").read_text()
    made = {name for (name,) in rows.execute("select name from sqlite_schema where type = 'index' and sql is not null")}
    assert made == set(re.findall(r"^create \w*\s?index (\w+)", script, re.MULTILINE))


def test_tables_may_be_indexed_before_the_last_is_there(tmp_path: Path, database: Path, codex: Codex) -> None:
    with replacing(tmp_path / "codex.db") as temporary, Texts(temporary) as texts:
        list(texts.keep(take_in(KB, look(KB, discover(KB)))))
        with writing(temporary, texts) as tables:
            tables.add(flatten_stated(codex))
            tables.index()
            tables.add(flatten_credited(codex))
            tables.add(flatten_found(codex.documents, codex.analysis, codex.problems))
        check(temporary)
    with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as connection:
        connection.execute("attach database ? as at_once", (str(database),))
        (differing,) = connection.execute(
            "select count(*) from (select name, sql from main.sqlite_schema except select name, sql from"
            " at_once.sqlite_schema)"
        ).fetchone()
        assert differing == 0
        assert connection.execute("select count(*) from claims_fts where claims_fts match 'nap*'").fetchone()[0] > 1


def test_a_database_that_contradicts_itself_never_takes_the_place(tmp_path: Path, codex: Codex) -> None:
    target = tmp_path / "codex.db"
    target.write_text("old")
    tables = [
        Table("document_tags", [("nobody", "nothing")]) if table.name == "document_tags" else table
        for table in flatten(codex)
    ]
    with pytest.raises(Unsound, match="foreign_key_check"):
        write_and_check(target, tables)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("codex.db", "old")]


def test_what_killed_builds_left_behind_is_removed(tmp_path: Path) -> None:
    dead = dead_process()
    names = {
        f".codex.db.{dead}.building": False,
        f".codex.db.{os.getppid()}.building": True,
        f".other.db.{dead}.building": True,
        f"codex.db.{dead}.building": True,
        ".codex.db.x.building": True,
    }
    for name in names:
        (tmp_path / name).touch()
    with alone(tmp_path / "codex.db"):
        pass
    assert {name: (tmp_path / name).exists() for name in names} == names


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("absent/codex.db", "No such file or directory"),
        ("file/codex.db", "Not a directory"),
        ("a" * 250 + ".db", "File name too long"),
        ("folder", "Is a directory"),
    ],
)
def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, target: str, message: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotWritable, match=message), replacing(tmp_path / target):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_permission_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(NotWritable, match="Permission denied"), replacing(tmp_path / "codex.db"):
        pass


def test_who_reads_the_old_file_goes_on_reading_it(tmp_path: Path, database: Path) -> None:
    target = tmp_path / "codex.db"
    shutil.copy(database, target)
    with contextlib.closing(sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)) as reader:
        before = reader.execute("select count(*) from documents").fetchone()
        (tmp_path / "kb").mkdir()
        (tmp_path / "kb/a.md").write_text("alone")
        build_database(tmp_path / "kb", target)
        assert reader.execute("select count(*) from documents").fetchone() == before
    with contextlib.closing(sqlite3.connect(target)) as reader:
        assert reader.execute("select count(*) from documents").fetchone() == (1,)


def documents_in(database: Path) -> int:
    """The number of documents of a database that is sound; fails where it is not."""
    check(database)
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute("select count(*) from documents").fetchone()[0])


def wait_for_writing(process: subprocess.Popen[bytes], target: Path) -> None:
    """Returns as soon as the process has opened its new database, or has ended."""
    temporary = target.with_name(f".{target.name}.{process.pid}.building")
    while process.poll() is None and not temporary.exists():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.002)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing here kills at once")
def test_a_build_that_is_killed_at_any_moment_leaves_the_old_database_or_the_new_one(tmp_path: Path) -> None:
    root, target = tmp_path / "kb/domains/sleep", tmp_path / "out/codex.db"
    root.mkdir(parents=True)
    target.parent.mkdir()
    text = "Since [[nap {0}]], so.\n\n" + "Words that fill a page and take their time. " * 60
    for number in range(300):
        (root / f"nap {number}.md").write_text(
            f"---\ntype: claim\nrelated: [nap {number + 1}]\n---\n" + text.format(number + 2)
        )
    build_database(tmp_path / "kb", target)
    (root / "one more.md").write_text("new")
    moments = random.Random(20260214)  # noqa: S311 - the same moments in every run
    for number in range(8):
        process = building(tmp_path / "kb", target)
        if number % 2:
            wait_for_writing(process, target)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0, 0.1) if number % 2 else moments.uniform(0.1, 1))
        process.kill()
        process.wait()
        assert documents_in(target) in (300, 301)
        assert [entry.name for entry in target.parent.iterdir() if not entry.name.startswith(".")] == ["codex.db"]
    assert building(tmp_path / "kb", target).wait() == 0
    assert documents_in(target) == 301
    assert temporaries(target.parent) == []
