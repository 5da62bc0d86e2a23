"""Queries find their rows by an index, and a page asks the same few however much there is to find."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils import parse_metadata

from build import PROJECT
from claimbase.match import match_query
from claimbase.pipeline import build_database
from tests.conftest import open_site
from tests.histories import Base

CODEX: dict[str, Any] = parse_metadata((PROJECT / "metadata.yml").read_text(encoding="utf-8"))["databases"]["codex"]
TABLES: dict[str, dict[str, Any]] = CODEX["tables"]
QUERIES: dict[str, str] = {name: query["sql"] for name, query in CODEX["queries"].items()}
PAGES = {
    f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
    for path in sorted((PROJECT / "plugins" / "pages").glob("*/*.sql"))
    # What the schema says of itself is in no table.
    if path.parent.name != "data"
}

ASKED = {path.stem: path.read_text(encoding="utf-8") for path in sorted((PROJECT / "claimbase/asking").glob("*.sql"))}

# These have as many rows as their makers thought of, however large the base is.
SMALL = {"agents", "confidences", "domains", "evidence_rules", "measures", "problem_codes", "relations", "rules"}
SMALL |= {"contribution_rules", "roles", "vital_signs"}

# What is about the whole base reads the whole of a table, and why that must be.
WHOLE = {
    "api/example": "begins at the claim that carries most, and ends with it",
    "health/first_problems": "looks at the problems of every code",
    "health/severities": "counts the problems of every severity",
    "map/frame": "measures the whole map",
    "map/most_linked": "compares all claims",
    "map/roads": "counts the arguments between domains",
    "map/territories": "measures every domain",
    "home/domain_list": "counts the claims of every domain",
    "home/figures": "counts claims, sources, arguments and problems",
    "home/load_bearing": "compares all claims",
    "home/months": "counts the claims of every month",
    "home/latest": "begins at the newest, and ends with the tenth",
    "home/newest": "begins at the newest, and ends with the eighth",
    "claims_by": "any domain, any confidence",
    "claims_by_domain_and_confidence": "any domain, any confidence",
    "newest_claims": "any domain",
    "claims_by_month": "counts the claims of every month",
    "growth": "counts the claims of every month",
    "most_linked": "compares all claims",
    "beliefs_of_agent": "any agent",
    "weakest_links": "compares all claims",
    "circles": "looks among all claims, beliefs and positions",
    "positions_and_premises": "lists all positions",
    "duplicates": "lists all pairs",
    "more_like_this": "compares all pairs where no claim is named, and only there",
    "disputes": "lists all pairs",
    "unchallenged": "any domain",
    "orphans": "any domain",
    "unsourced": "any domain",
    "idle": "any domain",
    "coverage": "lists all sources",
    "problems_by_code": "any code",
    "confidence_by_domain": "counts the claims of every domain",
    "churn": "counts all changes",
    "most_revised": "compares all claims",
    "commits_without_agent": "counts what each of them changed",
    "contributors_by_weight": "any domain",
    "contributions_over_time": "counts what everybody did",
}

# By which column a view's rows are looked up, where it has one that tells them apart.
KEYS = {
    "ambiguous_links": "id",
    "change_log": "id",
    "claim_arguments": "claim",
    "claim_links": "claim",
    "claim_revisions": "id",
    "claim_sources": "claim",
    "confidence_moves": "id",
    "contributor_roles": "contributor",
    "domain_confidences": "id",
    "domain_health": "id",
    "idle_sources": "id",
    "most_linked_claims": "id",
    "orphan_claims": "id",
    "overrated_claims": "id",
    "problem_counts": "code",
    "source_coverage": "id",
    "texts": "id",
    "unchallenged_claims": "id",
    "unsourced_claims": "id",
}
KEYLESS = {
    "review_queue": "a queue is read from its head",
    "wanted_documents": "its rows are put together from dead links however they are capitalised",
}

QUIET, HUB, SOURCE = "a-nap-of-ten-minutes-helps", "sleep-is-a-need", "2020-01-01-a-paper"
"""The ids of a claim with two links, of one with as many as there are claims, and of a source."""


def write_base(root: Path, claims: int) -> None:
    """A base with so many claims that all lean on the same one, and two that nobody else has to do with.

    Every tenth of them has been rated anew since it was committed.
    """
    texts = {
        "domains/health/sleep is a need.md": claim("sleep is a need", "depends_on: [rest is a need]"),
        "domains/health/rest is a need.md": claim("rest is a need"),
        "domains/health/a nap of ten minutes helps.md": claim(
            "a nap of ten minutes helps", "depends_on: [a nap needs quiet]\nsupports: [a nap needs quiet]"
        ),
        "domains/health/a nap needs quiet.md": claim("a nap needs quiet"),
        "inbox/archive/2020-01-01-a paper.md": "---\ntype: source\ntitle: A paper\nclaims_extracted:\n"
        "  - a nap of ten minutes helps\n---\n\nText.\n",
        "agents/ada/identity.md": "# Ada\n",
    }
    for number in range(claims):
        keys = f"depends_on: [sleep is a need]\nchallenges: [claim number {max(0, number - 1)}]"
        keys += f"\nattribution: {{sourcer: [{{handle: person {number}}}]}}"
        body = f"See [[clinic {number}]] and [[2020-02-02-paper {number}]].\n\n"
        if number % 10 == 0:
            body += f"And [[nothing {number}]].\n\n### Additional Evidence (challenge)\n"
            body += f"*Source: [[2020-02-02-paper {number}]] | Added: 2026-02-02*\n"
        texts[f"domains/health/claim number {number}.md"] = claim(f"claim number {number}", keys, body)
        texts[f"inbox/archive/2020-02-02-paper {number}.md"] = (
            f"---\ntype: source\ntitle: Paper {number}\nclaims_extracted: [claim number {number}]\n---\n\nText.\n"
        )
        texts[f"entities/health/clinic {number}.md"] = "---\ntype: entity\nentity_type: company\n---\n\nText.\n"
        texts[f"agents/agent {number}/beliefs.md"] = (
            f"# Beliefs\n\n### 1. Rest {number}\n\n**Grounding:**\n- [[claim number {number}]]\n"
        )
        texts[f"agents/agent {number}/positions/Sleep {number}.md"] = (
            f"---\ntype: position\ndepends_on: [Rest {number}]\n---\n\n# Sleep {number}\n"
        )
    base = Base(root)
    base.commit(texts)
    base.commit({"domains/health/a nap needs quiet.md": claim("a nap needs quiet", body="More.")})
    for number in range(0, claims, 10):
        path = f"domains/health/claim number {number}.md"
        message = f"ada: rate\n\n- Source: inbox/archive/2020-02-02-paper {number}.md\n\nPentagon-Agent: Ada <HEADLESS>"
        base.git("switch", "--quiet", "--create", f"rate-{number}")
        base.commit({path: texts[path].replace("likely", "proven")}, message)
        base.git("switch", "--quiet", "main")
        base.git("merge", "--quiet", "--no-ff", "--no-edit", f"rate-{number}")


def claim(title: str, keys: str = "", body: str = "") -> str:
    return f"---\ntype: claim\nconfidence: likely\ncreated: 2026-01-01\n{keys}\n---\n\n# {title}\n\nSleep. {body}\n"


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The databases of a base of a hundred claims and of one of three hundred."""
    folder = tmp_path_factory.mktemp("bases")
    for claims in (100, 300):
        write_base(folder / str(claims), claims)
        (folder / f"{claims}-database").mkdir()
        build_database(folder / str(claims), folder / f"{claims}-database" / "codex.db")
    return [folder / "100-database" / "codex.db", folder / "300-database" / "codex.db"]


