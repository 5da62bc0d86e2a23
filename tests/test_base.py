"""Base: what is opened to be asked is a codex, or there is no answer."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from claimbase.base import NoAnswer
from claimbase.write import SCHEMA_VERSION
from tests.conftest import opened


def test_a_database_that_is_missing_or_something_else_is_no_answer(tmp_path: Path) -> None:
    other, text = tmp_path / "other.db", tmp_path / "text.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("create table x (y)")
    text.write_text("no database " * 200)
    for path, told in (
        (tmp_path / "nowhere.db", "there is no such file; build it and ask again"),
        (other, f"its schema has version 0 and not {SCHEMA_VERSION}; build it again"),
        (text, "file is not a database"),
    ):
        with pytest.raises(NoAnswer, match=told), opened(path):
            pass
