"""Watch: what changes in a base is seen, what does not is left alone, and the open site shows it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.pipeline import looks
from claimbase.watch import changes
from tests.histories import Base
from tests.test_discover import wait_for_a_tick
from tests.test_pipeline import assert_like_new, children

needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing here is told to stop by signals")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base of a claim and another document."""
    root = tmp_path / "kb"
    (root / "domains/sleep").mkdir(parents=True)
    (root / "domains/sleep/naps help.md").write_text("---\nconfidence: likely\n---\nAmber.\n")
    (root / "notes.md").write_text("See [[naps help]].\n")
    return root


def times(number: int) -> Callable[[], bool]:
    """Says so many times that it goes on, and then that it does not."""
    numbers = count()
    return lambda: next(numbers) < number


def seen_after(root: Path, edit: Callable[[], object]) -> int:
    """How often two looks after an edit find a change."""
    before = looks(root)
    edit()
    return len(list(changes(partial(looks, root), before, times(2))))


def test_where_nothing_changes_nothing_is_seen(base: Path) -> None:
    assert seen_after(base, lambda: None) == 0


def test_a_commit_is_seen_though_no_file_has_changed(base: Path) -> None:
    repository = Base(base)
    repository.commit({})
    assert seen_after(base, lambda: None) == 0
    assert seen_after(base, lambda: repository.commit({})) == 1
    assert seen_after(base / "domains", lambda: repository.git("reset", "--quiet", "HEAD~")) == 1


def test_a_commit_in_another_work_tree_is_seen_there(base: Path, tmp_path: Path) -> None:
    repository = Base(base)
    repository.commit({})
    repository.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
    commit = ("-C", str(tmp_path / "tree"), "commit", "--quiet", "--allow-empty", "--message", "x")
    assert seen_after(base, lambda: repository.git(*commit)) == 0
    assert seen_after(tmp_path / "tree", lambda: repository.git(*commit)) == 1


def test_other_weights_are_seen(base: Path) -> None:
    (base / "schemas").mkdir()
    file = base / "schemas/contribution-weights.yaml"
    assert seen_after(base, lambda: file.write_text("extractor: 1\n")) == 1


def test_it_goes_on_no_longer_than_it_is_told_to(base: Path) -> None:
    assert list(changes(partial(looks, base), {}, times(0))) == []


def test_what_was_there_before_anything_was_seen_is_a_change_once(base: Path) -> None:
    assert len(list(changes(partial(looks, base), {}, times(3)))) == 1


def test_a_file_is_seen_once_for_each_time_it_is_added_changed_renamed_or_deleted(base: Path) -> None:
    path, renamed = base / "new.md", base / "renamed.md"
    assert seen_after(base, partial(path.write_text, "new")) == 1
    assert seen_after(base, partial(path.write_text, "changed")) == 1
    assert seen_after(base, partial(path.rename, renamed)) == 1
    assert seen_after(base, renamed.unlink) == 1


def test_a_folder_that_is_renamed_is_seen(base: Path) -> None:
    assert seen_after(base, partial((base / "domains/sleep").rename, base / "domains/rest")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="nothing here says when a file was changed in any way")
def test_a_file_given_back_its_size_and_date_is_seen(base: Path) -> None:
    def rewrite() -> None:
        wait_for_a_tick(base / "notes.md")
        before = (base / "notes.md").stat()
        (base / "notes.md").write_text("See [[naps harm]].\n")
        os.utime(base / "notes.md", ns=(before.st_atime_ns, before.st_mtime_ns))

    assert seen_after(base, rewrite) == 1


def test_other_files_are_not_looked_at(base: Path) -> None:
    assert seen_after(base, partial((base / "notes.txt").write_text, "no Markdown")) == 0
    assert seen_after(base, (base / "empty").mkdir) == 0
    assert seen_after(base, partial(shutil.copytree, base / "domains", base / ".git")) == 0


def test_what_is_ignored_from_now_on_is_seen_to_be_gone(base: Path) -> None:
    assert seen_after(base, partial((base / ".claimbaseignore").write_text, "notes.md\n")) == 1
    assert seen_after(base, partial((base / "notes.md").write_text, "ignored\n")) == 0


def test_a_link_to_nothing_is_seen_once(base: Path) -> None:
    assert seen_after(base, partial((base / "gone.md").symlink_to, "nowhere.md")) == 1
    assert seen_after(base, lambda: None) == 0


def test_a_base_that_goes_and_comes_back_is_seen_each_time(base: Path) -> None:
    assert seen_after(base, partial(base.rename, base.with_name("away"))) == 1
    assert seen_after(base, lambda: None) == 0
    assert seen_after(base, partial(base.with_name("away").rename, base)) == 1


def test_what_changes_while_the_last_change_is_dealt_with_is_seen_after_it(base: Path) -> None:
    seen = changes(partial(looks, base), {}, times(3))
    next(seen)
    (base / "new.md").write_text("new")
    assert len(list(seen)) == 1


