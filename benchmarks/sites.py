"""Sites: servers of a database on this machine, ours and a stock Datasette."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from claimbase.serve import command

PROJECT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_PATIENCE = 120.0


class Site(NamedTuple):
    """A server that answers: the port it listens on, its process, and those of others that answer through it."""

    port: int
    process: int
    others: tuple[int, ...] = ()


class Silent(Exception):
    """A server did not answer within two minutes, or ended; the message says what it last said."""


@contextlib.contextmanager
def ours(database: Path) -> Iterator[Site]:
    """The site that `build.py --serve` serves."""
    port = free_port()
    with serving(command(PROJECT, database, HOST, port), port) as site:
        yield site


@contextlib.contextmanager
def ours_and_stock(database: Path) -> Iterator[tuple[Site, Site]]:
    """Our site beside a Datasette as it comes: no pages, metadata, settings or plugins but the one for GraphQL."""
    port, other = free_port(), free_port()
    words = ("-m", "datasette", "serve", "--immutable", str(database), "--host", HOST, "--port", str(other))
    plugins = {"DATASETTE_LOAD_PLUGINS": "datasette-graphql"}
    with (
        _running(command(PROJECT, database, HOST, port), port) as own,
        _running([sys.executable, *words], other, plugins) as stock,
    ):
        yield own.answering(), stock.answering()


@contextlib.contextmanager
def balanced(database: Path, processes: int = 2) -> Iterator[Site | None]:
    """Our site as so many processes behind nginx as it is deployed, but that it keeps nothing; None without nginx."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        yield None
        return
    with contextlib.ExitStack() as started:
        ports = [free_port() for _ in range(processes)]
        servers = [started.enter_context(_running(command(PROJECT, database, HOST, port), port)) for port in ports]
        behind = [server.answering() for server in servers]
        folder, port = Path(started.enter_context(tempfile.TemporaryDirectory())), free_port()
        _configure(folder, port, ports)
        words = [nginx, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        front = started.enter_context(_running(words, port)).answering()
        yield front._replace(others=tuple(site.process for site in behind))


def _configure(folder: Path, port: int, behind: Sequence[int]) -> None:
    """Writes the configuration of nginx: the one that is deployed, with the places of this machine."""
    deployed = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    places = {
        "8080": str(port),
        "/var/cache/nginx/claimbase": f"{folder}/cache",
        "proxy_cache pages": "proxy_cache off",
    }
    for there, here in places.items():
        deployed = deployed.replace(there, here)
    (folder / "claimbase.conf").write_text(deployed, encoding="utf-8")
    replicas = "".join(f"server {HOST}:{number};\n" for number in behind)
    (folder / "replicas.conf").write_text(replicas, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} include claimbase.conf; }}\n",
        encoding="utf-8",
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serving(words: Sequence[str], port: int) -> Iterator[Site]:
    """A server's command, running until the block ends; the block begins when it answers on its port."""
    with _running(words, port) as server:
        yield server.answering()


class _Server(NamedTuple):
    """A server that was started, and what it says."""

    port: int
    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def answering(self) -> Site:
        """The site, once it answers."""
        deadline = time.monotonic() + _PATIENCE
        while not _answers(self.port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.said.seek(0)
                raise Silent(f"no answer on port {self.port}: {self.said.read()[-2000:].decode(errors='replace')}")
            time.sleep(0.05)
        return Site(self.port, self.process.pid)


@contextlib.contextmanager
def _running(words: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[_Server]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            words,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        try:
            yield _Server(port, process, said)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a server and what it has started, of itself if it does so within ten seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/-/actor.json", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
