"""Exports: the base in other formats, each made while it is sent, and the page that lists them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.util import find_spec
from typing import Any, TypeAlias

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, asgi_start
from datasette.views.base import DatasetteError

from claimbase.addresses import DATABASE
from claimbase.export import EXPORT_FORMATS, Format, in_pieces
from claimbase.exports.codex import NotExportable

LONGEST_STALL = 30.0  # seconds that a reader may take for a piece, before somebody else has his place

_BY_FILE = {form.file_name: form for form in EXPORT_FORMATS.values()}

Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    if DATABASE not in datasette.databases:
        return []
    names = "|".join(name.replace(".", r"\.") for name in _BY_FILE)
    return [("^/export$", _page), (f"^/export/(?P<file>{names})$", _download)]


async def _page(datasette: Datasette, request: Request) -> Response:
    """Every format that can be had here, with what it is for."""
    await _allow(datasette, request)
    context = {
        "formats": [form for form in EXPORT_FORMATS.values() if not form.needs or find_spec(form.needs)],
        "page_url": datasette.absolute_url(request, request.path),
        "request_path": request.path,
    }
    return Response.html(await datasette.render_template("export.html", context, request=request, view_name="export"))


async def _download(datasette: Datasette, request: Request) -> Response | Download:
    """The base in one format."""
    if request.method not in ("GET", "HEAD"):
        return Response.text("Method not allowed", status=405)
    await _allow(datasette, request)
    return Download(_BY_FILE[request.url_vars["file"]], datasette.get_database(DATABASE), request)


async def _allow(datasette: Datasette, request: Request) -> None:
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE), "view-instance"])


class Download:
    """The answer that an export is: never more of it in memory than a piece, and no thread held between two."""

    def __init__(self, form: Format, database: Database, request: Request) -> None:
        self._form, self._database, self._request = form, database, request

    async def asgi_send(self, send: Send) -> None:
        """Sends it; a connection breaks off where the export or the reader does, so that no part looks whole."""
        async with _lent(self._database) as connection:
            pieces = in_pieces(self._form, connection)
            gone = asyncio.ensure_future(_gone(self._request.receive))
            with contextlib.closing(pieces), contextlib.suppress(asyncio.TimeoutError):
                try:
                    await self._pass_on(pieces, send, gone)
                finally:
                    gone.cancel()

    async def _pass_on(self, pieces: Iterator[bytes], send: Send, gone: asyncio.Future[None]) -> None:
        try:
            piece = await _next(pieces)
        except NotExportable as error:
            raise DatasetteError(str(error), status=501) from error
        await asgi_start(send, 200, self._headers(), self._form.media_type)
        while piece is not None and not gone.done():
            await _within(send, {"type": "http.response.body", "body": piece, "more_body": True})
            piece = await _next(pieces)
        if not gone.done():
            await _within(send, {"type": "http.response.body", "body": b"", "more_body": False})

    def _headers(self) -> dict[str, str]:
        """Any page on the web may read what anybody may; whoever needs a cookie to see it, only sees it here."""
        return {
            "content-disposition": f'attachment; filename="{self._form.file_name}"',
            "access-control-allow-origin": "*",
        }


async def _next(pieces: Iterator[bytes]) -> bytes | None:
    """The next piece, made in another thread; whoever breaks off waits for that, for it holds the connection."""
    making = asyncio.ensure_future(asyncio.to_thread(next, pieces, None))
    try:
        return await asyncio.shield(making)
    except asyncio.CancelledError:
        await asyncio.wait([making])
        raise


async def _within(send: Send, message: dict[str, Any]) -> None:
    await asyncio.wait_for(send(message), LONGEST_STALL)


async def _gone(receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    """Returns when the reader has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


@contextlib.asynccontextmanager
async def _lent(database: Database) -> AsyncIterator[Any]:
    """A connection of its own: of a database that refreshes itself, to the build that the request is answered from."""
    if hasattr(database, "lend"):
        async with database.lend() as connection:
            yield connection
    else:
        with contextlib.closing(database.connect()) as connection:
            yield connection
