"""Git: what a repository holds of a base's past, read by git itself and believed in nothing but its object ids.

Whoever proposes a base may have written its configuration too, so git is kept from running anything that it names,
from fetching what is missing, and from colouring, folding or signing what it says.
"""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, cast

LARGEST = 16 * 1024 * 1024
_BATCH = 200
_BUFFER = 1024 * 1024
_QUIET = (
    *("--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"),
    *("-c", "diff.renames=true", "-c", "diff.renameLimit=1000", "-c", "diff.orderFile=", "-c", "diff.relative=false"),
    *("-c", "safe.bareRepository=explicit"),
)
# Ordinary files; links and other repositories are no documents.
_FILES = frozenset({"100644", "100755"})


class NoHistory(Exception):
    """There is no history to be read; the message says why, in a word of `vocabulary.HISTORIES`."""


class Repository(NamedTuple):
    """Where a base lies in its repository, the newest commit, and where history was cut off.

    `prefix` is the base's folder in the repository, with a slash at its end, or nothing. `shallow` holds the commits
    whose parents were never fetched.
    """

    root: Path
    prefix: str
    head: str
    shallow: frozenset[str]


class Change(NamedTuple):
    """A path that a commit changed, as git tells it: how, the names and contents before, one of each parent, and after.

    `status` is git's letter; contents are object ids, None where there was no file.
    """

    status: str
    before: tuple[str, ...]
    contents_before: tuple[str | None, ...]
    path: str
    contents: str | None


def open_repository(root: Path) -> Repository:
    """The repository that a base lies in. Raises `NoHistory`."""
    asked = _run(root, "rev-parse", "--show-prefix", "--git-path", "shallow", "HEAD^{commit}", check=False)
    lines = os.fsdecode(asked.stdout).split("\n")
    if asked.returncode:
        raise NoHistory(_reason(asked.stderr.decode("utf-8", "replace"), len(lines) > 2))
    # A folder's name may hold an end of line, too.
    *prefix, shallow, head, _ = lines
    return Repository(root, "\n".join(prefix), head, _shallow(root / shallow))


def head_log(root: Path) -> list[Path]:
    """The file that git adds a line to whenever the newest commit is another; none where it keeps no such log.

    It is found without asking git, so that it can be looked at many times a minute.
    """
    root = root.resolve()
    for folder in (root, *root.parents):
        with contextlib.suppress(OSError, ValueError):
            log = _git_folder(folder / ".git") / "logs" / "HEAD"
            return [log] if log.exists() else []
    return []


def _git_folder(entry: Path) -> Path:
    """What `.git` is or, in a work tree or submodule, leads to. Raises `OSError` where there is none."""
    mode = entry.stat().st_mode
    if stat.S_ISDIR(mode):
        return entry
    if not stat.S_ISREG(mode):
        raise OSError(f"{entry}: neither file nor folder")
    _, _, path = entry.read_text(encoding="utf-8").partition("gitdir: ")
    return entry.parent / path.strip()


def list_commits(repository: Repository, known: str | None = None) -> dict[str, tuple[str, ...]]:
    """The commits that lead to the newest one, and to `known` not already, with the parents of each."""
    asked = _run(repository.root, "rev-list", "--parents", repository.head, *([f"^{known}"] if known else []))
    return {commit: tuple(parents) for commit, *parents in map(str.split, asked.stdout.decode("ascii").splitlines())}


def leads_to(repository: Repository, known: str) -> bool:
    """Whether a commit is still part of what led to the newest one; it is not once history was rewritten."""
    return _run(repository.root, "merge-base", "--is-ancestor", known, repository.head, check=False).returncode == 0


def read_changes(repository: Repository, commits: Sequence[str]) -> Iterator[tuple[str, list[Change]]]:
    """Each commit with the paths it changed in the base; of a merge, those that it made other than in every parent."""
    options = ("--stdin", "-r", "-z", "--raw", "--no-abbrev", "--root", "-c", "--combined-all-paths", "-M")
    safely = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
    # Paths are those from the top of the repository, whatever folder git is asked in.
    inside = ("--", ".") if repository.prefix else ()
    for batch in _batches(commits):
        told = _run(repository.root, "diff-tree", *options, *safely, *inside, given=batch).stdout
        yield from _changes(os.fsdecode(told).split("\0"), batch)


