"""Exports on the site: an address for each format, sent as it is made, and a page that lists them."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from datasette.utils.asgi import Request

from claimbase.export import EXPORT_FORMATS, Format, in_pieces, reading
from plugins.exports import Download
from tests.conftest import open_site

EVERY = pytest.mark.parametrize("form", list(EXPORT_FORMATS.values()), ids=lambda form: form.name)


@EVERY
async def test_an_address_gives_what_the_command_writes(form: Format, site: Datasette, database: Path) -> None:
    response = await site.client.get(f"/export/{form.file_name}")
    assert response.status_code == 200
    with reading(database) as connection:
        assert response.content == b"".join(in_pieces(form, connection))
    assert response.headers["content-type"] == form.media_type
    assert response.headers["content-disposition"] == f'attachment; filename="{form.file_name}"'
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"


@EVERY
async def test_what_has_not_changed_is_not_sent_again(form: Format, site: Datasette) -> None:
    address = f"/export/{form.file_name}"
    tag = (await site.client.get(address)).headers["etag"]
    again = await site.client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_another_database_has_another_tag(site: Datasette, sample_site: Datasette) -> None:
    tags = [(await each.client.get("/export/graph.json")).headers["etag"] for each in (site, sample_site)]
    assert tags[0] != tags[1]


async def test_text_travels_packed_and_packed_files_as_they_are(sample_site: Datasette) -> None:
    for form in EXPORT_FORMATS.values():
        answer = await sample_site.client.get(f"/export/{form.file_name}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers.get("content-encoding") == (None if form.files else "gzip"), form.name


async def test_the_page_lists_every_format_with_what_it_is_for(site: Datasette) -> None:
    html = (await site.client.get("/export")).text
    for form in EXPORT_FORMATS.values():
        assert f'<a href="/export/{form.file_name}" download>{form.file_name}</a>' in html
        assert form.meaning[1:] in html
    assert 'href="/export"' in (await site.client.get("/data")).text


@pytest.mark.parametrize("path", ["/export/graph", "/export/graph.xml", "/export/codex.db"])
async def test_there_is_nothing_else(path: str, site: Datasette) -> None:
    assert (await site.client.get(path)).status_code == 404


async def test_only_reading_is_allowed(site: Datasette) -> None:
    assert (await site.client.post("/export/graph.json", cookies={"ds_csrftoken": "x"})).status_code in (403, 405)
    head = await site.client.head("/export/graph.json")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_site_that_is_closed_to_strangers_keeps_its_exports_to_itself(database: Path) -> None:
    closed = open_site(database)
    closed._metadata_local = {**closed._metadata_local, "allow": False}
    for path in ("/export", "/export/graph.json", "/export/markdown.zip"):
        assert (await closed.client.get(path)).status_code == 403, path


async def test_without_pyarrow_the_site_says_what_is_missing(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    assert "codex.parquet.zip" not in (await site.client.get("/export")).text
    answer = await site.client.get("/export/codex.parquet.zip")
    assert answer.status_code == 501
    assert "Parquet needs the package pyarrow: pip install" in answer.text


class Reader:
    """Somebody who asks for an export and takes its pieces as slowly as he likes."""

    def __init__(self, site: Datasette, form: str) -> None:
        request = Request({"type": "http", "method": "GET", "headers": [], "path": "/"}, self.receive)
        self._answer = Download(EXPORT_FORMATS[form], site.get_database("codex"), request)
        self.messages: list[dict[str, Any]] = []
        self.takes_more, self.is_gone = asyncio.Event(), asyncio.Event()

    async def ask(self) -> None:
        await self._answer.asgi_send(self.send)

    async def receive(self) -> dict[str, Any]:
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        if message["type"] == "http.response.body":
            await self.takes_more.wait()

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def has_all(self) -> bool:
        return self.messages[-1].get("more_body") is False


@pytest.fixture
async def slow_site(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> Datasette:
    """A site whose exports come in many small pieces."""
    monkeypatch.setattr("claimbase.export.PIECE", 1000)
    site = open_site(sample_database)
    await site.invoke_startup()
    return site


async def begun(reader: Reader) -> asyncio.Task[None]:
    """The task that answers a reader, once he has the first piece."""
    task = asyncio.create_task(reader.ask())
    while len(reader.messages) < 2:
        await asyncio.sleep(0.001)
    return task


async def test_a_reader_gets_all_of_one_build_although_another_takes_its_place(
    sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimbase.export.PIECE", 1000)
    served = Path(shutil.copyfile(sample_database, tmp_path / "codex.db"))
    site = open_site(served)
    await site.invoke_startup()
    reader = Reader(site, "graph")
    task = await begun(reader)
    shutil.copyfile(sample_database, tmp_path / "next.db")
    with closing(sqlite3.connect(tmp_path / "next.db")) as connection:
        connection.execute("update claims set title = 'of the next build'")
        connection.commit()
    (tmp_path / "next.db").replace(served)
    await site.get_database("codex").refresh()
    reader.takes_more.set()
    await task
    with reading(sample_database) as connection:
        assert reader.text.encode() == b"".join(in_pieces(EXPORT_FORMATS["graph"], connection))
    later = Reader(site, "graph")
    later.takes_more.set()
    await later.ask()
    assert "of the next build" in later.text
    assert later.has_all


async def test_for_a_reader_who_has_gone_nothing_more_is_made(slow_site: Datasette) -> None:
    reader = Reader(slow_site, "graph")
    task = await begun(reader)
    reader.is_gone.set()
    await asyncio.sleep(0)
    reader.takes_more.set()
    await task
    assert len(reader.messages) <= 4
    assert not reader.has_all


async def test_a_reader_who_takes_nothing_loses_his_place_to_those_who_wait(
    slow_site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.exports.LONGEST_STALL", 0.05)
    stalled = [Reader(slow_site, "graph") for _ in range(4)]
    waiting = Reader(slow_site, "markdown")
    waiting.takes_more.set()
    await asyncio.gather(*(reader.ask() for reader in [*stalled, waiting]))
    assert not any(reader.has_all for reader in stalled)
    assert waiting.has_all


async def test_readers_beyond_the_first_few_wait_and_get_all(slow_site: Datasette) -> None:
    readers = [Reader(slow_site, "graph") for _ in range(6)]
    for reader in readers:
        reader.takes_more.set()
    await asyncio.gather(*(reader.ask() for reader in readers))
    assert all(reader.has_all for reader in readers)
    assert len({reader.text for reader in readers}) == 1


async def test_pages_are_answered_while_exports_wait_for_their_readers(slow_site: Datasette) -> None:
    tasks = [await begun(Reader(slow_site, "graph")) for _ in range(2)]
    assert (await slow_site.client.get("/codex/claims.json?_size=1")).status_code == 200
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
