"""Time the pages of our site beside a stock Datasette on the same file, asked by the same clients, as ratios.

python -m benchmarks.serve --files 10000 [--clients 4] [--seconds 10]
python -m benchmarks.serve --database FOLDER/codex.db
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, cycle, islice
from math import isnan, nan
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import click
import yaml

from benchmarks.client import Answer, Request, ask
from benchmarks.generate import write_base
from benchmarks.measure import run
from benchmarks.sites import PROJECT, Site, balanced, ours_and_stock
from benchmarks.tables import Table

_WARM_UP = 40
_TAGGED = 20
_LONGEST_START = 60.0
_REST = 0.05  # seconds of a processor in one second
_OWN = ("p50", "p99", "work", "a second", "failed")
_GZIP = ("Accept-Encoding: gzip",)


class Load(NamedTuple):
    """What one site answered to one kind of request: milliseconds, requests a second, and what was no answer.

    `work` is what an answer took the processors, in milliseconds: it tells less of what else the machine was doing.
    """

    middle: float
    slow: float
    rate: float
    asked: int
    failed: int
    work: float = nan


class Row(NamedTuple):
    """A kind of request, and how ours and, where it can answer at all, a stock Datasette did."""

    name: str
    ours: Load
    stock: Load | None


class Serving(NamedTuple):
    """The rows of one database: of one process and, where there is nginx, of two processes behind it."""

    claims: int
    clients: int
    rows: list[Row]
    balanced: Sequence[Row] = ()


class Readers:
    """Draws requests as readers make them: some claims and words far more often than others (Zipf).

    With `once` no claim is drawn twice, the least popular first, so that nothing can be answered from memory.
    """

    def __init__(self, database: Path, seed: int, once: bool = False) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - no secret, only the same requests every time
        with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            rows: list[tuple[str, str]] = connection.execute("select id, title from claims order by id").fetchall()
            self.domains = [row[0] for row in connection.execute("select distinct domain from claims order by 1")]
        self.claims = len(rows)
        self._chance.shuffle(rows)
        self._rows = rows
        self._unasked = rows.copy() if once else None
        self._weights = list(accumulate(1 / rank for rank in range(1, len(rows) + 1)))

    @property
    def are_left(self) -> bool:
        """Whether there is anybody left who has not asked."""
        return self._unasked is None or bool(self._unasked)

    def claim(self) -> str:
        """The id of a claim."""
        return str(self._draw()[0])

    def words(self) -> str:
        """One word of a title or two, as common as words are in titles."""
        words = self._draw()[1].split()
        return " ".join(self._chance.sample(words, min(len(words), self._chance.choice((1, 2)))))

    def domain(self) -> str:
        """The id of a domain."""
        return str(self._chance.choice(self.domains))

    def _draw(self) -> tuple[str, str]:
        if self._unasked is not None:
            return self._unasked.pop()
        return self._chance.choices(self._rows, cum_weights=self._weights)[0]


class Kind(NamedTuple):
    """A kind of request: how one is drawn for ours and for a stock Datasette."""

    name: str
    ours: Callable[[Readers], Request]
    stock: Callable[[Readers], Request] | None
    once: bool = False


def claim_page(readers: Readers) -> Request:
    """The page of a claim."""
    return Request(f"/codex/claims/{quote(readers.claim())}", headers=_GZIP)


def search(readers: Readers) -> Request:
    """The table of claims, searched as its own search box does."""
    return Request(f"/codex/claims?{urlencode({'_search': readers.words()})}", headers=_GZIP)


def search_page(readers: Readers) -> Request:
    """The page that the search box of every page leads to."""
    return Request(f"/search?{urlencode({'q': readers.words()})}", headers=_GZIP)


def ranked_search(readers: Readers) -> Request:
    """The canned query that searches and puts the best match first."""
    return Request(f"/codex/search?{urlencode({'q': readers.words()})}", headers=_GZIP)


def arguments(readers: Readers) -> Request:
    """The canned query of what a claim's arguments are."""
    return Request(f"/codex/arguments_of_claim?{urlencode({'claim': readers.claim()})}", headers=_GZIP)


def arguments_by_sql(readers: Readers) -> Request:
    """The same SQL, for a site without canned queries."""
    return Request(
        f"/codex?{urlencode({'sql': _queries()['arguments_of_claim']['sql'], 'claim': readers.claim()})}", headers=_GZIP
    )


def support_chain(readers: Readers) -> Request:
    """The canned query of what a claim rests on in the end."""
    return Request(f"/codex/support_chain?{urlencode({'claim': readers.claim()})}", headers=_GZIP)


