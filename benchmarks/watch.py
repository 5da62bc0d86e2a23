"""Edit files of a base that is watched and served, and time each until its page shows the edit.

python -m benchmarks.watch --files 10000 [--edits 10]
"""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import click

from benchmarks.client import Answer, Request, ask
from benchmarks.edits import change_body, whole_claim
from benchmarks.generate import write_base
from benchmarks.history import write_history
from benchmarks.sites import HOST, PROJECT, free_port, serving
from benchmarks.tables import Table

_PATIENCE = 60.0
_PAUSE_SECONDS = 1.0


class Watching(NamedTuple):
    """The seconds from saving each edit to the first page that shows it, and how many requests failed meanwhile."""

    files: int
    waits: list[float]
    missed: int
    failed: int


class Looking:
    """Asks for a page again and again until it shows a word, or a minute is over."""

    def __init__(self, word: str) -> None:
        self.seen: float | None = None
        self.failed = 0
        self._word = word.encode()
        self._deadline = time.perf_counter() + _PATIENCE

    def requests(self, path: str) -> Iterator[Request]:
        """Requests, fifty a second at most, so that looking leaves the processor to those who work."""
        while self.seen is None and time.perf_counter() < self._deadline:
            yield Request(path)
            time.sleep(0.02)

    def look(self, answer: Answer) -> None:
        """Notes when the word is first seen."""
        self.failed += answer.status != 200
        if self.seen is None and self._word in answer.body:
            self.seen = answer.asked + answer.seconds


def measure(folder: Path, base: Path, files: int, edits: int) -> Watching:
    """Watches and serves a base, and edits one file after another."""
    port = free_port()
    words = [sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(folder / "codex.db")]
    waits, missed, failed = [], 0, 0
    with serving([*words, "--watch", "--serve", "--host", HOST, "--port", str(port), "--quiet"], port):
        for number in range(edits):
            time.sleep(_PAUSE_SECONDS)
            page = _page(folder / "codex.db", whole_claim(base, 1_000 + number))
            [word] = change_body(base, 1_000 + number).parameters
            saved, looking = time.perf_counter(), Looking(word)
            ask(port, looking.requests(page), 1, looking.look)
            failed += looking.failed
            missed += looking.seen is None
            waits += [] if looking.seen is None else [looking.seen - saved]
    return Watching(files, waits, missed, failed)


def _page(database: Path, path: str) -> str:
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        [id_] = connection.execute("select id from claims where path = ?", (path,)).fetchone()
    return f"/codex/claims/{quote(id_)}"


def table(watching: Watching) -> Table:
    """What came of it, a line each."""
    waits = watching.waits
    rows = [
        ("edits", f"{len(waits) + watching.missed}"),
        ("from saving to visible, median", f"{statistics.median(waits):.2f} s" if waits else "never"),
        ("from saving to visible, worst", f"{max(waits):.2f} s" if waits else "never"),
        ("not seen within a minute", f"{watching.missed}"),
        ("failed requests meanwhile", f"{watching.failed}"),
    ]
    return Table(f"Watching {watching.files:,} files", ("", "found"), rows)


@click.command()
@click.option("--files", default=1000, show_default=True, help="How many files the base has.")
@click.option("--edits", default=10, show_default=True, help="How many files are edited, one after the other.")
@click.option("--seed", default=1, show_default=True, help="The seed of the generated base.")
def main(files: int, edits: int, seed: int) -> None:
    """Print how long it takes until an edit is seen on the site."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name, "base")
        write_history(base, write_base(base, files, seed), seed)
        click.echo(table(measure(Path(name), base, files, edits)).text())


if __name__ == "__main__":
    main()
