"""Visitors: what anyone may send to the site as everyone is served, over HTTP; each within its bounds."""

from __future__ import annotations

import http.client
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.attack import MOST_ANSWER, MOST_MEGABYTES, attacks, public, resident
from benchmarks.sites import Site

# As everyone's, but for how long a statement may run: there are many that would run for ever.
HASTE = ("--setting", "sql_time_limit_ms", "200")
PATIENCE = 60
MEASURED = Path("/proc/self/clear_refs").exists() and hasattr(os, "sched_getaffinity")

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def server(sample_database: Path) -> Iterator[Site]:
    """The site over the sample, in a process of its own."""
    with public(sample_database, *HASTE) as site:
        ask(site.port, "/")
        yield site


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def say(port: int, words: bytes) -> bytes:
    """What the server says to bytes that no client would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65536)


@pytest.mark.parametrize("name", attacks())
def test_an_attack_takes_no_more_than_its_bounds_and_others_are_answered(server: Site, name: str) -> None:
    idle = resident(server.process) if MEASURED else 0
    if MEASURED:
        Path(f"/proc/{server.process}/clear_refs").write_text("5", encoding="ascii")
    status, headers, body = ask(server.port, attacks()[name])
    over = resident(server.process, peak=True) - idle if MEASURED else 0
    assert status in (200, 400, 404, 413, 503), body[:300]
    assert len(body) < 1e6 * MOST_ANSWER
    assert over < MOST_MEGABYTES
    assert b"Traceback" not in body
    assert b".db" not in body.replace(b"/codex.db", b"")
    if headers["content-type"].startswith("text/html"):
        assert "default-src 'none'" in headers["content-security-policy"]
    assert ask(server.port, "/codex/confidences.json?_shape=array")[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.json",
        "/static/%2e%2e/settings.json",
        "/static/..%2fsettings.json",
        "/static//etc/passwd",
        "/static/..\\settings.json",
        "/static/%00",
        "/-/static/..%2f..%2fapp.py",
        "/..%2f..%2fetc/passwd",
        "/codex/..%2f..",
        "/../settings.json",
        "/plugins/policy.py",
        "/settings.json",
    ],
)
def test_a_path_leads_out_of_nothing(server: Site, path: str) -> None:
    status, headers, body = ask(server.port, path)
    assert status in (302, 404)
    assert b"sql_time_limit_ms" not in body
    assert b"root:" not in body
    assert (headers["location"] or "/").startswith("/")
    assert not (headers["location"] or "/").startswith("//")


@pytest.mark.parametrize(
    "page",
    ["versions", "plugins", "settings", "threads", "databases", "metadata", "permissions", "allow-debug", "patterns"],
)
def test_nobody_looks_into_the_server(server: Site, page: str) -> None:
    for form in ("", ".json"):
        assert ask(server.port, f"/-/{page}{form}")[0] == 404


def test_no_timings_are_told_to_those_who_ask_for_them(server: Site) -> None:
    assert b"_trace" not in ask(server.port, "/codex/claims.json?_trace=1&_size=1")[2].replace(b"_trace=1", b"")


@pytest.mark.parametrize("host", ['"><script>alert(1)</script>', "evil.example/path", "a b", "", "x" * 300, "a:b:c"])
def test_a_host_that_is_none_is_not_repeated(server: Site, host: str) -> None:
    status, headers, body = ask(server.port, "/codex/claims?_size=1", headers={"Host": host})
    assert status == 400
    assert b"script" not in body
    assert headers["content-type"].startswith("text/plain")


def test_a_forwarded_host_is_not_believed(server: Site) -> None:
    told = {"X-Forwarded-Host": "evil.example", "X-Original-URL": "/x", "Forwarded": "host=evil.example"}
    for path in ("/", "/sitemap.xml", "/changes.atom", "/codex/claims.json?_size=1", "/codex/claims?_size=1"):
        _, headers, body = ask(server.port, path, headers=told)
        assert b"evil.example" not in body
        assert "evil.example" not in str(headers)


def test_what_one_host_is_told_is_not_told_to_another(server: Site) -> None:
    ask(server.port, "/sitemap.xml", headers={"Host": "evil.example"})
    assert b"evil.example" not in ask(server.port, "/sitemap.xml")[2]


@pytest.mark.parametrize("path", ["/graphql", "/", "/codex/claims", "/-/logout", "/nowhere"])
def test_a_body_that_nobody_needs_is_refused(server: Site, path: str) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        status, _, _ = ask(server.port, path, "POST", b"a" * 300_000, {"Content-Type": kind})
        assert status == 413


def test_a_body_whose_length_is_not_told_is_refused_when_it_has_become_too_long(server: Site) -> None:
    chunk = b"ffff\r\n" + b"a" * 0xFFFF + b"\r\n"
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert say(server.port, head + chunk * 5 + b"0\r\n\r\n").startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "words",
    [
        b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_what_is_no_request_harms_nobody(server: Site, words: bytes) -> None:
    answer = say(server.port, words)
    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 5")
    assert ask(server.port, "/")[0] == 200


def test_those_who_say_nothing_keep_nobody_waiting(server: Site) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    for connection in silent:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    assert ask(server.port, "/")[0] == 200
    for connection in silent:
        connection.close()


def test_the_file_of_the_base_is_there_for_all_and_passes_through_in_pieces(
    server: Site, sample_database: Path
) -> None:
    assert ask(server.port, "/codex.db")[2] == sample_database.read_bytes()
