"""Caching: what someone has already is not sent again, what was just made is not made again, and text travels packed.

An answer depends on the databases, on the site (code, templates, static files, metadata and settings) and on what was
asked. A digest of these is its ETag, known before the answer is made; a weak one, for Datasette prints under some pages
how long their queries took. Every reader's cache may keep an answer and has to ask about it at each use, since the
databases may be replaced at any moment; `default_cache_ttl` says for how many seconds a shared cache need not ask.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import re
import sqlite3
import sys
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote_plus
from weakref import WeakKeyDictionary

from asgi_gzip import GZipResponder, IdentityResponder  # type: ignore[import-untyped]
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted

import claimbase
from claimbase.once import Once

# From here on text is worth packing, at the fourth level of nine: the sixth takes half as long again, for 4 % less.
# Packing tells an eavesdropper how long a page is, and so lets him guess at secrets in it. The pages have none.
SMALLEST_PACKED, LEVEL = 1_000, 4
# Answers of up to so many bytes are kept, and of all of them so many.
LARGEST_KEPT, ROOM = 1_000_000, 48_000_000
PERIOD = 1.0  # seconds between two looks at the templates and the static files
PATIENCE = 3.0  # seconds to wait for the same answer that is being made for somebody else
A_YEAR = 31_536_000

_TEXT = re.compile(r"text/(?!event-stream)|image/svg\+xml|application/([\w.-]+\+)?(json|xml|javascript)")
# What these show hangs on more: on what goes on inside, on who asks, on time limits. A file has a tag of Datasette's.
_UNSURE_PATH = re.compile(r"/-/(?!static/|static-plugins/)|/graphql\b|/[^/]+\.db$")
# The reader's own SQL may ask for the time or a random number, and a stream may yet break off when it has begun.
_UNSURE_ARGUMENT = re.compile(r"(^|&)(sql|_where|_stream|_trace|_timelimit)=")
_TAG = re.compile(r'(?:W/)?("[^"]*")')

# The queries of the request at hand that hit a time limit: Datasette shows a list without what they would have told.
_INTERRUPTED: ContextVar[list[str]] = ContextVar("interrupted")

Scope: TypeAlias = dict[str, Any]
Message: TypeAlias = dict[str, Any]
Headers: TypeAlias = list[tuple[bytes, bytes]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[..., Awaitable[None]]


class Site:
    """What every answer depends on beside the databases and what was asked."""

    def __init__(self, datasette: Datasette) -> None:
        self._static = [Path(folder) for _, folder in datasette.static_mounts]
        self._prefixes = tuple(f"/{mount}/" for mount, _ in datasette.static_mounts)
        self._templates = [Path(datasette.template_dir)] if datasette.template_dir else []
        self._library_style = f"/-/static/app.css?{datasette.app_css_hash()}"
        self._read_once = _read_once(datasette)
        self._look()

    def identity(self) -> str:
        """Another one for another site, a second after a template or static file was changed at the latest."""
        if time.monotonic() - self._looked > PERIOD:
            self._look()
        return self._identity

    def is_static(self, path: str) -> bool:
        return path.startswith(("/-/static/", "/-/static-plugins/", *self._prefixes))

    def versioned(self, address: str) -> str:
        """The address of one of the site's static files with its version; any other address as it is."""
        return f"{address}?{self._version}" if address.startswith(self._prefixes) and "?" not in address else address

    def is_versioned(self, address: str) -> bool:
        """Whether an address names the version of its file that is served now, and so always leads to the same."""
        plain = address.removesuffix(f"?{self._version}")
        return (plain != address and plain.startswith(self._prefixes)) or address == self._library_style

    def _look(self) -> None:
        self._version = _digest(map(_digest_of, self._static))[:12]
        self._identity = _digest([self._read_once, self._version, *map(_digest_of, self._templates)])
        self._looked = time.monotonic()


def _read_once(datasette: Datasette) -> str:
    """A digest of what is read once, when the server starts."""
    code = [Path(claimbase.__file__).parent]
    code += [Path(datasette.plugins_dir)] if datasette.plugins_dir else []
    told = json.dumps([datasette.metadata(), datasette.settings_dict()], sort_keys=True, default=str)
    packages = sorted(f"{package.metadata['Name']} {package.version}" for package in distributions())
    return _digest([sys.version, sqlite3.sqlite_version, told, *packages, *map(_digest_of, code)])


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def _digest_of(folder: Path) -> str:
    """A digest of the names and contents of a folder's files, which are read again when one was touched."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return _digest_of_files(folder, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@functools.lru_cache(16)
def _digest_of_files(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> str:
    return _digest(f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path, *_ in files)


class Asked(NamedTuple):
    """A request, as far as answers depend on it; its path is the one below the site's own."""

    method: str
    origin: str
    path: str
    query: str
    credentials: bool
    gzip: bool
    has: frozenset[str]


