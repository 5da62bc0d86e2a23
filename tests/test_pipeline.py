"""Pipeline: a build that takes up the last one comes to the same rows as one that starts from nothing."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import PROJECT
from claimbase.discover import discover
from claimbase.paths import printable
from claimbase.pipeline import build_database

KB = Path(__file__).parent / "kb"
# When files that have long been as they are were changed last, in seconds.
LONG_AGO = 1_700_000_000

_opened: list[str] = []
_once_opened: dict[str, Callable[[], object]] = {}


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], (str, Path)) and str(arguments[0]).endswith(".md"):
        path = str(arguments[0])
        _opened.append(path)
        _once_opened.pop(path, lambda: None)()


# Python tells this of every file it opens, for as long as it runs.
sys.addaudithook(_hear)


def when_opened(path: Path, action: Callable[[], object]) -> None:
    """Does something as soon as a file is opened the next time, before it is."""
    _once_opened[str(path)] = action


def times_read(root: Path, database: Path, full: bool = False) -> Counter[str]:
    """Builds, and says how often each file was opened, by its path in the base."""
    _opened.clear()
    build_database(root, database, full=full)
    found = [Path(path) for path in _opened]
    return Counter(printable(str(path.relative_to(root))) for path in found if path.is_relative_to(root))


def files_read(root: Path, database: Path, full: bool = False) -> set[str]:
    """Builds, and says which files were opened."""
    return set(times_read(root, database, full))


def everything(root: Path) -> set[str]:
    return {printable(path) for path in discover(root)}


def age(root: Path) -> None:
    """Makes all files of a base look as if they had long been as they are."""
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))


def holds(process: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
    """Halts a process as soon as something is so; fails where the process ends before."""
    while not is_so():
        assert process.poll() is None, "it was over before it could be halted"
    process.send_signal(signal.SIGSTOP)


def tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("select name from pragma_table_list where schema = 'main' and name not like 'sqlite%'")
    return sorted(name for (name,) in found if "_fts_" not in name)


def columns(connection: sqlite3.Connection, name: str) -> str:
    """All columns but the number by which the index finds a row, which is nobody's business."""
    found = connection.execute(f"pragma table_info({name})").fetchall()
    return ", ".join(column for _, column, *_ in found if column != "rowid")


def contents(database: Path) -> dict[str, list[str]]:
    """Every row of every table and view, and what each word of the base is found in."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = {
            name: sorted(map(repr, connection.execute(f"select {columns(connection, name)} from {name}")))
            for name in tables(connection)
            if not name.endswith("_fts")
        }
        for index, rows in (("documents_fts", "documents"), ("claims_fts", "claims")):
            connection.execute(f"create virtual table temp.words_{rows} using fts5vocab(main, {index}, instance)")
            words = connection.execute(
                f"select term, {rows}.id, col, offset from words_{rows} join {rows} on {rows}.rowid = doc"
            )
            found[index] = sorted(map(repr, words))
            connection.execute(f"insert into {index} ({index}, rank) values ('integrity-check', 0)")
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        return found


def assert_like_new(root: Path, database: Path) -> None:
    """Whether a database holds what one made from nothing holds."""
    anew = database.with_name("anew.db")
    full, taken_up = build_database(root, anew, full=True), build_database(root, database)
    assert taken_up == full
    wanted, found = contents(anew), contents(database)
    assert {name: rows for name, rows in found.items() if rows != wanted[name]} == {}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the tiny base, built once."""
    shutil.copytree(KB, tmp_path / "kb")
    build_database(tmp_path / "kb", tmp_path / "codex.db")
    return tmp_path / "kb"


PIECES = st.sampled_from(
    [
        *("A sentence more.", "", "Since [[naps restore attention within twenty minutes]], more.", "## Challenges"),
        *("- [[nobody has written this]] — a reason", "---", "# A heading", "confidence: proven", "type: source"),
        *("[[steel yields before it breaks]]", "### Additional Evidence (challenge)", "*Source: [[2024-steel]]*"),
        *("title: Another title", "depends_on: [[a]]", "status: retired", "created: 2021-01-01", "```", "1. One"),
        *("### 7. Rest is work", "- the naps of others", "description: x", "domain: steel", "\u2028", "supports:"),
    ]
)
PLACES = st.floats(0, 1)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), PLACES, PLACES, PIECES),
        st.tuples(st.just("cut"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("swap"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("delete"), PLACES, PLACES, st.just("")),
        st.tuples(st.just("rename"), PLACES, PLACES, st.sampled_from(["a new name", "naps", "_map", "beliefs"])),
        st.tuples(st.just("copy"), PLACES, PLACES, st.sampled_from(["domains/sleep", "inbox/archive", "entities/x"])),
        st.tuples(st.just("add"), PLACES, PLACES, PIECES),
        st.tuples(st.just("touch"), PLACES, PLACES, st.just("")),
    ),
    min_size=1,
    max_size=4,
)


