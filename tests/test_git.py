"""Git: what is asked of it, what it answers about odd repositories, and what a hostile one cannot make it do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from claimbase import git
from claimbase.git import (
    Change,
    NoHistory,
    head_log,
    leads_to,
    list_commits,
    open_repository,
    read_changes,
    read_objects,
)
from tests.histories import Base

A, B = "a.md", "b.md"
LONG = "".join(f"line {number}\n" for number in range(20))


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "base")


def changes(root: Path, *commits: str) -> list[tuple[str, tuple[str, ...], str]]:
    """How each of these commits changed which paths: git's letter, the paths before and the path after."""
    told = dict(read_changes(open_repository(root), commits))
    return [(change.status, change.before, change.path) for commit in commits for change in told.get(commit, [])]


def test_a_repository_knows_its_newest_commit_and_where_the_base_lies_in_it(base: Base) -> None:
    first = base.commit({"notes/a.md": "A"})
    assert open_repository(base.root) == (base.root, "", first, frozenset())
    assert open_repository(base.root / "notes") == (base.root / "notes", "notes/", first, frozenset())


def test_a_folder_whose_name_holds_an_end_of_line_is_found(base: Base) -> None:
    first = base.commit({"no\ntes/é/a.md": "A"})
    assert open_repository(base.root / "no\ntes/é") == (base.root / "no\ntes/é", "no\ntes/é/", first, frozenset())


def test_commits_come_with_their_parents(base: Base) -> None:
    first, second = base.commit({A: "A"}), base.commit({A: "B"})
    repository = open_repository(base.root)
    assert list_commits(repository) == {second: (first,), first: ()}
    assert list_commits(repository, first) == {second: (first,)}
    assert leads_to(repository, first)
    assert not leads_to(repository, "0" * 40)


def test_the_last_commit_asked_for_is_told_of_as_the_first_is(base: Base) -> None:
    commits = [base.commit({A: str(number)}) for number in range(3)]
    assert changes(base.root, *commits) == [("A", (A,), A), ("M", (A,), A), ("M", (A,), A)]


