"""Serve: a database as a Datasette site, the same one that `datasette .` serves from the project's folder."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from claimbase.addresses import DATABASE


class WrongName(ValueError):
    """The database is not called `codex.db`: its metadata, templates and addresses go by that name."""


def command(project: Path, database: Path, host: str, port: int) -> list[str]:
    """The `datasette` command that serves `database` with the project's pages, metadata and settings."""
    if database.stem != DATABASE:
        raise WrongName(f"{database}: only a database called {DATABASE}.db can be served")
    settings = json.loads((project / "settings.json").read_text(encoding="utf-8"))
    return [
        *(sys.executable, "-m", "datasette", "serve"),
        *("--immutable", str(database), "--host", host, "--port", str(port)),
        *("--metadata", str(project / "metadata.yml")),
        *("--template-dir", str(project / "templates")),
        *("--plugins-dir", str(project / "plugins")),
        *("--static", f"static:{project / 'static'}"),
        *(word for key, value in settings.items() for word in ("--setting", key, json.dumps(value))),
    ]


@contextlib.contextmanager
def serving(server: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server's process, which is stopped when the block ends, however it ends."""
    process = subprocess.Popen(server)  # noqa: S603 - our own words, no shell
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