def apply(root: Path, edit: tuple[str, float, float, str]) -> None:
    """Changes one file of a base, as people do and as they do not."""
    how, which, where, piece = edit
    files = sorted(path for path in root.rglob("*.md") if path.is_file())
    path = files[min(int(which * len(files)), len(files) - 1)]
    lines = path.read_bytes().split(b"\n")
    at = min(int(where * len(lines)), len(lines) - 1)
    if how == "insert":
        path.write_bytes(b"\n".join([*lines[:at], piece.encode(), *lines[at:]]))
    elif how == "cut":
        path.write_bytes(b"\n".join(lines[:at] + lines[at + 1 :]))
    elif how == "swap":
        path.write_bytes(b"\n".join([*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]]))
    elif how == "delete" and len(files) > 1:
        path.unlink()
    elif how == "rename":
        path.replace(path.with_name(f"{piece}.md"))
    elif how == "copy":
        (root / piece).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, root / piece / path.name) if path.parent != root / piece else None
    elif how == "add":
        path.with_name(f"added {at}.md").write_text(f"---\n{piece}\n---\n{piece}\n", encoding="utf-8")
    else:
        os.utime(path)


@settings(max_examples=25)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_whatever_is_edited_added_renamed_or_deleted_the_rows_are_those_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, float, float, str]]]
) -> None:
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(KB, folder / "kb")
    build_database(folder / "kb", folder / "codex.db")
    for edits in rounds:
        for edit in edits:
            apply(folder / "kb", edit)
        assert_like_new(folder / "kb", folder / "codex.db")
    shutil.rmtree(folder)


def test_a_full_build_reads_each_file_once(base: Path, tmp_path: Path) -> None:
    assert times_read(base, tmp_path / "new.db") == dict.fromkeys(everything(base), 1)
    assert times_read(base, tmp_path / "new.db", full=True) == dict.fromkeys(everything(base), 1)


def test_a_build_of_a_base_that_has_changed_throughout_reads_each_file_once(base: Path, tmp_path: Path) -> None:
    for path in base.rglob("*.md"):
        path.write_bytes(path.read_bytes() + b"\n\nOne more line.\n")
    assert times_read(base, tmp_path / "codex.db") == dict.fromkeys(everything(base), 1)


def test_the_sample_base_is_taken_up_as_the_tiny_one_is(tmp_path: Path) -> None:
    root, database = tmp_path / "sample", tmp_path / "codex.db"
    for folder in ("domains", "inbox", "entities", "agents"):
        shutil.copytree(PROJECT / folder, root / folder)
    build_database(root, database)
    files = sorted(path for path in root.rglob("*.md"))
    files[3].write_bytes(files[3].read_bytes() + b"\n\nNothing but prose.\n")
    assert_like_new(root, database)
    files[8].write_bytes(files[8].read_bytes().replace(b"---\n", b"---\nrelated: [nobody has written this]\n", 1))
    files[13].unlink()
    assert_like_new(root, database)


def slow_base(tmp_path: Path) -> tuple[Path, Path]:
    """A base that takes a while to build, and its database."""
    root, database = tmp_path / "kb", tmp_path / "out" / "codex.db"
    shutil.copytree(KB, root)
    database.parent.mkdir()
    for number in range(300):
        text = (
            f"---\nconfidence: likely\ndepends_on: [[filler {number + 1}]]\n---\nSince [[filler {number * 7 % 300}]].\n"
        )
        (root / f"domains/sleep/filler {number}.md").write_text(text)
    age(root)
    build_database(root, database)
    return root, database


def building(root: Path, database: Path, *options: str) -> subprocess.Popen[bytes]:
    """A process that builds."""
    command = [sys.executable, str(PROJECT / "build.py"), str(root), "--output", str(database), "--quiet", *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE)  # noqa: S603 - our own words


def copied(process: subprocess.Popen[bytes], database: Path) -> bool:
    """Whether a build has made its copy of the old database."""
    temporary = database.with_name(f".{database.name}.{process.pid}.building")
    return temporary.exists() and temporary.stat().st_size >= database.stat().st_size


def ended(*processes: subprocess.Popen[bytes]) -> list[tuple[int, bytes]]:
    """The exit code of each process, and what it said."""
    return [(process.wait(), process.stderr.read() if process.stderr else b"") for process in processes]