def test_more_commits_than_are_asked_for_at_once_are_all_told_of(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_BATCH", 2)
    commits = [base.commit({A: str(number)}) for number in range(5)]
    assert len(changes(base.root, *commits)) == 5


def test_a_change_holds_the_contents_before_and_after(base: Base) -> None:
    base.commit({A: "one\n"})
    second = base.commit({A: "two\n"})
    repository = open_repository(base.root)
    [(commit, [change])] = read_changes(repository, [second])
    assert commit == second
    assert change == Change("M", (A,), (base.git("rev-parse", "HEAD~:a.md"),), A, base.git("rev-parse", "HEAD:a.md"))
    [before, after] = read_objects(repository, [str(change.contents_before[0]), str(change.contents)])
    assert (before, after) == (b"one\n", b"two\n")


@pytest.mark.parametrize("name", ["é.md", "a b.md", 'a"b.md', "a\tb.md", "a\nb.md", "0" * 40, ":(glob)a.md", "-a.md"])
def test_a_path_may_hold_anything(base: Base, name: str) -> None:
    base.commit({name: LONG})
    base.git("mv", "--", name, "z.md")
    assert changes(base.root, base.commit({})) == [("R100", (name,), "z.md")]


@pytest.mark.skipif(os.name != "posix", reason="only here are names bytes")
def test_a_path_that_is_no_utf_8_comes_as_the_file_system_has_it(base: Base) -> None:
    name = os.fsdecode(b"\xff.md")
    base.write({name: "A"})
    assert changes(base.root, base.commit({})) == [("A", (name,), name)]


def test_a_case_only_rename_is_one(base: Base) -> None:
    base.commit({"Naps.md": LONG})
    base.git("mv", "Naps.md", "naps.md")
    assert changes(base.root, base.commit({})) == [("R100", ("Naps.md",), "naps.md")]


def test_a_merge_tells_of_what_it_made_other_than_every_parent(base: Base) -> None:
    base.commit({A: LONG, B: LONG})
    base.git("checkout", "--quiet", "-b", "side")
    base.commit({A: LONG + "side\n"})
    base.git("checkout", "--quiet", "main")
    base.commit({A: "main\n" + LONG, B: "main\n"})
    assert changes(base.root, base.merge("side")) == [("MM", (A, A), A)]


def test_a_merge_knows_a_path_by_the_name_it_had_in_each_parent(base: Base) -> None:
    base.commit({A: LONG})
    base.git("checkout", "--quiet", "-b", "side")
    base.git("mv", A, B)
    base.commit({})
    base.git("checkout", "--quiet", "main")
    base.commit({A: "main\n" + LONG})
    assert changes(base.root, base.merge("side")) == [("RM", (A, B), B)]


def test_only_what_lies_in_the_base_is_told_of(base: Base) -> None:
    first = base.commit({"a.md": LONG, "notes/b.md": LONG})
    base.git("mv", "a.md", "notes/a.md")
    second = base.commit({})
    assert changes(base.root / "notes", first, second) == [
        ("A", ("notes/b.md",), "notes/b.md"),
        ("A", ("notes/a.md",), "notes/a.md"),
    ]


def test_links_and_other_repositories_are_no_files(base: Base, tmp_path: Path) -> None:
    other = Base(tmp_path / "other")
    other.commit({A: "A"})
    (base.root / "link.md").symlink_to("nowhere")
    base.git("submodule", "--quiet", "add", str(other.root), "inner.md")
    assert changes(base.root, base.commit({})) == [("A", (".gitmodules",), ".gitmodules")]


def test_a_file_that_becomes_a_link_is_gone(base: Base) -> None:
    base.commit({A: "A"})
    (base.root / A).unlink()
    (base.root / A).symlink_to("nowhere")
    [(_, [change])] = read_changes(open_repository(base.root), [base.commit({})])
    assert (change.status, change.contents) == ("T", None)


def test_an_object_that_is_not_there_or_too_large_is_none(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    base.commit({A: "1234\n", B: "12345\n", "c.md": "123\n", "d.md": "", "e.md": "12"})
    monkeypatch.setattr(git, "LARGEST", 5)
    ids = [base.git("rev-parse", f"HEAD:{name}.md") for name in "abcde"]
    repository = open_repository(base.root)
    assert list(read_objects(repository, [*ids, "0" * 40])) == [b"1234\n", None, b"123\n", b"", b"12", None]
    assert list(read_objects(repository, [])) == []


def why_not(root: Path) -> str:
    with pytest.raises(NoHistory) as caught:
        open_repository(root)
    return str(caught.value)


def test_a_folder_in_no_repository_says_so(tmp_path: Path) -> None:
    assert why_not(tmp_path) == "absent"


def test_a_repository_without_a_commit_says_so(base: Base) -> None:
    assert why_not(base.root) == "empty"


def test_where_git_is_not_installed_that_is_said(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    base.commit({A: "A"})
    monkeypatch.setenv("PATH", str(base.root))
    assert why_not(base.root) == "no-git"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_that_belongs_to_somebody_else_says_so(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.commit({A: "A"})
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SUDO_UID", raising=False)
    for path in (base.root, base.root / ".git"):
        os.chown(path, 12345, 12345)
    assert why_not(base.root) == "foreign"
    (tmp_path / ".gitconfig").write_text(f"[safe]\n\tdirectory = {base.root}\n")
    assert open_repository(base.root).prefix == ""


@pytest.mark.parametrize(("name", "text"), [("HEAD", "nonsense"), ("config", "[broken"), ("refs/heads/main", "0" * 40)])
def test_a_damaged_repository_is_none(base: Base, name: str, text: str) -> None:
    base.commit({A: "A"})
    (base.root / ".git" / name).write_text(text)
    assert why_not(base.root) in ("absent", "empty", "unreadable")


def test_a_repository_that_has_lost_its_objects_cannot_be_read(base: Base) -> None:
    base.commit({A: "A"})
    second = base.commit({A: "B"})
    (base.root / f".git/objects/{base.git('rev-parse', 'HEAD~')[:2]}").rename(base.root / "kept")
    with pytest.raises(NoHistory, match="unreadable"):
        list(read_changes(open_repository(base.root), [second]))


def test_a_shallow_clone_knows_where_it_was_cut_off(base: Base, tmp_path: Path) -> None:
    base.commit({A: "A"})
    second = base.commit({A: "B"})
    base.git("clone", "--quiet", "--depth", "1", f"file://{base.root}", str(tmp_path / "clone"))
    assert open_repository(tmp_path / "clone").shallow == {second}


def test_a_detached_head_a_work_tree_and_a_submodule_are_repositories(base: Base, tmp_path: Path) -> None:
    first = base.commit({A: "A"})
    second = base.commit({A: "B"})
    base.git("checkout", "--quiet", "--detach", first)
    assert open_repository(base.root).head == first
    base.git("worktree", "add", "--quiet", str(tmp_path / "tree"), second)
    assert open_repository(tmp_path / "tree").head == second
    outer = Base(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(base.root), "inner")
    assert open_repository(outer.root / "inner") == (outer.root / "inner", "", first, frozenset())


def test_nothing_that_a_repository_names_is_run(base: Base, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\n")
    trap.chmod(0o755)
    base.commit({A: "one\n", ".gitattributes": "*.md diff=trap filter=trap\n"})
    second = base.commit({A: "two\n"})
    for key in (
        *("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "diff.external", "diff.trap.textconv"),
        *("diff.trap.command", "filter.trap.smudge", "filter.trap.clean", "gpg.program", "uploadpack.packObjectsHook"),
    ):
        base.git("config", key, str(trap))
    shutil.copy(trap, base.root / ".git/hooks/post-index-change")
    shutil.copy(trap, base.root / ".git/hooks/reference-transaction")
    assert changes(base.root, second) == [("M", (A,), A)]
    assert next(read_objects(open_repository(base.root), [second])) is not None
    assert not (tmp_path / "sprung").exists()


def test_settings_do_not_change_the_answers(base: Base) -> None:
    base.commit({"notes/a.md": LONG})
    base.git("mv", "notes/a.md", "notes/é.md")
    second = base.commit({})
    for key, value in (
        *(("diff.renames", "false"), ("diff.relative", "true"), ("core.quotePath", "true"), ("core.abbrev", "4")),
        *(("diff.noprefix", "true"), ("log.showSignature", "true"), ("color.ui", "always"), ("diff.orderFile", "x")),
    ):
        base.git("config", key, value)
    assert changes(base.root / "notes", second) == [("R100", ("notes/a.md",), "notes/é.md")]


def test_variables_of_git_do_not_lead_elsewhere(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = base.commit({A: "A"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    assert open_repository(base.root).head == first


def test_the_log_of_the_newest_commit_is_found_without_git(base: Base, tmp_path: Path) -> None:
    base.commit({"notes/a.md": "A"})
    assert head_log(base.root) == head_log(base.root / "notes") == [base.root / ".git/logs/HEAD"]
    base.git("worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert head_log(tmp_path / "tree") == [base.root / ".git/worktrees/tree/logs/HEAD"]
    assert head_log(tmp_path) == []


@pytest.mark.parametrize("text", ["", "gitdir: /nowhere\n", "gitdir: \0", "\udcff"])
def test_a_file_that_leads_to_no_repository_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / ".git").write_text(text, errors="surrogateescape")
    assert head_log(tmp_path) == []
    assert why_not(tmp_path) in ("absent", "unreadable")