def support_chain_by_sql(readers: Readers) -> Request:
    """The same SQL, for a site without canned queries."""
    return Request(
        f"/codex?{urlencode({'sql': _queries()['support_chain']['sql'], 'claim': readers.claim()})}", headers=_GZIP
    )


def graphql(readers: Readers) -> Request:
    """The first documented query."""
    return claim_query(readers.claim())


def claim_query(claim: str) -> Request:
    """The first documented query for a claim."""
    return _query(PROJECT / "plugins/graphql/examples/1-claim.graphql", claim)


def graphql_by_tables(readers: Readers) -> Request:
    """The heart of it, for a site that has tables alone."""
    return _query(Path(__file__).parent / "claim_by_tables.graphql", readers.claim())


def table_json(readers: Readers) -> Request:
    """Fifty claims of a domain as JSON."""
    query = {"domain": readers.domain(), "confidence": "likely", "_shape": "objects", "_size": "50"}
    return Request(f"/codex/claims.json?{urlencode(query)}", headers=_GZIP)


KINDS = (
    Kind("claim page", claim_page, claim_page),
    Kind("search page", search_page, None),
    Kind("search in the table", search, search),
    Kind("search, best first", ranked_search, None),
    Kind("canned query: arguments of a claim", arguments, arguments_by_sql),
    Kind("canned query: support chain", support_chain, support_chain_by_sql),
    Kind("GraphQL: a claim and what bears on it", graphql, graphql_by_tables),
    Kind("table as JSON", table_json, table_json),
    Kind("claim page, each for the first time", claim_page, claim_page, once=True),
    Kind("search page, each for the first time", search_page, None, once=True),
    Kind("search in the table, each for the first time", search, search, once=True),
)
AGAIN = "claim page, unchanged since (304)"
# Within how many milliseconds 99 of 100 answers are to come.
BOUNDS = {"search page": 60, "search, best first": 60, "search in the table": 60, "claim page": 40}


def _query(path: Path, claim: str) -> Request:
    body = json.dumps({"query": _text(path), "variables": {"id": claim}})
    return Request("/graphql", body.encode(), _GZIP)


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _queries() -> dict[str, dict[str, str]]:
    text = (PROJECT / "metadata.yml").read_text(encoding="utf-8")
    metadata = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    return dict(metadata["databases"]["codex"]["queries"])


def measure(database: Path, clients: int, seconds: float, seed: int) -> Serving:
    """Asks ours and a stock Datasette in turn, so many seconds for each kind of request."""
    readers = Readers(database, seed)

    def drawn(kind: Callable[[Readers], Request], once: bool) -> Iterator[Request]:
        return requests(kind, Readers(database, seed, once=True) if once else readers)

    with ours_and_stock(database) as (own, stock):
        await_rest(own)
        await_rest(stock)
        rows = [
            Row(
                kind.name,
                load(own, drawn(kind.ours, kind.once), clients, seconds, warm_up=not kind.once),
                load(stock, drawn(kind.stock, kind.once), clients, seconds, warm_up=not kind.once)
                if kind.stock
                else None,
            )
            for kind in KINDS
        ]
        tags = entity_tags(own, readers)
        if tags:
            rows.append(Row(AGAIN, load(own, cycle(tags), clients, seconds, status=304), None))
    return Serving(readers.claims, clients, rows, _measure_balanced(database, clients, seconds, seed))


def _measure_balanced(database: Path, clients: int, seconds: float, seed: int) -> list[Row]:
    """The kinds of request that are bounded, asked of two processes behind nginx; none where there is no nginx."""
    readers = Readers(database, seed)
    with balanced(database) as site:
        if site is None:
            return []
        for process in site.others:
            await_rest(Site(site.port, process))
        bounded = [kind for kind in KINDS if kind.name in BOUNDS]
        return [Row(kind.name, load(site, requests(kind.ours, readers), clients, seconds), None) for kind in bounded]


def requests(kind: Callable[[Readers], Request], readers: Readers) -> Iterator[Request]:
    """Requests of a kind, as long as there are readers."""
    while readers.are_left:
        yield kind(readers)


