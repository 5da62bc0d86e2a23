"""Time a claim with all that hangs on it in one GraphQL query beside the requests for JSON that tell the same.

python -m benchmarks.nested --database FOLDER/codex.db [--claims 200]
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import click

from benchmarks.client import Answer, Request, ask
from benchmarks.serve import Readers, await_rest, claim_query, processor_seconds
from benchmarks.sites import Site, ours
from benchmarks.tables import Table

_GZIP = ("Accept-Encoding: gzip",)
_WARM_UP = 20


class Cost(NamedTuple):
    """What one claim took: milliseconds until the last byte, and of the server's processors."""

    time: float
    work: float


def by_graphql(claim: str) -> list[Request]:
    """The first documented query."""
    return [claim_query(claim)]


def by_json(claim: str) -> list[Request]:
    """What a client would ask for instead: the claim, its arguments, its sources and its tags."""
    id_ = quote(claim)
    questions = (
        f"claims.json?id={id_}&_labels=on&_nofacet=1",
        f"arguments_of_claim.json?claim={id_}",
        f"claim_sources.json?claim={id_}&_nofacet=1",
        f"document_tags.json?document={id_}&_nofacet=1",
    )
    return [Request(f"/codex/{question}&_shape=objects", headers=_GZIP) for question in questions]


def cost(site: Site, claims: Sequence[list[Request]]) -> Cost:
    """The median time of a claim's requests one after the other, and their mean work."""
    answers: list[Answer] = []
    before = processor_seconds(site.process)
    ask(site.port, (request for requests in claims for request in requests), 1, answers.append)
    work = 1_000 * (processor_seconds(site.process) - before) / len(claims)
    failed = [answer for answer in answers if answer.status != 200]
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(answers)} requests failed: {failed[0].body[:200]!r}")
    each = len(claims[0])
    sums = [1_000 * sum(answer.seconds for answer in answers[at : at + each]) for at in range(0, len(answers), each)]
    return Cost(statistics.median(sums), work)


def table(database: Path, claims: int, seed: int) -> Table:
    """Both ways, for claims that nobody asked for before, and for the same once more."""
    readers = Readers(database, seed, once=True)
    ids = [readers.claim() for _ in range(min(claims + _WARM_UP, readers.claims))]
    rows = []
    with ours(database) as site:
        await_rest(site)
        for ways in (by_graphql, by_json):
            cost(site, [ways(claim) for claim in ids[:_WARM_UP]])
        for name in ("for the first time", "once more"):
            one, many = (cost(site, [way(claim) for claim in ids[_WARM_UP:]]) for way in (by_graphql, by_json))
            rows.append(
                (
                    *(name, f"{one.time:.1f} ms", f"{many.time:.1f} ms", f"{one.time / many.time:.2f}×"),
                    *(f"{one.work:.1f} ms", f"{many.work:.1f} ms", f"{one.work / many.work:.2f}×"),
                )
            )
    heads = ("", "GraphQL", "JSON, 4 requests", "GraphQL × JSON", "work", "work of JSON", "work × JSON")
    return Table(f"A claim and what bears on it, of {readers.claims:,} claims", heads, rows)


@click.command()
@click.option("--database", type=click.Path(path_type=Path, exists=True), required=True, help="A codex.db.")
@click.option("--claims", default=200, show_default=True, help="How many claims are asked for.")
@click.option("--seed", default=1, show_default=True, help="Which claims.")
def main(database: Path, claims: int, seed: int) -> None:
    """Time a claim in one GraphQL query beside the requests for JSON that tell the same."""
    click.echo(table(database.resolve(), claims, seed).text())


if __name__ == "__main__":
    main()
