"""Admitting: which requests are looked at, and which of them one after another.

A request that brings or asks for more than any reader does is refused. One that may well be a reader's, and costs more
than a page does, waits until the one before it is made and the server has had a rest: others come in between.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from datasette import hookimpl
from datasette.app import Datasette

from claimbase.serve import LOCAL

MOST_BODY = 256 * 1024
MOST_PARAMETERS = 300
MOST_FACETS = 12
# A question that is longer, or a page of more rows, costs more than most.
LONG_QUERY, MANY_ROWS = 2000, 200
# So long a request waits for those before it, and so long the server rests at most between two.
PATIENCE_SECONDS, MOST_REST = 10.0, 0.5
# Who is refused may ask again at once, and need not.
PAUSE = 0.05

_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
# Pages that look into the server. What signs a visitor in, and static files, are no such pages.
_INSIDES = re.compile(r"/-/(?!(?:static|static-plugins)/|(?:auth-token|logout|actor)(?:\.json)?$)")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_POSTED = re.compile("/graphql|/-/")
_FACETS = frozenset({"_facet", "_facet_array", "_facet_date"})
_COSTLY = _FACETS | {"sql", "_where"}

Application: TypeAlias = Callable[..., Awaitable[None]]
Message: TypeAlias = dict[str, Any]
Scope: TypeAlias = dict[str, Any]


class Refusal(NamedTuple):
    """Why a request is not answered, in a line."""

    status: int
    reason: str


_TOO_LONG = Refusal(413, f"A request has at most {MOST_BODY:,} bytes")
_BUSY = Refusal(503, "Too many ask for what takes long: ask again in a few seconds")
_NOWHERE = Refusal(404, "There is no such page")


class TooLong(Exception):
    """A body is longer than anything that is asked here."""


class Gate:
    """Lets requests through one after another, and rests after each for as long as it took."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    async def enter(self) -> Callable[[], None]:
        """What to call once the next may come. Raises `asyncio.TimeoutError` where those before it take too long."""
        await asyncio.wait_for(self._free.acquire(), PATIENCE_SECONDS)
        entered, left = time.monotonic(), False

        def leave() -> None:
            nonlocal left
            if not left:
                left = True
                rest = min(time.monotonic() - entered, MOST_REST)
                asyncio.get_running_loop().call_later(rest, self._free.release)

        return leave


# What a request asks of the site itself has been admitted with it.
_ADMITTED: ContextVar[bool] = ContextVar("admitted", default=False)


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    start = datasette.setting("base_url").rstrip("/")

    def wrap(app: Application) -> Application:
        gates: dict[Any, Gate] = {}

        async def admitting(scope: Scope, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or _ADMITTED.get():
                await app(scope, receive, send)
                return
            refusal = refusal_of(scope)
            if refusal is None and not datasette.setting(LOCAL) and _INSIDES.match(scope["path"].removeprefix(start)):
                refusal = _NOWHERE
            if refusal:
                await _refuse(send, refusal)
                return
            token = _ADMITTED.set(True)
            try:
                if is_costly(scope):
                    gate = gates.setdefault(asyncio.get_running_loop(), Gate())
                    await _pass(gate, app, scope, _bounded(receive), send)
                else:
                    await app(scope, _bounded(receive), send)
            except TooLong:
                await _refuse(send, _TOO_LONG)
            finally:
                _ADMITTED.reset(token)

        return admitting

    return wrap


def refusal_of(scope: Scope) -> Refusal | None:
    """Why a request is not looked at any further, by its head alone."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    if not _HOST.fullmatch(headers.get(b"host", b"localhost")):
        return Refusal(400, "The header Host names no host")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 15 or int(length) > MOST_BODY:
        return _TOO_LONG
    if scope["method"] not in _READING and not _POSTED.search(scope["path"]):
        return Refusal(405, "Here one can only read")
    query: bytes = scope["query_string"]
    if query.count(b"&") >= MOST_PARAMETERS:
        return Refusal(400, f"A request has at most {MOST_PARAMETERS} parameters")
    if query.count(b"_facet") > MOST_FACETS and sum(name in _FACETS for name, _ in _parameters(query)) > MOST_FACETS:
        return Refusal(400, f"A request has at most {MOST_FACETS} facets")
    return None


def is_costly(scope: Scope) -> bool:
    """Whether a request takes more than a page does: words of its own, long words, facets or many rows."""
    query: bytes = scope["query_string"]
    if len(query) > LONG_QUERY:
        return True
    told = _parameters(query)
    return any(name in _COSTLY or (name == "_size" and not _is_small(value)) for name, value in told)


def _is_small(size: str) -> bool:
    return size.isdecimal() and len(size) < 9 and int(size) <= MANY_ROWS


def _parameters(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


async def _pass(gate: Gate, app: Application, scope: Scope, receive: Any, send: Any) -> None:
    try:
        leave = await gate.enter()
    except asyncio.TimeoutError:
        await _refuse(send, _BUSY)
        return

    async def send_and_leave(message: Message) -> None:
        # The answer is made; whoever reads it slowly holds up nobody.
        leave()
        await send(message)

    try:
        await app(scope, receive, send_and_leave)
    finally:
        leave()


def _bounded(receive: Callable[[], Awaitable[Message]]) -> Callable[[], Awaitable[Message]]:
    left = MOST_BODY

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLong
        return message

    return bounded


async def _refuse(send: Any, refusal: Refusal) -> None:
    await asyncio.sleep(PAUSE)
    body = f"{refusal.reason}.\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
