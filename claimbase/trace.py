"""Trace: each document's life through the commits of its base, whatever it was called on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from operator import itemgetter

from claimbase.records import Commit, Edit, History, Life


def trace(commits: Sequence[Commit], paths: Collection[str], is_left_out: Callable[[str], bool], state: str) -> History:
    """The history of the documents at `paths`, from commits of which each stands after its parents.

    A commit that changed no document, nor brought in one that did, has nothing to do with the base.
    """
    lives = _Lives()
    concerned = set()
    for moment, commit in enumerate(commits):
        for edit in commit.edits:
            if edit.path in paths or not (is_left_out(edit.path) and is_left_out(edit.old_path or edit.path)):
                lives.follow(moment, commit, edit)
                concerned.add(commit.hash)
    merged_in = {hash_: merge for hash_, merge in _merges(commits) if hash_ in concerned}
    concerned |= set(merged_in.values())
    kept = tuple(commit for commit in commits if commit.hash in concerned)
    return History(state, kept, merged_in, tuple(lives.all(paths)))


class _Course:
    """A document's life while it is followed: its path now, its edits and the paths it left, each with when it was."""

    def __init__(self) -> None:
        self.path: str | None = None
        self.edits: list[tuple[int, Commit, Edit]] = []
        self.former: list[tuple[int, str, Commit]] = []
        self.goes_on_as: _Course | None = None


class _Lives:
    """Which document each path stands for as commits go by, side by side or one after the other.

    Lines of work that ran side by side are met one after the other, so that one may still edit a path, or create it
    too, which the other has renamed or deleted before: that is the same document. So are one that was deleted and comes
    back under its name, and two that come to have one path.
    """

    def __init__(self) -> None:
        self._courses: list[_Course] = []
        self._at: dict[str, _Course] = {}
        self._last: dict[str, _Course] = {}

    def follow(self, moment: int, commit: Commit, edit: Edit) -> None:
        """Takes a commit's edit of a path into account."""
        course = self._course(edit)
        course.edits.append((moment, commit, edit))
        if edit.status == "deleted":
            self._leave(course, edit.path, moment, commit)
        elif edit.status != "edited":
            if edit.old_path is not None:
                self._leave(course, edit.old_path, moment, commit)
            self._take(course, edit.path)

    def all(self, paths: Collection[str]) -> Iterator[Life]:
        """Every life, in the order in which they began.

        Where a merge took the side that had not moved a file, what moved it on the other has not come about.
        """
        for path in sorted({*paths} - {course.path for course in self._courses}):
            course = self._found(self._last, path)
            if course and course.path not in paths:
                course.path = path
        for course in self._courses:
            if not course.goes_on_as:
                edits = tuple((commit, edit) for _, commit, edit in sorted(course.edits, key=itemgetter(0)))
                former = tuple((path, commit) for _, path, commit in sorted(course.former, key=itemgetter(0)))
                yield Life(course.path if course.path in paths else None, edits, former)

    def _course(self, edit: Edit) -> _Course:
        """The document that is edited; one that nothing was known of must have been there before history begins."""
        path = edit.path if edit.old_path is None else edit.old_path
        known = self._found(self._at, path) or self._found(self._last, path)
        if known and edit.status == "created" and known.path not in (None, path):
            known = None  # what had this path goes by another now, so this is something else
        if known is None:
            known = _Course()
            self._courses.append(known)
            self._take(known, path)
        return known

    def _found(self, courses: Mapping[str, _Course], path: str) -> _Course | None:
        course = courses.get(path)
        while course and course.goes_on_as:
            course = course.goes_on_as
        return course

    def _leave(self, course: _Course, path: str, moment: int, commit: Commit) -> None:
        if self._found(self._at, path) is course:
            del self._at[path]
            course.path = None
            course.former.append((moment, path, commit))

    def _take(self, course: _Course, path: str) -> None:
        there = self._found(self._at, path)
        if there and there is not course:
            course.goes_on_as = there
            there.edits += course.edits
            there.former += course.former
        else:
            self._at[path] = self._last[path] = course
            course.path = path


def _merges(commits: Sequence[Commit]) -> Iterator[tuple[str, str]]:
    """Each commit beside the main line with the merge of the main line that brought it in."""
    by_hash = {commit.hash: commit for commit in commits}
    main = list(_main_line(commits[-1], by_hash)) if commits else []
    seen = {commit.hash for commit in main}
    for merge in reversed(main):
        waiting = list(merge.parents[1:])
        while waiting:
            hash_ = waiting.pop()
            if hash_ in by_hash and hash_ not in seen:
                seen.add(hash_)
                waiting.extend(by_hash[hash_].parents)
                yield hash_, merge.hash


def _main_line(newest: Commit, by_hash: dict[str, Commit]) -> Iterator[Commit]:
    """The newest commit and the first parent of each in turn."""
    commit: Commit | None = newest
    while commit:
        yield commit
        commit = by_hash.get(commit.parents[0]) if commit.parents else None
