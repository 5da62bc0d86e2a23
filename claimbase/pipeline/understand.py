"""Understand: the stages in their order, from the bytes of files to what is known about a base as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from claimbase.analyse import analyse
from claimbase.argue import argue
from claimbase.attest import attest
from claimbase.classify import classify
from claimbase.credit import credit
from claimbase.extract import extract
from claimbase.parse import parse
from claimbase.recognise import recognise
from claimbase.records import NO_PAST, Codex, Document, File, Past, Version
from claimbase.resolve import resolve
from claimbase.review import review
from claimbase.settle import settle
from claimbase.survey import bonds_of


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
