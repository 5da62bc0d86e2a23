"""Memory: what is taken for known is so, and where that is not certain everything is read anew."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from build import PROJECT
from claimbase.discover import NothingToRead, discover, look
from claimbase.memory import Memory
from claimbase.pipeline import build_database
from claimbase.pipeline.take_in import take_in
from claimbase.records import Stamp, Taken
from tests.test_pipeline import (
    KB,
    age,
    assert_like_new,
    building,
    copied,
    ended,
    everything,
    files_read,
    holds,
    needs_signals,
    slow_base,
    when_opened,
)
from tests.test_write import dead_process

NAP, SNORING = "rituals/monday-nap.md", "domains/sleep/snoring is heard by others first.md"
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only here are names bytes")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A copy of the tiny base, whose files have long been as they are, built once."""
    root = tmp_path / "kb"
    shutil.copytree(KB, root)
    age(root)
    build_database(root, tmp_path / "codex.db")
    return root


@pytest.fixture
def database(base: Path) -> Path:
    return base.with_name("codex.db")


@pytest.fixture
def memory(base: Path) -> Path:
    return base.with_name(".codex.db.memory")


def look_of(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def tell(path: Path, statement: str, *values: object) -> None:
    """Changes a SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def rewrite(path: Path, text: str) -> None:
    """Gives a file other contents of the same size, and the date that it had."""
    before = path.stat()
    assert len(text.encode()) == before.st_size
    path.write_text(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_where_nothing_has_changed_nothing_is_read_or_written(base: Path, database: Path, memory: Path) -> None:
    before = look_of(database), look_of(memory)
    assert files_read(base, database) == set()
    assert (look_of(database), look_of(memory)) == before


def test_what_has_changed_is_read_and_nothing_else(base: Path, database: Path) -> None:
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    (base / "new.md").write_text("New.\n")
    (base / SNORING).unlink()
    assert files_read(base, database) == {NAP, "new.md"}
    assert_like_new(base, database)


def test_full_reads_everything(base: Path, database: Path) -> None:
    assert files_read(base, database, full=True) == everything(base)


def test_a_touched_file_is_read_once_and_the_database_stays(base: Path, database: Path) -> None:
    before = look_of(database)
    os.utime(base / NAP, (1_600_000_000, 1_600_000_000))
    assert files_read(base, database) == {NAP}
    assert files_read(base, database) == set()
    assert look_of(database) == before


def test_a_file_touched_a_moment_ago_is_read_until_it_can_no_longer_change_unseen(base: Path, database: Path) -> None:
    os.utime(base / NAP)
    assert files_read(base, database) == {NAP}
    assert files_read(base, database) == {NAP}
    os.utime(base / NAP, (1_600_000_000, 1_600_000_000))
    assert files_read(base, database) == {NAP}
    assert files_read(base, database) == set()


def test_a_file_that_was_given_back_its_size_and_date_is_seen_all_the_same(base: Path, database: Path) -> None:
    rewrite(base / NAP, (base / NAP).read_text().replace("nobody", "no-one"))
    assert files_read(base, database) == {NAP}
    assert_like_new(base, database)


@pytest.mark.parametrize("full", [False, True])
def test_a_file_changed_twice_within_an_instant_is_seen(base: Path, database: Path, full: bool) -> None:
    (base / NAP).write_text("Changed first, [[nowhere at all]].\n")
    in_a_moment = time.time_ns() + 1_000_000_000
    os.utime(base / NAP, ns=(in_a_moment, in_a_moment))
    build_database(base, database, full=full)
    rewrite(base / NAP, "Changed again, [[nowhere at all]].\n")
    assert files_read(base, database) == {NAP}
    assert_like_new(base, database)


@needs_signals
def test_a_file_changed_again_while_a_long_build_is_under_way_is_seen(tmp_path: Path) -> None:
    root, database = slow_base(tmp_path)
    (root / NAP).write_text("Changed first, [[nowhere at all]].\n")
    slow = building(root, database)
    holds(slow, lambda: copied(slow, database))
    rewrite(root / NAP, "Changed again, [[nowhere at all]].\n")
    time.sleep(2.1)
    slow.send_signal(signal.SIGCONT)
    assert ended(slow) == [(0, b"")]
    assert_like_new(root, database)


def another_program(database: Path, memory: Path) -> None:
    tell(memory, "update about set value = 'another' where what = 'program'")


def another_root(database: Path, memory: Path) -> None:
    tell(memory, "update about set value = '/another' where what = 'root'")


def an_interrupted_build(database: Path, memory: Path) -> None:
    tell(memory, "delete from about")


def half_of_what_it_is_about(database: Path, memory: Path) -> None:
    tell(memory, "delete from about where what = 'database'")


def no_memory(database: Path, memory: Path) -> None:
    memory.unlink()


def no_database(database: Path, memory: Path) -> None:
    database.unlink()


def a_copied_database(database: Path, memory: Path) -> None:
    shutil.copy2(database, database.with_name("copy.db"))
    database.with_name("copy.db").replace(database)


def a_database_by_other_hands(database: Path, memory: Path) -> None:
    tell(database, "update claims set title = 'forged'")


def an_empty_database(database: Path, memory: Path) -> None:
    database.write_bytes(b"")


def a_database_that_is_none(database: Path, memory: Path) -> None:
    database.write_text("no database")


def an_empty_memory(database: Path, memory: Path) -> None:
    memory.write_bytes(b"")


def a_memory_that_is_no_database(database: Path, memory: Path) -> None:
    memory.write_bytes(b"no database" * 5000)


def half_a_memory(database: Path, memory: Path) -> None:
    os.truncate(memory, memory.stat().st_size // 2)


def a_memory_cut_within_a_page(database: Path, memory: Path) -> None:
    os.truncate(memory, memory.stat().st_size - 100)


def a_foreign_memory(database: Path, memory: Path) -> None:
    memory.unlink()
    tell(memory, "create table naps (minutes integer)")


def a_memory_of_other_columns(database: Path, memory: Path) -> None:
    tell(memory, "alter table files rename column mark to md5")


def the_database_itself_as_memory(database: Path, memory: Path) -> None:
    shutil.copyfile(database, memory)


def a_link_to_nothing(database: Path, memory: Path) -> None:
    memory.unlink()
    memory.symlink_to("nowhere")


def a_damaged_header(database: Path, memory: Path) -> None:
    memory.write_bytes(b"\0" * 100 + memory.read_bytes()[100:])


def a_damaged_index(database: Path, memory: Path) -> None:
    data = memory.read_bytes()
    memory.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])


def heads_of_another_shape(database: Path, memory: Path) -> None:
    tell(memory, "update files set head = replace(head, '\"{}\"', '\"7\"')")


SPOILT = [
    *(another_program, another_root, an_interrupted_build, half_of_what_it_is_about, no_memory, no_database),
    *(a_copied_database, a_database_by_other_hands, an_empty_database, a_database_that_is_none, an_empty_memory),
    *(a_memory_that_is_no_database, half_a_memory, a_foreign_memory),
    *(
        a_memory_cut_within_a_page,
        a_memory_of_other_columns,
        the_database_itself_as_memory,
        a_link_to_nothing,
        a_damaged_header,
        a_damaged_index,
        heads_of_another_shape,
    ),
]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: str(spoil.__name__))
def test_where_the_memory_is_not_of_this_very_database_everything_is_read_anew(
    base: Path, database: Path, memory: Path, spoil: Callable[[Path, Path], None]
) -> None:
    spoil(database, memory)
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    age(base)
    assert files_read(base, database) == everything(base)
    assert files_read(base, database) == set()
    assert_like_new(base, database)


@pytest.mark.parametrize("full", [False, True])
def test_a_folder_in_the_place_of_the_memory_ends_no_build(
    base: Path, database: Path, memory: Path, full: bool
) -> None:
    memory.unlink()
    memory.mkdir()
    assert files_read(base, database, full=full) == everything(base)
    assert_like_new(base, database)


def test_a_memory_damaged_anywhere_ends_no_build(base: Path, database: Path, memory: Path) -> None:
    for page in range(1, 8):
        build_database(base, database, full=True)
        kept = memory.read_bytes()
        memory.write_bytes(kept[: page * 4096] + b"\xff" * 4096 + kept[(page + 1) * 4096 :])
        (base / NAP).write_text(f"Changed {page} times, [[nowhere at all]].\n")
        assert_like_new(base, database)


def test_another_root_into_the_same_database_is_read_anew(base: Path, database: Path, tmp_path: Path) -> None:
    shutil.copytree(base, tmp_path / "another", copy_function=shutil.copy2)
    (tmp_path / "another" / NAP).write_text("Another.\n")
    assert files_read(tmp_path / "another", database) == everything(base)
    assert_like_new(tmp_path / "another", database)
    assert files_read(base, database) == everything(base)
    assert_like_new(base, database)


def test_the_same_root_by_another_name_is_known(
    base: Path, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to("kb")
    assert files_read(tmp_path / "link", database) == set()
    monkeypatch.chdir(tmp_path)
    build_database(Path("kb"), Path("codex.db"))
    assert files_read(base, database) == set()


def test_a_memory_of_long_ago_put_back_is_not_believed(base: Path, database: Path, memory: Path) -> None:
    shutil.copy2(memory, memory.with_name("kept"))
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    age(base)
    build_database(base, database)
    memory.with_name("kept").replace(memory)
    assert files_read(base, database) == everything(base)
    assert_like_new(base, database)


def test_each_database_has_a_memory_of_its_own(base: Path, database: Path) -> None:
    other = database.with_name("other.db")
    build_database(base, other)
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    os.utime(base / NAP, (1_600_000_000, 1_600_000_000))
    for path in (database, other):
        assert files_read(base, path) == {NAP}
        assert files_read(base, path) == set()
        assert_like_new(base, path)


def test_what_a_killed_build_left_behind_is_removed_though_nothing_has_changed(base: Path, database: Path) -> None:
    left = database.with_name(f".codex.db.{dead_process()}.building")
    left.touch()
    build_database(base, database)
    assert not left.exists()


def test_a_journal_that_a_killed_build_left_is_in_nobodys_way(base: Path, database: Path, memory: Path) -> None:
    memory.with_name(f"{memory.name}-journal").write_bytes(os.urandom(5000))
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    assert_like_new(base, database)


def a_link_to_nothing_at_all(root: Path) -> None:
    (root / "gone.md").symlink_to("nowhere.md")


def a_link_that_leads_out(root: Path) -> None:
    (root.parent / "secret.txt").write_text("secret")
    (root / "gone.md").symlink_to(root.parent / "secret.txt")


def a_file_beyond_all_measure(root: Path) -> None:
    with (root / "gone.md").open("wb") as file:
        file.truncate(17 * 2**20)


UNREADABLE = [a_link_to_nothing_at_all, a_link_that_leads_out, a_file_beyond_all_measure]


@pytest.mark.parametrize("spoil", UNREADABLE, ids=lambda spoil: str(spoil.__name__))
def test_a_file_that_cannot_be_read_comes_and_goes(base: Path, database: Path, spoil: Callable[[Path], None]) -> None:
    spoil(base)
    assert_like_new(base, database)
    assert_like_new(base, database)
    (base / "gone.md").unlink()
    (base / "gone.md").write_text("Here I am, [[nowhere at all]].\n")
    assert_like_new(base, database)
    (base / "gone.md").unlink()
    spoil(base)
    assert_like_new(base, database)
    (base / "gone.md").unlink()
    assert_like_new(base, database)


@pytest.mark.parametrize("spoil", UNREADABLE, ids=lambda spoil: str(spoil.__name__))
def test_a_file_that_cannot_be_read_is_no_reason_to_write_the_same_rows_again(
    base: Path, database: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(base)
    build_database(base, database)
    before = look_of(database)
    build_database(base, database)
    assert look_of(database) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_whose_permission_is_taken_away_is_a_fault(base: Path, database: Path) -> None:
    (base / NAP).chmod(0)
    assert_like_new(base, database)


def test_a_file_that_vanishes_between_the_look_and_the_reading_is_gone_the_next_time(
    base: Path, database: Path
) -> None:
    for name in (SNORING, NAP):
        (base / name).write_text("Changed, [[nowhere at all]].\n")
    when_opened(base / SNORING, (base / NAP).unlink)
    outcome = build_database(base, database)
    assert [problem.path for problem in outcome.problems if problem.code == "unreadable-file"] == [NAP]
    assert_like_new(base, database)


def test_a_file_that_vanishes_while_everything_is_read_is_gone_the_next_time(base: Path, database: Path) -> None:
    when_opened(base / SNORING, (base / NAP).unlink)
    outcome = build_database(base, database, full=True)
    assert [problem.path for problem in outcome.problems if problem.code == "unreadable-file"] == [NAP]
    assert_like_new(base, database)


@pytest.mark.parametrize("full", [False, True])
def test_a_file_that_changes_between_the_look_and_the_reading_is_read_again(
    base: Path, database: Path, full: bool
) -> None:
    for name in (SNORING, NAP):
        (base / name).write_text("Changed, [[nowhere at all]].\n")
    when_opened(base / SNORING, lambda: (base / NAP).write_text("Changed once more.\n"))
    build_database(base, database, full=full)
    age(base)
    assert NAP in files_read(base, database)
    assert_like_new(base, database)


def test_a_file_that_could_not_be_looked_at_but_was_read_is_not_taken_for_known(base: Path, database: Path) -> None:
    (base / "passing.md").symlink_to("domains/passing.txt")
    when_opened(base / "passing.md", lambda: (base / "domains/passing.txt").write_text("Here for a moment.\n"))
    build_database(base, database)
    (base / "domains/passing.txt").unlink()
    assert_like_new(base, database)


def test_an_empty_file_of_a_moment_before_1970_is_seen(base: Path, database: Path) -> None:
    (base / "new.md").touch()
    os.utime(base / "new.md", ns=(-1, -1))
    assert_like_new(base, database)


def test_two_files_of_one_size_and_date_that_change_places_are_seen(base: Path, database: Path) -> None:
    (base / "one.md").write_text("One, [[nowhere at all]].\n")
    (base / "two.md").write_text("Two, [[nowhere at all]].\n")
    age(base)
    build_database(base, database)
    (base / "one.md").rename(base / "kept")
    (base / "two.md").rename(base / "one.md")
    (base / "kept").rename(base / "two.md")
    assert_like_new(base, database)


@only_linux
def test_names_that_are_no_text_are_remembered(base: Path, database: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(base) + b"/domains/sleep/\xff.md"))
    path.write_text("First.\n")
    age(base)
    assert_like_new(base, database)
    assert files_read(base, database) == set()
    path.write_text("Changed, [[nowhere at all]].\n")
    assert files_read(base, database) == {"domains/sleep/\\udcff.md"}
    assert_like_new(base, database)
    path.unlink()
    assert_like_new(base, database)


@only_linux
def test_a_root_whose_name_is_no_text_is_built_and_remembered(base: Path, database: Path) -> None:
    root = Path(os.fsdecode(os.fsencode(base.parent) + b"/\xff"))
    base.rename(root)
    build_database(root, database)
    assert files_read(root, database) == set()


@only_linux
def test_a_database_in_a_folder_whose_name_is_no_text_is_built(base: Path, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    build_database(base, folder / "codex.db")
    (base / NAP).write_text("Changed, [[nowhere at all]].\n")
    assert_like_new(base, folder / "codex.db")


@only_linux
def test_a_name_that_is_no_text_and_one_that_spells_it_are_two_files(base: Path, database: Path) -> None:
    Path(os.fsdecode(os.fsencode(base) + b"/\xff.md")).write_text("Bytes.\n")
    (base / "\\udcff.md").write_text("Letters.\n")
    assert_like_new(base, database)


def test_an_emptied_base_leaves_the_old_database_and_is_known_when_it_comes_back(base: Path, database: Path) -> None:
    before = database.read_bytes()
    base.rename(base.with_name("away"))
    base.mkdir()
    with pytest.raises(NothingToRead):
        build_database(base, database)
    assert database.read_bytes() == before
    base.rmdir()
    base.with_name("away").rename(base)
    assert files_read(base, database) == set()


def taken_from(root: Path) -> list[Taken]:
    return list(take_in(root, look(root, discover(root))))


def test_nothing_is_known_before_it_is_said_what_it_belongs_to(tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "kb" / name).write_text(name)
    age(tmp_path)
    (tmp_path / "codex.db").write_text("any file")
    memory = Memory(tmp_path / "codex.db", tmp_path / "kb")
    assert memory.known() == {}
    first, second = taken_from(tmp_path / "kb")
    assert list(memory.keep(iter([first, second]))) == [first, second]
    assert memory.known() == {}
    memory.belong()
    assert {path: known.stamp for path, known in memory.known().items()} == {"a.md": first.stamp, "b.md": second.stamp}
    assert list(memory.recall(["b.md", "a.md", "b.md"])) == [second.document, first.document, second.document]
    memory.change({}, ["a.md"], {"b.md": Stamp(4, 5, 6)})
    assert memory.known() == {}
    memory.belong()
    assert {path: known.stamp for path, known in memory.known().items()} == {"b.md": Stamp(4, 5, 6)}


def test_what_is_kept_takes_the_place_of_all_that_was_kept_before(tmp_path: Path) -> None:
    (tmp_path / "codex.db").write_text("any file")
    memory = Memory(tmp_path / "codex.db", KB)
    taken = taken_from(KB)
    for part in (taken, taken[:3]):
        list(memory.keep(part))
    memory.belong()
    assert list(memory.known()) == [item.document.path for item in taken[:3]]


def test_a_reading_that_breaks_off_leaves_nothing_known(base: Path, database: Path) -> None:
    memory = Memory(database, base)
    kept = memory.keep(taken_from(base))
    next(kept)
    del kept
    assert memory.known() == {}
    assert files_read(base, database) == everything(base)


def no_file_beyond(size: int) -> Callable[[], None]:
    """What makes a process fail to write more than so many bytes into any file, as on a disk that is full."""

    def limit() -> None:
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.skipif(sys.platform == "win32", reason="no limits here")
def test_a_change_that_could_not_be_remembered_is_not_taken_for_known(base: Path, database: Path, memory: Path) -> None:
    (base / "domains/sleep/long.md").write_text(".\n" * 250_000)
    (base / SNORING).write_text("[[one]]\n\n\n\n[[two]]\n")
    build_database(base, database)
    assert memory.stat().st_size > database.stat().st_size + 200_000
    (base / SNORING).write_text("Prose.\n\n\n\n[[one]]\n\n\n\n[[two]]\n" + ".\n" * 20_000)
    command = [sys.executable, str(PROJECT / "build.py"), str(base), "--output", str(database), "--quiet"]
    limit = no_file_beyond(memory.stat().st_size)
    subprocess.run(command, preexec_fn=limit, check=True)  # noqa: S603 - our own words, no thread
    assert_like_new(base, database)
