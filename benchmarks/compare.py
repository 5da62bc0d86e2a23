"""Time a full build and what comes after it beside others that read the same files, in one run, as ratios.

    python -m benchmarks.compare --files 10000 [--files 100000] [--rounds 3] [--node-modules FOLDER]

The yardstick parses nothing: `sqlite-utils insert-files` reads every file into one table, and `enable-fts` indexes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.edits import Proof, add_file, add_link, change_body, change_confidence
from benchmarks.generate import write_base
from benchmarks.history import write_history
from benchmarks.measure import Failed, Overtime, Run, median, run, together
from benchmarks.tables import Table

Change = Callable[[Path, int], Proof]
PROJECT = Path(__file__).resolve().parent.parent
YARDSTICK = "sqlite-utils insert-files, enable-fts"
FULL = "full build"
UNCHANGED = "build, nothing changed"
CHANGES: dict[str, Change] = {
    "build, a body changed": change_body,
    "build, a confidence changed": change_confidence,
    "build, a link added": add_link,
    "build, a file added": add_file,
}
REGEX = "regular expressions into JSON"
MDDB = "mddb"
MOST_FOR_MDDB = 10_000
TOO_MANY = f"not asked to read more than {MOST_FOR_MDDB:,} files"
NOT_INSTALLED = "not installed: npm install mddb in some FOLDER, then --node-modules FOLDER/node_modules"
# A peer that took longer is not asked again: its figure is far from ours whatever the chance of the moment.
_LONG_SECONDS = 60.0


class Ground(NamedTuple):
    """The folders of one size: the base, the same files without their history or faults, and room for databases."""

    files: int
    folder: Path
    megabytes: float

    @property
    def base(self) -> Path:
        return self.folder / "base"

    @property
    def plain(self) -> Path:
        return self.folder / "plain"

    @property
    def clean(self) -> Path:
        return self.folder / "clean"

    def database(self, round_number: int) -> Path:
        return self.folder / f"round-{round_number}" / "codex.db"


class Comparison(NamedTuple):
    """The runs of each contestant on one size, after how many seconds others were stopped, and why more are missing."""

    ground: Ground
    runs: dict[str, list[Run]]
    stopped: dict[str, float]
    missing: dict[str, str]

    def seconds(self, name: str) -> float | None:
        """The median of a contestant that took part."""
        return median(self.runs[name]).seconds if name in self.runs else None

    def ratio(self, name: str, to: str) -> float | None:
        """How many times as long the first takes as the second; at least so many, where the first was stopped."""
        mine, yours = self.seconds(name) or self.stopped.get(name), self.seconds(to)
        return mine / yours if mine is not None and yours is not None else None


def lay_out(folder: Path, files: int, seed: int) -> Ground:
    """Writes a base with a history under a folder, and its files once more without."""
    ground = Ground(files, folder, 0.0)
    paths = write_base(ground.base, files, seed)
    shutil.copytree(ground.base, ground.plain, copy_function=os.link)
    write_history(ground.base, paths, seed)
    return ground._replace(megabytes=sum((ground.plain / path).stat().st_size for path in paths) / 2**20)


def compare(ground: Ground, rounds: int, seed: int, node_modules: Path | None, limit: float) -> Comparison:
    """Runs everybody in turn, so many rounds, so that what slows the machine for a while slows all alike.

    Raises `Failed` where ours or the yardstick did not do what is measured: a change that did not arrive, an index
    without rows. Another peer that fails is left out with a word.
    """
    comparison = Comparison(ground, {}, {}, {})
    peers = [(YARDSTICK, partial(insert_files, ground)), (REGEX, partial(extract_by_regex, ground))]
    mddb = _mddb(node_modules) if ground.files <= MOST_FOR_MDDB else None
    if mddb:
        write_base(ground.clean, ground.files, seed, dirty_share=0)
        peers.append((MDDB, partial(index_by_mddb, ground, mddb, limit)))
    else:
        comparison.missing[MDDB] = NOT_INSTALLED if ground.files <= MOST_FOR_MDDB else TOO_MANY
    for number in range(rounds):
        ground.database(number).parent.mkdir()
        for name, work in peers:
            _add(comparison, name, work, number)
        for name, found in build_again_and_again(ground, number):
            comparison.runs.setdefault(name, []).append(found)
        if number:
            ground.database(number - 1).unlink()
    return comparison


def _add(comparison: Comparison, name: str, work: Callable[[int], Run], number: int) -> None:
    before = comparison.runs.get(name, [])
    if name in comparison.stopped or name in comparison.missing or any(run.seconds > _LONG_SECONDS for run in before):
        return
    try:
        comparison.runs[name] = [*before, work(number)]
    except Overtime as error:
        comparison.stopped[name] = error.seconds
    except Failed as error:
        if name == YARDSTICK:
            raise
        comparison.missing[name] = str(error)


def build_again_and_again(ground: Ground, number: int) -> Iterator[tuple[str, Run]]:
    """Ours: everything read, resolved, analysed, written, indexed and checked; then with little or nothing changed."""
    database = ground.database(number)
    words = (sys.executable, str(PROJECT / "build.py"), str(ground.base), "--output", str(database), "--quiet")
    yield FULL, run((*words, "--full"), ground.folder)
    yield UNCHANGED, run(words, ground.folder)
    for place, (name, change) in enumerate(CHANGES.items()):
        proof = change(ground.base, number * len(CHANGES) + place)
        yield name, run(words, ground.folder)
        if not answer(database, *proof):
            raise Failed(f"{name}: the change is not in the database")


def insert_files(ground: Ground, number: int) -> Run:
    """The yardstick: the bytes of the files in one table, with full-text search."""
    database = ground.database(number).with_name("yardstick.db")
    tool = (sys.executable, "-m", "sqlite_utils")
    text = "content_text"
    insert = (*tool, "insert-files", str(database), "files", str(ground.plain), "--text", "--pk", "path", "--silent")
    index = (*tool, "enable-fts", str(database), "files", text, "--fts5", "--tokenize", "porter")
    both = together([run(insert, ground.folder), run(index, ground.folder)])
    rows = answer(database, "select count(*) from files")
    found = answer(database, "select count(*) from files_fts where files_fts match 'domain'")
    if rows < ground.files or found < ground.files // 2:
        raise Failed(f"the yardstick holds {rows} files and finds {found} of them")
    database.unlink()
    return both


def extract_by_regex(ground: Ground, number: int) -> Run:
    """What a quick script does: no table, no link resolved, no index."""
    output = ground.database(number).with_name("regex.json")
    return run((sys.executable, "-m", "benchmarks.regex_extract", str(ground.plain), str(output)), PROJECT)


def index_by_mddb(ground: Ground, mddb: Path, limit: float, number: int) -> Run:
    """The full index of mddb, in its default settings, of files without a fault: the first fault would end it."""
    folder = ground.database(number).with_name("mddb")
    folder.mkdir()
    found = run(("node", str(mddb), str(ground.clean)), folder, limit)
    rows = answer(folder / "markdown.db", "select count(*) from files")
    if rows != ground.files:
        raise Failed(f"mddb holds {rows} of {ground.files} files")
    return found


def _mddb(node_modules: Path | None) -> Path | None:
    command = node_modules / ".bin" / "mddb" if node_modules else None
    return command if command and command.exists() and shutil.which("node") else None


def answer(database: Path, sql: str, parameters: Sequence[str] = ()) -> int:
    """The number that a query counts."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return int(connection.execute(sql, parameters).fetchone()[0])


