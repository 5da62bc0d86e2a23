"""Build anew: everything is read and written, whatever there was before."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from claimbase.analyse import analyse
from claimbase.check import check
from claimbase.credit import credit
from claimbase.flatten import flatten_credited, flatten_found, flatten_stated
from claimbase.memory import Memory
from claimbase.pack import head_of
from claimbase.pipeline.look_around import Surroundings, read_past
from claimbase.pipeline.take_in import take_in
from claimbase.pipeline.understand import connect
from claimbase.records import NO_COMMITS, Document, Past, Stamp
from claimbase.review import in_order, review_analysis, review_documents
from claimbase.spread import Beside, beside
from claimbase.survey import bonds_of
from claimbase.texts import Texts
from claimbase.write import Writing, replacing, sync, writing

# Another process keeps a copy of what it looks at, which for more documents than this is too much memory.
MOST_BESIDE = 30_000


def build_anew(
    root: Path, output: Path, stamps: Mapping[str, Stamp], around: Surroundings, memory: Memory, progress: bool
) -> None:
    """The database of the files that look so, in place of whatever there was."""
    with (
        beside(partial(read_past, root, stamps, around), len(stamps)) as past,
        replacing(output) as temporary,
        Texts(temporary, len(stamps)) as texts,
    ):
        taken = memory.keep(texts.keep(take_in(root, stamps, progress)))
        documents = [item.document for item in taken]
        with writing(temporary, texts) as database:
            _fill(database, documents, past, memory)
        with ThreadPoolExecutor(1) as aside:
            aside.submit(sync, temporary)  # begun now, for a disk takes as long as the check does
            check(temporary)
    memory.belong()


def _fill(database: Writing, documents: list[Document], reading: Beside[Past], memory: Memory) -> None:
    """Writes what is stated and, when most of that is forgotten, what follows from it.

    Where there is memory enough for two, another process finds that out while what is stated is written; where there is
    not, what is stated is indexed meanwhile.
    """
    past = reading.result()
    memory.keep_past(past, NO_COMMITS)
    codex = connect(documents, past, memory.repository)
    # Nobody else holds on to what the tables are made from, so that it is gone once they are written.
    documents.clear()
    rest = codex._replace(documents=tuple(map(head_of, codex.documents)), links=())
    heads, weights = rest.documents, past.weights
    few = len(heads) if len(heads) <= MOST_BESIDE else 0
    work = partial(analyse, heads, codex.arguments, bonds_of(codex.links, codex.evidence))
    with beside(work, few) as analysing:
        database.add(flatten_stated(codex))
        by_id = {document.id: document for document in heads}
        problems = list(review_documents(codex.documents, codex.links, codex.evidence, by_id, codex.provenance))
        del past, codex
        database.add(flatten_credited(rest._replace(credit=credit(heads, rest.evidence, rest.provenance, weights))))
        del rest
        database.index()
        analysis = analysing.result()
    memory.hold(analysis.holdings)
    problems += review_analysis(by_id, analysis)
    database.add(flatten_found(heads, analysis, in_order(problems)))
