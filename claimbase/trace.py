"""Trace: each document's life through the commits of its base, whatever it was called on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from claimbase.records import Commit, Edit, History, Life


def trace(commits: Sequence[Commit], paths: Collection[str], is_left_out: Callable[[str], bool], state: str) -> History:
    """The history of the documents at `paths`, from commits of which each stands after its parents.

    A commit that changed no document, nor brought in one that did, has nothing to do with the base.
    """
    lives = _Lives()
    concerned = set()
    for commit in commits:
        for edit in commit.edits:
            if not (is_left_out(edit.path) and is_left_out(edit.old_path or edit.path)):
                lives.follow(commit, edit)
                concerned.add(commit.hash)
    merged_in = {hash_: merge for hash_, merge in _merges(commits) if hash_ in concerned}
    concerned |= set(merged_in.values())
    kept = tuple(commit for commit in commits if commit.hash in concerned)
    return History(state, kept, merged_in, tuple(lives.all(frozenset(paths))))


class _Course:
    """A document's life while it is followed. Two that turn out to be one go on as the first."""

    def __init__(self) -> None:
        self.edits: list[tuple[Commit, Edit]] = []
        self.former: list[tuple[str, Commit]] = []
        self.path: str | None = None


class _Lives:
    """Which document each path stands for as commits go by, side by side or one after the other.

    Lines of work that ran side by side are met one after the other, so that one may still edit a path, or create it
    too, which the other has renamed or deleted before: that is the same document.
    """

    def __init__(self) -> None:
        self._courses: list[_Course] = []
        self._at: dict[str, _Course] = {}
        self._last: dict[str, _Course] = {}

    def follow(self, commit: Commit, edit: Edit) -> None:
        """Takes a commit's edit of a path into account."""
        course = self._course(edit)
        course.edits.append((commit, edit))
        if edit.status == "deleted":
            self._leave(course, edit.path, commit)
        else:
            if edit.old_path is not None:
                self._leave(course, edit.old_path, commit)
            self._take(course, edit.path, begins=edit.status != "edited")

    def all(self, paths: Collection[str]) -> Iterator[Life]:
        """Every life, in the order in which they began."""
        for course in self._courses:
            path = course.path if course.path in paths else None
            yield Life(path, tuple(course.edits), tuple(course.former))

    def _course(self, edit: Edit) -> _Course:
        path = edit.path if edit.old_path is None else edit.old_path
        known = self._at.get(path) or (self._last.get(path) if edit.status != "created" else None)
        known = known or (self._at.get(edit.path) if edit.status == "renamed" else None)
        if known is None:
            known = _Course()
            self._courses.append(known)
        return known

    def _leave(self, course: _Course, path: str, commit: Commit) -> None:
        if self._at.get(path) is course:
            del self._at[path]
            course.path = None
            course.former.append((path, commit))

    def _take(self, course: _Course, path: str, begins: bool) -> None:
        there = self._at.get(path)
        if there is not None and there is not course:
            return
        if begins or path not in self._last:
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
