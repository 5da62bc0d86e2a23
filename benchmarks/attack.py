"""Attack the site with what takes long, much or both, and time other readers meanwhile beside when nobody attacks it.

python -m benchmarks.attack --database FOLDER/codex.db [--loops 4] [--seconds 20]
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import click

from benchmarks.client import Answer, Request, _Connection, ask
from benchmarks.serve import Readers, claim_page, requests, search_page, table_json
from benchmarks.sites import HOST, PROJECT, Site, free_port, serving
from benchmarks.tables import Table
from claimbase.serve import command

MOST_SECONDS, MOST_MEGABYTES, MOST_ANSWER, MOST_TIMES = 2.0, 256.0, 20.0, 4.0

_LONG = "printf('%.*c', 999999, 'a')"
_ENDLESS = "with recursive n (x) as (select 1 union all select x + 1 from n) "
_CROSS = "(select count(*) from links a, links b, links c, links d) > 0"
# By what they are, SQL in a reader's own words.
STATEMENTS = {
    "zeroblob": "select zeroblob(1000000000)",
    "randomblob": "select hex(randomblob(1000000000))",
    "a width given beside": "select length(printf('%.*c', 1000000000, 'a'))",
    "a width given within": "select length(format('%.1000000000c', 'a'))",
    "a long text as hexadecimal": f"select hex({_LONG})",
    "a long text in quotes": f"select quote({_LONG} || {_LONG})",
    "a text that doubles": (
        "with recursive n (x) as (select 'a' union all select x || x from n) select max(length(x)) from n"
    ),
    "all numbers in a text": f"{_ENDLESS} select group_concat(x) from n",
    "all numbers in a list": f"{_ENDLESS} select json_group_array(x) from n",
    "all numbers in an object": f"{_ENDLESS} select json_group_object(x, 'aaaaaaaaaaaaaaaa') from n",
    "a recursion without end": f"{_ENDLESS} select count(*) from n",
    "rows without end": f"{_ENDLESS} select x from n",
    "long rows without end": f"{_ENDLESS} select {_LONG} from n",
    "many long columns": f"select {', '.join([_LONG] * 150)}",
    "many cells": f"{_ENDLESS} select {', '.join(['x'] * 199)} from n",
    "letters that become long in JSON": f"{_ENDLESS} select printf('%.*c', 19000, char(1)) from n",
    "letters that become long in HTML": f"{_ENDLESS} select printf('%.*c', 19000, '<') from n",
    "long rows to sort": f"{_ENDLESS} select count(*) from (select x, printf('%.*c', 90000, 'a') y from n order by y)",
    "rows to tell apart": f"{_ENDLESS} select count(*) from (select distinct x || 'aaaaaaaaaaaaaaaaaaaaaaaa' from n)",
    "a cross join": "select count(*) from links a, links b, links c, links d",
    "a cross join to sort": "select a.body || b.body from claims a, claims b order by 1",
    "a cross join of views": "select count(*) from claim_links a, claim_links b, claim_links c",
    "a long list": f"select 1 in ({','.join(map(str, range(3500)))})",
    "a long pattern": f"select {_LONG} like '%{'a' * 45}b'",
    "many patterns": "select " + ", ".join([f"({_LONG} like '%{'a' * 45}b')"] * 19),
    "a pattern in each row": f"{_ENDLESS} select sum({_LONG} like '%{'a' * 45}b') from n",
    "a pattern of classes": f"select {_LONG} glob '*{'[^b]' * 11}c'",
    "a regular expression": "select 'a' regexp '(a+)+b'",
    "much JSON": f"select {', '.join([f'json_quote({_LONG})'] * 100)}",
    "deep JSON": "select json(printf('%.*c', 400000, '[') || printf('%.*c', 400000, ']'))",
    "JSON in each row": f"select sum(json_array_length('[' || replace({_LONG[:15]}90000, 'a'), 'a', '1,') || '1]')) "
    "from links a, links b",
    "a part that is hard to find": f"select sum(instr({_LONG}, printf('%.*c', 400000, 'a') || 'b')) from links",
    "ends to trim": f"select sum(length(trim({_LONG}, 'ab'))) from links, claims",
    "a word to replace": f"select sum(length(replace({_LONG}, 'a', 'b'))) from links",
    "a year to read": f"{_ENDLESS} select max(strftime({_LONG}, 'now')) from n",
    "another file": "attach '/etc/passwd' as other",
    "a setting": "pragma writable_schema = 1",
    "a setting as a table": "select * from pragma_database_list",
    "an extension": "select load_extension('/tmp/anything')",
    "a deletion": "with a as (select 1) delete from claims",
    "an order to an index": "insert into claims_fts (claims_fts) values ('optimize')",
    "two statements": "select 1; select 2",
    "all words of an index": "select * from claims_fts where claims_fts match '" + " OR ".join(["a*"] * 1500) + "'",
    "words that are near": "select * from claims_fts where claims_fts match 'NEAR(" + "the " * 1500 + ", 1000000)'",
    "many words of an index": "select 1 from claims_fts where claims_fts match "
    "replace(printf('%.*c', 49000, 'a'), 'a', 'a ')",
    "brackets of an index": "select 1 from claims_fts where claims_fts match '" + "(" * 9000 + "a" + ")" * 9000 + "'",
    "snippets": "select snippet(claims_fts, -1, '<', '>', '', 64) from claims_fts where claims_fts match 'a* OR t*'",
    "brackets": f"select {'(' * 9000}1{')' * 9000}",
    "a long sum": f"select {'+'.join(['1'] * 9000)}",
    "negations": f"select {'not ' * 4000}1",
    "cases in cases": f"select {'case when 1 then ' * 900}1{' end' * 900}",
    "many selects": " union all ".join(["select 1"] * 1400),
    "many tables": "select count(*) from " + " natural join ".join(f"(select id from claims) a{i}" for i in range(60)),
    "a megabyte, less what no address holds": f"select '{'a' * 60_000}'",
    "a window over all": f"{_ENDLESS} select sum(x) over (order by x rows between unbounded preceding and 1 following) "
    "from n",
    "joins of joins": "with a as (select 1 x union all select 1), "
    + ", ".join(f"{chr(98 + i)} as (select p.x from {chr(97 + i)} p, {chr(97 + i)} q)" for i in range(12))
    + " select count(*) from m",
}
# By what they are, addresses.
ADDRESSES = {
    "a condition": f"/codex/claims.json?_where={quote(_CROSS)}",
    "a condition on a page": f"/codex/claims?_where={quote(_CROSS)}",
    "an extension in a condition": "/codex/claims.json?_where=load_extension('x')",
    "a condition counted by facets": f"/codex/claims.json?_facet=domain&_facet=title&_where={quote(_CROSS)}",
    "a condition in a stream": f"/codex/links.csv?_stream=1&_where={quote(_CROSS)}",
    "a stream of a cross join": f"/codex.csv?_stream=1&sql={quote('select a.*, b.* from claims a, claims b, links c')}",
    "a facet again and again": "/codex/claims?" + "&".join(["_facet=title"] * 240),
    "facets of long texts": "/codex/claims?" + "&".join(["_facet=body", "_facet=source", "_facet=title"] * 4),
    "facets of what are no lists": "/codex/documents?" + "&".join(["_facet_array=front_matter"] * 12),
    "facets of what are no dates": "/codex/claims.json?" + "&".join(["_facet_date=body"] * 12),
    "all rows there may be on a page": "/codex/documents?_size=max&_facet=id&_facet_size=max",
    "more rows than there may be on a page": "/codex/documents.json?_size=999999999",
    "words in a table": f"/codex/claims.json?_search={quote('a* ' * 5000)}",
    "raw words in a table": f"/codex/claims.json?_searchmode=raw&_search={quote(' OR '.join(['a*'] * 5000))}",
    "words": f"/search?q={quote('a* ' * 5000)}",
    "quotation marks": f"/search?q={'%22' * 20_000}",
    "a word": f"/search?q={'a' * 60_000}",
    "patterns in a table": f"/codex/claims.json?body__contains={quote('%a' * 20)}&body__glob={quote('*[^b]' * 18)}c",
    "many filters": "/codex/claims.json?" + "&".join(["body__contains=a"] * 1000),
    "many values": f"/codex/claims.json?id__in={','.join(map(str, range(9000)))}",
    "many columns": "/codex/claims.json?" + "&".join(["_col=title"] * 5000),
    "no column to sort by": "/codex/links.json?_sort=nothing",
    "no place to go on from": f"/codex/claims.json?_next={'a,' * 5000}",
    "a long parameter": f"/codex/support_chain?claim={'a' * 50_000}",
    "many parameters": f"/codex?sql={quote('select ' + ', '.join(f':p{i}' for i in range(1500)))}",
    "a long id": f"/document/{'a' * 50_000}",
    "a long id of a preview": f"/preview/{'a' * 50_000}",
    "a long key": f"/codex/claims/{'~2F' * 10_000}",
    "a long focus": f"/map?focus={'a' * 60_000}",
    "changes": "/changes?" + "&".join(["claim=a"] * 5000),
    "GraphQL by another name": "/graphql?query="
    + quote("{" + " ".join(f"a{i}: claims(first: 1000) {{ nodes {{ body }} }}" for i in range(40)) + "}"),
    "deep GraphQL": "/graphql?query=" + quote("{ claims " + "{ nodes { supports " * 200 + "}}" * 200 + "}"),
    "fragments in fragments": "/graphql?query="
    + quote("{...a0} " + " ".join(f"fragment a{i} on Query {{...a{i + 1} ...a{i + 1}}}" for i in range(200))),
    "more than there may be of GraphQL": "/graphql?query=" + quote("{ claims(first: 99999999) { nodes { body } } }"),
    "introspection": "/graphql?query="
    + quote("{__schema{types{fields{type{fields{type{fields{type{fields{type{name}}}}}}}}}}}"),
}
# What the addresses say without a page around it.
FORMS = ("", ".json")


def attacks() -> dict[str, str]:
    """All of them by name, as addresses."""
    return ADDRESSES | {
        f"{name}{form}": f"/codex{form}?sql={quote(statement)}"
        for name, statement in STATEMENTS.items()
        for form in FORMS
    }


class Taken(NamedTuple):
    """What the server did with one attack: its status, seconds, and megabytes of answer and of memory over idle."""

    name: str
    status: int
    seconds: float
    answer: float
    memory: float


def resident(process: int, peak: bool = False) -> float:
    """Megabytes of memory that a process holds, or has held at most since it was last asked to forget it."""
    key = "VmHWM:" if peak else "VmRSS:"
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1024


def try_each(site: Site) -> list[Taken]:
    """Each attack by itself, in turn."""
    idle = resident(site.process)
    taken: list[Taken] = []
    for name, path in attacks().items():
        Path(f"/proc/{site.process}/clear_refs").write_text("5", encoding="ascii")

        def note(answer: Answer, name: str = name) -> None:
            over = resident(site.process, peak=True) - idle
            taken.append(Taken(name, answer.status, answer.seconds, len(answer.body) / 1e6, over))

        ask(site.port, iter([Request(path)]), 1, note)
        # The server rests after what took long, and the next would wait for that.
        time.sleep(min(taken[-1].seconds, 1))
    return taken


async def _attack(port: int, paths: Sequence[str], until: float) -> None:
    connection = _Connection(port)
    for path in cycle(paths):
        if time.perf_counter() > until:
            break
        await connection.ask(Request(path))
    connection.close()


async def _read(port: int, wanted: Iterator[Request], until: float, seen: list[float], failed: list[int]) -> None:
    connection = _Connection(port)
    for request in wanted:
        if time.perf_counter() > until:
            break
        answer = await connection.ask(request)
        seen.append(answer.seconds)
        if answer.status != 200:
            failed.append(answer.status)
        await asyncio.sleep(0.1)
    connection.close()


def read_pages(site: Site, database: Path, seconds: float, loops: int) -> tuple[list[float], list[int]]:
    """The seconds that each of four readers' pages took while so many loops attack, and the answers that were none."""
    seen: list[float] = []
    failed: list[int] = []
    paths = list(attacks().values())
    random.Random(7).shuffle(paths)  # noqa: S311 - no secret, only the same order every time

    async def together() -> None:
        until = time.perf_counter() + seconds
        kinds = (claim_page, claim_page, search_page, table_json)
        reading = [
            _read(site.port, requests(kind, Readers(database, number)), until, seen, failed)
            for number, kind in enumerate(kinds)
        ]
        attacking = [_attack(site.port, paths[number * 7 :], until) for number in range(loops)]
        await asyncio.gather(*reading, *attacking)

    asyncio.run(together())
    return seen, failed


