"""Warming: what takes long the first time is done in the background when a server starts and when a build is replaced.

These are the lists about the whole base, which are read once for a build, and the schema of GraphQL, which is put
together at the first query and kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from datasette import hookimpl
from datasette.app import Datasette

from claimbase.addresses import DATABASE

PAGES = ("/", "/health", "/map", "/map.json", "/graphql?query={__typename}")
PERIOD = 0.5  # seconds between two looks for another build

Application: TypeAlias = Callable[..., Awaitable[None]]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        async def warming(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "lifespan" or DATABASE not in datasette.databases:
                await app(scope, receive, send)
                return
            task = asyncio.create_task(keep_warm(datasette))
            try:
                await app(scope, receive, send)
            finally:
                task.cancel()

        return warming

    return wrap


async def keep_warm(datasette: Datasette) -> None:
    """Asks for what takes long the first time, and again whenever another build is served, until it is cancelled."""
    database = datasette.get_database(DATABASE)
    warm: Any = None
    while True:
        build = getattr(database, "generation", database)
        if build is not warm:
            for page in PAGES:
                await datasette.client.get(page)
            warm = build
        await asyncio.sleep(PERIOD)
