"""Outcome: what is read off a database is what its knowledge base comes to."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from claimbase.outcome import outcome_of, read_outcome
from claimbase.paths import printable
from claimbase.pipeline import build_database, check_codex
from claimbase.records import Codex, Problem

KB = Path(__file__).parent / "kb"


def test_the_database_of_the_tiny_base_says_what_the_base_does(codex: Codex, database: Path) -> None:
    assert read_outcome(database) == outcome_of(codex)


def test_the_database_of_the_sample_says_what_the_sample_does(sample: Codex, sample_database: Path) -> None:
    assert read_outcome(sample_database) == outcome_of(sample)


def test_checking_and_building_come_to_the_same(tmp_path: Path) -> None:
    assert check_codex(KB) == build_database(KB, tmp_path / "codex.db")


def test_problems_that_differ_in_nothing_but_what_is_suggested_keep_their_order(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    (root / "domains/a").mkdir(parents=True)
    (root / "domains/a/naps restore attention.md").write_text(
        "---\n{supports: [naps restor], sources: [naps restor]}\n---\n"
    )
    (root / "domains/a/x.md").write_text(
        "[[nowhere]] [[nowhere]] [[Nowhere]] [[naps restore attentio]] [[ß]] [[\uffff]] [[💤]]\n"
    )
    for name in ("Z.md", "a.md", "ä.md", "\uffff.md", "💤.md", printable("\udcff.md")):
        (root / name).write_text("[[nowhere]]\n\n[[nowhere]]\n")
    assert build_database(root, tmp_path / "codex.db") == check_codex(root)


def test_a_base_of_one_sound_file_comes_to_little(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/a.md").write_text("Sound.")
    outcome = build_database(tmp_path / "kb", tmp_path / "codex.db")
    assert (dict(outcome.kinds), dict(outcome.states), outcome.problems) == ({"document": 1}, {}, ())


def test_a_problem_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/a.md").write_text("See [[nowhere]].")
    outcome = build_database(tmp_path / "kb", tmp_path / "codex.db")
    assert outcome.problems == (Problem("a.md", 1, "dead-link", 'nothing is called "nowhere"', None),)
    assert outcome.states == {"dead": 1}


@pytest.mark.parametrize("name", ["a ?mode=rwc&x#y.db", "100%25.db", "Träume 睡眠.db", "a;b'c\".db"])
def test_any_path_is_read(tmp_path: Path, database: Path, name: str) -> None:
    shutil.copyfile(database, tmp_path / name)
    assert read_outcome(tmp_path / name) == read_outcome(database)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_reading_makes_no_file_and_changes_none(tmp_path: Path, database: Path) -> None:
    before = database.stat()
    read_outcome(database)
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        read_outcome(tmp_path / "absent.db")
    assert list(tmp_path.iterdir()) == []
    assert (database.stat().st_mtime_ns, database.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_relative_path_is_read(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(database.parent)
    assert read_outcome(Path(database.name)) == read_outcome(database)
