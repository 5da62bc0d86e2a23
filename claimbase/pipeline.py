"""Pipeline: the stages in their order, for a base as a whole and for what has changed in it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from claimbase.analyse import analyse
from claimbase.argue import argue
from claimbase.attest import attest
from claimbase.check import check, check_keys
from claimbase.classify import classify
from claimbase.credit import credit
from claimbase.discover import NothingToRead, discover, left_out, look, read
from claimbase.extract import extract
from claimbase.flatten import flatten
from claimbase.git import NoHistory, Repository, head_log, open_repository
from claimbase.memory import Forgotten, Known, Memory, mark_of
from claimbase.outcome import outcome_of, read_outcome
from claimbase.pack import pack
from claimbase.parse import parse
from claimbase.paths import printable
from claimbase.recognise import recognise
from claimbase.records import (
    NO_COMMITS,
    NO_PAST,
    UNSEEN,
    Codex,
    Document,
    File,
    History,
    Outcome,
    Past,
    Recounted,
    Stamp,
    Taken,
    Version,
)
from claimbase.recount import recount
from claimbase.resolve import resolve
from claimbase.review import review
from claimbase.settle import settle
from claimbase.spread import spread
from claimbase.texts import Texts
from claimbase.touch_up import moved_lines, touch_up
from claimbase.trace import trace
from claimbase.update import update
from claimbase.vocabulary import WEIGHTS_FILE
from claimbase.weights import read_weights
from claimbase.write import alone, copy, replacing, write

# Beyond this part of all files, writing everything anew is the quicker way.
_MOST_CHANGED = 0.2


def take_apart(file: File) -> tuple[Document, str]:
    """A file as a document with all that it holds for the others, and its body."""
    page = parse(file)
    document = classify(page)
    return document._replace(content=extract(page, document)), page.body


def as_it_stood(path: str, data: bytes) -> Version | None:
    """What a file of these bytes says, where it is a claim."""
    page = parse(File(path, data, None))
    document = classify(page)
    return Version(document.title, page.fields, page.body) if document.kind == "claim" else None


def understand(documents: Iterable[Document], past: Past = NO_PAST, repository: str | None = None) -> Codex:
    """The knowledge base that documents make together: resolved, told of their past, analysed and reviewed."""
    settled = settle(documents)
    provenance = recognise(past.history, settled)
    links = resolve(settled, provenance.former_names)
    arguments, evidence = argue(links), attest(settled, links, provenance)
    analysis = analyse(settled, links, arguments, evidence)
    credited = credit(settled, evidence, provenance, past.weights)
    problems = review(settled, links, evidence, analysis, provenance)
    return Codex(settled, links, arguments, evidence, analysis, problems, provenance, credited, repository)


def read_codex(root: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder; nothing is written."""
    paths = discover(root)
    past = read_past(root, paths, look_around(root))
    return understand((taken.document for taken in take_in(root, look(root, paths), progress)), past)


def look_around(root: Path) -> Surroundings:
    """What there is beside the documents of a base."""
    weights = read_weights(next(iter(read(root, [WEIGHTS_FILE]))))
    try:
        repository = open_repository(root)
    except NoHistory as error:
        return Surroundings(None, str(error), weights)
    return Surroundings(repository, "shallow" if repository.shallow else "whole", weights)


def read_past(root: Path, paths: Iterable[str], around: Surroundings, known: Recounted = NO_COMMITS) -> Past:
    """How the documents at these paths came to be; what is known of commits is not read again."""
    if around.repository is None:
        return Past(History(around.state), weights=around.weights, mark=around.mark)
    try:
        recounted = recount(around.repository, as_it_stood, known)
    except NoHistory as error:
        return Past(History(str(error)), weights=around.weights)
    history = trace(tuple(recounted.commits.values()), set(map(printable, paths)), left_out(root), around.state)
    return Past(history, recounted, around.weights, around.mark)


def looks(root: Path) -> dict[str, Stamp]:
    """How all that a build reads looks from outside; nothing where there is no file to read."""
    try:
        return look(root, [*discover(root), WEIGHTS_FILE, *map(str, head_log(root))])
    except NothingToRead:
        return {}


def check_codex(root: Path, progress: bool = False) -> Outcome:
    """What a knowledge base comes to; nothing is written."""
    return outcome_of(read_codex(root, progress))


def build_database(
    root: Path, output: Path, full: bool = False, progress: bool = False, repository: str | None = None
) -> Outcome:
    """The database of the base under a folder, in place of the old one once it is complete and sound.

    Where the old one is of the same base and program, only what has changed since is parsed and written again.
    `repository` is the address of any of the base's files on the web, as `file_address` gives it.
    """
    with alone(output):
        memory = Memory(output, root, repository)
        stamps, around = look(root, discover(root)), look_around(root)
        known = {} if full else memory.known()
        if not known or _most_differ(stamps, known):
            _build_anew(root, output, stamps, around, memory, progress)
            return read_outcome(output)
        changes = _changes(root, stamps, known)
        try:
            if changes.changed or changes.gone or around.mark != memory.mark():
                _build_on(root, output, stamps, around, changes, memory)
            elif changes.touched:
                memory.change({}, (), changes.touched)
                memory.belong()
        except Forgotten:
            _build_anew(root, output, stamps, around, memory, progress)
        return read_outcome(output)


