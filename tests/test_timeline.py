"""Timeline: changes in their order, put together by the day, the commit and the claim."""

from __future__ import annotations

from typing import Any

from claimbase.timeline import by_commit, by_day


def change(id_: int, date: str, commit: str, path: str) -> dict[str, Any]:
    return {"id": id_, "date": date, "by_commit": commit, "path": path}


CHANGES = [
    change(1, "2026-02-14T23:59:59Z", "b", "x.md"),
    change(2, "2026-02-14T23:59:59Z", "b", "x.md"),
    change(3, "2026-02-14T23:59:59Z", "b", "y.md"),
    change(4, "2026-02-14T00:00:00Z", "a", "x.md"),
    change(5, "2026-02-13T23:59:59Z", "c", "x.md"),
]


def test_changes_of_one_commit_are_together_and_in_it_those_of_one_claim() -> None:
    told = [
        (made.first["by_commit"], [[change["id"] for change in claim.changes] for claim in made.claims])
        for made in by_commit(CHANGES)
    ]
    assert told == [("b", [[1, 2], [3]]), ("a", [[4]]), ("c", [[5]])]


def test_commits_of_one_day_are_together() -> None:
    told = [(day.date, [made.first["by_commit"] for made in day.commits]) for day in by_day(CHANGES)]
    assert told == [("2026-02-14", ["b", "a"]), ("2026-02-13", ["c"])]


def test_a_commit_that_comes_up_again_is_told_again_and_the_order_kept() -> None:
    assert [made.first["id"] for made in by_commit([CHANGES[0], CHANGES[3], CHANGES[1]])] == [1, 4, 2]


def test_of_nothing_there_is_no_day() -> None:
    assert by_day([]) == ()
