"""Pipeline: the stages in their order, for a base as a whole and for what has changed in it.

A build that takes up the last one asks how far a change reaches. Where it is prose alone, bodies and lines move and
nothing else (`touch_up`). Else some documents are reached (`reach`): their links are resolved, argued and attested as
in a full build, beside the *heads* of all others, which are documents without references and blocks, and their rows
replace the old ones. The analysis of the whole is then made again from heads and from the links, arguments and evidence
that the tables now hold (`standing`); only claims that *hold* something else than before are likened to others again,
and only problems of documents of which something else is told are numbered again. Whatever cannot be told apart in this
way is built from nothing.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from claimbase.analyse import analyse
from claimbase.argue import argue, argue_anew
from claimbase.attest import attest
from claimbase.check import check
from claimbase.classify import classify
from claimbase.discover import NothingToRead, discover, look, printable, read
from claimbase.extract import extract
from claimbase.flatten import flatten, flatten_analysis, flatten_documents, flatten_named, problem_rows
from claimbase.memory import Forgotten, Known, Memory, mark_of
from claimbase.numbering import sharing
from claimbase.outcome import outcome_of, read_outcome
from claimbase.pack import pack
from claimbase.parse import parse
from claimbase.reach import changes_of_words, reached
from claimbase.records import (
    UNSEEN,
    Analysis,
    Codex,
    Document,
    File,
    Holding,
    Outcome,
    Packed,
    Problem,
    Stamp,
    Table,
    Taken,
)
from claimbase.resolve import resolve
from claimbase.review import in_order, review, review_analysis, review_documents
from claimbase.settle import settle
from claimbase.spread import spread
from claimbase.standing import (
    arguments_of,
    standing_analysis,
    standing_arguments,
    standing_bonds,
    standing_evidence,
    standing_problems,
    standing_tags,
    standing_witnesses,
)
from claimbase.survey import bonds_of
from claimbase.texts import Texts
from claimbase.touch_up import moved_lines, touch_up
from claimbase.update import Crowded, Some, Update, updating
from claimbase.write import alone, copy, replacing, write

# Beyond this part of all files, writing everything anew is the quicker way.
_MOST_CHANGED = 0.2


def take_apart(file: File) -> tuple[Document, str]:
    """A file as a document with all that it holds for the others, and its body."""
    page = parse(file)
    document = classify(page)
    return document._replace(content=extract(page, document)), page.body


def understand(documents: Iterable[Document], repository: str | None = None) -> Codex:
    """The knowledge base that documents make together: resolved, analysed and reviewed."""
    settled = settle(documents)
    links = resolve(settled)
    arguments, evidence = argue(links), attest(settled, links)
    analysis = analyse(settled, arguments, bonds_of(links, evidence))
    problems = review(settled, links, evidence, analysis)
    return Codex(settled, links, arguments, evidence, analysis, problems, repository)


def read_codex(root: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder; nothing is written."""
    paths = discover(root)
    return understand(taken.document for taken in take_in(root, look(root, paths), progress))


def looks(root: Path) -> dict[str, Stamp]:
    """How every file of a knowledge base looks from outside; nothing where there is no file to read."""
    try:
        return look(root, discover(root))
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
        stamps = look(root, discover(root))
        known = {} if full else memory.known()
        if not known or _most_differ(stamps, known):
            _build_anew(root, output, stamps, memory, progress)
            return read_outcome(output)
        changes = _changes(root, stamps, known)
        try:
            if changes.changed or changes.gone:
                _build_on(output, stamps, changes, memory)
            elif changes.touched:
                memory.change({}, (), changes.touched)
                memory.belong()
        except (Forgotten, Crowded):
            _build_anew(root, output, stamps, memory, progress)
        return read_outcome(output)


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


def _take_others(root: Path, known: Sequence[tuple[str, str]]) -> list[tuple[Document, Packed, str] | None]:
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


def _take_all(root: Path, paths: Sequence[str]) -> list[tuple[Document, Packed, str]]:
    return [_taken_apart(file) for file in read(root, paths)]


def _taken_apart(file: File) -> tuple[Document, Packed, str]:
    """A file as a document, that document packed, and its body."""
    document, body = take_apart(file)
    # A folder is that of many files; its name is kept once.
    document = document._replace(folder=sys.intern(document.folder))
    return document, pack(document), body


def _build_anew(root: Path, output: Path, stamps: Mapping[str, Stamp], memory: Memory, progress: bool) -> None:
    with replacing(output) as temporary, Texts(temporary) as texts:
        taken = memory.keep(texts.keep(take_in(root, stamps, progress)))
        # Nobody else holds on to the tables, so that all they are made from is gone once the last is written.
        write(temporary, _tables(taken, memory), texts)
        check(temporary)
    memory.belong()


