"""Replace the database under a site that is being asked, and look for failed, mixed and late answers.

python -m benchmarks.refresh [--files 1000] [--requests 10000] [--clients 4] [--replacements 20]
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.client import Answer, Request, ask
from benchmarks.generate import generate
from benchmarks.measure import run
from benchmarks.serve import KINDS, Readers, requests
from benchmarks.sites import PROJECT, Site, ours
from benchmarks.tables import Table

# Every title of an edition ends in its word, so that any page of claims shows which build it was made from.
EDITIONS = ("editionodd", "editioneven")
_KINDS = ("claim page", "search, best first", "table as JSON", "GraphQL: a claim and what bears on it")
_TITLE = re.compile(r'^(# .*|title: ".*)$', re.MULTILINE)
_SETTLING_SECONDS = 1.5


class Refreshing(NamedTuple):
    """What came of so many requests while the database was replaced so many times.

    `waits` are the seconds from each replacement to the first answer of the new build to a request made after it;
    `files` counts the open files of the server before and after, `gone` those after that lead to a replaced database.
    """

    requests: int
    replacements: int
    failed: int
    mixed: int
    waits: list[float]
    files: tuple[int, int]
    gone: int


class Replacing:
    """Hands out requests, replaces the database after every so many of them, and looks at the answers."""

    def __init__(self, database: Path, editions: list[Path], readers: Readers, number: int, replacements: int) -> None:
        self.failed = self.mixed = 0
        self.waits: list[float] = []
        self._database, self._editions, self._readers = database, editions, readers
        self._number, self._replacements = number, replacements
        self._replaced: tuple[float, bytes] | None = None

    def requests(self) -> Iterator[Request]:
        """The requests of all clients, of every kind in turn."""
        kinds = [requests(kind.ours, self._readers) for kind in KINDS if kind.name in _KINDS]
        step = self._number // (self._replacements + 1)
        for number in range(self._number):
            if number and number % step == 0 and number // step <= self._replacements:
                self._replace(number // step)
            request = next(kinds[number % len(kinds)])
            yield request._replace(headers=())

    def look(self, answer: Answer) -> None:
        """Counts an answer that is none, or that shows two builds; notes when a new build is first seen."""
        shown = [edition for edition in EDITIONS if edition.encode() in answer.body]
        self.failed += answer.status != 200
        self.mixed += len(shown) > 1
        if self._replaced and answer.asked + answer.seconds > self._replaced[0] and self._replaced[1] in answer.body:
            self.waits.append(answer.asked + answer.seconds - self._replaced[0])
            self._replaced = None

    def _replace(self, number: int) -> None:
        edition = number % len(EDITIONS)
        beside = self._database.with_name("next.db")
        shutil.copyfile(self._editions[edition], beside)
        beside.replace(self._database)
        self._replaced = time.perf_counter(), EDITIONS[edition].encode()


def measure(folder: Path, files: int, number: int, clients: int, replacements: int, seed: int) -> Refreshing:
    """Builds two editions of a base, serves one, and replaces it by the other and back while clients ask."""
    editions = [build_edition(folder, files, seed, edition) for edition in EDITIONS]
    database = folder / "codex.db"
    shutil.copyfile(editions[0], database)
    replacing = Replacing(database, editions, Readers(database, seed), number, replacements)
    with ours(database) as site:
        warm_up = Replacing(database, editions, Readers(database, seed), 4 * clients, 0)
        ask(site.port, warm_up.requests(), clients, warm_up.look)
        before = len(open_files(site))
        ask(site.port, replacing.requests(), clients, replacing.look)
        time.sleep(_SETTLING_SECONDS)
        after = open_files(site)
    gone = sum(name.endswith("codex.db (deleted)") for name in after)
    counts = before, len(after)
    return Refreshing(number, replacements, replacing.failed, replacing.mixed, replacing.waits, counts, gone)


def build_edition(folder: Path, files: int, seed: int, edition: str) -> Path:
    """The database of a base in which every title ends in the edition's word."""
    base, database = folder / edition, folder / edition / "codex.db"
    for path, text in generate(files, seed):
        target = base / path
        target.parent.mkdir(parents=True, exist_ok=True)
        marked = _TITLE.sub(
            lambda line: f"{line[0].removesuffix(chr(34))} {edition}{chr(34) * (line[0][0] == 't')}", text
        )
        target.write_bytes(marked.encode())
    run((sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet"), folder)
    return database


def open_files(site: Site) -> list[str]:
    """What the server holds open, on systems that list it under /proc."""
    folder = Path(f"/proc/{site.process}/fd")
    return [str(entry.readlink()) for entry in folder.iterdir() if entry.is_symlink()] if folder.exists() else []


def table(refreshing: Refreshing) -> Table:
    """What came of it, a line each."""
    waits = refreshing.waits
    rows = [
        ("requests", f"{refreshing.requests:,}"),
        ("replacements", f"{refreshing.replacements}"),
        ("failed", f"{refreshing.failed}"),
        ("answers that mix two builds", f"{refreshing.mixed}"),
        ("replacements seen by a reader before the next one", f"{len(waits)}"),
        ("from replacement to visible, median", f"{statistics.median(waits):.2f} s" if waits else "never"),
        ("from replacement to visible, worst", f"{max(waits):.2f} s" if waits else "never"),
        ("files open in the server, before and after", "{} and {}".format(*refreshing.files)),
        ("replaced databases still open after", f"{refreshing.gone}"),
    ]
    return Table("Replacing the database under load", ("", "found"), rows)


@click.command()
@click.option("--files", default=1000, show_default=True, help="How many files the base has.")
@click.option("--requests", "number", default=10_000, show_default=True, help="How many requests are made.")
@click.option("--clients", default=4, show_default=True, help="How many requests at a time.")
@click.option("--replacements", default=20, show_default=True, help="How often the database is replaced.")
@click.option("--seed", default=1, show_default=True, help="The seed of the generated base.")
def main(files: int, number: int, clients: int, replacements: int, seed: int) -> None:
    """Print what readers see of a database that is replaced under them."""
    with tempfile.TemporaryDirectory() as name:
        click.echo(table(measure(Path(name), files, number, clients, replacements, seed)).text())


if __name__ == "__main__":
    main()