def read_request(scope: Scope, base_url: str) -> Asked:
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        headers[name.decode("latin-1")] = ", ".join(filter(None, (headers.get(name), value.decode("latin-1"))))
    path = (scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0].decode("latin-1")
    return Asked(
        method=scope["method"],
        origin=f"{scope.get('scheme')}://{headers.get('host')}",
        path="/" + path.removeprefix(base_url),
        query=scope["query_string"].decode("latin-1"),
        credentials="cookie" in headers or "authorization" in headers,
        gzip=accepts_gzip(headers.get("accept-encoding", "")),
        has=frozenset(_TAG.findall(headers.get("if-none-match", ""))),
    )


def accepts_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip, and not as what is not to be sent."""
    codings = dict(coding.partition(";")[::2] for coding in accepted.lower().replace(" ", "").split(","))
    return "gzip" in codings and not re.fullmatch(r"q=0(\.0*)?", codings["gzip"])


def tag_of(datasette: Datasette, site: Site, asked: Asked) -> str | None:
    """The ETag of the answer, should it succeed; None where the answer depends on more than a tag can tell."""
    if asked.method not in ("GET", "HEAD"):
        return None
    if _UNSURE_PATH.match(asked.path) or _UNSURE_ARGUMENT.search(unquote_plus(asked.query)):
        return None
    hashes: list[str | None] = []
    if not site.is_static(asked.path):
        hashes = [database.hash for database in datasette.databases.values() if not database.is_memory]
        if asked.credentials or None in hashes:
            return None
    depends = (site.identity(), *hashes, asked.origin, asked.path, asked.query, "gzip" if asked.gzip else "")
    return f'W/"{_digest(map(str, depends))[:32]}"'


def _told(datasette: Datasette, site: Site, asked: Asked, tag: str) -> Headers:
    """The headers that an answer with a tag has for the sake of caches, but for Vary."""
    seconds = datasette.setting("default_cache_ttl")
    control = f"public, max-age=0, s-maxage={seconds}" if seconds else "no-cache"
    if site.is_versioned(f"{asked.path}?{asked.query}"):
        control = f"public, max-age={A_YEAR}, immutable"
    return [(b"etag", tag.encode()), (b"cache-control", control.encode())]


class Answer(NamedTuple):
    """An answer with status 200, as it was sent."""

    headers: Headers
    body: bytes


class Answers:
    """Answers by their tags, `room` bytes of them at most; the one longest not asked for goes first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    def get(self, tag: str) -> Answer | None:
        if tag in self._kept:
            self._kept.move_to_end(tag)
        return self._kept.get(tag)

    def keep(self, tag: str, answer: Answer) -> None:
        self._forget(tag)
        self._kept[tag] = answer
        self._room -= len(answer.body)
        while self._room < 0:
            self._forget(next(iter(self._kept)))

    def _forget(self, tag: str) -> None:
        if tag in self._kept:
            self._room += len(self._kept.pop(tag).body)


class Tagging:
    """A `send` that adds a tag to an answer worth one, and hands the answer to `keep` if it is small."""

    def __init__(self, send: Send, told: Headers, interrupted: list[str], keep: Callable[[Answer], None]) -> None:
        self._send, self._told, self._interrupted, self._keep = send, told, interrupted, keep
        self._start: Message = {}
        self._begun = False
        self._body: bytearray | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = self._tagged(message)
        elif message["type"] == "http.response.body":
            await self._pass_on(message.get("body", b""), message.get("more_body", False))
        else:
            await self._send(message)

    def _tagged(self, start: Message) -> Message:
        if start["status"] != 200 or _is_private(start) or _varies_otherwise(start) or self._interrupted:
            return _to_be_asked_about(start)
        self._body = bytearray()
        kept = [header for header in start["headers"] if header[0].lower() not in (b"etag", b"cache-control", b"vary")]
        return start | {"headers": [*kept, *self._told, (b"vary", _varying(start))]}

    async def _pass_on(self, body: bytes, more: bool) -> None:
        # The start was held back until now, when the length of a short answer is known.
        if not self._begun:
            self._begun = True
            await self._send(self._start if more else _with_length(self._start, len(body)))
        self._gather(body, more)
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def _gather(self, body: bytes, more: bool) -> None:
        if self._body is None:
            return
        self._body += body
        if len(self._body) > LARGEST_KEPT:
            self._body = None
        elif not more:
            start = _with_length(self._start, len(self._body))
            self._keep(Answer(start["headers"], bytes(self._body)))


def _values(start: Message, name: bytes) -> bytes:
    return b", ".join(value for key, value in start["headers"] if key.lower() == name)


def _is_private(start: Message) -> bool:
    control = _values(start, b"cache-control")
    return bool(_values(start, b"set-cookie")) or b"private" in control or b"no-store" in control


