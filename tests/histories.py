"""Histories made on the fly with git itself: what a base has been through is written down commit by commit."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Mapping
from datetime import date as day_of
from datetime import timedelta
from pathlib import Path
from typing import Any

from claimbase.pipeline import build_database

_FIRST_DAY = day_of(2026, 1, 1)
# Nobody's settings but git's own, and no clock.
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "Committer",
    "GIT_COMMITTER_EMAIL": "c@example.org",
}


class Base:
    """A folder in a repository of its own, to which files are committed a day apart from 2026-01-01 on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._day = 0
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch", "main")

    def git(self, *words: str, author: str = "Ada", date: str | None = None) -> str:
        """What git answers in this folder."""
        moment = date or f"{_FIRST_DAY + timedelta(max(0, self._day - 1))}T12:00:00Z"
        environment = os.environ | _ENVIRONMENT | {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_DATE": moment}
        environment["GIT_COMMITTER_DATE"] = moment
        command = ["git", "-C", str(self.root), "-c", "protocol.file.allow=always", *words]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Gives files these contents; None removes one."""
        for path, text in files.items():
            file = self.root / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(
        self,
        files: Mapping[str, str | bytes | None],
        message: str = "Write",
        author: str = "Ada",
        date: str | None = None,
    ) -> str:
        """Commits all that these files make other than it was; the hash of the commit."""
        self._day += 1
        self.write(files)
        self.git("add", "--all")
        self.git(
            "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message, author=author, date=date
        )
        return self.git("rev-parse", "HEAD")

    def merge(self, *words: str) -> str:
        """Merges, whatever the other side did; the hash of the merge."""
        self._day += 1
        self.git("merge", "--quiet", "--no-ff", "--no-edit", *words)
        return self.git("rev-parse", "HEAD")


def claim(title: str, body: str = "", **keys: str) -> str:
    """A claim whose body is long enough for git to know it again under another name."""
    rows = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\ntype: claim\n{rows}---\n\n# {title}\n\n{body}\n" + "".join(
        f"{title}, reason {number}.\n" for number in range(9)
    )


def built(root: Path) -> Path:
    """The database of a base, beside it."""
    database = root.with_name(f"{root.name}.db")
    build_database(root, database)
    return database


def ask(database: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows that answer a query."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql, values).fetchall()