def run_beside(halted: subprocess.Popen[bytes], other: subprocess.Popen[bytes]) -> None:
    """Lets a build run while another is halted, to its end unless it waits for the other, and then that one."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        other.wait(3)
    halted.send_signal(signal.SIGCONT)


needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing here can be halted")
OVERTAKEN = "a build that another overtakes mixes rows of both, and takes for known what it has not written"
FIRST, SECOND = "rituals/monday-nap.md", "domains/sleep/snoring is heard by others first.md"


@needs_signals
@pytest.mark.parametrize("added", ["Nothing but prose.", "And a link: [[nobody has written this]]."])
def test_a_build_that_another_overtakes_leaves_nothing_wrong_behind(tmp_path: Path, added: str) -> None:
    root, database = slow_base(tmp_path)
    (root / FIRST).write_text("Changed first, [[nowhere at all]].\n")
    slow = building(root, database)
    holds(slow, lambda: copied(slow, database))
    with (root / SECOND).open("a") as file:
        file.write(f"\n{added}\n")
    quick = building(root, database)
    run_beside(slow, quick)
    assert ended(slow, quick) == [(0, b""), (0, b"")]
    assert_like_new(root, database)


@needs_signals
def test_two_full_builds_at_once_both_end_well(tmp_path: Path) -> None:
    root, database = slow_base(tmp_path)
    slow = building(root, database, "--full")
    texts = database.with_name(f".{database.name}.{slow.pid}.building-texts")
    holds(slow, lambda: texts.exists() and texts.stat().st_size > 0)
    quick = building(root, database, "--full")
    run_beside(slow, quick)
    assert ended(slow, quick) == [(0, b""), (0, b"")]
    assert_like_new(root, database)


def test_builds_of_one_base_into_two_databases_do_not_meddle_with_each_other(tmp_path: Path) -> None:
    root, database = slow_base(tmp_path)
    (root / FIRST).write_text("Changed, [[nowhere at all]].\n")
    builds = [building(root, database), building(root, database.with_name("other.db"))]
    assert ended(*builds) == [(0, b""), (0, b"")]
    for name in ("codex.db", "other.db"):
        assert_like_new(root, database.with_name(name))


def change_something(root: Path, number: int) -> None:
    """Prose, a link, a file more or a file less, in turn."""
    path = root / SECOND
    if number % 4 == 0:
        path.write_bytes(path.read_bytes() + b"\nNothing but prose.\n")
    elif number % 4 == 1:
        path.write_bytes(path.read_bytes() + b"\n[[nobody has written this]]\n")
    elif number % 4 == 2:
        (root / f"domains/sleep/one more {number}.md").write_text("new")
    else:
        (root / f"domains/sleep/one more {number - 1}.md").unlink()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing here kills at once")
def test_a_build_that_is_killed_while_it_takes_up_another_leaves_the_old_database_or_the_new_one(base: Path) -> None:
    database, moments = base.with_name("codex.db"), random.Random(20260214)  # noqa: S311 - the same in every run
    for number in range(8):
        change_something(base, number)
        process = building(base, database)
        temporary = database.with_name(f".{database.name}.{process.pid}.building")
        while number % 3 and process.poll() is None and not temporary.exists():
            pass
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0, 0.05) if number % 3 else moments.uniform(0, 0.5))
        process.kill()
        process.communicate()
        contents(database)
        assert_like_new(base, database)
        left = {entry.name for entry in base.parent.iterdir()}
        assert left == {"kb", "codex.db", ".codex.db.memory", "anew.db", ".anew.db.memory"}


def children(process: int) -> set[int]:
    """The processes that a process has started."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == process:
                found.add(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed under /proc")
@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="there is one processor")
@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL"])
def test_a_build_that_is_killed_while_several_processes_read_holds_up_no_other(tmp_path: Path, how: str) -> None:
    root, database = tmp_path / "kb", tmp_path / "codex.db"
    root.mkdir()
    for number in range(4000):
        (root / f"{number}.md").write_text(f"[[{number + 1}]] and more words. " * 50)
    killed, found = building(root, database, "--full"), set[int]()
    while not found:
        assert killed.poll() is None, "it was over before it could be killed"
        found = children(killed.pid)
    killed.send_signal(signal.Signals[how])
    killed.wait()
    following = building(root, database)
    with contextlib.suppress(subprocess.TimeoutExpired):
        following.wait(120)
    ended_well = following.poll() == 0
    for process in (*found, following.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    following.communicate()
    assert ended_well
