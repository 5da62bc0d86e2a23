"""Measure everything and write docs/performance.md with its plots.

python -m benchmarks.report --files 1000 --files 10000 --files 100000 --node-modules FOLDER/node_modules
"""

from __future__ import annotations

import datetime
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks import compare, machine, refresh, serve, watch
from benchmarks.compare import FULL, MDDB, UNCHANGED, YARDSTICK, Comparison
from benchmarks.generate import write_base
from benchmarks.measure import median, run
from benchmarks.plot import Group, plot
from benchmarks.refresh import Refreshing
from benchmarks.serve import Serving
from benchmarks.sites import PROJECT
from benchmarks.tables import Table
from benchmarks.watch import Watching

_OPENING = """# Performance

What a build costs, how fast the site answers, and how soon a change is seen. This page and its plots are written by
`{command}`; every figure comes from that one run.

Read the ratios. Seconds belong to the machine below, while a ratio compares two programs that ran in turn on the same
files in the same minutes, so it should hold on another machine too. A floor under every full build is the yardstick:
`sqlite-utils insert-files` and `enable-fts`, which read every file into a table and index it, and understand
nothing. Figures are medians; beside them stands how far the rounds spread. What spreads widely says little.

The bases are made by `python -m benchmarks.generate`: the same seed gives the same bytes. Four files in ten are
archived sources and most others claims, with prose titles, about six links a file, words as frequent as in real texts,
and two files in a hundred with a fault that real bases have. Each has a history in git with about six commits for every
hundred files.
"""
_BUILDS = """A full build reads, resolves, analyses, writes, indexes and checks everything, history included. The others
get the same files without the history; mddb gets them without the faults, of which the first would end it. Memory is
the most that a program and the processes it starts held at once, shared pages counted once."""
_SERVING = """Our site as `build.py --serve` serves it beside a stock Datasette without pages, metadata or plugins (but
the one for GraphQL) on the same file. Clients keep their connections and run on the same cores as the server. They ask
for some claims and words far more often than for others, so that a site may answer from memory, but where it says for
the first time. A stock Datasette has no page of its own for a canned query; it is asked the same SQL. Work is
what an answer takes the processors."""

_BALANCED = """The site as it is deployed where one process is not enough: `deploy/nginx.conf` before two processes,
which use both cores where one uses little more than one. nginx keeps nothing here, as if nobody had asked before; the
processes keep answers as a single one does."""


class Results(NamedTuple):
    """Everything that one run measured."""

    comparisons: list[Comparison]
    serving: Serving
    refreshing: Refreshing | None
    watching: Watching | None


class Bar(NamedTuple):
    """Something that is asked of the project: what was found, and whether that is enough."""

    what: str
    found: str
    met: bool | None


def bars(results: Results) -> list[Bar]:
    """What is asked, beside what was found; where a size was not measured, that is what it says."""
    sizes = {comparison.ground.files: comparison for comparison in results.comparisons}
    ten, hundred = sizes.get(10_000), sizes.get(100_000)
    changed = [_ratio(ten, name, FULL) for name in compare.CHANGES]
    worst = max((ratio for ratio in changed if ratio is not None), default=None)
    times = "over {:.0f}×" if ten and MDDB in ten.stopped else "{:.0f}×"
    return [
        _bar(
            "10,000 files: a full build at most 2.5× the yardstick", _ratio(ten, FULL, YARDSTICK), "{:.2f}×", _most(2.5)
        ),
        _bar("10,000 files: at least 40× faster than mddb", _ratio(ten, MDDB, FULL), times, _least(40)),
        _bar("from 10,000 to 100,000 files: at most 11×", _grown(ten, hundred), "{:.1f}×", _most(11)),
        _bar("10,000 files, nothing changed: under 10 % of it", _ratio(ten, UNCHANGED, FULL), "{:.1%}", _most(0.1)),
        _bar("10,000 files, one changed: under 15 % of it, the worst of four", worst, "{:.1%}", _most(0.15)),
        _bar("100,000 files: under 1 GB of memory", _peak(hundred), "{:,.0f} MB", _most(1_000)),
        *_serving_bars(results.serving),
        _watching_bar(results.watching),
        _refreshing_bar(results.refreshing),
    ]


