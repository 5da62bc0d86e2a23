"""The documents run: every command, program and query that a page shows is carried out, in its order, as it stands."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from build import PROJECT
from tests.conftest import KB, served

PAGES = ("README.md", "docs/api.md", "docs/deploy.md", "docs/tutorial.md")
# These are run by tests of what they are about.
ELSEWHERE = {
    "docs/compare.md": "tests/test_docs.py",
    "docs/exports.md": "tests/test_docs.py",
    "docs/graphql.md": "tests/test_graphql.py",
    "docs/history.md": "tests/test_docs.py",
    "docs/mcp.md": "tests/test_serve_mcp.py",
}
# What is shown and is no program; output is compared with what the block before it printed.
SHOWN, OUTPUT = {"markdown"}, "text"
# What cannot be carried out here, by a piece of its text, and why.
LEFT_OUT = {
    "-m pytest": "it is what runs this",
    "/srv/claimbase": "it serves until it is stopped, from a folder of the system",
    "docker ": "it needs Docker, and base images from the internet",
    "gcloud ": "it hands the site to Google",
    "deploy/publish ": "it hands the site to a cloud",
    "fly deploy": "it hands the site to Fly",
    "deploy/refresh ": "it needs replicas: tests/test_deploy.py runs it before some",
    "duckdb -c": "it needs DuckDB's command: tests/test_export_parquet.py asks the same through its package",
    "bq load": "it hands the tables to Google",
    "spark.read": "it needs a session of Spark",
}
INSTALLING = re.compile(r"python3 -m venv \.venv && \.venv/bin/pip install .*? && |^pip install .*\n", re.MULTILINE)
"""Commands that make an environment: the one that runs the tests stands in its place."""
SERVING = re.compile(r"^.*build\.py.* --serve$", re.MULTILINE)
"""A command that serves until it is stopped: what it serves is served for the rest of the page, on another port."""
ADDRESS = "http://127.0.0.1:8001"


class Block(NamedTuple):
    """A fenced piece of a page: its language, its text, and what it is said to print."""

    language: str
    text: str
    printed: str | None


def blocks(page: str) -> list[Block]:
    text = (PROJECT / page).read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    outputs = [*(text if language == OUTPUT else None for language, text in found[1:]), None]
    return [
        Block(language, text, output)
        for (language, text), output in zip(found, outputs, strict=True)
        if language != OUTPUT
    ]


@pytest.fixture
def folder(tmp_path: Path, sample_database: Path) -> Path:
    """A folder as this project's own is after its first build, and a base of one's own in it."""
    for path in PROJECT.iterdir():
        if path.name not in ("codex.db", ".venv", ".git") and not path.name.startswith(".codex"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shutil.copy(sample_database, tmp_path / "codex.db")
    shutil.copytree(KB, tmp_path / "path/to/your/codex")
    return tmp_path


def carry_out(block: Block, folder: Path) -> str:
    """What a block prints; fails where its program does."""
    if block.language == "sql":
        connection = sqlite3.connect(f"file:{folder}/codex.db?mode=ro", uri=True)
        rows = connection.execute(block.text).fetchall()
        connection.close()
        assert rows, block.text
        return "".join("|".join(map(str, row)) + "\n" for row in rows)
    words = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[block.language]
    done = subprocess.run(  # noqa: S603 - our own documents
        [*words, block.text],
        cwd=folder,
        env={**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{block.text}\n{done.stderr}"
    assert '"ok": false' not in done.stdout or block.printed, done.stdout
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_from_its_first_block_to_its_last(page: str, folder: Path) -> None:
    asks_a_site = any(ADDRESS in block.text for block in blocks(page))
    with served(folder / "codex.db") if asks_a_site else nullcontext(ADDRESS) as address:
        for block in blocks(page):
            if block.language in SHOWN or any(piece in block.text for piece in LEFT_OUT):
                continue
            text = SERVING.sub(lambda line: line[0].replace(" --serve", ""), INSTALLING.sub("", block.text))
            printed = carry_out(block._replace(text=text.replace(ADDRESS, address)), folder)
            assert block.printed in (None, printed.removesuffix("\n") + "\n"), block.text


def test_every_page_with_a_program_is_run_here_or_elsewhere() -> None:
    pages = [PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")]
    programs = {str(path.relative_to(PROJECT)) for path in pages if "\n```" in path.read_text(encoding="utf-8")}
    assert programs == {*PAGES, *ELSEWHERE}
    assert all((PROJECT / test).is_file() for test in ELSEWHERE.values())


def test_what_is_left_out_is_still_there() -> None:
    texts = [block.text for page in PAGES for block in blocks(page)]
    assert [piece for piece in LEFT_OUT if not any(piece in text for text in texts)] == []
