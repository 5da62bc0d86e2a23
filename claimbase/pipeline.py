"""Pipeline: the stages in their order, for a base as a whole and for what has changed in it.

A build that takes up the last one asks how far a change reaches. Where it is prose alone, bodies and lines move and
nothing else (`touch_up`). Else some documents are reached (`reach`): their links are resolved, argued and attested as
in a full build, beside the *heads* of all others, which are documents without references and blocks, and their rows
replace the old ones. The analysis of the whole is then made again from heads and from the links, arguments and evidence
that the tables now hold (`standing`): where the same claims argue for the same as before, only what weighs them is, and
else only claims that *hold* something else than before are likened to others again. Only problems of documents of which
something else is told are numbered again. Whatever cannot be told apart in this way is built from nothing.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click

from claimbase.analyse import WEIGHED, analyse, reweigh
from claimbase.argue import Argued, argue, argue_anew
from claimbase.attest import attest
from claimbase.check import check
from claimbase.classify import classify
from claimbase.credit import credit
from claimbase.discover import IGNORE_FILE, NothingToRead, discover, ignore_rules, left_out, look, read
from claimbase.extract import extract
from claimbase.flatten import (
    flatten,
    flatten_analysis,
    flatten_credited,
    flatten_documents,
    flatten_found,
    flatten_named,
    flatten_past,
    flatten_stated,
    problem_rows,
)
from claimbase.git import NoHistory, Repository, head_log, open_repository
from claimbase.memory import Forgotten, Known, Memory, mark_of
from claimbase.numbering import sharing
from claimbase.outcome import outcome_of, read_outcome
from claimbase.pack import head_of, pack, sharing_words
from claimbase.pairs import Before
from claimbase.parse import parse
from claimbase.paths import printable
from claimbase.reach import Base, ByPath, argue_alike, changes_of_words, reached, tell_alike
from claimbase.recognise import recognise
from claimbase.records import (
    NO_COMMITS,
    NO_PAST,
    UNSEEN,
    Analysis,
    Codex,
    Document,
    EvidenceRow,
    File,
    History,
    Holding,
    Link,
    Outcome,
    Packed,
    Past,
    Problem,
    Recounted,
    Stamp,
    Table,
    Taken,
    Version,
)
from claimbase.recount import recount
from claimbase.resolve import resolve
from claimbase.review import in_order, review, review_analysis, review_documents
from claimbase.settle import settle
from claimbase.spread import Beside, beside, spread
from claimbase.standing import (
    argued_by,
    arguing,
    arguments_from,
    evidence_in,
    links_of,
    standing_analysis,
    standing_arguments,
    standing_blocks,
    standing_bonds,
    standing_evidence,
    standing_premises,
    standing_problems,
    standing_sources,
    standing_tags,
    standing_witnesses,
)
from claimbase.survey import Bonds, bonds_of
from claimbase.texts import Texts
from claimbase.touch_up import moved_lines, touch_up
from claimbase.trace import trace
from claimbase.update import Crowded, Some, Update, updating
from claimbase.vocabulary import WEIGHTS_FILE
from claimbase.weights import read_weights
from claimbase.write import alone, copy, replacing, sync, write

# Beyond this part of all files, writing everything anew is the quicker way.
_MOST_CHANGED = 0.2
# Another process keeps a copy of what it looks at, which for more documents than this is too much memory.
_MOST_ANALYSED_BESIDE = 30_000


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
    codex = connect(documents, past, repository)
    documents, links, arguments, evidence, provenance, *_ = codex
    analysis = analyse(documents, arguments, bonds_of(links, evidence))
    return codex._replace(
        credit=credit(documents, evidence, provenance, past.weights),
        analysis=analysis,
        problems=review(documents, links, evidence, analysis, provenance),
    )


def connect(documents: Iterable[Document], past: Past = NO_PAST, repository: str | None = None) -> Codex:
    """What documents and their past state, resolved; nothing is known yet of what follows from it."""
    settled = settle(documents)
    provenance = recognise(past.history, settled)
    links = resolve(settled, provenance.former_names)
    return Codex(settled, links, argue(links), attest(settled, links, provenance), provenance, repository)


def read_codex(root: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder; nothing is written."""
    paths = discover(root)
    past = read_past(root, paths, look_around(root))
    return understand((taken.document for taken in take_in(root, look(root, paths), progress)), past)