@pytest.fixture
def connections(bases: list[Path]) -> Iterator[list[sqlite3.Connection]]:
    opened = [sqlite3.connect(f"file:{path}?mode=ro", uri=True) for path in bases]
    for connection in opened:
        connection.create_function("escape_fts", 1, match_query, deterministic=True)
    yield opened
    for connection in opened:
        connection.close()


@pytest.fixture
def large(connections: list[sqlite3.Connection]) -> sqlite3.Connection:
    return connections[-1]


def parameters(sql: str, value: str) -> dict[str, str]:
    """A value for what a query is about, and nothing for what it may be narrowed by."""
    return {name: value if name in ("id", "claim", "q") else "" for name in re.findall(r":(\w+)", sql)}


def plan(connection: sqlite3.Connection, sql: str, **values: object) -> str:
    return "\n".join(row[3] for row in connection.execute(f"explain query plan {sql}", values))


def read_in_full(connection: sqlite3.Connection, sql: str, values: dict[str, str]) -> set[str]:
    """The tables whose rows, or the whole of an index on them, a query goes through from one end to the other.

    The plan calls tables by their aliases, so the program is asked: which b-tree is each cursor on, and which cursors
    start at an end? An index of some of the rows only is no table.
    """
    trees = {
        page: (table, definition or "")
        for page, table, definition in connection.execute("select rootpage, tbl_name, sql from sqlite_master")
    }
    opened: dict[int, int] = {}
    found = set()
    for _, operation, cursor, page, *_ in connection.execute(f"explain {sql}", values):
        if operation in ("OpenRead", "ReopenIdx"):
            opened[cursor] = page
        if operation in ("Rewind", "Last", "Sort") and cursor in opened:
            table, definition = trees[opened[cursor]]
            if not re.search(r" where ", definition):
                found.add(table)
    return found - SMALL