@contextlib.contextmanager
def public(database: Path, *words: str) -> Iterator[Site]:
    """The site as everyone is served."""
    port = free_port()
    with serving([*command(PROJECT, database, HOST, port), "--setting", "trace_debug", "0", *words], port) as site:
        yield site


def _milliseconds(times: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return 1000 * cuts[49], 1000 * cuts[98]


@click.command()
@click.option("--database", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--loops", default=4, show_default=True, help="How many attack at a time.")
@click.option("--seconds", default=20.0, show_default=True, help="How long readers are timed, each time.")
def main(database: Path, loops: int, seconds: float) -> None:
    """Attack the site, and say what it took and what others noticed."""
    with public(database.resolve()) as site:
        read_pages(site, database, 2, 0)
        idle, _ = read_pages(site, database, seconds, 0)
        taken = try_each(site)
        attacked, failed = read_pages(site, database, seconds, loops)
    worst = sorted(taken, key=lambda one: -one.seconds)[:10]
    rows = [
        (one.name, str(one.status), f"{one.seconds:.2f}", f"{one.answer:.1f}", f"{one.memory:.0f}") for one in worst
    ]
    most = ("the most of all", "", *(f"{max(values):.2f}" for values in list(zip(*taken, strict=True))[2:]))
    bounds = ("the bound", "", f"{MOST_SECONDS:.2f}", f"{MOST_ANSWER:.1f}", f"{MOST_MEGABYTES:.0f}")
    heads = ("attack", "status", "s", "MB of answer", "MB over idle")
    click.echo(Table(f"{len(taken)} attacks, one by one", heads, [*rows, most, bounds]).text())
    before, after = _milliseconds(idle), _milliseconds(attacked)
    times = [
        (f"p{name}", f"{was:.1f}", f"{now:.1f}", f"{now / was:.1f}")
        for name, was, now in zip(("50", "99"), before, after, strict=True)
    ]
    note = f"of {len(attacked)} pages {len(failed)} failed; the bound is {MOST_TIMES:.0f} times at p99"
    title = f"other readers, while {loops} loops attack (ms)"
    click.echo(Table(title, ("", "idle", "attacked", "times"), times, [note]).text())


if __name__ == "__main__":
    main()