def watching(base: Path, *options: str) -> subprocess.Popen[str]:
    """A process that builds `codex.db` beside a base and watches it."""
    database = base.with_name("codex.db")
    command = [sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--watch", *options]
    return subprocess.Popen(  # noqa: S603 - our own words
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


@contextlib.contextmanager
def watched(base: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A process that watches a base whose first build is done; it and its server are ended whatever happens."""
    process = watching(base, *options)
    try:
        (base / "first.md").write_text("The first change.\n")
        until(lambda: "first.md" in paths(base.with_name("codex.db")), process)
        (base / "second.md").write_text("The second one, seen by whoever watches.\n")
        until(lambda: "second.md" in paths(base.with_name("codex.db")), process)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def last_words(process: subprocess.Popen[str]) -> str:
    """What a process has still to say until it ends."""
    assert process.stdout
    said = process.stdout.read()
    process.wait()
    return said


def until(is_so: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Waits for what will be so, for a minute at most, and for as long as a process runs."""
    for _ in range(600):
        if is_so():
            return
        assert process.poll() is None, last_words(process)
        time.sleep(0.1)
    raise AssertionError("it has not come about")


def paths(database: Path) -> set[str]:
    """The paths of the documents in a database, none while there is no database."""
    if not database.exists():
        return set()
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return {path for (path,) in connection.execute("select path from documents")}


def shown(port: int, address: str = "/codex/claims/naps-help") -> str:
    """A page of the site, or nothing while it is not there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as response:
            return str(response.read().decode())
    except OSError:
        return ""


def a_free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@needs_signals
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_whoever_watches_stops_when_told_to_and_leaves_nothing_behind(base: Path, how: str) -> None:
    with watched(base) as process:
        process.send_signal(signal.Signals[how])
        said = last_words(process)
        assert process.returncode == 0, said
        assert "Traceback" not in said
    assert {entry.name for entry in base.parent.iterdir()} == {"kb", "codex.db", ".codex.db.memory"}
    assert_like_new(base, base.with_name("codex.db"))


@needs_signals
def test_whoever_watches_sees_every_sort_of_change(base: Path) -> None:
    database = base.with_name("codex.db")
    with watched(base, "--quiet") as process:
        (base / "second.md").rename(base / "third.md")
        until(lambda: {"third.md"} <= paths(database) and "second.md" not in paths(database), process)
        (base / "third.md").unlink()
        until(lambda: "third.md" not in paths(database), process)
        (base / "domains").rename(base / "core")
        until(lambda: "core/sleep/naps help.md" in paths(database), process)
    assert_like_new(base, database)


@needs_signals
def test_whoever_watches_outlives_an_emptied_base_and_goes_on_when_it_is_back(base: Path) -> None:
    database = base.with_name("codex.db")
    with watched(base, "--quiet") as process:
        before = database.read_bytes()
        base.rename(base.with_name("away"))
        assert process.stdout
        assert re.fullmatch(r"Error: .*kb: No such file or directory\n", process.stdout.readline())
        assert database.read_bytes() == before
        base.mkdir()
        base.rmdir()
        base.with_name("away").rename(base)
        (base / "third.md").write_text("Back again.\n")
        until(lambda: "third.md" in paths(database), process)
        process.send_signal(signal.SIGTERM)
        assert last_words(process).replace(f"Error: {base}: no Markdown files in this folder\n", "") == ""
        assert process.returncode == 0


@needs_signals
def test_whoever_watches_says_what_a_build_came_to(base: Path) -> None:
    with watched(base) as process:
        process.send_signal(signal.SIGINT)
        said = last_words(process)
    # The first change may be in the first build already, and the last build may be interrupted before it speaks.
    assert re.findall(r"^ +\d+ documents?, 1 claim, 0 sources$", said, re.MULTILINE)


@needs_signals
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_the_open_site_shows_what_has_changed_and_goes_when_told_to(base: Path, how: str) -> None:
    port = a_free_port()
    with watched(base, "--serve", "--port", str(port), "--quiet") as process:
        until(lambda: "Amber." in shown(port), process)
        (base / "domains/sleep/naps help.md").write_text("---\nconfidence: likely\n---\nCobalt.\n")
        until(lambda: "Cobalt." in shown(port), process)
        assert "Amber." not in shown(port)
        servers = children(process.pid)
        assert servers
        process.send_signal(signal.Signals[how])
        last_words(process)
        assert process.returncode == 0
        assert children(process.pid) == set()
        assert not any(Path(f"/proc/{server}").exists() for server in servers)
    assert is_free(port)


@needs_signals
def test_an_interrupt_of_all_that_serve_and_watch_is_no_failure(base: Path) -> None:
    port = a_free_port()
    with watched(base, "--serve", "--port", str(port), "--quiet") as process:
        until(lambda: "Amber." in shown(port), process)
        os.killpg(process.pid, signal.SIGINT)
        said = last_words(process)
        assert (process.returncode, "Traceback" in said) == (0, False)
    assert is_free(port)


@needs_signals
def test_whoever_watches_ends_with_the_server_it_started(base: Path) -> None:
    port = a_free_port()
    with watched(base, "--serve", "--port", str(port), "--quiet") as process:
        until(lambda: "Amber." in shown(port), process)
        for server in children(process.pid):
            os.kill(server, signal.SIGKILL)
        last_words(process)
        assert process.returncode != 0


def test_a_port_that_is_taken_ends_with_what_the_server_says(base: Path) -> None:
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = watching(base, "--serve", "--port", str(taken.getsockname()[1]), "--quiet")
        said = last_words(process)
    assert process.returncode != 0
    assert "address already in use" in said


def test_a_base_that_is_empty_from_the_start_is_not_watched(base: Path) -> None:
    shutil.rmtree(base)
    base.mkdir()
    process = watching(base)
    assert last_words(process) == f"Error: {base}: no Markdown files in this folder\n"
    assert process.returncode == 2
