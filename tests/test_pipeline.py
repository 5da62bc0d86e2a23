"""Pipeline: a build that takes up the last one comes to the same rows as one that starts from nothing."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbase.pipeline import build_database

KB = Path(__file__).parent / "kb"


def tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("select name from pragma_table_list where schema = 'main' and name not like 'sqlite%'")
    return sorted(name for (name,) in found if "_fts_" not in name)


def columns(connection: sqlite3.Connection, name: str) -> str:
    """All columns but the number by which the index finds a row, which is nobody's business."""
    found = connection.execute(f"pragma table_info({name})").fetchall()
    return ", ".join(column for _, column, *_ in found if column != "rowid")


def contents(database: Path) -> dict[str, list[str]]:
    """Every row of every table and view, and what each word of the base is found in."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = {
            name: sorted(map(repr, connection.execute(f"select {columns(connection, name)} from {name}")))
            for name in tables(connection)
            if not name.endswith("_fts")
        }
        for index, rows in (("documents_fts", "documents"), ("claims_fts", "claims")):
            connection.execute(f"create virtual table temp.words_{rows} using fts5vocab(main, {index}, instance)")
            words = connection.execute(
                f"select term, {rows}.id, col, offset from words_{rows} join {rows} on {rows}.rowid = doc"
            )
            found[index] = sorted(map(repr, words))
            connection.execute(f"insert into {index} ({index}, rank) values ('integrity-check', 0)")
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        return found


def assert_like_new(root: Path, database: Path) -> None:
    """Whether a database holds what one made from nothing holds."""
    anew = database.with_name("anew.db")
    full, taken_up = build_database(root, anew, full=True), build_database(root, database)
    assert taken_up == full
    wanted, found = contents(anew), contents(database)
    assert {name: rows for name, rows in found.items() if rows != wanted[name]} == {}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the tiny base, built once."""
    shutil.copytree(KB, tmp_path / "kb")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    return tmp_path / "kb"


PIECES = st.sampled_from(
    [
        *("A sentence more.", "", "Since [[naps restore attention within twenty minutes]], more.", "## Challenges"),
        *("- [[nobody has written this]] — a reason", "---", "# A heading", "confidence: proven", "type: source"),
        *("[[steel yields before it breaks]]", "### Additional Evidence (challenge)", "*Source: [[2024-steel]]*"),
        *("title: Another title", "depends_on: [[a]]", "status: retired", "created: 2021-01-01", "```", "1. One"),
        *("### 7. Rest is work", "- the naps of others", "description: x", "domain: steel", "\u2028", "supports:"),
    ]
)
PLACES = st.floats(0, 1)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), PLACES, PLACES, PIECES),
        st.tuples(st.just("cut"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("swap"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("delete"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("rename"), PLACES, PLACES, st.sampled_from(["a new name", "naps", "_map", "beliefs"])),
        st.tuples(st.just("copy"), PLACES, PLACES, st.sampled_from(["domains/sleep", "inbox/archive", "entities/x"])),
        st.tuples(st.just("add"), PLACES, PLACES, PIECES),
        st.tuples(st.just("touch"), PLACES, PLACES, st.just("")),
    ),
    min_size=1,
    max_size=4,
)


def apply(root: Path, edit: tuple[str, float, float, str]) -> None:
    """Changes one file of a base, as people do and as they do not."""
    how, which, where, piece = edit
    files = sorted(path for path in root.rglob("*.md") if path.is_file())
    path = files[min(int(which * len(files)), len(files) - 1)]
    lines = path.read_bytes().split(b"\n")
    at = min(int(where * len(lines)), len(lines) - 1)
    if how == "insert":
        path.write_bytes(b"\n".join([*lines[:at], piece.encode(), *lines[at:]]))
    elif how == "cut":
        path.write_bytes(b"\n".join(lines[:at] + lines[at + 1 :]))
    elif how == "swap":
        path.write_bytes(b"\n".join([*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]]))
    elif how == "delete" and len(files) > 1:
        path.unlink()
    elif how == "rename":
        path.replace(path.with_name(f"{piece}.md"))
    elif how == "copy":
        (root / piece).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, root / piece / path.name) if path.parent != root / piece else None
    elif how == "add":
        path.with_name(f"added {at}.md").write_text(f"---\n{piece}\n---\n{piece}\n", encoding="utf-8")
    else:
        os.utime(path)


@settings(max_examples=25)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_whatever_is_edited_added_renamed_or_deleted_the_rows_are_those_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, float, float, str]]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(KB, folder / "kb")
    build_database(folder / "kb", folder / "codex.db")
    for edits in rounds:
        for edit in edits:
            apply(folder / "kb", edit)
        assert_like_new(folder / "kb", folder / "codex.db")
    shutil.rmtree(folder)
