"""Take in: the files of a base read and taken apart, all of them or those that have changed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from claimbase.classify import classify
from claimbase.discover import read
from claimbase.memory import Known, mark_of
from claimbase.pack import pack, unpack
from claimbase.parse import parse
from claimbase.paths import printable
from claimbase.pipeline.understand import take_apart
from claimbase.records import UNSEEN, File, Packed, Stamp, Taken
from claimbase.spread import spread


def take_in(root: Path, stamps: Mapping[str, Stamp], progress: bool = False) -> Iterator[Taken]:
    """Every file of a knowledge base, read and taken apart, by as many processes as there are processors."""
    taken = spread(partial(_take_all, root), list(stamps))
    with click.progressbar(taken, len(stamps), "Reading", file=sys.stderr, hidden=not progress) as documents:
        for (packed, body), (path, stamp) in zip(documents, stamps.items(), strict=True):
            yield Taken(unpack(packed, path), packed, body, stamp)


def _take_all(root: Path, paths: Sequence[str]) -> list[tuple[Packed, str]]:
    return [_taken_apart(file) for file in read(root, paths)]


def _taken_apart(file: File) -> tuple[Packed, str]:
    """A file as a document, packed, for that is how it travels between processes in half the time, and its body."""
    document, body = take_apart(file)
    return pack(document), body


class Changes(NamedTuple):
    """What has changed since the last build, by path.

    `changed` are the files with other contents, of which `added` are new; `gone` are those that are no more; `touched`
    only look other from outside.
    """

    changed: dict[str, Taken]
    added: frozenset[str]
    gone: frozenset[str]
    touched: dict[str, Stamp]


def changes_since(root: Path, stamps: Mapping[str, Stamp], known: Mapping[str, Known]) -> Changes:
    """The files whose stamps differ are read, and those are taken apart whose content differs too."""
    was = {path: known.get(printable(path)) for path in stamps}
    suspects = [
        (path, before.mark if before else "")
        for path, before in was.items()
        if before is None or before.stamp != stamps[path] or before.stamp == UNSEEN
    ]
    changed, touched = {}, {}
    for (path, _), found in zip(suspects, spread(partial(_take_others, root), suspects), strict=True):
        if found:
            packed, body = found
            changed[printable(path)] = Taken(unpack(packed, path), packed, body, stamps[path])
        else:
            touched[printable(path)] = stamps[path]
    added = frozenset(changed.keys() - known.keys())
    return Changes(changed, added, frozenset(known.keys() - {printable(path) for path in stamps}), touched)


def _take_others(root: Path, known: Sequence[tuple[str, str]]) -> list[tuple[Packed, str] | None]:
    """The files of these paths whose content has another mark than the one that is known."""
    files = read(root, [path for path, _ in known])
    return [None if _mark(file) == mark else _taken_apart(file) for file, (_, mark) in zip(files, known, strict=True)]


def _mark(file: File) -> str:
    return mark_of(classify(parse(file))) if file.fault else hashlib.sha256(file.data).hexdigest()
