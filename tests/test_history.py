"""History: a base with a past is built on as one without is, and what git cannot tell is said."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbase.pipeline import build_database, check_codex
from claimbase.records import Outcome
from tests.histories import Base, ask, built, claim
from tests.test_chronicle import assert_like_git
from tests.test_pipeline import age, assert_like_new, files_read

NAPS, REST, PAPER = "domains/sleep/naps.md", "domains/sleep/rest.md", "inbox/archive/2026-paper.md"
EXTRACTED = "mara: extract\n\n- Source: inbox/archive/2026-paper.md\n\nPentagon-Agent: Mara <HEADLESS>\n"


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A base with a short past, built once."""
    base = Base(tmp_path / "base")
    base.commit({NAPS: claim("Naps", confidence="proven"), PAPER: "---\ntitle: A paper\n---\n", "links.md": "[[doze]]"})
    base.commit({REST: claim("Rest", "[[naps]]")}, EXTRACTED)
    built(base.root)
    return base


def database(base: Base) -> Path:
    return base.root.with_name("base.db")


def a_commit_changes_a_claim(base: Base) -> None:
    base.commit({NAPS: claim("Naps", confidence="likely")})


def a_commit_changes_nothing(base: Base) -> None:
    base.commit({}, "Nothing\n\nPentagon-Agent: Nobody <X>\n")


def a_commit_is_about_no_document(base: Base) -> None:
    base.commit({"notes.txt": "Notes"})


def what_was_written_before_is_committed(base: Base) -> None:
    base.write({NAPS: claim("Naps", confidence="likely"), "domains/sleep/new.md": claim("New", "Other words.")})
    build_database(base.root, database(base))
    base.commit({}, EXTRACTED)


def a_claim_is_renamed(base: Base) -> None:
    base.git("mv", NAPS, "domains/sleep/doze.md")
    base.commit({})


def a_claim_is_renamed_twice(base: Base) -> None:
    base.git("mv", NAPS, "domains/sleep/doze.md")
    base.commit({})
    build_database(base.root, database(base))
    base.git("mv", "domains/sleep/doze.md", "domains/sleep/nod.md")
    base.commit({})


def a_claim_is_deleted(base: Base) -> None:
    base.commit({NAPS: None})


def the_last_claim_of_a_domain_moves(base: Base) -> None:
    (base.root / "core/x").mkdir(parents=True)
    base.git("mv", NAPS, "core/x/naps.md")
    base.git("mv", REST, "core/x/rest.md")
    base.commit({})


def a_source_moves(base: Base) -> None:
    base.git("mv", PAPER, "inbox/2026-paper.md")
    base.commit({})


def the_last_commit_is_amended(base: Base) -> None:
    base.git("commit", "--quiet", "--amend", "--message", "Another message (#5)")


def the_last_commit_is_taken_back(base: Base) -> None:
    base.git("reset", "--quiet", "--hard", "HEAD~")


def the_last_commit_is_taken_back_but_not_its_files(base: Base) -> None:
    base.git("reset", "--quiet", "--soft", "HEAD~")


def history_is_rewritten_from_the_beginning(base: Base) -> None:
    base.git("checkout", "--quiet", "--orphan", "other")
    base.commit({})
    base.git("branch", "--quiet", "-D", "main")


def another_branch_is_checked_out(base: Base) -> None:
    base.git("checkout", "--quiet", "-b", "side", "HEAD~")
    base.commit({NAPS: claim("Naps", "On another branch.", confidence="speculative")})


def a_merge_brings_in_what_both_sides_edited(base: Base) -> None:
    another_branch_is_checked_out(base)
    base.git("checkout", "--quiet", "main")
    base.commit({NAPS: "main\n" + claim("Naps", confidence="experimental")})
    base.git("merge", "--quiet", "--no-ff", "--no-commit", "-s", "ours", "side")
    base.commit({NAPS: claim("Naps", "Both.", confidence="likely")})


def the_head_is_detached(base: Base) -> None:
    base.git("checkout", "--quiet", "--detach", "HEAD~")


def the_repository_goes(base: Base) -> None:
    shutil.rmtree(base.root / ".git")


def what_is_left_out_changes(base: Base) -> None:
    base.write({".claimbaseignore": "rest.md\n"})


def weights_come(base: Base) -> None:
    base.write({"schemas/contribution-weights.yaml": "extractor: 0.5\n"})


