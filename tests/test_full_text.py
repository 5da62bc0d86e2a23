"""Full text: an index forgets and learns the words of single rows, and is as if it were made anew."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimbase.full_text import INDEXES, Unsound, check_words, forget, learn

NAPS = "naps-restore-attention-within-twenty-minutes"
INDEX_OF = {"claims": "claims_fts", "documents": "documents_fts"}


@pytest.fixture
def connection(tmp_path: Path, database: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database of the tiny base, with that itself attached as `before`."""
    copy = shutil.copyfile(database, tmp_path / "codex.db")
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as found:
        found.execute("attach database ? as before", (str(database),))
        for index in INDEXES:
            found.execute(f"create virtual table temp.words_{index} using fts5vocab(main, {index}, instance)")
        yield found


def words(connection: sqlite3.Connection, index: str) -> list[tuple[object, ...]]:
    """Every word of an index and where it stands."""
    return connection.execute(f"select term, doc, col, offset from words_{index} order by 1, 2, 3, 4").fetchall()


def found(connection: sqlite3.Connection, table: str, query: str) -> set[str]:
    """The ids of the rows that an index finds a word in."""
    source = "texts" if table == "documents" else table
    index = INDEX_OF[table]
    sql = f"select {source}.id from {index} join {source} on {source}.rowid = {index}.rowid where {index} match ?"
    return {id_ for (id_,) in connection.execute(sql, (query,))}


def is_sound(connection: sqlite3.Connection, index: str) -> bool:
    try:
        connection.execute(f"insert into {index} ({index}, rank) values ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return False
    return True


@pytest.mark.parametrize("table", ["claims", "documents"])
def test_a_row_that_is_forgotten_is_found_by_none_of_its_words(connection: sqlite3.Connection, table: str) -> None:
    assert NAPS in found(connection, table, "luxury")
    [row] = connection.execute(f"select rowid from {table} where id = ?", (NAPS,)).fetchone()
    others = [word for word in words(connection, INDEX_OF[table]) if word[1] != row]
    forget(connection, table, [NAPS])
    assert words(connection, INDEX_OF[table]) == others
    assert found(connection, table, "luxury") == set()
    assert not is_sound(connection, INDEX_OF[table])


@pytest.mark.parametrize("table", ["claims", "documents"])
def test_what_is_forgotten_and_learnt_is_as_it_was(connection: sqlite3.Connection, table: str) -> None:
    before = words(connection, INDEX_OF[table])
    ids = [id_ for (id_,) in connection.execute(f"select id from {table}")]
    forget(connection, table, ids)
    assert words(connection, INDEX_OF[table]) == []
    learn(connection, table, reversed(ids))
    assert words(connection, INDEX_OF[table]) == before
    assert is_sound(connection, INDEX_OF[table])


def test_a_row_that_has_changed_is_forgotten_as_it_was_and_learnt_as_it_is(connection: sqlite3.Connection) -> None:
    connection.execute("update claims set title = 'Siestas', description = null, body = 'pillow' where id = ?", (NAPS,))
    forget(connection, "claims", [NAPS])
    learn(connection, "claims", [NAPS])
    assert found(connection, "claims", "luxury") == set()
    assert NAPS in found(connection, "claims", "siesta") & found(connection, "claims", "pillow")
    assert is_sound(connection, "claims_fts")


def test_a_row_that_is_gone_is_forgotten_and_not_learnt(connection: sqlite3.Connection) -> None:
    connection.execute("delete from claims where id = ?", (NAPS,))
    forget(connection, "claims", [NAPS])
    learn(connection, "claims", [NAPS])
    assert is_sound(connection, "claims_fts")


def test_a_row_that_is_new_is_learnt_and_has_nothing_to_forget(connection: sqlite3.Connection) -> None:
    connection.execute(
        "insert into claims (id, title, body, words, path) values ('new', 'New', 'zeppelins', 1, 'domains/x/new.md')"
    )
    forget(connection, "claims", ["new"])
    learn(connection, "claims", ["new"])
    assert found(connection, "claims", "zeppelin") == {"new"}
    assert is_sound(connection, "claims_fts")


def test_a_document_is_found_by_the_body_that_stands_in_the_table_of_its_kind(connection: sqlite3.Connection) -> None:
    connection.execute("update sources set body = 'zeppelins' where id = '2026-02-10-okafor-twenty-minute-naps'")
    forget(connection, "documents", ["2026-02-10-okafor-twenty-minute-naps"])
    learn(connection, "documents", ["2026-02-10-okafor-twenty-minute-naps"])
    assert found(connection, "documents", "zeppelin") == {"2026-02-10-okafor-twenty-minute-naps"}
    assert is_sound(connection, "documents_fts")


def test_a_row_that_goes_and_comes_back_under_another_number_is_found_there(connection: sqlite3.Connection) -> None:
    columns = "id, title, description, body, words, path"
    row = connection.execute(f"select {columns} from claims where id = ?", (NAPS,)).fetchone()
    connection.execute("delete from claims where id = ?", (NAPS,))
    connection.execute(f"insert into claims ({columns}) values (?, ?, ?, ?, ?, ?)", row)
    forget(connection, "claims", [NAPS])
    learn(connection, "claims", [NAPS])
    assert found(connection, "claims", "luxury") == {NAPS}
    assert is_sound(connection, "claims_fts")


@pytest.mark.parametrize("table", ["links", "sources", "beliefs", "no table"])
def test_a_table_without_an_index_has_none_to_keep(connection: sqlite3.Connection, table: str) -> None:
    before = [words(connection, index) for index in INDEXES]
    forget(connection, table, [NAPS])
    learn(connection, table, [NAPS])
    assert [words(connection, index) for index in INDEXES] == before


def test_an_id_that_nobody_has_changes_nothing(connection: sqlite3.Connection) -> None:
    before = words(connection, "claims_fts")
    forget(connection, "claims", ["nobody"])
    learn(connection, "claims", ["nobody"])
    assert words(connection, "claims_fts") == before


def test_any_text_is_forgotten_as_it_was_learnt(connection: sqlite3.Connection, database: Path) -> None:
    odd = "a\0b \ufeff ß ſ ﬁ e\u0301 é \u2028 💤 \x01 " + "long" * 9000
    connection.execute("update claims set body = ? where id = ?", (odd, NAPS))
    forget(connection, "claims", [NAPS])
    learn(connection, "claims", [NAPS])
    connection.execute("detach database before")
    with contextlib.closing(sqlite3.connect(database.with_name("odd.db"))) as other:
        connection.backup(other)
    connection.execute("attach database ? as before", (str(database.with_name("odd.db")),))
    connection.execute("update claims set body = 'plain' where id = ?", (NAPS,))
    forget(connection, "claims", [NAPS])
    learn(connection, "claims", [NAPS])
    assert is_sound(connection, "claims_fts")


@pytest.mark.parametrize("index", ["documents_fts", "claims_fts"])
def test_an_index_that_lost_a_part_of_its_words_is_found_out(tmp_path: Path, database: Path, index: str) -> None:
    shutil.copyfile(database, tmp_path / "codex.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as connection:
        check_words(connection)
        connection.execute(f"delete from {index}_data where id > 10")
        with pytest.raises(Unsound, match="full-text index"):
            check_words(connection)
