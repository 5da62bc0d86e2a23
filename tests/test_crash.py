"""Crash: whatever moment a build or a watcher is killed at, the old database is there, or the new one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from claimbase.write import NotWritable, alone, replacing
from tests.crash import SORTS, NotWhole, Victim, contents, crash

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing here kills at once")


def test_whatever_is_killed_leaves_one_of_the_two_databases_and_misleads_no_build(tmp_path: Path) -> None:
    found = crash(tmp_path, 7, 20260214)
    assert {sort: found[sort, "old"] + found[sort, "new"] for sort in SORTS} == dict.fromkeys(SORTS, 7)


def test_a_damaged_database_would_be_found_out(tmp_path: Path) -> None:
    victim = Victim(tmp_path)
    data = bytearray(victim.database.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = bytes(20_000)
    victim.database.write_bytes(data)
    with pytest.raises((NotWhole, sqlite3.DatabaseError), match=r"damaged|malformed"):
        contents(victim.database)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing here says what a file is called that is open")
def test_a_database_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "codex.db"
    target.write_text("old")
    synced = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        synced.append((str(Path(f"/proc/self/fd/{descriptor}").readlink()), target.read_text()))

    monkeypatch.setattr(os, "fsync", note)
    with replacing(target) as temporary:
        temporary.write_text("new")
    assert synced == [(str(temporary), "old"), (str(tmp_path), "new")]


def test_a_folder_whose_file_system_knows_no_such_locks_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr(fcntl, "flock", refuse)
    stale = tmp_path / f".codex.db.{os.getpid()}.building"
    stale.touch()
    with alone(tmp_path / "codex.db"):
        assert not stale.exists()
    with pytest.raises(NotWritable), alone(tmp_path / "absent" / "codex.db"):
        pass
