"""Discover: which files belong to a base, and what becomes of those that cannot be read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from claimbase.discover import IGNORE_FILE, LARGEST, NothingToRead, discover, left_out, look, read
from claimbase.records import UNSEEN, File, Stamp


def fill(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")
    return root


def found(root: Path) -> list[File]:
    return list(read(root, discover(root)))


def test_every_markdown_file_is_found_in_a_fixed_order(tmp_path: Path) -> None:
    fill(tmp_path, "b.md", "a/z.md", "a/B.MD", "a/c.markdown", "notes.txt", "md", "x.md.bak")
    assert discover(tmp_path) == ["a/B.MD", "a/c.markdown", "a/z.md", "b.md"]


def test_a_file_comes_with_its_bytes_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\xff")
    assert found(tmp_path) == [File("a.md", b"\xef\xbb\xbfone\r\ntwo\xff", None)]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("drafts/\n", ["a.md", "notes/drafts.md"]),
        ("*.md\n!/a.md\n", ["a.md"]),
        ("/a.md\n", ["drafts/a.md", "drafts/b.md", "notes/drafts.md"]),
        ("# nothing but a remark\n\n", ["a.md", "drafts/a.md", "drafts/b.md", "notes/drafts.md"]),
        ("b.*\r\n", ["a.md", "drafts/a.md", "notes/drafts.md"]),
    ],
)
def test_the_ignore_file_is_read_in_the_manner_of_a_gitignore(tmp_path: Path, pattern: str, left: list[str]) -> None:
    fill(tmp_path, "a.md", "drafts/a.md", "drafts/b.md", "notes/drafts.md")
    (tmp_path / IGNORE_FILE).write_bytes(pattern.encode())
    assert discover(tmp_path) == left


def test_an_ignore_file_that_is_a_folder_ignores_nothing(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", f"{IGNORE_FILE}/b.md")
    assert discover(tmp_path) == [f"{IGNORE_FILE}/b.md", "a.md"]


@pytest.mark.parametrize("folder", [".git", ".hg", ".svn", "node_modules", "a/node_modules"])
def test_folders_of_other_peoples_markdown_are_left_out(tmp_path: Path, folder: str) -> None:
    fill(tmp_path, "a.md", f"{folder}/b.md")
    assert discover(tmp_path) == ["a.md"]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "CACHEDIR.TAG"])
def test_virtual_environments_and_caches_are_left_out_whatever_they_are_called(tmp_path: Path, mark: str) -> None:
    fill(tmp_path, "a.md", f"env/{mark}", "env/README.md", "env/deep/inside.md")
    assert discover(tmp_path) == ["a.md"]


def test_a_mark_in_the_root_itself_does_not_hide_the_base(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "pyvenv.cfg")
    assert discover(tmp_path) == ["a.md"]


def test_hidden_folders_are_folders(tmp_path: Path) -> None:
    fill(tmp_path, ".notes/a.md")
    assert discover(tmp_path) == [".notes/a.md"]


def test_a_folder_called_like_a_file_is_walked_and_not_read(tmp_path: Path) -> None:
    fill(tmp_path, "x.md/inside.md")
    assert [file.path for file in found(tmp_path)] == ["x.md/inside.md"]


def test_a_link_within_the_base_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.md")
    (tmp_path / "b.md").symlink_to("a.md")
    assert [(file.path, file.data) for file in found(tmp_path)] == [("a.md", b"a.md"), ("b.md", b"a.md")]


def test_a_link_that_leads_out_of_the_base_is_a_fault_and_is_not_read(tmp_path: Path) -> None:
    fill(tmp_path, "secret.txt", "base/a.md")
    (tmp_path / "base/out.md").symlink_to(tmp_path / "secret.txt")
    assert found(tmp_path / "base")[1] == File("out.md", b"", "a link that leads out of the base")


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "elsewhere/b.md", "base/a.md")
    (tmp_path / "base/linked").symlink_to(tmp_path / "elsewhere")
    assert discover(tmp_path / "base") == ["a.md"]


def test_a_link_to_nothing_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    assert found(tmp_path) == [File("gone.md", b"", "No such file or directory")]


def test_a_link_to_itself_is_a_fault(tmp_path: Path) -> None:
    fill(tmp_path, "a.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    loop = found(tmp_path)[1]
    assert (loop.path, loop.data) == ("loop.md", b"")
    assert loop.fault


def test_a_root_that_is_a_link_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "base/a.md")
    (tmp_path / "link").symlink_to("base")
    assert found(tmp_path / "link") == [File("a.md", b"base/a.md", None)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_a_fault_and_holds_up_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert found(tmp_path) == [File("pipe.md", b"", "not a regular file")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_a_fault(tmp_path: Path) -> None:
    fill(tmp_path, "a.md")
    (tmp_path / "a.md").chmod(0)
    assert found(tmp_path) == [File("a.md", b"", "Permission denied")]


def test_a_file_that_vanishes_between_listing_and_reading_is_a_fault(tmp_path: Path) -> None:
    assert list(read(tmp_path, ["gone.md"])) == [File("gone.md", b"", "No such file or directory")]


def test_a_file_beyond_all_measure_is_a_fault(tmp_path: Path) -> None:
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert found(tmp_path) == [File("large.md", b"", "larger than 16 MB")]


@pytest.mark.skipif(sys.platform != "linux", reason="only here are names bytes")
def test_a_name_that_is_no_text_is_shown_as_escapes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_bytes(b"read all the same")
    assert found(tmp_path) == [File("\\udcff.md", b"read all the same", None)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "No such file or directory"),
        ("file.md", "Not a directory"),
        ("empty", "no Markdown files in this folder"),
        ("ignored", "no Markdown files in this folder"),
    ],
)
def test_a_root_without_markdown_says_why(tmp_path: Path, name: str, message: str) -> None:
    fill(tmp_path, "file.md", "empty/a.txt", "ignored/a.md")
    (tmp_path / "ignored" / IGNORE_FILE).write_text("*")
    with pytest.raises(NothingToRead, match=f"{name}: {message}$"):
        discover(tmp_path / name)


def test_the_draft_of_the_tiny_base_is_ignored() -> None:
    kb = Path(__file__).parent / "kb"
    assert (kb / "drafts").is_dir()
    assert not [path for path in discover(kb) if path.startswith("drafts/")]


def test_a_look_shows_size_and_dates_of_each_file_by_its_path(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "b/c.md")
    os.utime(tmp_path / "a.md", ns=(1, 1_600_000_000_123_456_700))
    found = look(tmp_path, ["b/c.md", "a.md"])
    assert list(found) == ["b/c.md", "a.md"]
    changed = (tmp_path / "a.md").stat().st_ctime_ns
    assert found["a.md"] == Stamp(4, 1_600_000_000_123_456_700, changed)
    assert found["b/c.md"].size == 6


def test_nothing_is_looked_at_where_there_is_nothing(tmp_path: Path) -> None:
    assert look(tmp_path, []) == {}


def test_what_cannot_be_looked_at_is_unseen(tmp_path: Path) -> None:
    fill(tmp_path, "file.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "dangling.md").symlink_to("nowhere.md")
    paths = ["gone.md", "loop.md", "dangling.md", "file.md/inside.md", "absent/a.md"]
    assert look(tmp_path, paths) == dict.fromkeys(paths, UNSEEN)


def test_a_link_looks_like_the_file_it_leads_to(tmp_path: Path) -> None:
    fill(tmp_path, "a.md")
    (tmp_path / "b.md").symlink_to("a.md")
    found = look(tmp_path, ["a.md", "b.md"])
    assert found["a.md"] == found["b.md"]


def wait_for_a_tick(file: Path) -> None:
    """Returns once the file system's clock shows another time than when a file was changed."""
    changed, probe = file.stat().st_ctime_ns, file.with_name("probe")
    probe.touch()
    while probe.stat().st_ctime_ns == changed:
        probe.touch()


