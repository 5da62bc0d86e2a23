"""A database that is replaced while it is served: shown at once, and no answer is of two builds."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.database import Database

from build import PROJECT
from plugins.refresh import missing
from tests.conftest import open_site
from tests.load import BUILDS, QUESTIONS, build_all, put_in_place, refresh_under_load

CLAIM = "/codex/claims/claim-1"
TITLES = "/codex.json?_shape=array&sql=select+title+from+claims"
GRAPHQL = "{claims(first: 3) {nodes {title supports: arguments_by_to_claim_list {nodes {from_claim {title}}}}}}"
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open descriptors are listed under /proc")


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two builds of the same claims, whose titles say which build they are of."""
    return build_all(tmp_path_factory.mktemp("builds"))


@pytest.fixture
def served(builds: dict[str, Path], tmp_path: Path) -> Path:
    """The file that is served: the build `amber`."""
    return Path(shutil.copyfile(builds["amber"], tmp_path / "codex.db"))


_OPENED: list[Datasette] = []


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    """Closes what a test has opened: Datasette's own threads keep a site alive for ever."""
    yield
    while _OPENED:
        for opened in _OPENED.pop().databases.values():
            opened.close()


def noted(site: Datasette) -> Datasette:
    _OPENED.append(site)
    return site


def whole_site(served: Path) -> Datasette:
    """The site as it is served."""
    return noted(open_site(served))


def bare_site(served: Path, **options: Any) -> Datasette:
    """A site with the plugins and with what else Datasette can be told, without the project's pages and settings."""
    files = options.pop("files", [])
    return noted(Datasette(files, immutables=[str(served)], plugins_dir=str(PROJECT / "plugins"), **options))


async def shown(site: Datasette, address: str = TITLES) -> set[str]:
    """The builds that an answer of the site is of."""
    if address == "/graphql":
        response = await site.client.post(address, json={"query": GRAPHQL})
    else:
        response = await site.client.get(address)
    assert response.status_code == 200, response.text[:500]
    return set(re.findall("|".join(BUILDS), response.text))