def _bar(what: str, found: float | None, form: str, enough: Callable[[float], bool]) -> Bar:
    return Bar(what, "not measured", None) if found is None else Bar(what, form.format(found), enough(found))


def _most(bound: float) -> Callable[[float], bool]:
    return lambda found: found <= bound


def _least(bound: float) -> Callable[[float], bool]:
    return lambda found: found >= bound


def _ratio(comparison: Comparison | None, name: str, to: str) -> float | None:
    return comparison.ratio(name, to) if comparison else None


def _grown(ten: Comparison | None, hundred: Comparison | None) -> float | None:
    return compare.grown(FULL, ten, hundred) if ten and hundred else None


def _peak(comparison: Comparison | None) -> float | None:
    return median(comparison.runs[FULL]).peak if comparison else None


def _serving_bars(serving: Serving) -> list[Bar]:
    asked = {
        "search page": "searches on the search page",
        "search, best first": "searches by the canned query",
        "search in the table": "searches in the table of claims",
        "claim page": "claim pages",
    }
    return [
        _bar(
            f"{serving.claims:,} claims{by}: 99 of 100 {what} within {serve.BOUNDS[name]} ms",
            {row.name: row.ours.slow for row in rows}.get(name),
            "{:.1f} ms",
            _most(serve.BOUNDS[name]),
        )
        for by, rows in (("", serving.rows), (", two processes", serving.balanced))
        for name, what in asked.items()
        if rows
    ]


def _watching_bar(watching: Watching | None) -> Bar:
    files = watching.files if watching else 10_000
    worst = max(watching.waits) if watching and watching.waits else None
    return _bar(f"{files:,} files: an edit on the page within 2 s of saving, the worst", worst, "{:.2f} s", _most(2))


def _refreshing_bar(refreshing: Refreshing | None) -> Bar:
    if refreshing is None:
        return Bar("requests while the database is replaced: none failed, none mixed", "not measured", None)
    what = (
        f"{refreshing.requests:,} requests during {refreshing.replacements} replacements: "
        "none failed, none mixed, no file left open"
    )
    found = f"{refreshing.failed} failed, {refreshing.mixed} mixed, {refreshing.gone} left open"
    return Bar(what, found, not (refreshing.failed or refreshing.mixed or refreshing.gone))


