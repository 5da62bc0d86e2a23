"""Machine: what a figure was measured on, without a name by which the machine could be found."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path


def describe(node_modules: Path | None = None) -> list[tuple[str, str]]:
    """What the machine and its programs are, as pairs of a word and a value."""
    facts = [
        ("Processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("Memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"),
        ("System", _system()),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
        ("Datasette", version("datasette")),
        ("sqlite-utils", version("sqlite-utils")),
    ]
    manifest = node_modules / "mddb" / "package.json" if node_modules else None
    if manifest and manifest.exists() and shutil.which("node"):
        facts.append(("mddb", str(json.loads(manifest.read_text(encoding="utf-8"))["version"])))
        facts.append(("Node.js", _said("node", "--version").removeprefix("v")))
    return facts


def _processor() -> str:
    """The model as Linux names it, or what Python knows."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"


def _said(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own words
