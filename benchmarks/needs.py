"""Time what a front end asks for, each need the one request that docs/api.md has for it, by one client.

python -m benchmarks.needs FOLDER/codex.db [--times 200]

Requests are drawn as readers make them. None is the same as one before, so that nothing is answered from memory; what
memory makes of the last one is told beside.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from itertools import count, islice, repeat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import click

from benchmarks.client import Answer, Request, ask
from benchmarks.serve import Readers, await_rest, graphql
from benchmarks.sites import Site, ours
from benchmarks.tables import Table

_WARM_UP = 20
_LISTS = [("_json", name) for name in ("arguments", "objections", "sources", "similar")]


class Need(NamedTuple):
    """What a front end shows, and how the request for it is drawn."""

    name: str
    draw: Callable[[Readers], Request]


class Latency(NamedTuple):
    """Milliseconds of a request that was not made before, and of one that was, and the bytes of an answer."""

    middle: float
    slow: float
    again: float
    size: int
    failed: int


def question(name: str, **given: Callable[[Readers], str]) -> Callable[[Readers], Request]:
    """A request for a question as a list of objects, whose parameters are drawn."""

    def draw(readers: Readers) -> Request:
        lists = _LISTS if name == "claim_with_arguments" else []
        drawn = [(key, value(readers)) for key, value in given.items()]
        return Request(f"/codex/{name}.json?{urlencode([*drawn, *lists, ('_shape', 'array')])}")

    return draw


def table_page(readers: Readers) -> Request:
    """A page of the table of claims with counts to narrow down by."""
    query = {"domain": readers.domain(), "_facet": "confidence", "_size": "20", "_shape": "objects"}
    return Request(f"/codex/claims.json?{urlencode(query)}")


NEEDS = (
    Need("claims of a domain, newest first", question("claims_by", domain=Readers.domain)),
    Need(
        "claims of a domain and a confidence, third page",
        question("claims_by", domain=Readers.domain, confidence=lambda _: "likely", offset=lambda _: "40"),
    ),
    Need("claims by words, best first", question("claims_by", q=Readers.words)),
    Need("claims by words in a domain", question("claims_by", q=Readers.words, domain=Readers.domain)),
    Need("search with snippets", question("search", q=Readers.words)),
    Need("claims of a domain with counts by confidence", table_page),
    Need("a claim with body, arguments, sources, similar", question("claim_with_arguments", claim=Readers.claim)),
    Need("GraphQL: a claim and what bears on it", graphql),
    Need("contributors", question("contributors_by_weight")),
    Need("growth", question("growth")),
    Need("growth of a domain", question("growth", domain=Readers.domain)),
)


def measure(database: Path, times: int, seed: int) -> list[tuple[str, Latency]]:
    """Each need with how long it takes, one request after the other."""
    with ours(database) as site:
        await_rest(site)
        return [(need.name, latency(site, need, Readers(database, seed), times)) for need in NEEDS]


def latency(site: Site, need: Need, readers: Readers, times: int) -> Latency:
    numbered = (_numbered(need.draw(readers), number) for number in count())
    _asked(site, islice(numbered, _WARM_UP))
    first = _asked(site, islice(numbered, times))
    again = _asked(site, repeat(next(numbered), times))[1:]
    spent = sorted(1_000 * answer.seconds for answer in first)
    return Latency(
        statistics.median(spent),
        spent[int(len(spent) * 0.99)],
        1_000 * statistics.median(answer.seconds for answer in again),
        int(statistics.median(len(answer.body) for answer in first)),
        sum(answer.status != 200 for answer in [*first, *again]),
    )


def _numbered(request: Request, number: int) -> Request:
    """The request with an argument that means nothing: to a memory of answers it is another one."""
    return request if request.body else request._replace(path=f"{request.path}&_asked={number}")


def _asked(site: Site, requests: Iterator[Request]) -> list[Answer]:
    answers: list[Answer] = []
    ask(site.port, requests, 1, answers.append)
    return answers


def table(claims: int, found: list[tuple[str, Latency]]) -> Table:
    rows = [
        (
            name,
            *(f"{milliseconds:.1f} ms" for milliseconds in one[:3]),
            f"{one.size / 1_000:.1f} kB",
            f"{one.failed}",
        )
        for name, one in found
    ]
    return Table(f"{claims:,} claims, one request at a time", ("", "p50", "p99", "again p50", "size", "failed"), rows)


@click.command()
@click.argument("database", type=click.Path(path_type=Path, exists=True))
@click.option("--times", default=200, show_default=True, help="How often each is asked.")
@click.option("--seed", default=1, show_default=True, help="The seed of what is drawn.")
def main(database: Path, times: int, seed: int) -> None:
    """Print how long a front end waits for what it shows of DATABASE."""
    database = database.resolve()
    click.echo(table(Readers(database, seed).claims, measure(database, times, seed)).text())


if __name__ == "__main__":
    main()