def table(comparison: Comparison) -> Table:
    """The contestants of one size: seconds, how far they spread, ratios and memory."""
    rows = []
    for name, runs in sorted(comparison.runs.items(), key=lambda item: median(item[1]).seconds):
        middle, seconds = median(runs), sorted(run.seconds for run in runs)
        ratios = [_times(comparison.ratio(name, to)) for to in (YARDSTICK, FULL)]
        spread = f"{seconds[0]:.2f}–{seconds[-1]:.2f}"
        rows.append((name, f"{middle.seconds:.2f} s", spread, str(len(runs)), *ratios, f"{middle.peak:,.0f} MB"))
    title = f"{comparison.ground.files:,} files, {comparison.ground.megabytes:,.1f} MB"
    heads = ("", "median", "least–most", "rounds", "× sqlite-utils", "× full build", "memory")
    return Table(title, heads, rows, _notes(comparison))


def _notes(comparison: Comparison) -> list[str]:
    stopped = [
        f"{name}: stopped after {seconds:,.0f} s, more than {comparison.ratio(name, FULL):,.0f}× the full build."
        for name, seconds in comparison.stopped.items()
    ]
    return stopped + [f"{name}: {why}." for name, why in comparison.missing.items()]


def growth(comparisons: Sequence[Comparison]) -> Table:
    """How many times as long each contestant takes where there are more files."""
    pairs = list(pairwise(comparisons))
    heads = ("growth", *(f"{less.ground.files:,} → {more.ground.files:,} files" for less, more in pairs))
    names = [name for name in comparisons[0].runs if all(name in comparison.runs for comparison in comparisons)]
    rows = [(name, *(_times(grown(name, less, more)) for less, more in pairs)) for name in names]
    return Table("Growth", heads, rows)


def grown(name: str, less: Comparison, more: Comparison) -> float | None:
    before, after = less.seconds(name), more.seconds(name)
    return after / before if before and after else None


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}×"


def compare_sizes(
    folder: Path, sizes: Iterable[int], rounds: int, seed: int, node_modules: Path | None, limit: float
) -> Iterator[Comparison]:
    """Lays out and compares one size after the other, each in a folder of its own that stays."""
    for files in sizes:
        yield compare(lay_out(folder / str(files), files, seed), rounds, seed, node_modules, limit)


@click.command()
@click.option("--files", "sizes", default=(1000,), show_default=True, multiple=True, help="How many; repeatable.")
@click.option("--rounds", default=3, show_default=True, help="How often each is run.")
@click.option("--seed", default=1, show_default=True, help="The seed of the generated base.")
@click.option("--node-modules", type=click.Path(path_type=Path, exists=True), help="Where npm has installed mddb.")
@click.option("--limit", default=1200.0, show_default=True, help="Seconds after which mddb is stopped.")
def main(sizes: tuple[int, ...], rounds: int, seed: int, node_modules: Path | None, limit: float) -> None:
    """Print how long builds take beside others, and how many times theirs that is."""
    with tempfile.TemporaryDirectory() as name:
        comparisons = []
        modules = node_modules.resolve() if node_modules else None
        for comparison in compare_sizes(Path(name), sorted(sizes), rounds, seed, modules, limit):
            comparisons.append(comparison)
            click.echo(table(comparison).text() + "\n")
    if len(comparisons) > 1:
        click.echo(growth(comparisons).text())


if __name__ == "__main__":
    main()