def load(
    site: Site, asked: Iterator[Request], clients: int, seconds: float, *, status: int = 200, warm_up: bool = True
) -> Load:
    """What a site answers in so many seconds, after some requests that do not count."""
    if warm_up:
        ask(site.port, _until(islice(asked, _WARM_UP), seconds / 2), clients, lambda _: None)
    answers: list[tuple[int, float]] = []
    before = _processors_seconds(site)
    took = ask(
        site.port, _until(asked, seconds), clients, lambda answer: answers.append((answer.status, answer.seconds))
    )
    work = 1_000 * (_processors_seconds(site) - before) / max(1, len(answers))
    good = sorted(1_000 * spent for found, spent in answers if found == status)
    if not good:
        return Load(nan, nan, 0.0, len(answers), len(answers))
    slow = good[min(len(good) - 1, int(len(good) * 0.99))]
    return Load(statistics.median(good), slow, len(good) / took, len(answers), len(answers) - len(good), work)


def await_rest(site: Site) -> None:
    """Waits until a server has done what it does unasked after its start, a minute at most."""
    deadline = time.monotonic() + _LONGEST_START
    while time.monotonic() < deadline:
        before = processor_seconds(site.process)
        time.sleep(1)
        if not processor_seconds(site.process) - before > _REST:
            return


def _processors_seconds(site: Site) -> float:
    return sum(map(processor_seconds, (site.process, *site.others)))


def processor_seconds(process: int) -> float:
    """How long a process has kept processors busy; not a number where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _until(asked: Iterator[Request], seconds: float) -> Iterator[Request]:
    deadline = time.monotonic() + seconds
    for request in asked:
        if time.monotonic() > deadline:
            return
        yield request


def entity_tags(site: Site, readers: Readers) -> list[Request]:
    """Claim pages asked for once more by the tags they came with; none where they come without."""
    first = [claim_page(readers) for _ in range(_TAGGED)]
    answers: list[Answer] = []
    ask(site.port, iter(first), 1, answers.append)
    return [
        request._replace(headers=(*request.headers, f"If-None-Match: {answer.headers['etag']}"))
        for request, answer in zip(first, answers, strict=True)
        if "etag" in answer.headers
    ]


def table(serving: Serving) -> Table:
    """The rows of one database: milliseconds, requests a second, and how many times those of a stock Datasette."""
    heads = (
        *("", *_OWN),
        *("stock p50", "stock p99", "stock work", "stock a second", "stock failed", "p50 × stock", "p99 × stock"),
    )
    rows = [(row.name, *_cells(row.ours), *_beside(row)) for row in serving.rows]
    return Table(f"{serving.claims:,} claims, {serving.clients} clients at a time", heads, rows)


def balanced_table(serving: Serving) -> Table:
    """The rows of two processes behind nginx."""
    rows = [(f"{row.name}, two processes", *_cells(row.ours)) for row in serving.balanced]
    return Table(f"{serving.claims:,} claims, two processes behind nginx", ("", *_OWN), rows)


def _cells(load: Load) -> list[str]:
    times = [f"{load.middle:.1f} ms", f"{load.slow:.1f} ms"] if load.rate else ["no answer", "no answer"]
    return [
        *times,
        "" if isnan(load.work) else f"{load.work:.1f} ms",
        f"{load.rate:,.0f}",
        f"{load.failed:,} of {load.asked:,}",
    ]


def _beside(row: Row) -> list[str]:
    if row.stock is None:
        return [""] * 7
    ratios = (row.ours.middle / row.stock.middle, row.ours.slow / row.stock.slow)
    return [*_cells(row.stock), *("" if isnan(ratio) else f"{ratio:.2f}×" for ratio in ratios)]


@click.command()
@click.option("--files", default=1000, show_default=True, help="How many files the generated base has.")
@click.option("--database", type=click.Path(path_type=Path, exists=True), help="A codex.db that is there already.")
@click.option("--clients", default=4, show_default=True, help="How many requests at a time.")
@click.option("--seconds", default=10.0, show_default=True, help="How long each kind of request is made.")
@click.option("--seed", default=1, show_default=True, help="The seed of the generated base.")
def main(files: int, database: Path | None, clients: int, seconds: float, seed: int) -> None:
    """Print how fast a site over a base answers, and how many times a stock Datasette that is."""
    if database:
        _show(measure(database.resolve(), clients, seconds, seed))
        return
    with tempfile.TemporaryDirectory() as name:
        base, database = Path(name, "base"), Path(name, "codex.db")
        write_base(base, files, seed)
        run((sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet"), Path(name))
        _show(measure(database, clients, seconds, seed))


def _show(serving: Serving) -> None:
    click.echo(table(serving).text())
    if serving.balanced:
        click.echo("\n" + balanced_table(serving).text())


if __name__ == "__main__":
    main()
