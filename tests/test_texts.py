"""Texts: bodies and their index wait on the disk beside the new database, and are gone with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.discover import discover, look
from claimbase.pack import pack
from claimbase.pipeline import build_database
from claimbase.pipeline.take_in import take_in
from claimbase.pipeline.understand import take_apart
from claimbase.records import UNSEEN, File, Taken
from claimbase.texts import HOLDERS, Texts, insertion, row_columns, statements

KB = Path(__file__).parent / "kb"


def taken(path: str, text: str) -> Taken:
    document, body = take_apart(File(path, text.encode(), None))
    return Taken(document, pack(document), body, UNSEEN)


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    before = {thread.name for thread in threading.enumerate()}
    yield
    assert {thread.name for thread in threading.enumerate()} - before == set()


def test_all_comes_through_as_it_was_and_in_its_order(tmp_path: Path) -> None:
    everything = list(take_in(KB, look(KB, discover(KB))))
    with Texts(tmp_path / "new.db") as texts:
        assert list(texts.keep(iter(everything))) == everything


def test_bodies_are_numbered_as_their_documents_and_claims_will_be(tmp_path: Path) -> None:
    files = [
        taken("a.md", "First."),
        taken("domains/x/b.md", "---\ndescription: why\n---\n# B\n"),
        taken("inbox/archive/c.md", ""),
        taken("domains/x/d.md", "Fourth."),
    ]
    with Texts(tmp_path / "new.db") as texts:
        list(texts.keep(files))
        with contextlib.closing(sqlite3.connect(texts.path)) as connection:
            assert connection.execute("select * from texts order by number").fetchall() == [
                (1, "a.md", None, "a", None, "First."),
                (2, "domains/x/b.md", 1, "B", "why", "# B"),
                (3, "inbox/archive/c.md", None, "c", None, ""),
                (4, "domains/x/d.md", 2, "d", None, "Fourth."),
            ]


@pytest.mark.parametrize("number", [0, 1, 199, 200, 201, 401])
def test_any_number_of_bodies_is_kept(tmp_path: Path, number: int) -> None:
    with Texts(tmp_path / "new.db") as texts:
        assert len(list(texts.keep(taken(f"{name}.md", "text") for name in range(number)))) == number
        with contextlib.closing(sqlite3.connect(texts.path)) as connection:
            assert connection.execute("select count(*) from texts").fetchone() == (number,)


def test_the_index_is_the_one_that_sqlite_makes_of_the_rows(tmp_path: Path, database: Path) -> None:
    shutil.copyfile(database, tmp_path / "codex.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as connection:
        for index in ("documents_fts", "claims_fts"):
            vocabulary = f"select term, doc, col, offset from words_{index} order by 1, 2, 3, 4"
            connection.execute(f"create virtual table temp.words_{index} using fts5vocab(main, {index}, instance)")
            before = connection.execute(vocabulary).fetchall()
            connection.execute(f"insert into {index} ({index}) values ('rebuild')")
            assert connection.execute(vocabulary).fetchall() == before
            assert before


def leave(texts: Texts, after: int, error: type[BaseException]) -> None:
    with texts:
        for number, _ in enumerate(texts.keep(taken(f"{name}.md", "many words " * 500) for name in range(400))):
            if number == after:
                raise error
        raise error


@pytest.mark.parametrize("after", [0, 250, 399, 1000])
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_whenever_it_is_left_no_file_stays(tmp_path: Path, after: int, error: type[BaseException]) -> None:
    with pytest.raises(error):
        leave(Texts(tmp_path / "new.db"), after, error)
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_off_the_reading_leaves_no_file(tmp_path: Path) -> None:
    def breaking() -> Iterator[Taken]:
        yield taken("a.md", "text")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"), Texts(tmp_path / "new.db") as texts:
        list(texts.keep(breaking()))
    assert list(tmp_path.iterdir()) == []


def test_two_at_once_keep_apart(tmp_path: Path) -> None:
    with Texts(tmp_path / "one.db") as one, Texts(tmp_path / "other.db") as other:
        list(one.keep([taken("a.md", "one")]))
        list(other.keep([taken("a.md", "other")]))
        for texts, body in ((one, "one"), (other, "other")):
            with contextlib.closing(sqlite3.connect(texts.path)) as connection:
                assert connection.execute("select body from texts").fetchall() == [(body,)]
    assert list(tmp_path.iterdir()) == []


# A container's processes have the same few numbers every time it starts.
@pytest.mark.parametrize("ending", ["building", "building-texts", "building-index"])
def test_what_was_left_by_a_killed_build_of_the_same_process_number_is_in_nobodys_way(
    tmp_path: Path, database: Path, ending: str
) -> None:
    left = tmp_path / f".codex.db.{os.getpid()}.{ending}"
    with contextlib.closing(sqlite3.connect(left)) as connection, connection:
        connection.execute("create table texts (number integer)")
        connection.execute("create table confidences (id text)")
        connection.execute("create table claims_fts (id text)")
    build_database(KB, tmp_path / "codex.db", full=True)
    assert (tmp_path / "codex.db").read_bytes() == database.read_bytes()
    assert not left.exists()


def test_rows_have_every_column_but_the_bodies_of_documents() -> None:
    assert row_columns("claims", ["id", "body", "path"]) == ["id", "path"]
    assert row_columns("beliefs", ["id", "body", "path"]) == ["id", "body", "path"]
    assert sorted(HOLDERS) == ["claims", "documents", "entities", "positions", "sources"]


def test_a_body_is_looked_up_by_the_path_of_its_row() -> None:
    text = "select body from kept.texts where path = {path}"
    assert insertion("sources", ["id", "path"], text) == {
        "id": "?1",
        "path": "?2",
        "body": "(select body from kept.texts where path = ?2)",
    }
    assert insertion("links", ["id", "path"], text) == {"id": "?1", "path": "?2"}


def test_a_document_holds_no_body_that_stands_in_a_table_of_its_own() -> None:
    found = insertion("documents", ["id", "path", "kind"], "select body from x where path = {path}")["body"]
    assert found == (
        "case when ?3 in ('claim', 'source', 'entity', 'position') then null"
        " else (select body from x where path = ?2) end"
    )


def test_each_body_is_in_the_database_once(rows: sqlite3.Connection) -> None:
    assert rows.execute("select count(*) from texts where body is null").fetchone()[0] == 0
    twice = "select documents.id from documents join {0} on {0}.id = documents.id where documents.body is not null"
    for table in ("claims", "sources", "entities", "positions"):
        assert rows.execute(twice.format(table)).fetchall() == []


def test_a_script_is_cut_into_its_statements() -> None:
    assert [statement.split("\n")[-1] for statement in statements("full_text.sql")] == [")", ")"]


HINDERED = """
import sqlite3
from pathlib import Path
from claimbase.texts import Texts

with Texts(Path("new.db"), expected=5000) as texts:
    list(texts.keep([]))
    try:
        texts.add_index_to(sqlite3.connect(":memory:"))
    except OSError:
        print("it cannot be made")
    Path("new.db-index").rmdir()
"""


def test_an_index_that_cannot_be_made_is_said_by_whoever_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "new.db-index").mkdir()
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    ran = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-c", HINDERED],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout, ran.stderr) == ("it cannot be made\n", "")