async def refreshing(site: Datasette) -> Any:
    """The database of a site that has started, with its hash read."""
    await site.invoke_startup()
    database = site.get_database("codex")

    async def is_read() -> bool:
        return database.is_mutable or database.hash is not None

    await until(is_read)
    return database


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Waits for what will be so, and for a minute at most."""
    for _ in range(600):
        if await is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it has not come about")


def held(path: Path) -> int:
    """How many descriptors this process holds of a file or of those whose place it took."""
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(str(link).startswith(str(path)) for link in links)


async def until_held(path: Path, number: int) -> None:
    async def is_held() -> bool:
        return held(path) == number

    await until(is_held)


async def test_a_replaced_database_is_shown_without_being_asked_to(served: Path, builds: dict[str, Path]) -> None:
    site = whole_site(served)
    assert await shown(site) == {"amber"}
    put_in_place(builds["cobalt"], served)

    async def is_new() -> bool:
        return await shown(site) == {"cobalt"}

    await until(is_new)


@pytest.mark.parametrize("address", [CLAIM, *QUESTIONS])
async def test_all_of_an_answer_is_of_the_build_its_request_began_with(
    served: Path, builds: dict[str, Path], address: str
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    with database.pinned():
        assert await shown(site, address) == {"amber"}
        put_in_place(builds["cobalt"], served)
        await database.refresh()
        assert await shown(site, address) == {"amber"}
    assert await shown(site, address) == {"cobalt"}


async def answer(site: Datasette, path: str, query: str, on_message: Callable[[Any], Awaitable[None]]) -> str:
    """What the site sends, where something happens before each message is taken."""
    body = b""

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        nonlocal body
        await on_message(message)
        body += message.get("body", b"")

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    await site.app()(scope, receive, send)
    return body.decode()


async def test_a_stream_that_has_begun_ends_in_its_own_build(served: Path, builds: dict[str, Path]) -> None:
    site = bare_site(served, settings={"max_returned_rows": 30, "default_page_size": 20})
    database = await refreshing(site)
    pieces = 0

    async def replace(message: Any) -> None:
        nonlocal pieces
        pieces += 1
        if pieces == 5:
            put_in_place(builds["cobalt"], served)
            await database.refresh()
            assert await shown_elsewhere(site) == {"cobalt"}

    text = await answer(site, "/codex/claims.csv", "_stream=1", replace)
    assert text.count("\r\n") == 61
    assert set(re.findall("|".join(BUILDS), text)) == {"amber"}


async def shown_elsewhere(site: Datasette) -> set[str]:
    """The builds that a request of another client shows meanwhile: a thread begins without our context."""
    return await asyncio.get_running_loop().run_in_executor(None, lambda: asyncio.run(shown(site)))


async def test_a_request_begun_with_the_last_message_of_another_is_of_the_newest_build(
    served: Path, builds: dict[str, Path]
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    found = set()

    async def next_of_the_connection(message: Any) -> None:
        if message["type"] == "http.response.body":
            put_in_place(builds["cobalt"], served)
            await database.refresh()
            found.update(await shown(site))

    first = await answer(site, "/codex/claims/claim-1.json", "", next_of_the_connection)
    assert "amber" in first
    assert found == {"cobalt"}


@needs_proc
async def test_a_build_that_was_superseded_closes_with_its_last_request(served: Path, builds: dict[str, Path]) -> None:
    database = await refreshing(whole_site(served))
    alone = held(served)
    assert alone > 0
    with database.pinned():
        for build in ("cobalt", "amber", "cobalt"):
            put_in_place(builds[build], served)
            await database.refresh()
        await until_held(served, 2 * alone)
    await until_held(served, alone)


@needs_proc
async def test_a_question_that_outlasts_its_request_lets_go_of_the_file(served: Path, builds: dict[str, Path]) -> None:
    database = await refreshing(whole_site(served))
    alone = held(served)
    begun, go_on = threading.Event(), threading.Event()

    def take_long(connection: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait()
        connection.execute("select count(*) from claims").fetchone()

    question = asyncio.create_task(database.execute_fn(take_long))
    await asyncio.to_thread(begun.wait)
    question.cancel()
    put_in_place(builds["cobalt"], served)
    await asyncio.wait([question])
    await database.refresh()
    await until_held(served, alone + 1)
    go_on.set()
    await until_held(served, alone)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>Bad gateway</html>" * 400, "file is not a database"),
        (b"", "other tables or views than before; restart the server to show it"),
        (None, "database disk image is malformed"),
    ],
    ids=["another kind of file", "empty", "cut short"],
)
async def test_a_broken_file_leaves_the_database_of_before(
    served: Path, builds: dict[str, Path], content: bytes | None, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    broken = served.with_name("broken")
    broken.write_bytes(builds["cobalt"].read_bytes()[:20_000] if content is None else content)
    broken.replace(served)
    for _ in range(3):
        await database.refresh()
        assert await shown(site, CLAIM) == {"amber"}
    assert capsys.readouterr().err == f"{served}: {reason}; the database of before is still served\n"
    put_in_place(builds["cobalt"], served)
    await database.refresh()
    assert await shown(site, CLAIM) == {"cobalt"}


async def test_a_deleted_file_is_served_until_another_takes_its_place(
    served: Path, builds: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    served.unlink()
    for _ in range(3):
        await database.refresh()
        assert await shown(site, CLAIM) == {"amber"}
    said = capsys.readouterr().err
    assert said == f"{served}: No such file or directory; the database of before is still served\n"
    put_in_place(builds["cobalt"], served)
    await database.refresh()
    assert await shown(site, CLAIM) == {"cobalt"}


async def test_a_build_with_other_tables_waits_for_a_restart(
    served: Path, builds: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    newer = Path(shutil.copyfile(builds["cobalt"], served.with_name("newer.db")))
    with sqlite3.connect(newer) as connection:
        connection.execute("alter table claims add column mood text")
    connection.close()
    newer.replace(served)
    await database.refresh()
    assert await shown(site, CLAIM) == {"amber"}
    assert "other tables or views than before; restart the server to show it" in capsys.readouterr().err
    assert await shown(whole_site(served), CLAIM) == {"cobalt"}


async def test_where_databases_are_joined_the_old_one_stays_until_a_restart(
    served: Path, builds: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    site = bare_site(served, crossdb=True)
    database = await refreshing(site)
    put_in_place(builds["cobalt"], served)
    await database.refresh()
    await database.refresh()
    assert await shown(site) == {"amber"}
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith("restart the server to show it; the database of before is still served")


def test_what_another_datasette_lacks_is_named(served: Path) -> None:
    assert missing(whole_site(served)) == []
    assert missing(object()) == ["_prepare_connection", "crossdb", "databases", "executor", "inspect_data", "nolock"]


async def test_the_hash_is_that_of_the_file_that_answers(served: Path, builds: dict[str, Path]) -> None:
    database = await refreshing(whole_site(served))
    amber, cobalt = (hashlib.sha256(builds[build].read_bytes()).hexdigest() for build in BUILDS)

    async def is_hashed() -> bool:
        return database.hash is not None

    await until(is_hashed)
    with database.pinned():
        put_in_place(builds["cobalt"], served)
        await database.refresh()
        assert database.hash == amber
    await until(is_hashed)
    assert database.hash == cobalt


@pytest.mark.parametrize("address", ["/.json", "/codex.json", "/codex/claims.json", "/codex/documents.json"])
async def test_no_page_counts_the_rows_of_a_table(served: Path, builds: dict[str, Path], address: str) -> None:
    site = bare_site(served, settings={"trace_debug": True})
    database = await refreshing(site)
    put_in_place(builds["cobalt"], served)
    await database.refresh()
    traced = (await site.client.get(f"{address}?_trace=1")).json()
    queries = [trace["sql"] for trace in traced["_trace"]["traces"] if trace["type"] == "sql"]
    assert len(queries) > 5
    assert [sql for sql in queries if sql.startswith("select count(*)")] == []
    assert "60" in json.dumps(traced) or "65" in json.dumps(traced)


async def test_a_download_is_the_file_that_answers_and_not_the_one_that_took_its_place(
    served: Path, builds: dict[str, Path]
) -> None:
    site = whole_site(served)
    database = await refreshing(site)
    with database.pinned():
        put_in_place(builds["cobalt"], served)
        await database.refresh()
        served.unlink()
        response = await site.client.get("/codex.db")
        assert response.headers["etag"] == f'"{database.hash}"'
    assert response.headers["content-disposition"] == 'attachment; filename="codex.db"'
    assert response.content == builds["amber"].read_bytes()
    assert (await site.client.get("/codex.db")).content == builds["cobalt"].read_bytes()


async def test_a_folder_served_as_it_is_shows_a_replaced_database_too(served: Path, builds: dict[str, Path]) -> None:
    for name in ("metadata.yml", "settings.json", "templates", "plugins", "static"):
        (served.parent / name).symlink_to(PROJECT / name)
    site = noted(Datasette([], config_dir=served.parent))
    database = await refreshing(site)
    assert (database.is_mutable, database.hash) == (True, None)
    assert await shown(site, CLAIM) == {"amber"}
    put_in_place(builds["cobalt"], served)
    await database.refresh()
    assert await shown(site, CLAIM) == {"cobalt"}


async def test_other_databases_are_left_alone(served: Path, builds: dict[str, Path], database: Path) -> None:
    other = Path(shutil.copyfile(database, served.with_name("other.db")))
    site = bare_site(served, files=[str(other)], memory=True)
    await refreshing(site)
    assert list(site.databases) == ["_memory", "_internal", "other", "codex"]
    assert [type(site.get_database(name)) for name in ("_memory", "_internal", "other")] == [Database] * 3
    put_in_place(builds["cobalt"], served)
    await site.get_database("codex").refresh()
    for address in ("/", "/_memory?sql=select+1", "/other/claims", "/codex/claims"):
        assert (await site.client.get(address)).status_code == 200


async def test_a_site_without_a_file_works_as_ever() -> None:
    site = Datasette([], plugins_dir=str(PROJECT / "plugins"))
    assert (await site.client.get("/_memory.json?sql=select+1&_shape=arrays")).json()["rows"] == [[1]]


@needs_proc
def test_a_site_that_many_ask_while_it_is_refreshed_fails_nobody_and_leaves_nothing_open(tmp_path: Path) -> None:
    findings = refresh_under_load(tmp_path, requests=800, refreshes=20, clients=4)
    assert findings.asked.total() >= 800
    assert set(findings.asked) == set(QUESTIONS)
    assert findings.failed == []
    assert findings.mixed == []
    assert len(findings.seconds) == 20
    assert findings.after.descriptors == findings.before.descriptors
    assert findings.after.threads == findings.before.threads
