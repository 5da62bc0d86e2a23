"""Serve: what is served to everyone, and what to whoever sits at the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.serve import LOCAL, command, is_loopback, read_settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "localhost", "::1"])
def test_nobody_else_reaches_a_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "example.org", ""])  # noqa: S104 - asked, not bound
def test_others_reach_everything_else(host: str) -> None:
    assert not is_loopback(host)


def test_only_who_sits_at_the_machine_looks_into_the_server(database: Path) -> None:
    def told(host: str) -> str:
        words = command(PROJECT, database, host, 8001)
        return words[words.index(LOCAL) + 1] if LOCAL in words else "left out"

    assert (told("127.0.0.1"), told("0.0.0.0")) == ("true", "left out")  # noqa: S104 - not bound


def test_the_local_settings_are_the_public_ones_with_more_switched_on() -> None:
    public, local = read_settings(PROJECT), read_settings(PROJECT, local=True)
    assert {key for key in local if local[key] != public.get(key)} == {LOCAL, "max_csv_mb"}


@pytest.mark.parametrize(
    ("host", "setting", "warns"),
    [("0.0.0.0", "1", True), ("0.0.0.0", "0", False), ("127.0.0.1", "1", False)],  # noqa: S104 - that is what it is for
)
def test_a_server_that_others_reach_warns_of_the_local_settings(
    database: Path, host: str, setting: str, warns: bool
) -> None:
    words = [*command(PROJECT, database, host, 0), "--setting", LOCAL, setting, "--get", "/static/claimbase.css"]
    done = subprocess.run([sys.executable, *words[1:]], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert ("can be reached from other machines" in done.stderr) == warns
