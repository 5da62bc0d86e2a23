"""Discover: every Markdown file under a root, in a fixed order, read as bytes."""

from __future__ import annotations

import os
import re
import stat
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import re2
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore import GitIgnorePatternError

from claimbase.paths import printable
from claimbase.records import UNSEEN, File, Stamp
from claimbase.slugs import is_markdown

IGNORE_FILE = ".claimbaseignore"
LARGEST = 16 * 1024 * 1024
LONGEST_RULES = 64 * 1024

# Folders that hold other people's Markdown: version control, packages, and caches that say so themselves.
_NEVER = frozenset({".git", ".hg", ".svn", "node_modules"})
_FOREIGN_MARKS = ("pyvenv.cfg", "CACHEDIR.TAG")


class NothingToRead(ValueError):
    """The root holds no Markdown, or not all of it can be listed; the message says which and why."""


def discover(root: Path) -> list[str]:
    """The paths of all Markdown files under `root`, relative, with `/`, sorted.

    Left out are the folders of version control, virtual environments, packages and caches, and
    whatever `.claimbaseignore` names in the manner of a `.gitignore`. Links to folders are not followed.
    Raises `NothingToRead` where that leaves no file, or where a folder that is not left out cannot be listed: what is
    in it would seem to have been deleted.
    """
    try:
        os.listdir(root)
    except OSError as error:
        raise NothingToRead(f"{root}: {error.strerror}") from error
    ignored = _ignored(ignore_rules(root))
    closed = list[OSError]()
    paths = sorted(path for path in _walk(root, closed.append) if not ignored(path))
    for fault in closed:
        if not ignored(_within(root, fault.filename) + "/") and os.path.lexists(fault.filename):
            raise NothingToRead(f"{fault.filename}: {fault.strerror}; name the folder in {IGNORE_FILE} to leave it out")
    if not paths:
        raise NothingToRead(f"{root}: no Markdown files in this folder")
    return paths


def ignore_rules(root: Path) -> str:
    """What `.claimbaseignore` says; nothing where there is none that can be read.

    Raises `NothingToRead` where it says more than `LONGEST_RULES`, since files that should be left out would not be.
    """
    try:
        data, _ = _read_file(root / IGNORE_FILE, root.resolve())
    except OSError:
        return ""
    if len(data) > LONGEST_RULES:
        raise NothingToRead(f"{root / IGNORE_FILE}: longer than {LONGEST_RULES // 1024} kB")
    return data.decode("utf-8", "replace")


def left_out(rules: str) -> Callable[[str], bool]:
    """Whether a path that is no longer there would be left out by such rules, as far as its name tells."""
    ignored = _ignored(rules)
    return lambda path: ignored(path) or not _NEVER.isdisjoint(path.split("/"))


def _ignored(rules: str) -> Callable[[str], bool]:
    """Whether rules name a path. RE2 asks that in a time linear in the path, where stars make `re` try all ways."""
    try:
        with warnings.catch_warnings():
            # Of what stands in brackets, which other versions of `re` may read otherwise.
            warnings.simplefilter("ignore", FutureWarning)
            spec = GitIgnoreSpec.from_lines(rules.splitlines(), backend="re2")
    except (GitIgnorePatternError, re.error, re2.error) as error:
        raise NothingToRead(f"{IGNORE_FILE}: a rule that cannot be matched, mend or remove it: {error}") from error
    return lambda path: spec.match_file(os.fsencode(path).decode("utf-8", "replace"))


def look(root: Path, paths: Sequence[str]) -> dict[str, Stamp]:
    """How each file looks from outside; one that cannot be asked is `UNSEEN`."""
    return {path: _stamp(os.path.join(root, path)) for path in paths}


def _stamp(file: str) -> Stamp:
    try:
        found = os.stat(file)  # noqa: PTH116 - several times as quick
    except OSError:
        return UNSEEN
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def read(root: Path, paths: Sequence[str]) -> Iterator[File]:
    """Each path with its bytes; a file that cannot be read comes with its fault and no bytes."""
    inside = root.resolve()
    for path in paths:
        try:
            data, fault = _read_file(root / path, inside)
        except OSError as error:
            data, fault = b"", error.strerror or "unreadable"
        yield File(printable(path), data, fault)


def _walk(root: Path, report: Callable[[OSError], None]) -> Iterator[str]:
    for folder, folders, names in os.walk(root, onerror=report):
        if any(mark in names for mark in _FOREIGN_MARKS) and folder != str(root):
            folders.clear()
            continue
        folders[:] = [name for name in folders if name not in _NEVER]
        within = _within(root, folder)
        for name in names:
            if is_markdown(name):
                yield name if within == "." else f"{within}/{name}"


def _within(root: Path, folder: str) -> str:
    return os.path.relpath(folder, root).replace(os.sep, "/")


def _read_file(file: Path, inside: Path) -> tuple[bytes, str | None]:
    # `realpath` never raises; a link that goes round in circles fails when it is opened.
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(inside):
        return b"", "a link that leads out of the base"
    # Opened without blocking and asked what it is afterwards, so that a pipe neither hangs the build
    # nor takes the place of a file between the two questions.
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode):
            return b"", "not a regular file"
        if found.st_size > LARGEST:
            return b"", f"larger than {LARGEST // 2**20} MB"
        return stream.read(), None