def _tables(taken: Iterable[Taken], memory: Memory) -> Iterator[Table]:
    codex = understand((item.document for item in taken), memory.repository)
    memory.hold(codex.analysis.holdings)
    return flatten(codex._replace(analysis=codex.analysis._replace(holdings={})))


def _build_on(output: Path, stamps: Mapping[str, Stamp], changes: _Changes, memory: Memory) -> None:
    """The next database made from the last: where nothing but prose has changed, all that is argued stays."""
    with replacing(output) as temporary:
        with ThreadPoolExecutor(1) as aside:
            copied = aside.submit(copy, output, temporary)
            moves = _moved_lines(changes, memory)
            heads = {} if moves else memory.heads()
            copied.result()
        if not moves and not {printable(path) for path in stamps} <= heads.keys() | changes.changed.keys():
            raise Forgotten("documents that were known")
        if moves:
            touch_up(temporary, moves, output, memory.recall)
            holdings: dict[str, Holding | None] = {}
        else:
            bodies = {path: taken.body for path, taken in changes.changed.items()}
            with updating(temporary, bodies, output) as update:
                holdings = _renew(update, list(map(printable, stamps)), changes, heads, memory)
    memory.change(changes.changed, changes.gone, changes.touched, holdings)
    memory.belong()


def _renew(
    update: Update, paths: Sequence[str], changes: _Changes, heads: Mapping[str, Document], memory: Memory
) -> dict[str, Holding | None]:
    """Rows of documents that changes reach are made anew, and then whatever follows from those of all documents.

    What is reached is resolved, argued and attested as in a full build, beside the heads of all other documents. The
    analysis needs heads alone, and links and evidence as the tables then have them. What comes back are the holdings of
    the claims that hold other things than before.
    """
    connection = update.connection
    before = {document.path: document for document in settle(heads.values())}
    now = (changes.changed[path].document if path in changes.changed else heads[path] for path in paths)
    after = {document.path: document for document in settle(now)}
    documents, by_id = list(after.values()), {document.id: document for document in after.values()}
    told_before = _told(before.values(), standing_analysis(connection))

    those = reached(before, after, changes.changed.keys(), connection, memory.asking)
    ids = {found[path].id for found in (before, after) for path in those & found.keys()}
    anew = list(_whole([path for path in after if path in those], after, changes.changed, memory))
    links = resolve(documents, anew)
    witnesses = partial(standing_witnesses, connection, by_id, ids)
    argued_before, attested_before = standing_arguments(connection), standing_evidence(connection)
    argued = argue_anew(argued_before, arguments_of(connection, ids), links, witnesses)
    arguments = [*(row for row in argued_before if row.from_claim not in argued.claims), *argued.arguments]
    attested = [row for row in attested_before if row.path not in those]
    attested_anew = attest(anew, links, documents, (row for row in attested if row.rule == "block"))
    evidence = [*attested, *attested_anew]
    some = Some(those, ids, argued.claims)
    update.renumber(argued.moves, some)
    update.hold(flatten_named(documents))
    update.hold(flatten_documents(anew, links, argued.arguments), some)
    update.hold([Table("evidence", attested_anew)], some)
    update.hold([Table("tags", standing_tags(connection))])

    bonds = standing_bonds(connection, by_id, evidence)
    held = memory.holdings()
    analysis = analyse(documents, arguments, bonds, held, changes_of_words(before, after))
    update.hold(flatten_analysis(analysis))
    now_held = analysis.holdings
    likened = analysis.likened | (held.keys() - now_held.keys())
    update.hold([Table("similar_claims", analysis.similar_claims)], some._replace(ids=likened))

    told = _told(documents, analysis)
    spoken_of = {problem.path for problem in (told - told_before) + (told_before - told)}
    reviewed = sharing(before.keys() | after.keys(), those | spoken_of)
    found = list(review_documents(anew, links, evidence, by_id))
    for path in sorted(reviewed - those):
        found += (Counter(standing_problems(connection, path)) - told_before).elements()
    found += (problem for problem in told.elements() if problem.path in reviewed)
    update.hold([Table("problems", problem_rows(documents, in_order(found)))], some._replace(paths=reviewed))
    return {id_: now_held.get(id_) for id_ in held.keys() | now_held.keys() if held.get(id_) != now_held.get(id_)}


def _told(documents: Iterable[Document], analysis: Analysis) -> Counter[Problem]:
    """What the analysis says about documents, each as often as it says so."""
    return Counter(review_analysis({document.id: document for document in documents}, analysis))


def _whole(
    paths: Sequence[str], settled: Mapping[str, Document], changed: Mapping[str, Taken], memory: Memory
) -> Iterator[Document]:
    """The documents of these paths with all that they hold, settled."""
    known = memory.recall(path for path in paths if path not in changed)
    for path in paths:
        document = changed[path].document if path in changed else next(known)
        yield document._replace(id=settled[path].id, twin_of=settled[path].twin_of)


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
