"""Trace: what each document has been through under all its names, also where lines of work ran side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimbase.commits import read_commit
from claimbase.records import Commit, Edit, History, Life
from claimbase.trace import trace

A, B, C = "a.md", "b.md", "c.md"


def created(path: str) -> Edit:
    return Edit("created", path)


def edited(path: str) -> Edit:
    return Edit("edited", path)


def deleted(path: str) -> Edit:
    return Edit("deleted", path)


def renamed(old: str, new: str) -> Edit:
    return Edit("renamed", new, old)


def commit(number: int, *edits: Edit, parents: tuple[int, ...] = ()) -> Commit:
    return read_commit(str(number), tuple(map(str, parents)), None)._replace(edits=edits)


def line(*edits: Edit) -> list[Commit]:
    """Commits one after the other, an edit each."""
    return [commit(number, edit, parents=(number - 1,) if number else ()) for number, edit in enumerate(edits)]


def follow(commits: list[Commit], *paths: str, without: str = "") -> History:
    return trace(commits, set(paths), lambda path: bool(without) and path.startswith(without), "whole")


def told(life: Life) -> tuple[str | None, list[str], list[tuple[str, str]]]:
    """The path now, the commits that edited it, and the paths before with the commits that took them away."""
    return life.path, [commit.hash for commit, _ in life.edits], [(path, commit.hash) for path, commit in life.former]


def lives(commits: list[Commit], *paths: str) -> list[tuple[str | None, list[str], list[tuple[str, str]]]]:
    return list(map(told, follow(commits, *paths).lives))


def test_edits_of_one_path_are_one_life() -> None:
    assert lives(line(created(A), edited(A), edited(A)), A) == [(A, ["0", "1", "2"], [])]


def test_a_life_goes_on_under_another_name() -> None:
    commits = line(created(A), renamed(A, B), edited(B), renamed(B, C))
    assert lives(commits, C) == [(C, ["0", "1", "2", "3"], [(A, "1"), (B, "3")])]


def test_what_is_deleted_ends_and_what_is_not_there_is_no_more() -> None:
    assert lives(line(created(A), deleted(A))) == [(None, ["0", "1"], [(A, "1")])]
    assert lives(line(created(A))) == [(None, ["0"], [])]


def test_what_comes_back_under_its_name_goes_on() -> None:
    assert lives(line(created(A), deleted(A), created(A)), A) == [(A, ["0", "1", "2"], [(A, "1")])]


def test_what_takes_a_name_that_was_given_up_is_something_else() -> None:
    commits = line(created(A), renamed(A, B), created(A), edited(B))
    assert lives(commits, A, B) == [(B, ["0", "1", "3"], [(A, "1")]), (A, ["2"], [])]


def test_two_that_exchange_their_names_by_way_of_a_third_do_so() -> None:
    commits = line(created(A), created(B), renamed(A, C), renamed(B, A), renamed(C, B))
    assert lives(commits, A, B) == [
        (B, ["0", "2", "4"], [(A, "2"), (C, "4")]),
        (A, ["1", "3"], [(B, "3")]),
    ]


def test_one_line_of_work_edits_what_the_other_has_renamed() -> None:
    commits = [
        commit(0, created(A)),
        commit(1, renamed(A, B), parents=(0,)),
        commit(2, edited(A), parents=(0,)),
        commit(3, edited(B), parents=(1, 2)),
    ]
    assert lives(commits, B) == [(B, ["0", "1", "2", "3"], [(A, "1")])]


def test_two_lines_of_work_create_the_same() -> None:
    commits = [
        commit(0, created(C)),
        commit(1, created(A), parents=(0,)),
        commit(2, created(A), parents=(0,)),
        commit(3, edited(A), parents=(1, 2)),
    ]
    assert lives(commits, A, C)[1] == (A, ["1", "2", "3"], [])


def test_one_line_of_work_deletes_what_the_other_has_renamed() -> None:
    commits = [
        commit(0, created(A)),
        commit(1, deleted(A), parents=(0,)),
        commit(2, renamed(A, B), parents=(0,)),
        commit(3, parents=(1, 2)),
    ]
    assert lives(commits, B) == [(B, ["0", "1", "2"], [(A, "1")])]
    assert lives(commits) == [(None, ["0", "1", "2"], [(A, "1")])]


def test_where_a_merge_kept_the_old_name_the_new_one_has_not_come_about() -> None:
    commits = [commit(0, created(A)), commit(1, renamed(A, B), parents=(0,)), commit(2, parents=(0, 1))]
    assert lives(commits, A) == [(A, ["0", "1"], [(A, "1")])]


def test_two_that_come_to_have_one_path_are_one() -> None:
    commits = [
        commit(0, created(A)),
        commit(1, created(B), parents=(0,)),
        commit(2, renamed(A, B), parents=(0,)),
        commit(3, edited(B), parents=(1, 2)),
    ]
    assert lives(commits, B) == [(B, ["0", "1", "2", "3"], [(A, "2")])]


def test_what_was_there_before_history_begins_is_followed_from_its_first_edit() -> None:
    assert lives(line(edited(A)), A) == [(A, ["0"], [])]
    assert lives(line(renamed(A, B)), B) == [(B, ["0"], [(A, "0")])]
    assert lives(line(deleted(A))) == [(None, ["0"], [(A, "0")])]


def test_what_is_left_out_has_no_history_and_its_commits_no_part_in_it() -> None:
    commits = line(created("docs/a.md"), created(A), renamed("docs/a.md", B))
    history = follow(commits, A, B, without="docs/")
    assert [commit.hash for commit in history.commits] == ["1", "2"]
    assert list(map(told, history.lives)) == [(A, ["1"], []), (B, ["2"], [("docs/a.md", "2")])]


def test_a_commit_beside_the_main_line_knows_the_merge_that_brought_it_in() -> None:
    commits = [
        commit(0, created(A)),
        commit(1, created(B), parents=(0,)),
        commit(2, edited(B), parents=(1,)),
        commit(3, parents=(0, 2)),
        commit(4, parents=(3,)),
        commit(5, created(C), parents=(0,)),
        commit(6, parents=(4, 5)),
    ]
    history = follow(commits, A, B, C)
    assert history.merged_in == {"1": "3", "2": "3", "5": "6"}
    assert [commit.hash for commit in history.commits] == ["0", "1", "2", "3", "5", "6"]


def test_no_commits_make_no_lives() -> None:
    assert follow([]) == History("whole")


PATHS = st.sampled_from([A, B, C])
EDITS = st.one_of(PATHS.map(created), PATHS.map(edited), PATHS.map(deleted), st.builds(renamed, PATHS, PATHS))


@given(st.lists(EDITS, max_size=20), st.sets(PATHS))
def test_whatever_the_edits_each_is_of_one_life_and_each_path_of_one_at_most(
    edits: list[Edit], paths: set[str]
) -> None:
    found = follow(line(*edits), *paths).lives
    assert sorted(int(commit.hash) for life in found for commit, _ in life.edits) == list(range(len(edits)))
    there = [life.path for life in found if life.path]
    assert len(there) == len(set(there))
    assert set(there) <= paths
    assert all(
        [commit.hash for commit, _ in life.edits] == sorted(commit.hash for commit, _ in life.edits)
        for life in found
        if len(edits) < 10
    )
