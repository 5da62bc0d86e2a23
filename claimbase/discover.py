"""Discover: every Markdown file under a root, in a fixed order, read as bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

from claimbase.paths import printable
from claimbase.records import UNSEEN, File, Stamp
from claimbase.slugs import is_markdown

IGNORE_FILE = ".claimbaseignore"
LARGEST = 16 * 1024 * 1024

# Folders that hold other people's Markdown: version control, packages, and caches that say so themselves.
_NEVER = frozenset({".git", ".hg", ".svn", "node_modules"})
_FOREIGN_MARKS = ("pyvenv.cfg", "CACHEDIR.TAG")


class NothingToRead(ValueError):
    """The root is no folder that can be listed, or holds no Markdown; the message says which and why."""


def discover(root: Path) -> list[str]:
    """The paths of all Markdown files under `root`, relative, with `/`, sorted.

    Left out are the folders of version control, virtual environments, packages and caches, and
    whatever `.claimbaseignore` names in the manner of a `.gitignore`. Links to folders are not followed.
    Raises `NothingToRead` where that leaves no file.
    """
    try:
        os.listdir(root)
    except OSError as error:
        raise NothingToRead(f"{root}: {error.strerror}") from error
    ignored = GitIgnoreSpec.from_lines(ignore_rules(root).splitlines())
    paths = sorted(path for path in _walk(root) if not ignored.match_file(path))
    if not paths:
        raise NothingToRead(f"{root}: no Markdown files in this folder")
    return paths


def ignore_rules(root: Path) -> str:
    """What `.claimbaseignore` says; nothing where there is none that can be read."""
    try:
        return (root / IGNORE_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def left_out(rules: str) -> Callable[[str], bool]:
    """Whether a path that is no longer there would be left out by such rules, as far as its name tells."""
    ignored = GitIgnoreSpec.from_lines(rules.splitlines())
    return lambda path: ignored.match_file(path) or not _NEVER.isdisjoint(path.split("/"))


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


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        if any(mark in names for mark in _FOREIGN_MARKS) and folder != str(root):
            folders.clear()
            continue
        folders[:] = [name for name in folders if name not in _NEVER]
        within = os.path.relpath(folder, root).replace(os.sep, "/")
        for name in names:
            if is_markdown(name):
                yield name if within == "." else f"{within}/{name}"


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
