"""Review: what a maintainer should look at, from the faults of a file to the links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from claimbase import vocabulary
from claimbase.dates import read_date
from claimbase.records import Document, Link, Problem
from claimbase.slugs import slugify
from claimbase.values import confidence_of, field, folder_domain, stated_domain

_DATE_FIELDS = ("created", "last_evaluated", "date", "processed_date")


def review(documents: Sequence[Document], links: Sequence[Link]) -> tuple[Problem, ...]:
    """Every problem of the base, ordered by path, line and code."""
    found = [problem for document in documents for problem in _of_document(document)]
    found += [problem for link in links for problem in _of_link(link)]
    found += _twins(documents)
    return tuple(sorted(found, key=lambda problem: (problem.path, problem.line or 0, problem.code, problem.message)))


def _of_document(document: Document) -> Iterator[Problem]:
    yield from document.page.problems
    yield from _type(document)
    yield from _dates(document)
    if document.kind in ("claim", "source") and document.page.reading == "none":
        yield _problem(document, None, "missing-front-matter", f"this {document.kind} has no front matter")
    if document.kind == "claim":
        yield from _confidence(document)
        yield from _domain(document)


def _problem(document: Document, key: str | None, code: str, message: str, suggestion: str | None = None) -> Problem:
    line = document.page.lines.get(key) if key else None
    return Problem(document.page.path, line, code, message, suggestion)


def _type(document: Document) -> Iterator[Problem]:
    if not document.type:
        return
    by_type = vocabulary.TYPE_KINDS.get(document.type)
    if by_type is None:
        message = f'nobody has seen the type "{document.type}"; filed as {document.kind} by its folder'
        yield _problem(document, "type", "unknown-type", message)
    elif by_type != document.kind and document.kind in ("claim", "source"):
        message = f'the type says "{document.type}", the folder says {document.kind}'
        yield _problem(document, "type", "mistyped-file", message, f"write type: {document.kind}, or move the file")


def _dates(document: Document) -> Iterator[Problem]:
    for key in _DATE_FIELDS:
        text = field(document.page.fields, key)
        fault = read_date(text).fault if text else None
        if fault == "imprecise":
            yield _problem(document, key, "imprecise-date", f"{key}: {text} has a zero for what is not known")
        elif fault:
            yield _problem(document, key, "impossible-date", f"{key}: {text} is no date", "write YYYY-MM-DD")


def _confidence(document: Document) -> Iterator[Problem]:
    stated = field(document.page.fields, "confidence")
    choices = ", ".join(vocabulary.CONFIDENCES)
    if stated is None and document.type not in vocabulary.UNRATED_TYPES:
        yield _problem(document, None, "missing-confidence", "no confidence is stated", f"add one of {choices}")
    elif stated and confidence_of(stated) is None:
        message = f'the confidence "{stated}" is none of those in use'
        yield _problem(document, "confidence", "unknown-confidence", message, f"write one of {choices}")


def _domain(document: Document) -> Iterator[Problem]:
    folder, stated = folder_domain(document.page.path), stated_domain(document.page)
    if folder and stated and folder != stated:
        message = f'the domain says "{stated}", the folder says "{folder}"'
        yield _problem(document, "domain", "domain-not-folder", message, f"write domain: {folder}, or move the file")


def _of_link(link: Link) -> Iterator[Problem]:
    reference, place = link.reference, (link.reference.document.page.path, link.reference.line)
    if link.state == "dead":
        yield _dead(link)
    elif link.state == "ambiguous" and link.target:
        message = f'"{reference.label}" fits {" and ".join(link.candidates)}; taken for {link.target.page.path}'
        yield Problem(*place, "ambiguous-link", message, "link by path")
    if reference.form == "bare" and link.target:
        message = f'"{reference.label}" names a document but has no brackets'
        yield Problem(*place, "bare-bullet", message, f"write [[{link.target.name}]]")


def _dead(link: Link) -> Problem:
    reference, meant = link.reference, link.suggestion
    place = reference.document.page.path, reference.line
    code = "absent-extract" if reference.relation in ("extracted", "enriched") else "dead-link"
    if meant and slugify(meant) == slugify(reference.label):
        kinds = " or ".join(sorted(vocabulary.REFERENCE_FIELDS[reference.field].kinds))
        return Problem(*place, code, f'"{reference.label}" is no {kinds}', f"`{reference.field}` takes only those")
    return Problem(
        *place, code, f'nothing is called "{reference.label}"', f'did you mean "{meant}"?' if meant else None
    )


def _twins(documents: Iterable[Document]) -> list[Problem]:
    by_id = {document.id: document for document in documents}
    return [
        _problem(document, None, "twin", f"has the same name as {by_id[document.twin_of].page.path}", "merge or rename")
        for document in by_id.values()
        if document.twin_of
    ]