@pytest.mark.parametrize("name", sorted(PAGES.keys() - WHOLE.keys()))
def test_no_page_reads_a_growing_table_in_full(large: sqlite3.Connection, name: str) -> None:
    assert read_in_full(large, PAGES[name], parameters(PAGES[name], QUIET)) == set()


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - WHOLE.keys()))
def test_no_query_about_something_reads_a_growing_table_in_full(large: sqlite3.Connection, name: str) -> None:
    assert read_in_full(large, QUERIES[name], parameters(QUERIES[name], QUIET)) == set()


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_name_of_a_claim_is_looked_up_in_all_of_them(large: sqlite3.Connection, name: str) -> None:
    values = dict.fromkeys(re.findall(r":(\w+)", ASKED[name]), '"sleep"')
    assert read_in_full(large, ASKED[name], values) == set()


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_what_may_read_a_table_in_full_does(large: sqlite3.Connection, name: str) -> None:
    sql = PAGES.get(name) or QUERIES[name]
    assert read_in_full(large, sql, parameters(sql, "")) != set()


@pytest.mark.parametrize("view", sorted(KEYS))
def test_a_views_rows_are_found_by_their_key(large: sqlite3.Connection, view: str) -> None:
    assert read_in_full(large, f"select * from {view} where {KEYS[view]} = :key", {"key": QUIET}) == set()


def test_every_view_has_a_key_or_a_reason_for_none(large: sqlite3.Connection) -> None:
    views = {name for (name,) in large.execute("select name from sqlite_master where type = 'view'")}
    assert views == KEYS.keys() | KEYLESS.keys()


