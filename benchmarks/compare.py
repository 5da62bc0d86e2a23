"""Time a full build against the floor of its parts, side by side in one run, as ratios.

    python -m benchmarks.compare --files 10000 [--rounds 3]

The yardstick parses nothing: `sqlite-utils insert-files` reads every file into one table, and `enable-fts` indexes it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.generate import write_base

PROJECT = Path(__file__).resolve().parent.parent


def build(base: Path, database: Path) -> None:
    """Ours: everything read, resolved, analysed, written, indexed and checked."""
    _run(sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet")


def insert_files(base: Path, database: Path) -> None:
    """The yardstick: the bytes of the files in one table, with full-text search."""
    tool = (sys.executable, "-m", "sqlite_utils")
    _run(*tool, "insert-files", str(database), "files", str(base), "--text", "--pk", "path")
    _run(*tool, "enable-fts", str(database), "files", "content", "--fts5", "--tokenize", "porter")


def measure(work: Callable[[Path, Path], None], base: Path, folder: Path, rounds: int) -> float:
    """The median of the seconds that so many rounds of the work take, each on a new database."""
    seconds = []
    for number in range(rounds):
        started = time.perf_counter()
        work(base, folder / f"{work.__name__}-{number}.db")
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words, no shell


@click.command()
@click.option("--files", default=1000, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(files: int, rounds: int, seed: int) -> None:
    """Print how long a build of so many FILES takes, and how many times the yardstick that is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = folder / "base"
        write_base(base, files, seed)
        yardstick = measure(insert_files, base, folder, rounds)
        ours = measure(build, base, folder, rounds)
    click.echo(f"{files:,} files, median of {rounds} rounds")
    click.echo(f"{yardstick:8.2f} s  1.0×  sqlite-utils insert-files, enable-fts")
    click.echo(f"{ours:8.2f} s  {ours / yardstick:.1f}×  build.py")


if __name__ == "__main__":
    main()