def page(results: Results, facts: Sequence[tuple[str, str]], day: datetime.date, command: str) -> str:
    """The page in Markdown."""
    asked = Table("", ("asked", "found", "met"), [(bar.what, bar.found, _word(bar.met)) for bar in bars(results)])
    parts = [
        _OPENING.format(command=command),
        "\n".join(
            ["| machine | |", "|---|---|", *(f"| {what} | {value} |" for what, value in facts), f"| Date | {day} |"]
        ),
        f"## What is asked\n\n{asked.markdown()}",
        f"## Builds\n\n{_BUILDS}\n\n![How many times the yardstick each takes](performance-builds.svg)",
        *(_section(compare.table(comparison)) for comparison in results.comparisons),
        *([_section(compare.growth(results.comparisons))] if len(results.comparisons) > 1 else []),
        f"## Serving\n\n{_SERVING}\n\n![How many times a stock Datasette ours takes](performance-serving.svg)",
        _section(serve.table(results.serving)),
        *([f"{_section(serve.balanced_table(results.serving))}\n\n{_BALANCED}"] if results.serving.balanced else []),
        "## Changes",
        _section(refresh.table(results.refreshing)) if results.refreshing else "Replacing was not measured.",
        _section(watch.table(results.watching)) if results.watching else "Watching was not measured.",
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _word(met: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[met]


def _section(table: Table) -> str:
    return f"### {table.title}\n\n{table.markdown()}"


def plot_builds(comparisons: Sequence[Comparison]) -> str:
    """How many times the yardstick each contestant takes, for each size."""
    groups = []
    for comparison in comparisons:
        ratios = [(name, comparison.ratio(name, YARDSTICK)) for name in comparison.runs]
        ordered = sorted(((name, ratio) for name, ratio in ratios if ratio), key=lambda bar: bar[1])
        groups.append(Group(f"{comparison.ground.files:,} files", ordered))
    title = "Time of a build, as a multiple of merely storing and indexing the files"
    return plot(
        title, "Bars left of 1× are faster than that, bars right of it slower; the scale is logarithmic.", groups
    )


def plot_serving(serving: Serving) -> str:
    """How many times as long as a stock Datasette ours takes, for each kind of request both can answer."""
    rows = [(row.name, row.ours, row.stock) for row in serving.rows if row.stock and row.stock.rate and row.ours.rate]
    groups = [
        Group("half of the answers (p50)", [(name, own.middle / stock.middle) for name, own, stock in rows]),
        Group("99 of 100 answers (p99)", [(name, own.slow / stock.slow) for name, own, stock in rows]),
    ]
    title = "Time of an answer, as a multiple of a stock Datasette's"
    return plot(title, "Bars left of 1× are faster than it, bars right of it slower; the scale is logarithmic.", groups)


def served_database(folder: Path, comparisons: Sequence[Comparison], files: int, seed: int) -> Path:
    """A database of so many files: one that was compared, or else a new one."""
    for comparison in comparisons:
        if comparison.ground.files == files:
            return comparison.ground.database(len(comparison.runs[FULL]) - 1)
    base, database = folder / "served" / "base", folder / "served" / "codex.db"
    write_base(base, files, seed)
    run((sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet"), folder)
    return database


@click.command()
@click.option("--files", "sizes", default=(1000,), show_default=True, multiple=True, help="How many; repeatable.")
@click.option("--rounds", default=3, show_default=True, help="How often each build is run.")
@click.option("--seed", default=1, show_default=True, help="The seed of the generated bases.")
@click.option("--node-modules", type=click.Path(path_type=Path, exists=True), help="Where npm has installed mddb.")
@click.option("--limit", default=1200.0, show_default=True, help="Seconds after which mddb is stopped.")
@click.option("--serve-files", type=int, help="The files of the base that is served; by default the most built.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each kind of request is made.")
@click.option("--clients", default=4, show_default=True, help="How many requests at a time.")
@click.option("--requests", default=10_000, show_default=True, help="How many while the database is replaced.")
@click.option("--replacements", default=20, show_default=True, help="How often it is replaced; 0 does not try it.")
@click.option("--edits", default=10, show_default=True, help="How many edits are watched; 0 watches none.")
@click.option("--output", type=click.Path(path_type=Path), default=PROJECT / "docs", help="The folder to write to.")
def main(
    sizes: tuple[int, ...],
    rounds: int,
    seed: int,
    node_modules: Path | None,
    limit: float,
    serve_files: int | None,
    seconds: float,
    clients: int,
    requests: int,
    replacements: int,
    edits: int,
    output: Path,
) -> None:
    """Measure builds, serving, refreshing and watching, and write the page and plots of what was found."""
    modules = node_modules.resolve() if node_modules else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        comparisons = []
        for comparison in compare.compare_sizes(folder, sorted(sizes), rounds, seed, modules, limit):
            comparisons.append(comparison)
            click.echo(compare.table(comparison).text() + "\n")
        database = served_database(folder, comparisons, serve_files or max(sizes), seed)
        serving = serve.measure(database, clients, seconds, seed)
        click.echo(serve.table(serving).text() + "\n")
        refreshing = None
        if replacements:
            (folder / "refreshing").mkdir()
            refreshing = refresh.measure(folder / "refreshing", min(sizes), requests, clients, replacements, seed)
            click.echo(refresh.table(refreshing).text() + "\n")
        ground = max(
            (each.ground for each in comparisons if each.ground.files <= 10_000), default=comparisons[0].ground
        )
        watching = None
        if edits:
            watching = watch.measure(folder, ground.base, ground.files, edits)
            click.echo(watch.table(watching).text() + "\n")
    results = Results(comparisons, serving, refreshing, watching)
    words = " ".join(["python -m benchmarks.report", *(f"--files {files}" for files in sorted(sizes))])
    output.mkdir(parents=True, exist_ok=True)
    text = page(results, machine.describe(modules), datetime.datetime.now(tz=datetime.timezone.utc).date(), words)
    (output / "performance.md").write_text(text, encoding="utf-8")
    (output / "performance-builds.svg").write_text(plot_builds(comparisons), encoding="utf-8")
    (output / "performance-serving.svg").write_text(plot_serving(serving), encoding="utf-8")


if __name__ == "__main__":
    main()