def look_around(root: Path) -> Surroundings:
    """What there is beside the documents of a base."""
    weights, rules = read_weights(next(iter(read(root, [WEIGHTS_FILE])))), ignore_rules(root)
    try:
        repository = open_repository(root)
    except NoHistory as error:
        return Surroundings(None, str(error), weights, rules)
    return Surroundings(repository, "shallow" if repository.shallow else "whole", weights, rules)


def read_past(root: Path, paths: Iterable[str], around: Surroundings, known: Recounted = NO_COMMITS) -> Past:
    """How the documents at these paths came to be; what is known of commits is not read again."""
    if around.repository is None:
        return Past(History(around.state), weights=around.weights, mark=around.mark)
    try:
        recounted = recount(around.repository, as_it_stood, known)
    except NoHistory as error:
        return Past(History(str(error)), weights=around.weights)
    return past_of(around, recounted, map(printable, paths))


def past_of(around: Surroundings, recounted: Recounted, paths: Iterable[str]) -> Past:
    """How the documents at these paths came to be, as commits that are known tell it."""
    history = trace(tuple(recounted.commits.values()), set(paths), left_out(around.ignoring), around.state)
    return Past(history, recounted, around.weights, around.mark)


def looks(root: Path) -> dict[str, Stamp]:
    """How all that a build reads looks from outside; nothing where there is no file to read."""
    try:
        return look(root, [*discover(root), IGNORE_FILE, WEIGHTS_FILE, *map(str, head_log(root))])
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
        except (Forgotten, Crowded):
            _build_anew(root, output, stamps, around, memory, progress)
        return read_outcome(output)


class Surroundings(NamedTuple):
    """What there is beside the documents of a base: the repository it lies in, or why there is none, and its rules.

    These are what each role counts, and what is left out.
    """

    repository: Repository | None
    state: str
    weights: Mapping[str, float]
    ignoring: str

    @property
    def mark(self) -> str:
        """What tells these surroundings from others."""
        repository = self.repository
        place = (repository.prefix, repository.head, sorted(repository.shallow)) if repository else ()
        facts = self.state, place, sorted(self.weights.items()), self.ignoring
        return hashlib.sha256(repr(facts).encode()).hexdigest()


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
        for (document, packed, body), (path, stamp) in zip(documents, stamps.items(), strict=True):
            yield Taken(sharing_words(document, path), packed, body, stamp)


def _take_all(root: Path, paths: Sequence[str]) -> list[tuple[Document, Packed, str]]:
    return [_taken_apart(file) for file in read(root, paths)]


def _taken_apart(file: File) -> tuple[Document, Packed, str]:
    """A file as a document, that document packed, and its body."""
    document, body = take_apart(file)
    return document, pack(document), body


def _build_anew(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, memory: Memory, progress: bool
) -> None:
    with (
        beside(partial(read_past, root, stamps, around), len(stamps)) as past,
        replacing(output) as temporary,
        Texts(temporary, len(stamps)) as texts,
    ):
        taken = memory.keep(texts.keep(take_in(root, stamps, progress)))
        # Nobody else holds on to the tables, so that all they are made from is gone once the last is written.
        write(temporary, _tables(taken, past, memory), texts)
        with ThreadPoolExecutor(1) as aside:
            aside.submit(sync, temporary)  # begun now, for a disk takes as long as the check does
            check(temporary)
    memory.belong()