def steps(connection: sqlite3.Connection, sql: str, values: dict[str, str]) -> int:
    """How many instructions of its virtual machine SQLite needs for a query: the same every time."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    connection.set_progress_handler(count, 1)
    connection.execute(sql, values).fetchall()
    connection.set_progress_handler(None, 0)
    return counted


# What is to be chosen from is the same whatever the page is about.
CHOICES = {"changes/agent_list", "changes/domain_list", "changes/field_list"}
ABOUT_ONE = {
    **{
        name: sql
        for name, sql in PAGES.items()
        if not name.startswith(("home/", "health/", "map/", "search/")) and name not in CHOICES
    },
    **{name: sql for name, sql in QUERIES.items() if ":claim" in sql and name != "objections"},
    **{view: f"select * from {view} where {key} = :id" for view, key in KEYS.items()},
}


@pytest.mark.parametrize("name", sorted(ABOUT_ONE))
def test_three_times_the_base_is_no_more_work_for_a_page_about_one(
    connections: list[sqlite3.Connection], name: str
) -> None:
    sql = ABOUT_ONE[name]
    subject = SOURCE if "source" in name and name not in {"claim_sources", "sources_of_claim"} else QUIET
    small, large = (steps(connection, sql, parameters(sql, subject)) for connection in connections)
    assert large <= small + 20


def test_a_claim_that_all_others_lean_on_is_cut_before_it_is_looked_up(connections: list[sqlite3.Connection]) -> None:
    small, large = (steps(connection, PAGES["claims/bearing"], {"id": HUB}) for connection in connections)
    assert large <= small * 1.2


@pytest.mark.parametrize("narrowed", [{}, {"domain": "health"}, {"kind": "created"}, {"behind": "2026-01-02"}])
def test_three_times_the_past_is_no_more_work_for_a_page_of_changes(
    connections: list[sqlite3.Connection], narrowed: dict[str, str]
) -> None:
    sql = PAGES["changes/change_list"]
    values = parameters(sql, "") | {"claim": ""} | narrowed
    small, large = (steps(connection, sql, values) for connection in connections)
    assert large <= small * 1.2


async def test_such_a_claim_says_how_many_it_does_not_show(bases: list[Path]) -> None:
    response = await open_site(bases[-1]).client.get(f"/codex/claims/{HUB}")
    assert '<h3 id="carries">Carries <span class="count">300</span></h3>' in response.text
    assert (
        f'… and 250 more: <a href="/codex/arguments_of_claim?claim={HUB}">all arguments of this claim</a>'
        in response.text
    )


# What an index is for beside the keys, facets and sort columns of the metadata.
OTHER_USES = {
    "dependencies_premise": "what rests on a claim, a belief or a position",
    "former_names_former_id": "what became of an address that leads nowhere",
    "evidence_challenge": "what speaks against a claim, of all that bears on it",
    "metrics_mentions": "the claims that are linked to most",
    "problems_path": "the problems of a file in the order of its lines",
}


class Index(NamedTuple):
    name: str
    table: str
    columns: tuple[str, ...]
    partial: bool
    written: bool


def indexes(connection: sqlite3.Connection) -> list[Index]:
    rows = connection.execute(
        "select indexes.name, tables.name, indexes.partial, indexes.origin = 'c' "
        "from sqlite_master as tables join pragma_index_list(tables.name) as indexes "
        "where tables.type = 'table' and tables.sql like '%strict%'"
    ).fetchall()
    return [
        Index(name, table, columns_of(connection, name), bool(partial), bool(written))
        for name, table, partial, written in rows
    ]


def columns_of(connection: sqlite3.Connection, index: str) -> tuple[str, ...]:
    return tuple(name for (name,) in connection.execute("select name from pragma_index_info(?)", (index,)))


def test_no_index_is_the_beginning_of_another(large: sqlite3.Connection) -> None:
    known = indexes(large)
    doubled = [
        (one.name, other.name)
        for one in known
        for other in known
        if one.name != other.name
        and one.table == other.table
        and one.columns == other.columns[: len(one.columns)]
        and not (one.partial or other.partial)
    ]
    assert doubled == []


def test_every_index_is_for_a_key_a_facet_a_sort_or_a_reason(large: sqlite3.Connection) -> None:
    assert {index.name for index in indexes(large)} >= OTHER_USES.keys()
    for index in indexes(large):
        keys = {row[3] for row in large.execute(f"pragma foreign_key_list({index.table})")}
        shown = TABLES[index.table]
        used = keys | set(shown.get("facets", [])) | {shown.get("sort"), shown.get("sort_desc")}
        assert not index.written or index.columns[0] in used or index.name in OTHER_USES, index.name


def test_a_list_of_what_refers_to_a_row_is_read_from_an_index(large: sqlite3.Connection) -> None:
    """Datasette's filters, its counts of references, and the nested lists of GraphQL ask like this."""
    for table in {index.table for index in indexes(large)} - SMALL:
        for column in {row[3] for row in large.execute(f"pragma foreign_key_list({table})") if row[2] not in SMALL}:
            [key, *_] = [row[1] for row in large.execute(f"pragma table_info({table})") if row[5]]
            for narrower in ("", " and relation = :value") if table in ("arguments", "links") else ("",):
                sql = f"select * from {table} where {column} = :value{narrower} order by {key} limit 11"
                assert re.search(rf"SEARCH {table} USING .*\({column}=\?", plan(large, sql, value="x")), sql


@pytest.mark.parametrize(
    "table",
    [
        *("arguments", "changes", "claims", "commits", "contributions", "documents", "former_names", "metrics"),
        *("similar_claims", "sources"),
    ],
)
def test_every_page_of_a_list_is_read_in_its_order(large: sqlite3.Connection, table: str) -> None:
    shown = TABLES[table]
    order = shown["sort"] if "sort" in shown else f"{shown['sort_desc']} desc"
    keys = [row[1] for row in large.execute(f"pragma table_info({table})") if row[5]]
    for columns in (order, ", ".join([order, *keys])):
        assert "TEMP B-TREE" not in plan(large, f"select * from {table} order by {columns} limit 26"), columns