def a_name_changes_in_case_alone(base: Base) -> None:
    base.git("mv", NAPS, "domains/sleep/Naps.md")
    base.commit({})


def a_name_is_no_ascii(base: Base) -> None:
    base.git("mv", NAPS, "domains/sleep/nápš — 昼寝.md")
    base.commit({})


def a_submodule_comes(base: Base) -> None:
    other = Base(base.root.with_name("other"))
    other.commit({"domains/x/inner.md": claim("Inner")})
    base.git("submodule", "--quiet", "add", str(other.root), "domains/sub")
    base.commit({})


EDITS = [
    *(a_commit_changes_a_claim, a_commit_changes_nothing, a_commit_is_about_no_document, a_claim_is_renamed),
    *(what_was_written_before_is_committed, a_claim_is_renamed_twice, a_claim_is_deleted, a_source_moves),
    *(the_last_claim_of_a_domain_moves, the_last_commit_is_amended, the_last_commit_is_taken_back),
    *(the_last_commit_is_taken_back_but_not_its_files, history_is_rewritten_from_the_beginning),
    *(another_branch_is_checked_out, a_merge_brings_in_what_both_sides_edited, the_head_is_detached),
    *(the_repository_goes, what_is_left_out_changes, weights_come, a_name_changes_in_case_alone, a_name_is_no_ascii),
    a_submodule_comes,
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: str(edit.__name__))
def test_what_happens_to_a_past_leaves_the_rows_of_a_full_build(base: Base, edit: Callable[[Base], None]) -> None:
    edit(base)
    assert_like_new(base.root, database(base))
    assert_like_new(base.root, database(base))


def test_one_thing_after_another_leaves_the_rows_of_a_full_build(base: Base) -> None:
    for edit in (
        a_claim_is_renamed,
        a_source_moves,
        what_is_left_out_changes,
        the_last_commit_is_amended,
        weights_come,
    ):
        edit(base)
        build_database(base.root, database(base))
    assert_like_new(base.root, database(base))


def test_a_check_finds_what_a_build_finds(base: Base) -> None:
    a_claim_is_renamed(base)
    assert check_codex(base.root) == build_database(base.root, database(base))