def append(file: Path) -> None:
    file.write_text("a.md and more")


def rewrite_with_the_same_size_and_date(file: Path) -> None:
    file.write_text("b.md")
    os.utime(file, (1, 1))


def touch(file: Path) -> None:
    os.utime(file, (2, 2))


def take_rights_away(file: Path) -> None:
    file.chmod(0o600)


@pytest.mark.skipif(sys.platform == "win32", reason="nothing here says when a file was changed in any way")
@pytest.mark.parametrize("edit", [append, rewrite_with_the_same_size_and_date, touch, take_rights_away])
def test_whatever_is_done_to_a_file_it_looks_other_than_before(tmp_path: Path, edit: Callable[[Path], None]) -> None:
    fill(tmp_path, "a.md")
    os.utime(tmp_path / "a.md", (1, 1))
    before = look(tmp_path, ["a.md"])
    wait_for_a_tick(tmp_path / "a.md")
    edit(tmp_path / "a.md")
    assert look(tmp_path, ["a.md"]) != before


@pytest.mark.parametrize(
    ("path", "is_left_out"),
    [
        ("domains/a.md", False),
        ("drafts/a.md", True),
        ("node_modules/a.md", True),
        ("a/.git/b.md", True),
        ("keep.md", False),
        ("a.tmp.md", True),
    ],
)
def test_what_is_no_longer_there_is_left_out_by_its_name(tmp_path: Path, path: str, is_left_out: bool) -> None:
    (tmp_path / IGNORE_FILE).write_text("drafts/\n*.tmp.md\n")
    assert left_out(tmp_path)(path) == is_left_out