def _tables(taken: Iterable[Taken], reading: Beside[Past], memory: Memory) -> Iterator[Table]:
    """Every table in turn: what is stated and, when most of that is forgotten, what follows from it.

    Where there is memory enough for two, another process finds that out while what is stated is written.
    """
    documents = [item.document for item in taken]
    past = reading.result()
    memory.keep_past(past, NO_COMMITS)
    codex = connect(documents, past, memory.repository)
    rest = codex._replace(documents=tuple(map(head_of, codex.documents)), links=())
    heads, weights = rest.documents, past.weights
    few = len(heads) if len(heads) <= _MOST_ANALYSED_BESIDE else 0
    work = partial(analyse, heads, codex.arguments, bonds_of(codex.links, codex.evidence))
    with beside(work, few) as analysing:
        yield from flatten_stated(codex)
        by_id = {document.id: document for document in heads}
        problems = list(review_documents(codex.documents, codex.links, codex.evidence, by_id, codex.provenance))
        del documents, past, codex
        yield from flatten_credited(rest._replace(credit=credit(heads, rest.evidence, rest.provenance, weights)))
        del rest
        analysis = analysing.result()
    memory.hold(analysis.holdings)
    problems += review_analysis(by_id, analysis)
    yield from flatten_found(heads, analysis, in_order(problems))


