"""Client: requests over connections that are kept open, one at a time on each, timed to the last byte."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

HOST = "127.0.0.1"


class Request(NamedTuple):
    """What is asked for; with a body it is a POST of JSON."""

    path: str
    body: bytes = b""
    headers: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What came back, and after how many seconds; status 0 where the connection broke."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: float
    seconds: float


class _Connection:
    """A connection that is opened when it is needed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: Request) -> Answer:
        asked = time.perf_counter()
        try:
            status, headers, body = await self._exchange(request)
        except (OSError, asyncio.IncompleteReadError, ValueError, IndexError):
            self.close()
            status, headers, body = 0, {}, b""
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, body, asked, time.perf_counter() - asked)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(_words(request))
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
        status = int(head[0].split()[1])
        return status, headers, await _body(reader, status, headers)


def _words(request: Request) -> bytes:
    lines = [f"{'POST' if request.body else 'GET'} {request.path} HTTP/1.1", f"Host: {HOST}", *request.headers]
    if request.body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(request.body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + request.body


async def _body(reader: asyncio.StreamReader, status: int, headers: Mapping[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers["content-length"]))
    chunks = []
    while size := int(await reader.readline(), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(chunks)


def ask(port: int, requests: Iterator[Request], clients: int, seen: Callable[[Answer], None]) -> float:
    """Has so many clients ask until there are no more requests, each shown to `seen`; the seconds that all took."""
    started = time.perf_counter()
    asyncio.run(_ask_all(port, requests, clients, seen))
    return time.perf_counter() - started


async def _ask_all(port: int, requests: Iterator[Request], clients: int, seen: Callable[[Answer], None]) -> None:
    await asyncio.gather(*(_ask_on_one(port, requests, seen) for _ in range(clients)))


async def _ask_on_one(port: int, requests: Iterator[Request], seen: Callable[[Answer], None]) -> None:
    connection = _Connection(port)
    for request in requests:
        seen(await connection.ask(request))
    connection.close()