@pytest.mark.parametrize("table", ["claims", "sources", "documents"])
def test_facets_of_long_rows_are_counted_in_an_index(large: sqlite3.Connection, table: str) -> None:
    for column in TABLES[table]["facets"]:
        sql = f"select {column}, count(*) from {table} where {column} is not null group by {column}"
        assert "COVERING INDEX" in plan(large, sql), column


@pytest.mark.parametrize("table", ["arguments", "claims", "documents", "evidence", "links", "sources"])
def test_facets_of_tables_that_grow_most_are_counted_in_one_pass(large: sqlite3.Connection, table: str) -> None:
    facets = sorted(TABLES[table]["facets"])
    [columns] = [
        ", ".join(index.columns) for index in indexes(large) if index.table == table and sorted(index.columns) == facets
    ]
    steps = plan(large, f"select {columns}, count(*) from {table} group by {columns}")
    assert re.fullmatch(rf"SCAN {table} USING COVERING INDEX \w+", steps)


class Listener:
    """A plugin that writes down every statement of every connection."""

    __name__ = "listener"

    def __init__(self) -> None:
        self.statements: list[str] = []

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection, database: str) -> None:
        conn.set_trace_callback(self.statements.append)


@pytest.fixture(scope="module")
def asked(bases: list[Path]) -> Iterator[Any]:
    """Tells which statements an address takes, of a site over the larger base that has been asked for others before."""
    listener = Listener()
    pm.register(listener)
    try:
        yield statements_of(open_site(bases[-1]), listener)
    finally:
        pm.unregister(listener)


def statements_of(site: Datasette, listener: Listener) -> Callable[[str], Any]:
    async def ask(address: str) -> list[str]:
        await site.client.get("/codex/agents")
        listener.statements.clear()
        response = await site.client.get(address)
        assert response.status_code == 200, address
        # Full-text search asks its own tables in statements of its own, shown as comments.
        return [sql for sql in listener.statements if not re.match("-- (SELECT|PRAGMA)", sql)]

    return ask


async def test_a_claim_with_three_hundred_links_takes_as_many_queries_as_one_with_two(asked: Any) -> None:
    await asked("/codex/claims/a-nap-needs-quiet")
    quiet, hub = await asked(f"/codex/claims/{QUIET}"), await asked(f"/codex/claims/{HUB}")
    assert len(quiet) == len(hub) == 12


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 10),
        (f"/codex/claims/{QUIET}", 14),
        (f"/codex/sources/{SOURCE}", 7),
        ("/codex/documents/agents-ada-identity", 9),
        ("/codex/search?q=sleep", 6),
        ("/codex/domains/health", 8),
        ("/codex/agents/ada", 8),
        ("/search?q=sleep", 5),
        ("/health", 6),
        ("/changes", 8),
        (f"/changes?claim={QUIET}", 8),
        ("/changes.atom", 3),
        ("/codex/contributors/ada", 8),
        ("/map", 6),
        ("/codex/newest_claims.json", 5),
        (f"/codex/links_of_claim?claim={HUB}", 6),
        ("/codex/claims", 40),
        ("/codex/claims.json", 30),
        ("/codex/claims?_search=sleep", 40),
        ("/codex/links.json?_size=1000", 30),
    ],
)
async def test_each_sort_of_page_has_a_number_of_queries_that_it_keeps_to(asked: Any, address: str, most: int) -> None:
    separator = "&" if "?" in address else "?"
    await asked(address)
    again = await asked(f"{address}{separator}_again=1")
    assert len(again) <= most, "\n".join(again)


async def test_whole_tables_are_not_counted_again_for_each_page(asked: Any) -> None:
    for address in ("/", "/codex", "/codex/claims", "/codex/links.json", f"/codex/claims/{HUB}"):
        counted = [sql for sql in await asked(address) if re.fullmatch(r"select count\(\*\) from \S+\s*", sql)]
        assert counted == [], address


def test_names_in_this_module_are_those_of_the_site() -> None:
    known: Iterable[str] = PAGES.keys() | QUERIES.keys()
    assert WHOLE.keys() <= set(known)
