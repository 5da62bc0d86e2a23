"""Argdown: its own parser reads the claims as statements and their arguments as relations."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from build import PROJECT
from claimbase.export import EXPORT_FORMATS, export_to
from claimbase.exports.argdown import argdown
from tests.nasty import NASTY, on_one_line

OLDEST_NODE = 20
CLIENT = PROJECT / "tests/clients/argdown"


@pytest.fixture(scope="session")
def client() -> Path:
    """The folder with the parser in it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Argdown's parser runs on Node.js, which is not installed with npm")
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Argdown's parser needs Node.js {OLDEST_NODE} and not {version}")
    if not (CLIENT / "node_modules/@argdown/core").is_dir():
        command = [npm, "ci", "--no-audit", "--no-fund"]
        installed = subprocess.run(command, check=False, cwd=CLIENT, capture_output=True, text=True)  # noqa: S603
        if installed.returncode:
            pytest.skip(f"Argdown's parser cannot be installed: {installed.stderr.strip().splitlines()[-1:]}")
    return CLIENT


def parsed(client: Path, database: Path, folder: Path) -> Any:
    """What the parser makes of the export of a database."""
    path = folder / "claims.argdown"
    export_to(path, EXPORT_FORMATS["argdown"], database)
    command = [str(shutil.which("node")), str(client / "read.mjs"), str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603


@pytest.fixture(scope="module")
def told(client: Path, database: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the parser makes of the tiny base."""
    return parsed(client, database, tmp_path_factory.mktemp("argdown"))


def test_a_claim_is_a_statement_with_its_title_and_data_and_relations_below(rows: sqlite3.Connection) -> None:
    text = "".join(argdown(rows))
    assert text.startswith(
        "# Claims\n\n[23-5-percent-of-night-shifts-end-in-a-nap]: 23\\.5 percent of night shifts end"
    )
    [naps] = [part for part in text.split("\n\n") if part.startswith("[attention-recovers-in-the-gaps]: ")]
    assert naps.splitlines() == [
        '[attention-recovers-in-the-gaps]: Attention recovers in the gaps {"domain": "attention", '
        '"confidence": "proven", "created": "2026-02-03", "status": "retired", '
        '"path": "foundations/attention/attention-recovers-in-the-gaps.md", "challenged": false}',
        "  +> [naps-restore-attention-within-twenty-minutes]",
    ]


def test_statements_are_claims_with_what_they_say(rows: sqlite3.Connection, told: Any) -> None:
    assert told["errors"] == []
    claims = {row["id"]: row for row in rows.execute("select * from claims")}
    assert {statement["title"] for statement in told["statements"]} == set(claims)
    for statement in told["statements"]:
        claim, data = claims[statement["title"]], statement["data"]
        assert statement["text"].strip() == claim["title"]
        for name in ("domain", "confidence", "created", "status", "path"):
            assert data.get(name) == claim[name], name


def test_relations_are_arguments(rows: sqlite3.Connection, told: Any) -> None:
    arguments = [tuple(row) for row in rows.execute("select from_claim, relation, to_claim from arguments")]
    supports = {(start, "support", end) for start, relation, end in arguments if relation == "supports"}
    rests = {(end, "support", start) for start, relation, end in arguments if relation == "depends_on"}
    attacks = {(start, "attack", end) for start, relation, end in arguments if relation == "challenges"}
    assert {tuple(relation) for relation in told["relations"]} == supports | rests | attacks
    for word in ("depends_on", "related"):
        listed = {(each["title"], word, end) for each in told["statements"] for end in each["data"].get(word, [])}
        assert listed == {argument for argument in arguments if argument[1] == word}


def test_nasty_texts_come_back(client: Path, nasty_database: Path, tmp_path: Path) -> None:
    told = parsed(client, nasty_database, tmp_path)
    assert told["errors"] == []
    statements = {statement["title"]: statement for statement in told["statements"]}
    assert set(statements) == {f"claim-{name}" for name in NASTY}
    for name, text in NASTY.items():
        statement = statements[f"claim-{name}"]
        assert on_one_line(statement["text"]) == on_one_line(text), name
        assert statement["data"]["description"] == text, name