def _varies_otherwise(start: Message) -> bool:
    """Whether an answer hangs on a header that its tag knows nothing of."""
    names = {name.strip() for name in _values(start, b"vary").lower().split(b",")}
    return not names <= {b"", b"cookie", b"authorization", b"accept-encoding"}


def _varying(start: Message) -> bytes:
    varying = _values(start, b"vary")
    return varying if b"accept-encoding" in varying.lower() else b", ".join(filter(None, (varying, b"Accept-Encoding")))


def _with_length(start: Message, length: int) -> Message:
    if _values(start, b"content-length"):
        return start
    return start | {"headers": [*start["headers"], (b"content-length", str(length).encode())]}


def _to_be_asked_about(start: Message) -> Message:
    """The start of an answer without a tag, such that no cache shows it again before it has asked."""
    if _is_private(start):
        return start
    headers = [header for header in start["headers"] if header[0].lower() != b"cache-control"]
    return start | {"headers": [*headers, (b"cache-control", b"no-cache")]}


def _untagged(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        await send(_to_be_asked_about(message) if message["type"] == "http.response.start" else message)

    return pass_on


def _without_body(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        await send(message | {"body": b""} if message["type"] == "http.response.body" else message)

    return pass_on


def _packing(app: Application) -> Application:
    async def packed(scope: Scope, receive: Any, send: Send) -> None:
        accepted = b", ".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        if accepts_gzip(accepted.decode("latin-1")):
            await TextPacking(app, SMALLEST_PACKED, compresslevel=LEVEL)(scope, receive, send)
        else:
            await IdentityResponder(app, SMALLEST_PACKED)(scope, receive, send)

    return packed


class TextPacking(GZipResponder):  # type: ignore[misc] # the library has no types
    """Packs text only: the rest is packed already, or as large as a database."""

    async def send_with_compression(self, message: Message) -> None:
        await super().send_with_compression(message)
        if message["type"] == "http.response.start" and not _TEXT.match(_values(message, b"content-type").decode()):
            self.content_type_is_excluded = True


_SITES: WeakKeyDictionary[Datasette, tuple[Site, Answers, Once]] = WeakKeyDictionary()


def _site(datasette: Datasette) -> tuple[Site, Answers, Once]:
    if datasette not in _SITES:
        _SITES[datasette] = Site(datasette), Answers(ROOM), Once()
    return _SITES[datasette]


@hookimpl
def startup(datasette: Datasette) -> None:
    """Versions the static files that the metadata names, and has it noted where a query hits a time limit."""
    site, *_ = _site(datasette)
    for database in datasette.databases.values():
        database.execute = _noting(database.execute)
    metadata = copy.copy(datasette._metadata_local)
    for key in {"extra_css_urls", "extra_js_urls"} & set(metadata):
        metadata[key] = [
            url | {"url": site.versioned(url["url"])} if isinstance(url, dict) else site.versioned(url)
            for url in metadata[key]
        ]
    datasette._metadata_local = metadata


def _noting(execute: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def noting(sql: str, *arguments: Any, **named: Any) -> Any:
        try:
            return await execute(sql, *arguments, **named)
        except QueryInterrupted:
            _INTERRUPTED.get([]).append(sql)
            raise

    return noting


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    def wrap(app: Application) -> Application:
        packed = _packing(app)

        async def cached(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] == "http":
                await _answer(datasette, packed, scope, receive, send)
            else:
                await app(scope, receive, send)

        return cached

    return wrap


async def _answer(datasette: Datasette, app: Application, scope: Scope, receive: Any, send: Send) -> None:
    """Says that the reader has the answer, or sends one that was kept, or has it made."""
    site, answers, once = _site(datasette)
    asked = read_request(scope, datasette.setting("base_url"))
    tag = tag_of(datasette, site, asked) if datasette.cache_headers else None
    if tag is None:
        await app(scope, receive, _untagged(send))
        return
    if asked.method == "HEAD":
        scope, send = scope | {"method": "GET"}, _without_body(send)
    told = _told(datasette, site, asked, tag)
    if tag.removeprefix("W/") in asked.has:
        varying = b"Accept-Encoding" if site.is_static(asked.path) else b"Cookie, Authorization, Accept-Encoding"
        await _send(send, 304, [*told, (b"vary", varying)], b"")
        return
    await once.wait(tag, PATIENCE)
    kept = answers.get(tag)
    if kept:
        await _send(send, 200, kept.headers, kept.body)
        return
    interrupted: list[str] = []
    token = _INTERRUPTED.set(interrupted)
    try:
        with once.making(tag) as made:

            def keep(answer: Answer) -> None:
                answers.keep(tag, answer)
                made()

            await app(scope, receive, Tagging(send, told, interrupted, keep))
    finally:
        _INTERRUPTED.reset(token)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