def _build_on(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, changes: _Changes, memory: Memory
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
            with updating(temporary, bodies, output) as update:
                holdings = _renew(update, before, base, changes, memory)
    memory.change(changes.changed, changes.gone, changes.touched, holdings)
    memory.belong()


def _replace(update: Update, codex: Codex, memory: Memory) -> dict[str, Holding | None]:
    """Every row is compared with that of a base as a whole, since a past that has moved may reach any document."""
    update.hold(flatten(codex))
    return _differing(memory.holdings(), codex.analysis.holdings)


def _differing(before: Mapping[str, Holding], after: Mapping[str, Holding]) -> dict[str, Holding | None]:
    """What the claims hold now that held something else before; None for those that are no more."""
    return {id_: after.get(id_) for id_ in before.keys() | after.keys() if before.get(id_) != after.get(id_)}


def _before_and_after(
    paths: Sequence[str], around: Surroundings, changes: _Changes, memory: Memory
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


class _Remade(NamedTuple):
    """What is made anew: which rows that are, the documents that there are of them, whole, and what these state.

    `elsewhere` is the evidence of sources among them that blocks of other claims show.
    """

    some: Some
    documents: Sequence[Document]
    links: Sequence[Link]
    argued: Argued
    evidence: Sequence[EvidenceRow]
    elsewhere: Sequence[EvidenceRow]


def _renew(update: Update, before: ByPath, base: Base, changes: _Changes, memory: Memory) -> dict[str, Holding | None]:
    """Rows of documents that changes reach are made anew, and then whatever follows from those of all documents.

    What is reached is resolved, argued and attested as in a full build, beside the heads of all other documents. The
    analysis needs heads alone, and links and evidence as the tables then have them. What comes back are the holdings of
    the claims that hold other things than before.
    """
    connection, after = update.connection, base.documents
    standing = standing_analysis(connection)
    those = reached(before, base, changes.changed.keys(), connection, memory.asking)
    ids = {found[path].id for found in (before, after) for path in those & found.keys()}
    links_before = list(links_of(connection, {document.id: document for document in before.values()}, ids))
    evidence_before = list(evidence_in(connection, those))
    whole = list(_whole([path for path in after if path in those], after, changes.changed, memory))
    remade = _remake(connection, whole, those, ids, base)
    _hold(update, remade, base)
    if not (tell_alike(before, base) and _extracted(evidence_before) == _extracted(remade.evidence)):
        _hold_past(update, base)

    was, now = bonds_of(links_before, evidence_before), bonds_of(remade.links, remade.evidence)
    is_called_alike, holdings = argue_alike(before, after), dict[str, Holding | None]()
    if was == now and is_called_alike and "arguments" not in update.changed_tables():
        analysis = _reweigh(update, base, standing)
    else:
        duplicates = standing.near_duplicates if is_called_alike else None
        known = Before(memory.holdings(), changes_of_words(before, after), duplicates)
        bonds = standing_bonds(connection, {document.id: document for document in after.values()}, was, now)
        analysis = _analyse(update, base, bonds, known)
        holdings = _differing(known.holdings, analysis.holdings)
    _hold_problems(update, remade, base, _told(before, standing), _told(after, analysis))
    return holdings


def _remake(
    connection: sqlite3.Connection, documents: Sequence[Document], those: Set[str], ids: Set[str], base: Base
) -> _Remade:
    """Documents resolved, argued and attested, of these paths and ids, which others may have had that are no more."""
    everything, provenance = list(base.documents.values()), base.provenance
    links = resolve(everything, provenance.former_names, documents)
    argued = argue_anew(
        arguing(connection),
        argued_by(connection, ids),
        links,
        partial(arguments_from, connection),
        partial(standing_witnesses, connection, {document.id: document for document in everything}, ids),
    )
    elsewhere = list(standing_blocks(connection, {document.id for document in documents}, those))
    evidence = attest(documents, links, provenance, everything, elsewhere)
    return _Remade(Some(those, ids, argued.claims), documents, links, argued, evidence, elsewhere)


def _hold(update: Update, remade: _Remade, base: Base) -> None:
    """Has the tables hold what is made anew."""
    some, documents, links, argued, evidence, _ = remade
    update.renumber(argued.moves, some)
    update.hold(flatten_documents(documents, base.provenance, links, argued.arguments), some)
    update.hold([Table("evidence", evidence)], some)
    if "document_tags" in update.changed_tables():
        update.hold([Table("tags", standing_tags(update.connection))])


def _extracted(evidence: Iterable[EvidenceRow]) -> set[tuple[str, str | None]]:
    """Which claims were extracted from which sources."""
    return {(row.claim, row.source) for row in evidence if row.rule == "extracted"}


def _hold_past(update: Update, base: Base) -> None:
    """Has the tables hold what documents name, how they came to be, and who had a part in that."""
    documents, past, provenance = list(base.documents.values()), base.past, base.provenance
    extracted = standing_evidence(update.connection, "rule = 'extracted'")
    update.hold(flatten_named(documents, provenance))
    update.hold(flatten_past(documents, provenance, credit(documents, extracted, provenance, past.weights)))


def _reweigh(update: Update, base: Base, standing: Analysis) -> Analysis:
    """The analysis where the same is argued as before."""
    connection = update.connection
    analysis = reweigh(
        list(base.documents.values()),
        standing,
        list(standing_arguments(connection, "relation in ('supports', 'challenges')")),
        standing_sources(connection),
        standing_premises(connection),
    )
    update.hold(table for table in flatten_analysis(analysis) if table.name in WEIGHED)
    return analysis


def _analyse(update: Update, base: Base, bonds: Bonds, known: Before) -> Analysis:
    """The analysis of arguments as the tables now have them."""
    arguments = list(standing_arguments(update.connection, "true"))
    analysis = analyse(list(base.documents.values()), arguments, bonds, known)
    update.hold(flatten_analysis(analysis))
    likened = analysis.likened | (known.holdings.keys() - analysis.holdings.keys())
    update.hold([Table("similar_claims", analysis.similar_claims)], Some(frozenset(), likened, frozenset()))
    return analysis


def _hold_problems(
    update: Update, remade: _Remade, base: Base, told_before: Counter[Problem], told: Counter[Problem]
) -> None:
    """Has the tables hold the problems of what is made anew, and of all documents of which something else is told."""
    some, documents, by_path = remade.some, list(base.documents.values()), base.documents
    by_id = {document.id: document for document in documents}
    spoken_of = {problem.path for problem in (told - told_before) + (told_before - told)}
    reviewed = sharing(by_path.keys() | some.paths, some.paths | spoken_of)
    evidence = [*remade.evidence, *remade.elsewhere]
    found = list(review_documents(remade.documents, remade.links, evidence, by_id, base.provenance))
    for path in sorted(reviewed - some.paths):
        found += (Counter(standing_problems(update.connection, path)) - told_before).elements()
    found += (problem for problem in told.elements() if problem.path in reviewed)
    update.hold([Table("problems", problem_rows(documents, in_order(found)))], some._replace(paths=reviewed))


def _told(documents: ByPath, analysis: Analysis) -> Counter[Problem]:
    """What the analysis says about documents, each as often as it says so."""
    return Counter(review_analysis({document.id: document for document in documents.values()}, analysis))


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


def _merged(paths: Sequence[str], changes: _Changes, memory: Memory) -> Iterator[Document]:
    """The documents of these paths in their order, those that have changed as they now are."""
    changed = changes.changed
    known = memory.recall(path for path in paths if path not in changed)
    return (changed[path].document if path in changed else next(known) for path in paths)