class Surroundings(NamedTuple):
    """What there is beside the documents of a base: the repository it lies in, or why there is none, and weights."""

    repository: Repository | None
    state: str
    weights: Mapping[str, float]

    @property
    def mark(self) -> str:
        """What tells these surroundings from others."""
        repository = self.repository
        place = (repository.prefix, repository.head, sorted(repository.shallow)) if repository else ()
        return hashlib.sha256(repr((self.state, place, sorted(self.weights.items()))).encode()).hexdigest()


def _most_differ(stamps: Mapping[str, Stamp], known: Mapping[str, Known]) -> bool:
    """Whether so many files are new, gone or of another size that writing everything anew is the quicker way."""
    there = {printable(path): stamp for path, stamp in stamps.items()}
    sizes = {path: stamp.size for path, stamp in there.items()}
    was = {path: before.stamp.size for path, before in known.items() if before.stamp != UNSEEN}
    differing = sum(sizes.get(path) != size for path, size in was.items()) + len(sizes.keys() - known.keys())
    return differing > _MOST_CHANGED * len(stamps)


class _Changes(NamedTuple):
    """What has changed since the last build, by path.

    `changed` are the files with other contents, of which `added` are new; `gone` are those that are no more; `touched`
    only look other from outside.
    """

    changed: dict[str, Taken]
    added: frozenset[str]
    gone: frozenset[str]
    touched: dict[str, Stamp]


def _changes(root: Path, stamps: Mapping[str, Stamp], known: Mapping[str, Known]) -> _Changes:
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
            changed[printable(path)] = Taken(*found, stamps[path])
        else:
            touched[printable(path)] = stamps[path]
    added = frozenset(changed.keys() - known.keys())
    return _Changes(changed, added, frozenset(known.keys() - {printable(path) for path in stamps}), touched)


def _take_others(root: Path, known: Sequence[tuple[str, str]]) -> list[tuple[Document, str, str] | None]:
    """The files of these paths whose content has another mark than the one that is known."""
    files = read(root, [path for path, _ in known])
    return [None if _mark(file) == mark else _taken_apart(file) for file, (_, mark) in zip(files, known, strict=True)]


def _mark(file: File) -> str:
    return mark_of(classify(parse(file))) if file.fault else hashlib.sha256(file.data).hexdigest()


def take_in(root: Path, stamps: Mapping[str, Stamp], progress: bool = False) -> Iterator[Taken]:
    """Every file of a knowledge base, read and taken apart, by as many processes as there are processors."""
    taken = spread(partial(_take_all, root), list(stamps))
    with click.progressbar(taken, len(stamps), "Reading", file=sys.stderr, hidden=not progress) as documents:
        for found, stamp in zip(documents, stamps.values(), strict=True):
            yield Taken(*found, stamp)


def _take_all(root: Path, paths: Sequence[str]) -> list[tuple[Document, str, str]]:
    return [_taken_apart(file) for file in read(root, paths)]


def _taken_apart(file: File) -> tuple[Document, str, str]:
    """A file as a document, that document packed, and its body."""
    document, body = take_apart(file)
    # A folder is that of many files; its name is kept once.
    document = document._replace(folder=sys.intern(document.folder))
    return document, pack(document), body


def _build_anew(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, memory: Memory, progress: bool
) -> None:
    past = read_past(root, stamps, around)
    with replacing(output) as temporary, Texts(temporary) as texts:
        taken = memory.keep(texts.keep(take_in(root, stamps, progress)))
        codex = understand((item.document for item in taken), past, memory.repository)
        write(temporary, flatten(codex), texts)
        check(temporary)
    memory.keep_past(past, NO_COMMITS)
    memory.belong()


def _build_on(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, changes: _Changes, memory: Memory
) -> None:
    """The next database made from the last: where nothing but prose has changed, all that is argued stays."""
    changed = changes.changed
    with replacing(output) as temporary:
        copy(output, temporary)
        moves = _moved_lines(changes, memory) if around.mark == memory.mark() else []
        if moves:
            touch_up(temporary, moves, output, memory.recall)
        else:
            known = memory.recounted()
            past = read_past(root, stamps, around, known)
            codex = understand(_merged(map(printable, stamps), changed, memory), past, memory.repository)
            update(temporary, flatten(codex), {path: taken.body for path, taken in changed.items()}, output)
            check_keys(temporary)
            memory.keep_past(past, known)
    memory.change(changed, changes.gone, changes.touched)
    memory.belong()


def _moved_lines(changes: _Changes, memory: Memory) -> list[tuple[Taken, Mapping[int, int]]]:
    """Each changed file with the lines that have moved in it; nothing unless its prose is all that has changed."""
    if changes.gone or changes.added:
        return []
    before = memory.recall(changes.changed)
    moved: list[tuple[Taken, Mapping[int, int]]] = []
    for taken, old in zip(changes.changed.values(), before, strict=True):
        moves = moved_lines(old, taken.document)
        if moves is None:
            return []
        moved.append((taken, moves))
    return moved


def _merged(paths: Iterable[str], changed: Mapping[str, Taken], memory: Memory) -> Iterator[Document]:
    """The documents of these paths in their order, those that have changed as they now are."""
    paths = list(paths)
    known = memory.recall(path for path in paths if path not in changed)
    return (changed[path].document if path in changed else next(known) for path in paths)