def read_objects(repository: Repository, ids: Iterable[str]) -> Iterator[bytes | None]:
    """The content of each object; None for one that is not there or larger than any document may be."""
    for batch in _batches(ids):
        with _asking(repository.root, "cat-file", "--batch", given=batch) as told:
            yield from (_content(told) for _ in batch)


def _run(root: Path, *words: str, given: Sequence[str] = (), check: bool = True) -> subprocess.CompletedProcess[bytes]:
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            _command(words), cwd=root, env=_environment(), input=_lines(given), capture_output=True, check=False
        )
    except OSError as error:
        raise NoHistory("no-git") from error
    if check:
        _expect_success(root, done.returncode)
    return done


@contextlib.contextmanager
def _asking(root: Path, *words: str, given: Sequence[str]) -> Iterator[IO[bytes]]:
    """What git says, while it is still saying it, to lines that are few enough for it to take them in at once."""
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    try:
        asked = subprocess.Popen(  # noqa: S603 - our own words, no shell
            _command(words), cwd=root, env=_environment(), stdin=pipe, stdout=pipe, stderr=nothing
        )
    except OSError as error:
        raise NoHistory("no-git") from error
    with asked:
        with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", asked.stdin) as hearing:
            hearing.write(_lines(given))
        yield cast("IO[bytes]", asked.stdout)
    _expect_success(root, asked.returncode)


def _command(words: Sequence[str]) -> list[str]:
    return ["git", *_QUIET, *words]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or "CEILING" in name}
    return kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def _lines(given: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in given).encode()


def _expect_success(root: Path, code: int) -> None:
    if code:
        raise NoHistory("partial" if _is_partial(root) else "unreadable")


def _is_partial(root: Path) -> bool:
    """Whether git would fetch from elsewhere what the repository lacks, which it may not do here."""
    asked = _run(root, "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$", check=False)
    return bool(asked.stdout)


def _reason(complaint: str, is_repository: bool) -> str:
    """Why a repository could not be opened."""
    if "dubious ownership" in complaint:
        return "foreign"
    if is_repository:
        return "empty"
    return "absent" if "not a git repository" in complaint else "unreadable"


def _shallow(listed: Path) -> frozenset[str]:
    try:
        return frozenset(listed.read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return frozenset()


def _changes(told: list[str], commits: Sequence[str]) -> Iterator[tuple[str, list[Change]]]:
    """What `diff-tree -z --raw -c --combined-all-paths` told: https://git-scm.com/docs/diff-format"""
    expected = frozenset(commits)
    words = iter(told)
    commit, changes = "", list[Change]()
    for word in words:
        if word in expected:
            if commit:
                yield commit, changes
            commit, changes = word, []
        elif word.startswith(":"):
            change = _change(word, words)
            changes.extend([change] if change else [])
    if commit:
        yield commit, changes


def _change(word: str, words: Iterator[str]) -> Change | None:
    """A path's change from the word that opens it and the paths behind that; None for what is no file."""
    parents = len(word) - len(word.lstrip(":"))
    *rest, status = word.lstrip(":").split(" ")
    modes, ids = rest[: parents + 1], rest[parents + 1 :]
    is_moved = parents == 1 and status[0] in "RC"
    paths = list(islice(words, parents + 1 if parents > 1 or is_moved else 1))
    before, path = (paths[:-1], paths[-1]) if len(paths) > 1 else (paths, paths[0])
    held = [id_ if mode in _FILES else None for mode, id_ in zip(modes, ids, strict=True)]
    return Change(status, tuple(before), tuple(held[:-1]), path, held[-1]) if any(held) else None


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _content(told: IO[bytes]) -> bytes | None:
    """The next of what `cat-file --batch` tells: a line with id, type and size, the content and a line's end."""
    *_, size = told.readline().split() or [b""]
    if not size.isdigit():
        return None
    left = int(size) + 1
    if left > LARGEST + 1:
        while left and (skipped := told.read(min(left, _BUFFER))):
            left -= len(skipped)
        return None
    return told.read(left)[:-1]
