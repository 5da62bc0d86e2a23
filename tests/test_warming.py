"""Warming: what takes long the first time is done before anybody asks, for each build that is served."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from plugins.warming import PAGES
from tests.conftest import Listener, open_site
from tests.load import put_in_place


@asynccontextmanager
async def started(site: Datasette) -> AsyncIterator[None]:
    """A site that a server has started and not yet asked anything."""
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    answered: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await site.invoke_startup()
    running = asyncio.create_task(site.app()({"type": "lifespan"}, told.get, answered.put))
    await told.put({"type": "lifespan.startup"})
    first = await asyncio.wait_for(answered.get(), timeout=60)
    assert first["type"] == "lifespan.startup.complete"
    yield
    await told.put({"type": "lifespan.shutdown"})
    await running


async def until_quiet(listener: Listener) -> None:
    """Waits until nothing was asked for a second, a minute at most."""
    for _ in range(60):
        before = len(listener.statements)
        await asyncio.sleep(1)
        if before and len(listener.statements) == before:
            return
    raise AssertionError("it goes on asking")


async def test_what_is_about_the_whole_base_is_known_before_anybody_asks(database: Path, listener: Listener) -> None:
    site = open_site(database)
    async with started(site):
        await until_quiet(listener)
        listener.statements.clear()
        for page in PAGES:
            # What may be kept for one reader is not kept for another: the lists behind it are.
            assert (await site.client.get(page, headers={"cookie": "a=b"})).status_code == 200
    assert listener.statements == []
    await asyncio.sleep(0)
    assert [task for task in asyncio.all_tasks() if "keep_warm" in repr(task)] == []


async def test_another_build_is_known_as_soon_as_it_is_served(
    database: Path, sample_database: Path, tmp_path: Path, listener: Listener
) -> None:
    served = Path(shutil.copyfile(database, tmp_path / "codex.db"))
    site = open_site(served)
    async with started(site):
        await until_quiet(listener)
        listener.statements.clear()
        put_in_place(sample_database, served)
        await until_quiet(listener)
        listener.statements.clear()
        answer = await site.client.get("/", headers={"cookie": "a=b"})
    assert "incentive-design" in answer.text
    assert listener.statements == []
