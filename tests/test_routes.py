"""Routes: whatever is asked of whatever address is answered, in the form that was asked for, and not with a fault."""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.attack import MOST_ANSWER
from tests.conftest import QUESTIONS, open_site

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

STATUSES = {200, 301, 302, 304, 400, 403, 404, 405, 410, 413, 415, 503}
TABLES = [*QUESTIONS.tables, *QUESTIONS.canned, "claims_fts", "sqlite_master", "nowhere"]
COLUMNS = sorted({column for table in QUESTIONS.tables.values() for column in table.columns} | {"rowid", "nothing"})
WORDS = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "max", "naps", "*", '"', "%", "a,b", "null", "[]", "{}", "on", "2026-01-01", "~2F"]
    ),
    st.sampled_from(COLUMNS),
    st.integers().map(str),
    st.text(max_size=12),
)
IDS = st.one_of(
    WORDS, st.sampled_from(["naps-restore-attention-within-twenty-minutes", "sleep", "mara", "drowsy-labs"])
)
FORMS = st.sampled_from(["", ".json", ".csv", ".atom", ".blob", ".jsono", ".nothing"])
WHOLES = ["", "health", "map", "map.json", "changes", "changes.atom", "search", "data", "robots.txt", "favicon.ico"]
WHOLES += [
    "sitemap.xml",
    "sitemap-1.xml",
    "sitemap-9.xml",
    "graphql",
    "graphql/codex",
    "graphql/codex.graphql",
    "codex",
]
WHOLES += ["codex.json", "codex.csv", "-/static/app.css", "-/actor.json", "static/claimbase.css", "_memory", "nothing"]
OPERATIONS = ["exact", "not", "contains", "gt", "like", "glob", "in", "notin", "arraycontains", "date", "isnull", "x"]
SPECIAL = ["_size", "_next", "_sort", "_sort_desc", "_facet", "_facet_array", "_facet_date", "_facet_size", "_col"]
SPECIAL += [
    "_nocol",
    "_search",
    "_searchmode",
    "_where",
    "_shape",
    "_labels",
    "_json",
    "_json_infinity",
    "_nl",
    "_trace",
]
SPECIAL += ["_stream", "_header", "_dl", "_ttl", "_through", "_timelimit", "_filter_column", "_filter_op", "_extra"]
SPECIAL += ["_filter_value", "_nofacet", "_nocount", "_nosuggest", "_search_title", "sql", "q", "kind", "domain"]
SPECIAL += ["focus", "claim", "field", "agent", "behind", "query", "variables", "operationName", "confidence"]

PATHS = st.one_of(
    st.sampled_from(WHOLES),
    st.builds(lambda table, form: f"codex/{table}{form}", st.sampled_from(TABLES), FORMS),
    st.builds(
        lambda table, id_, form: f"codex/{table}/{quote(id_, safe='')}{form}", st.sampled_from(TABLES), IDS, FORMS
    ),
    st.builds(lambda first, id_: f"{first}/{quote(id_, safe='')}", st.sampled_from(["document", "preview"]), IDS),
    st.text(max_size=12).map(lambda text: quote(text.lstrip("/"))),
)
NAMES = st.one_of(
    st.sampled_from(SPECIAL),
    st.sampled_from(COLUMNS),
    st.builds(
        lambda column, operation: f"{column}__{operation}", st.sampled_from(COLUMNS), st.sampled_from(OPERATIONS)
    ),
    st.text(max_size=6),
)
QUERIES = st.lists(st.tuples(NAMES, WORDS), max_size=4)


@pytest.fixture(scope="module")
def asker(past_database: object) -> Iterator[tuple[asyncio.AbstractEventLoop, list[Datasette]]]:
    """A loop of its own, and the site that is asked within it."""
    loop = asyncio.new_event_loop()
    yield loop, []
    loop.close()


def query_string(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def check(answer: object, path: str) -> None:
    """What each answer is promised to be."""
    status, body, headers = answer.status_code, answer.content, answer.headers  # type: ignore[attr-defined]
    assert status in STATUSES, (path, status, body[:500])
    assert len(body) < 1e6 * MOST_ANSWER
    assert b"Traceback" not in body
    if status in (301, 302, 304) or not body:
        return
    kind = headers["content-type"].partition(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    if kind == "text/html":
        assert "default-src 'none'" in headers["content-security-policy"]
    if kind in ("application/json", "application/geo+json"):
        json.loads(body)
    if kind.endswith("xml"):
        ET.fromstring(body)  # noqa: S314 - our own
    if path.partition("?")[0].endswith(".json") and status == 200:
        assert kind in ("application/json", "text/plain")


@given(path=PATHS, pairs=QUERIES)
@example(path="codex/claims.json", pairs=[("_sort", "nothing")])
@example(path="codex/claims", pairs=[("_search", '"')])
@example(path="codex.json", pairs=[("sql", "select 1/0, null, x'00', 9e999")])
def test_whatever_is_asked_is_answered(
    asker: tuple[asyncio.AbstractEventLoop, list[Datasette]],
    past_database: object,
    path: str,
    pairs: list[tuple[str, str]],
) -> None:
    loop, sites = asker
    if not sites:
        sites.append(open_site(past_database))  # type: ignore[arg-type]
    address = f"/{path}?{query_string(pairs)}"
    check(loop.run_until_complete(sites[0].client.get(address)), address)


@given(
    path=st.sampled_from(["graphql", "graphql/codex", "codex/claims", "", "search"]),
    body=st.one_of(
        st.binary(max_size=40),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
            max_leaves=8,
        ).map(lambda value: json.dumps(value).encode()),
        st.text(alphabet='{}()[]:,.@$!"abqueryfragmenton1 ', max_size=60).map(
            lambda query: json.dumps({"query": query}).encode()
        ),
    ),
)
def test_whatever_is_sent_is_answered(
    asker: tuple[asyncio.AbstractEventLoop, list[Datasette]], past_database: object, path: str, body: bytes
) -> None:
    loop, sites = asker
    if not sites:
        sites.append(open_site(past_database))  # type: ignore[arg-type]
    sent = sites[0].client.post(f"/{path}", content=body, headers={"content-type": "application/json"})
    check(loop.run_until_complete(sent), path)
