"""Recount: every commit that led to where a base stands now, and what it did to Markdown files."""

from __future__ import annotations

import heapq
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from claimbase.commits import read_commit
from claimbase.differ import differ
from claimbase.git import Change, Repository, leads_to, list_commits, read_changes, read_objects
from claimbase.kinds import kind_of
from claimbase.paths import printable
from claimbase.records import NO_COMMITS, Commit, Differences, Edit, Recounted, Revision, Version
from claimbase.slugs import digest, is_markdown
from claimbase.spread import spread

# What a file of these bytes says, where it is a claim.
ReadVersion: TypeAlias = Callable[[str, bytes], Version | None]


def recount(repository: Repository, read_version: ReadVersion, known: Recounted) -> Recounted:
    """All commits that led to the newest, each after its parents, in an order that follows from them alone.

    Those that are known, as seen from the same place, are not read again. Paths are those from the base's root.
    """
    place = _place(repository)
    known = known if known.place == place else NO_COMMITS
    still = known.head if known.head and leads_to(repository, known.head) else None
    listed = list_commits(repository, still)
    fresh = {hash_: parents for hash_, parents in listed.items() if hash_ not in known.commits}
    commits = {hash_: known.commits[hash_] for hash_ in (known.commits if still else listed) if hash_ in known.commits}
    commits |= {commit.hash: commit for commit in _read(repository, fresh, read_version)}
    return Recounted(repository.head, place, {commit.hash: commit for commit in _in_order(commits)})


def _place(repository: Repository) -> str:
    return digest("\n".join([*sorted(repository.shallow), os.fsencode(repository.prefix).hex()]))


def _read(repository: Repository, fresh: Mapping[str, tuple[str, ...]], read_version: ReadVersion) -> Iterator[Commit]:
    # The commit at which a shallow history begins would seem to have created every file there was.
    told = dict(read_changes(repository, [hash_ for hash_ in fresh if hash_ not in repository.shallow]))
    found = [(hash_, change) for hash_ in fresh for change in told.get(hash_, ()) if _is_document(change)]
    revisions = [_revision(repository, change) for _, change in found]
    # Revisions of one file side by side: what comes after the one is what was before the other, and is read once.
    comparable = sorted(revision for revision in revisions if _is_comparable(revision))
    compared = dict(zip(comparable, spread(partial(_compare, repository, read_version), comparable), strict=True))
    edits: dict[str, list[Edit]] = defaultdict(list)
    for (hash_, change), revision in zip(found, revisions, strict=True):
        edits[hash_].append(_edit(repository, change, compared.get(revision, Differences())))
    contents = read_objects(repository, fresh)
    for (hash_, parents), content in zip(fresh.items(), contents, strict=True):
        yield read_commit(hash_, parents, content)._replace(edits=tuple(edits[hash_]))


def _compare(repository: Repository, read_version: ReadVersion, revisions: Sequence[Revision]) -> list[Differences]:
    """How the two sides of each revision differ; nothing where one of them is no claim or cannot be read."""
    sides = list(dict.fromkeys(side for revision in revisions for side in (*revision.before, revision.after)))
    contents = zip(sides, read_objects(repository, [id_ for _, id_ in sides]), strict=True)
    versions = {side: read_version(side[0], content) for side, content in contents if content is not None}
    return [_differences(revision, versions) for revision in revisions]


def _differences(revision: Revision, versions: Mapping[tuple[str, str], Version | None]) -> Differences:
    before = [version for side in revision.before if (version := versions.get(side))]
    after = versions.get(revision.after)
    return differ(before, after) if before and after else Differences()


def _is_document(change: Change) -> bool:
    return any(map(is_markdown, (change.path, *change.before)))


def _is_comparable(revision: Revision) -> bool:
    """Whether there are two sides, of what may be a claim as far as its path tells."""
    path, contents = revision.after
    return bool(contents and revision.before) and kind_of(path, "claim") == "claim"


def _revision(repository: Repository, change: Change) -> Revision:
    before = zip(change.before, change.contents_before, strict=True)
    return Revision(
        tuple((_within(repository, path), contents) for path, contents in before if contents),
        (_within(repository, change.path), change.contents or ""),
    )


def _edit(repository: Repository, change: Change, differences: Differences) -> Edit:
    """A change as what became of a document; a file that was none before is created, and the reverse."""
    path, old = _within(repository, change.path), _within(repository, change.before[0])
    if change.contents is None or not is_markdown(path):
        return Edit("deleted", old)
    if not any(change.contents_before) or not is_markdown(old):
        return Edit("created", path)
    if set(change.status.rstrip("0123456789")) == {"R"}:
        return Edit("renamed", path, old, differences)
    return Edit("edited", path, None, differences)


def _within(repository: Repository, path: str) -> str:
    return printable(path.removeprefix(repository.prefix))


def _in_order(commits: Mapping[str, Commit]) -> Iterator[Commit]:
    """Parents before children (Kahn 1962); of those that could come next, the oldest."""
    children: dict[str, list[str]] = defaultdict(list)
    waiting: dict[str, int] = {}
    for commit in commits.values():
        parents = {parent for parent in commit.parents if parent in commits}
        waiting[commit.hash] = len(parents)
        for parent in parents:
            children[parent].append(commit.hash)
    ready = [(commits[hash_].date, hash_) for hash_, count in waiting.items() if not count]
    heapq.heapify(ready)
    while ready:
        _, hash_ = heapq.heappop(ready)
        yield commits[hash_]
        for child in children[hash_]:
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, (commits[child].date, child))
