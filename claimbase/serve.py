"""Serve: a database as a Datasette site, the same one that `datasette .` serves from the project's folder."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimbase.addresses import DATABASE

# Datasette's setting that is on where visitors may look into the server: on one's own machine.
LOCAL = "trace_debug"


class WrongName(ValueError):
    """The database is not called `codex.db`: its metadata, templates and addresses go by that name."""


def command(project: Path, database: Path, host: str, port: int) -> list[str]:
    """The `datasette` command that serves `database` with the project's pages, metadata and settings.

    The settings are those for one's own machine where no other reaches the host, else the public ones.
    """
    if database.stem != DATABASE:
        raise WrongName(f"{database}: only a database called {DATABASE}.db can be served")
    settings = read_settings(project, local=is_loopback(host))
    return [
        *(sys.executable, "-m", "datasette", "serve"),
        *("--immutable", str(database), "--host", host, "--port", str(port)),
        *("--metadata", str(project / "metadata.yml")),
        *("--template-dir", str(project / "templates")),
        *("--plugins-dir", str(project / "plugins")),
        *("--static", f"static:{project / 'static'}"),
        *(word for key, value in settings.items() for word in ("--setting", key, json.dumps(value))),
    ]


def read_settings(project: Path, local: bool = False) -> dict[str, Any]:
    """Datasette's settings as a project states them: for everyone, or for one's own machine, where more is shown."""
    names = ("settings.json", "local.json") if local else ("settings.json",)
    told = [json.loads((project / name).read_text(encoding="utf-8")) for name in names]
    return {key: value for settings in told for key, value in settings.items()}


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches what listens at a host."""
    return host in ("localhost", "::1") or host.startswith("127.")


@contextlib.contextmanager
def serving(server: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server's process, which is stopped when the block ends, however it ends."""
    process = subprocess.Popen(server)  # noqa: S603 - our own words, no shell
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
