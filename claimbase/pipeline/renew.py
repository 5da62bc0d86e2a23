"""Renew: the next database made from the last, for what has changed since.

Where that is prose alone, bodies and lines move and nothing else (`touch_up`). Where the past has moved on, everything
is understood anew, though nothing is parsed again, and every row compared. Else rows of the documents are remade that
the changes reach (`remake`). Whatever cannot be told apart in this way is built from nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from claimbase.flatten import flatten
from claimbase.memory import Forgotten, Memory
from claimbase.pairs import Wordings, compare_words, held_otherwise
from claimbase.paths import printable
from claimbase.pipeline.build_anew import MOST_BESIDE
from claimbase.pipeline.look_around import Surroundings, past_of, read_past
from claimbase.pipeline.remake import Turn, remake
from claimbase.pipeline.take_in import Changes
from claimbase.pipeline.understand import understand
from claimbase.reach import Base, ByPath, Pairs, argue_alike, was_and_is
from claimbase.recognise import recognise
from claimbase.records import Codex, Document, Holding, Stamp, Taken
from claimbase.settle import settle
from claimbase.spread import beside
from claimbase.touch_up import moved_lines, touch_up
from claimbase.update import Update, updating
from claimbase.write import copy, replacing


def renew(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, changes: Changes, memory: Memory
) -> None:
    """The next database made from the last: where nothing but prose has changed, all that is argued stays."""
    paths, bodies = list(map(printable, stamps)), {path: taken.body for path, taken in changes.changed.items()}
    holdings: dict[str, Holding | None] = {}
    with replacing(output) as temporary:
        if around.mark != memory.mark():
            known = memory.recounted()
            past = read_past(root, stamps, around, known)
            codex = understand(_merged(paths, changes, memory), past, memory.repository)
            copy(output, temporary)
            with updating(temporary, bodies, output) as update:
                holdings = _replace(update, codex, memory)
            memory.keep_past(past, known)
        elif moves := _moved_lines(changes, memory):
            copy(output, temporary)
            touch_up(temporary, moves, output, memory.recall)
        else:
            with ThreadPoolExecutor(1) as aside:
                copied = aside.submit(copy, output, temporary)
                before, base = _before_and_after(paths, around, changes, memory)
                copied.result()
            pairs = was_and_is(before, base.documents)
            with _comparing(pairs, base) as wordings, updating(temporary, bodies, output) as update:
                holdings = remake(update, Turn(before, base, pairs, changes, wordings), memory)
    memory.change(changes.changed, changes.gone, changes.touched, holdings)
    memory.belong()


def _replace(update: Update, codex: Codex, memory: Memory) -> dict[str, Holding | None]:
    """Every row is compared with that of a base as a whole, since a past that has moved may reach any document."""
    update.hold(flatten(codex))
    return held_otherwise(memory.holdings(), codex.analysis.holdings)


def _before_and_after(
    paths: Sequence[str], around: Surroundings, changes: Changes, memory: Memory
) -> tuple[ByPath, Base]:
    """The heads of the documents that there were, and the base of those that there are."""
    heads = memory.heads()
    if not heads.keys() | changes.changed.keys() >= set(paths):
        raise Forgotten("documents that were known")
    before = {document.path: document for document in settle(heads.values())}
    now = (changes.changed[path].document if path in changes.changed else heads[path] for path in paths)
    after = {document.path: document for document in settle(now)}
    past = past_of(around, memory.recounted(), after)
    return before, Base(after, past, recognise(past.history, list(after.values())))


@contextlib.contextmanager
def _comparing(pairs: Pairs, base: Base) -> Iterator[Callable[[], Wordings] | None]:
    """Has another process compare the words of claims meanwhile; None where that comes to the same as before."""
    if argue_alike(pairs):
        yield None
        return
    heads = list(base.documents.values())
    with beside(partial(compare_words, heads), len(heads) if len(heads) <= MOST_BESIDE else 0) as comparing:
        yield comparing.result


def _moved_lines(changes: Changes, memory: Memory) -> list[tuple[Taken, Mapping[int, int]]]:
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


def _merged(paths: Sequence[str], changes: Changes, memory: Memory) -> Iterator[Document]:
    """The documents of these paths in their order, those that have changed as they now are."""
    changed = changes.changed
    known = memory.recall(path for path in paths if path not in changed)
    return (changed[path].document if path in changed else next(known) for path in paths)