def test_a_commit_alone_is_taken_in_without_reading_a_file_and_only_once(base: Base) -> None:
    base.write({NAPS: claim("Naps", confidence="likely")})
    age(base.root)
    build_database(base.root, database(base))
    base.commit({})
    age(base.root)
    build_database(base.root, database(base))
    base.commit({}, "Nothing")
    assert files_read(base.root, database(base)) == set()
    before = database(base).stat()
    assert files_read(base.root, database(base)) == set()
    assert (database(base).stat().st_ino, database(base).stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_commit_that_adds_nothing_to_the_files_shows_in_the_rows(base: Base) -> None:
    base.write({NAPS: claim("Naps", confidence="likely")})
    build_database(base.root, database(base))
    assert ask(database(base), "select count(*) from changes where field = 'confidence'") == [(0,)]
    base.commit({})
    build_database(base.root, database(base))
    assert ask(database(base), "select old, new from changes where field = 'confidence'") == [("proven", "likely")]


def told(root: Path) -> tuple[str, int]:
    outcome: Outcome = check_codex(root)
    return outcome.history, outcome.commits


def test_the_outcome_says_how_far_back_git_was_read(base: Base, tmp_path: Path) -> None:
    assert told(base.root) == ("whole", 2)
    base.git("clone", "--quiet", "--depth", "1", f"file://{base.root}", str(tmp_path / "shallow"))
    assert told(tmp_path / "shallow") == ("shallow", 0)
    the_repository_goes(base)
    assert told(base.root) == ("absent", 0)
    base.git("init", "--quiet")
    assert told(base.root) == ("empty", 0)


def test_a_partial_clone_is_not_fetched_and_says_so(base: Base, tmp_path: Path) -> None:
    a_commit_changes_a_claim(base)
    base.git("config", "uploadpack.allowFilter", "true")
    base.git("clone", "--quiet", "--filter=blob:none", f"file://{base.root}", str(tmp_path / "partial"))
    assert told(tmp_path / "partial") == ("partial", 0)


def test_what_git_could_not_read_is_read_once_it_can(base: Base, tmp_path: Path) -> None:
    a_commit_changes_a_claim(base)
    lost = base.root / ".git/objects" / base.git("rev-parse", "HEAD~^{tree}")[:2]
    lost.rename(tmp_path / "lost")
    assert build_database(base.root, database(base)).history == "unreadable"
    assert_like_new(base.root, database(base))
    (tmp_path / "lost").rename(lost)
    assert build_database(base.root, database(base)).history == "whole"
    assert_like_new(base.root, database(base))


def test_a_shallow_clone_tells_of_what_came_after_it_was_cut_off(base: Base, tmp_path: Path) -> None:
    a_commit_changes_a_claim(base)
    a_claim_is_renamed(base)
    clone = tmp_path / "clone"
    base.git("clone", "--quiet", "--depth", "3", f"file://{base.root}", str(clone))
    database = built(clone)
    assert ask(database, "select value from about where name = 'history'") == [("shallow",)]
    assert ask(database, "select kind, field from changes order by date") == [
        ("field", "confidence"),
        ("renamed", None),
    ]
    assert ask(database, "select first_committed from documents where path like '%doze%'") == [(None,)]
    base.git("-C", str(clone), "fetch", "--quiet", "--unshallow")
    assert_like_new(clone, database)
    assert ask(database, "select count(*) from changes where kind = 'created'") == [(2,)]


def test_a_base_in_a_folder_of_a_repository_has_the_past_of_that_folder(base: Base) -> None:
    base.commit(
        {"kb/domains/x/one.md": claim("One", "Quite other words."), "domains/sleep/two.md": claim("Two", "More.")}
    )
    base.git("mv", "domains/sleep/two.md", "kb/domains/x/two.md")
    base.commit({})
    base.commit({"kb/domains/x/one.md": claim("One", "Changed.")})
    base.commit({NAPS: claim("Naps", "Elsewhere.")})
    database = built(base.root / "kb")
    assert ask(
        database,
        "select number, kind, changes.path from changes join commits on commits.id = by_commit order by number",
    ) == [
        (1, "created", "domains/x/one.md"),
        (2, "created", "domains/x/two.md"),
        (3, "body", "domains/x/one.md"),
    ]


NAMES = [NAPS, REST, "core/a/É.md", "core/a/é b.md", "inbox/archive/p.md"]


class Walk:
    """A past of random steps, of which each number decides one."""

    def __init__(self, base: Base, seed: int) -> None:
        self.base, self.chance = base, random.Random(seed)  # noqa: S311 - the same numbers every time

    def step(self) -> None:
        chance, root = self.chance, self.base.root
        there = [name for name in NAMES if (root / name).exists()]
        free = [name for name in NAMES if name not in there]
        what = chance.choice(
            ["write", "write", "edit", "edit", "rename", "delete", "commit", "commit", "build", "amend"]
        )
        if what == "write" and free:
            self.base.write({chance.choice(free): claim(f"Title {chance.random()}", str(chance.random()))})
        elif what == "edit" and there:
            words = {"confidence": chance.choice(["likely", "proven"]), "created": f"2026-01-0{chance.randint(1, 9)}"}
            self.base.write({chance.choice(there): claim("Edited", f"{chance.random()} [[naps]]", **words)})
        elif what == "rename" and there and free:
            (root / free[0]).parent.mkdir(parents=True, exist_ok=True)
            (root / chance.choice(there)).rename(root / free[0])
        elif what == "delete" and len(there) > 1:
            (root / chance.choice(there)).unlink()
        elif what == "commit":
            self.base.commit({}, chance.choice(["x", EXTRACTED]))
        elif what == "amend":
            self.base.git("commit", "--quiet", "--amend", "--allow-empty", "--all", "--message", "Amended")
        elif what == "build":
            build_database(root, database(self.base))


@settings(max_examples=8)
@given(st.integers(0, 2**32))
def test_any_walk_through_a_past_leaves_the_rows_of_a_full_build(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    base = Base(tmp_path_factory.mktemp("walk") / "base")
    base.commit({"a.md": "A"})
    walk = Walk(base, seed)
    for _ in range(14):
        walk.step()
    assert_like_new(base.root, database(base))


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_any_walk_is_told_as_git_follows_it(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    base = Base(tmp_path_factory.mktemp("walk") / "base")
    base.commit({"a.md": "A"})
    walk = Walk(base, seed)
    for _ in range(10):
        walk.step()
        base.commit({})
    assert_like_git(base.root, database(base), every=1)
