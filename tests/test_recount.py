"""Recount: every commit with what it did, read once, in an order that follows from the commits alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimbase import git
from claimbase.git import open_repository
from claimbase.pipeline.understand import as_it_stood
from claimbase.records import NO_COMMITS, Difference, Differences, Edit, Recounted, Version
from claimbase.recount import recount
from tests.histories import Base, claim

NAPS, REST = "domains/sleep/naps.md", "domains/sleep/rest.md"


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "base")


def told(root: Path, known: Recounted = NO_COMMITS) -> Recounted:
    return recount(open_repository(root), as_it_stood, known)


def edits(root: Path) -> list[tuple[Edit, ...]]:
    return [commit.edits for commit in told(root).commits.values()]


def test_a_commit_says_what_it_did_to_claims_and_other_documents(base: Base) -> None:
    base.commit({NAPS: claim("Naps", confidence="proven"), "inbox/queue/a.md": "A", "b.txt": "no document"})
    base.commit({NAPS: claim("Naps", "One line more.", confidence="likely"), "inbox/queue/a.md": "B"})
    base.git("mv", NAPS, REST)
    base.commit({"inbox/queue/a.md": None})
    assert edits(base.root) == [
        (Edit("created", NAPS), Edit("created", "inbox/queue/a.md")),
        (
            Edit("edited", NAPS, None, Differences((Difference("confidence", "proven", "likely"),), 1, 0)),
            Edit("edited", "inbox/queue/a.md"),
        ),
        (Edit("renamed", REST, NAPS), Edit("deleted", "inbox/queue/a.md")),
    ]


def test_what_becomes_a_document_is_created_and_what_was_one_deleted(base: Base) -> None:
    base.commit({"a.txt": claim("A"), "b.md": claim("B")})
    base.git("mv", "a.txt", "a.md")
    base.git("mv", "b.md", "b.txt")
    base.commit({})
    assert edits(base.root)[1] == (Edit("created", "a.md"), Edit("deleted", "b.md"))


def test_paths_are_those_from_the_root_of_the_base(base: Base) -> None:
    base.commit({"kb/domains/é.md": claim("A"), "other.md": "B", "outside.md": claim("C")})
    base.git("mv", "outside.md", "kb/domains/inside.md")
    base.commit({})
    base.git("mv", "kb/domains/inside.md", "outside.md")
    base.commit({"other.md": "C"})
    assert edits(base.root / "kb") == [
        (Edit("created", "domains/é.md"),),
        (Edit("created", "domains/inside.md"),),
        (Edit("deleted", "domains/inside.md"),),
    ]


def test_a_merge_in_which_both_sides_edited_says_what_it_made_itself(base: Base) -> None:
    base.commit({NAPS: claim("Naps", "\n" * 9, confidence="proven", scope="a")})
    base.git("checkout", "--quiet", "-b", "side")
    base.commit({NAPS: claim("Naps", "\n" * 9, confidence="likely", scope="a")})
    base.git("checkout", "--quiet", "main")
    base.commit({NAPS: claim("Naps", "\n" * 9 + "Ours.", confidence="experimental", scope="a")})
    base.git("merge", "--quiet", "--no-ff", "--no-commit", "--strategy=ours", "side")
    base.commit({NAPS: claim("Naps", "\n" * 9 + "Ours.", confidence="speculative", scope="a")})
    merge = list(told(base.root).commits.values())[-1]
    assert len(merge.parents) == 2
    confidence = Difference("confidence", "experimental", "speculative")
    assert merge.edits == (Edit("edited", NAPS, None, Differences((confidence,), 0, 0)),)


def test_parents_stand_before_children_whatever_their_clocks_say(base: Base) -> None:
    first = base.commit({NAPS: "A"}, date="2026-05-05T00:00:00Z")
    second = base.commit({NAPS: "B"}, date="2026-01-01T00:00:00Z")
    base.git("checkout", "--quiet", "-b", "side", first)
    third = base.commit({REST: "C"}, date="2025-01-01T00:00:00Z")
    base.git("checkout", "--quiet", "main")
    merge = base.merge("side")
    assert list(told(base.root).commits) == [first, third, second, merge]


def test_versions_that_git_has_but_no_document_may_have_differ_in_nothing(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.commit({NAPS: claim("Naps", confidence="proven")})
    base.commit({NAPS: claim("Naps", "x" * 1000, confidence="likely")})
    monkeypatch.setattr(git, "LARGEST", 999)
    assert edits(base.root)[1] == (Edit("edited", NAPS),)


def versions_read(root: Path, known: Recounted) -> tuple[Recounted, int]:
    """All commits, and how many versions of claims were read for that."""
    read: list[str] = []

    def reads(path: str, data: bytes) -> Version | None:
        read.append(path)
        return as_it_stood(path, data)

    return recount(open_repository(root), reads, known), len(read)


def forged(known: Recounted) -> Recounted:
    """What is known, each commit with another subject, so that what is read again shows."""
    return known._replace(commits={hash_: commit._replace(subject="known") for hash_, commit in known.commits.items()})


def subjects(recounted: Recounted) -> list[str]:
    return [commit.subject for commit in recounted.commits.values()]


def test_what_is_known_is_not_read_again(base: Base) -> None:
    base.commit({NAPS: claim("Naps")}, "One")
    base.commit({NAPS: claim("Naps", "More.")}, "Two")
    known = forged(told(base.root))
    assert versions_read(base.root, known) == (known, 0)
    base.commit({NAPS: claim("Naps", "More and more.")}, "Three")
    again, read = versions_read(base.root, known)
    assert (subjects(again), read) == (["known", "known", "Three"], 2)


def test_of_a_rewritten_history_only_what_is_new_is_read(base: Base) -> None:
    base.commit({NAPS: claim("Naps")}, "One")
    base.commit({NAPS: claim("Naps", "More.")}, "Two")
    known = forged(told(base.root))
    base.git("commit", "--quiet", "--amend", "--message", "Two again")
    assert subjects(told(base.root, known)) == ["known", "Two again"]
    base.git("reset", "--quiet", "--hard", "HEAD~")
    assert subjects(told(base.root, known)) == ["known"]


def test_what_was_seen_from_another_place_is_read_again(base: Base, tmp_path: Path) -> None:
    base.commit({f"kb/{NAPS}": claim("Naps")}, "One")
    base.commit({f"kb/{NAPS}": claim("Naps", "More.")}, "Two")
    assert subjects(told(base.root / "kb", forged(told(base.root)))) == ["One", "Two"]
    clone = tmp_path / "clone"
    base.git("clone", "--quiet", "--depth", "1", f"file://{base.root}", str(clone))
    shallow = told(clone)
    assert [commit.edits for commit in shallow.commits.values()] == [()]
    base.git("-C", str(clone), "fetch", "--quiet", "--unshallow")
    assert [len(commit.edits) for commit in told(clone, shallow).commits.values()] == [1, 1]


def test_a_commit_that_was_known_but_has_lost_its_place_is_let_go(base: Base) -> None:
    first = base.commit({NAPS: "A"})
    base.commit({NAPS: "B"})
    known = told(base.root)
    base.git("checkout", "--quiet", "--detach", first)
    assert list(told(base.root, known).commits) == [first]


def test_the_order_is_the_same_whatever_was_known(base: Base) -> None:
    base.commit({NAPS: "A"})
    for number in range(3):
        base.git("checkout", "--quiet", "-b", f"side{number}", "main")
        base.commit({f"domains/x/{number}.md": "B"})
        base.git("checkout", "--quiet", "main")
        base.commit({NAPS: f"C{number}"})
    known = NO_COMMITS
    for number in range(3):
        base.merge(f"side{number}")
        known = told(base.root, known)
        assert list(known.commits.items()) == list(told(base.root).commits.items())
