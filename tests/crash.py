"""Crash: builds, builds that take up another, and watchers are killed at random moments, over and over.

    python -m tests.crash --kills 200 --seed 7

After each kill the database is one of the two that there may be, whole; the next build finds nothing of what the killed
one left, believes no memory that is not of this very database, and comes to what the files now say.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from build import PROJECT
from claimbase.pipeline import build_database

KB = Path(__file__).parent / "kb"
EDITED = "domains/sleep/snoring is heard by others first.md"
SORTS = ("full", "taking up", "watching")
# What a killed build may leave beside the database, all of which the next one removes or makes anew.
LEFT = {"codex.db", ".codex.db.memory", ".codex.db.memory-journal"}


class NotWhole(AssertionError):
    """A database after a kill is neither the old one nor the new one."""


def contents(database: Path) -> str:
    """A digest of every row of every table of a database that is sound, whatever pages they lie on."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        if connection.execute("pragma integrity_check").fetchall() != [("ok",)]:
            raise NotWhole("pages of the database are damaged")
        lines = [line for line in connection.iterdump() if "_fts" not in line and "sqlite_stat" not in line]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


class Victim:
    """A base that is now one thing and now another, and the database that is built from it again and again."""

    def __init__(self, folder: Path) -> None:
        self.root, self.database = folder / "kb", folder / "out" / "codex.db"
        shutil.copytree(KB, self.root)
        self.database.parent.mkdir()
        self._first = (self.root / EDITED).read_bytes()
        self._turned = False
        self.known = {turned: self._built(turned) for turned in (True, False)}

    def _built(self, turned: bool) -> str:
        self._turned = not turned
        self.turn()
        build_database(self.root, self.database)
        return contents(self.database)

    def turn(self) -> None:
        """Makes one file another in one step, since a watcher may look between two."""
        self._turned = not self._turned
        more = b"\nMore, and a link: [[nobody has written this]].\n" if self._turned else b""
        edited = self.root / "edited.txt"
        edited.write_bytes(self._first + more)
        edited.replace(self.root / EDITED)

    def start(self, sort: str) -> subprocess.Popen[bytes]:
        """A process of its own that builds what the base has turned into."""
        options = {"full": ["--full"], "taking up": [], "watching": ["--watch"]}[sort]
        command = [sys.executable, str(PROJECT / "build.py"), str(self.root), "--output", str(self.database), *options]
        if sort != "watching":
            self.turn()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603
        if sort == "watching":
            # What it says of its first build, so that it is the second one that is killed.
            while process.stderr and b"seconds" not in process.stderr.readline():
                pass
            self.turn()
        return process

    def kill(self, sort: str, after: float) -> str:
        """Kills a build after so many seconds and sees what is left; whether that is the `old` or the `new` database.

        Raises `NotWhole` where it is neither, or where the next build is misled by it.
        """
        process = self.start(sort)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = contents(self.database)
        if found not in self.known.values():
            raise NotWhole(f"{sort}, killed after {after:.3f} seconds: neither the old database nor the new one")
        build_database(self.root, self.database)
        if contents(self.database) != self.known[self._turned]:
            raise NotWhole(f"{sort}, killed after {after:.3f} seconds: the next build is not that of its files")
        left = set(os.listdir(self.database.parent))
        if not left <= LEFT:
            raise NotWhole(f"{sort}, killed after {after:.3f} seconds: {sorted(left - LEFT)} are left")
        return "new" if found == self.known[self._turned] else "old"


def lasts(victim: Victim, sort: str) -> float:
    """How many seconds a build takes from its start, or a watcher from a change, until the new database is there."""
    before = victim.database.stat().st_ino
    started = time.monotonic()
    process = victim.start(sort)
    if sort == "watching":
        started = time.monotonic()
        while victim.database.stat().st_ino == before:
            time.sleep(0.01)
        process.kill()
    process.communicate()
    return time.monotonic() - started


def crash(folder: Path, kills: int, seed: int) -> Counter[tuple[str, str]]:
    """How often which database was found after so many kills of each sort. Raises `NotWhole`."""
    chance, victim = random.Random(seed), Victim(folder)  # noqa: S311 - the same moments in every run
    found: Counter[tuple[str, str]] = Counter()
    for sort in SORTS:
        longest = lasts(victim, sort) * 1.1
        build_database(victim.root, victim.database)
        for _ in range(kills):
            found[sort, victim.kill(sort, chance.uniform(0, longest))] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="of each sort (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    os.environ["GIT_CEILING_DIRECTORIES"] = str(KB.parent)
    with tempfile.TemporaryDirectory() as folder:
        for (sort, which), times in sorted(crash(Path(folder), asked.kills, asked.seed).items()):
            print(f"{times:>5} × {sort}: the {which} database, whole")  # noqa: T201


if __name__ == "__main__":
    main()
