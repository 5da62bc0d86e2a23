"""Review: what a maintainer should look at, from the faults of a file to the links that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from claimbase import vocabulary
from claimbase.beliefs import beliefs_of
from claimbase.dates import read_date
from claimbase.edges import rests_on_itself
from claimbase.records import NO_PROVENANCE, Analysis, Document, EvidenceRow, Life, Link, MetricRow, Problem, Provenance
from claimbase.slugs import slugify
from claimbase.values import confidence_of, field, folder_domain, stated_domain

# Of two places on earth, one may be a day ahead of the other.
_ZONES_APART = timedelta(days=1)
_DATE_FIELDS = ("created", "last_evaluated", "date", "processed_date")


def review(
    documents: Sequence[Document],
    links: Sequence[Link],
    evidence: Sequence[EvidenceRow],
    analysis: Analysis,
    provenance: Provenance = NO_PROVENANCE,
) -> tuple[Problem, ...]:
    """Every problem of the base, ordered by path, line and code."""
    by_id = {document.id: document for document in documents}
    return in_order(
        [*review_documents(documents, links, evidence, by_id, provenance), *review_analysis(by_id, analysis)]
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by path, line and code."""
    return tuple(sorted(problems, key=lambda problem: (problem.path, problem.line or 0, problem.code, problem.message)))


def review_documents(
    documents: Iterable[Document],
    links: Sequence[Link],
    evidence: Iterable[EvidenceRow],
    by_id: Mapping[str, Document],
    provenance: Provenance,
) -> Iterator[Problem]:
    """What is wrong with documents and their links, given the evidence, the past and all documents of the base."""
    documents = list(documents)
    for document in documents:
        yield from _of_document(document)
    for link in links:
        yield from _of_link(link)
    yield from _twins(documents, by_id)
    yield from _enrichments(links, evidence)
    for document in documents:
        yield from _misdated(document, provenance.documents.get(document.id))


def review_analysis(by_id: Mapping[str, Document], analysis: Analysis) -> Iterator[Problem]:
    """What the analysis says about claims; heads are enough for it."""
    for metric in analysis.metrics:
        yield from _of_claim(by_id, metric)
    yield from _circles(by_id, analysis)
    yield from _pairs(by_id, analysis)


def _of_document(document: Document) -> Iterator[Problem]:
    yield from document.problems
    yield from _type(document)
    yield from _dates(document)
    if document.kind in ("claim", "source") and document.reading == "none":
        yield _problem(document, None, "missing-front-matter", f"this {document.kind} has no front matter")
    if document.kind == "claim":
        yield from _confidence(document)
        yield from _domain(document)


def _problem(document: Document, key: str | None, code: str, message: str, suggestion: str | None = None) -> Problem:
    line = document.lines.get(key) if key else None
    return Problem(document.path, line, code, message, suggestion)


def _problem_of_link(link: Link, code: str, message: str, suggestion: str | None = None) -> Problem:
    return Problem(link.origin.path, link.reference.line, code, message, suggestion)


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
        text = field(document.fields, key)
        fault = read_date(text).fault if text else None
        if fault == "imprecise":
            yield _problem(document, key, "imprecise-date", f"{key}: {text} has a zero for what is not known")
        elif fault:
            yield _problem(document, key, "impossible-date", f"{key}: {text} is no date", "write YYYY-MM-DD")


def _confidence(document: Document) -> Iterator[Problem]:
    stated = field(document.fields, "confidence")
    choices = ", ".join(vocabulary.CONFIDENCES)
    if stated is None and document.type not in vocabulary.UNRATED_TYPES:
        yield _problem(document, None, "missing-confidence", "no confidence is stated", f"add one of {choices}")
    elif stated and confidence_of(stated) is None:
        message = f'the confidence "{stated}" is none of those in use'
        yield _problem(document, "confidence", "unknown-confidence", message, f"write one of {choices}")


def _domain(document: Document) -> Iterator[Problem]:
    folder, stated = folder_domain(document.path), stated_domain(document.fields)
    if folder and stated and folder != stated:
        message = f'the domain says "{stated}", the folder says "{folder}"'
        yield _problem(document, "domain", "domain-not-folder", message, f"write domain: {folder}, or move the file")


def _of_link(link: Link) -> Iterator[Problem]:
    label = link.reference.label
    if link.state == "dead":
        yield _dead(link)
    elif link.state == "ambiguous" and link.target:
        message = f'"{label}" fits {" and ".join(link.candidates)}; taken for {link.target.path}'
        yield _problem_of_link(link, "ambiguous-link", message, "link by path")
    if rests_on_itself(link):
        yield _problem_of_link(link, "cycle", "rests on itself", "take it off its own premises")
    if link.reference.form == "bare" and link.target:
        message = f'"{label}" names a document but has no brackets'
        yield _problem_of_link(link, "bare-bullet", message, f"write [[{link.target.name}]]")


def _dead(link: Link) -> Problem:
    reference, meant = link.reference, link.suggestion
    code = "extracted-but-absent" if reference.relation in ("extracted", "enriched") else "dead-link"
    field_ = vocabulary.REFERENCE_FIELDS.get(reference.field)
    if field_ and field_.kinds and slugify(meant or "") == slugify(reference.label):
        message = f'"{reference.label}" is no {" or ".join(sorted(field_.kinds))}'
        return _problem_of_link(link, code, message, f"`{reference.field}` takes only those")
    question = f'did you mean "{meant}"?' if meant else None
    return _problem_of_link(link, code, f'nothing is called "{reference.label}"', question)


def _twins(documents: Iterable[Document], by_id: Mapping[str, Document]) -> Iterator[Problem]:
    for document in documents:
        if document.twin_of:
            message = f"has the same name as {by_id[document.twin_of].path}"
            yield _problem(document, None, "twin", message, "merge or rename")


def _enrichments(links: Iterable[Link], evidence: Iterable[EvidenceRow]) -> Iterator[Problem]:
    """Sources that say they enriched a claim which shows no evidence block of theirs."""
    shown = {(row.claim, row.source) for row in evidence if row.rule == "block"}
    for link in links:
        reference = link.reference
        if reference.relation == "enriched" and link.target and (link.target.id, link.origin.id) not in shown:
            message = f"no evidence block of {link.target.path} names this source"
            suggestion = "add the block, or take it off the list"
            yield _problem_of_link(link, "enrichment-without-evidence", message, suggestion)


def _of_claim(by_id: Mapping[str, Document], metric: MetricRow) -> Iterator[Problem]:
    """What the measures of a claim say about it."""
    claim = by_id[metric.claim]
    if _is_retired(claim):
        return
    stated = confidence_of(field(claim.fields, "confidence"))
    if metric.overrated and metric.weakest_claim:
        weakest = f"{by_id[metric.weakest_claim].path} ({metric.weakest_confidence})"
        yield _problem(claim, "confidence", "rests-on-weaker", f"rated {stated}, but rests on {weakest}")
    confident = stated is not None and vocabulary.RANKS[stated] >= vocabulary.CONFIDENT
    if confident and not metric.challenged_by and not metric.objections:
        yield _problem(claim, "confidence", "unchallenged", f"rated {stated}, and nothing speaks against it")
    if not metric.sources and claim.type not in vocabulary.UNRATED_TYPES:
        yield _problem(claim, "source", "unsourced", "no archived source bears on this claim")
    if not metric.neighbours:
        yield _problem(claim, None, "orphan", "no link leads from this claim to another, or from another to it")
    if metric.age is not None and metric.age > vocabulary.STALE_DAYS:
        message = f"last looked at {metric.age} days before the newest date in the base"
        yield _problem(claim, "last_evaluated", "stale", message, "read it again and set last_evaluated")


def _circles(by_id: Mapping[str, Document], analysis: Analysis) -> Iterator[Problem]:
    """Every claim, belief and position that rests on itself by way of others; what is retired carries nothing."""
    for member in analysis.cycles:
        node = member.claim or member.position or member.belief or ""
        document = by_id[node.partition("--")[0]]
        if not _is_retired(document):
            line = next((belief.line for id_, belief in beliefs_of(document) if id_ == node), None)
            if member.claim:
                line = document.lines.get("depends_on")
            message = f"rests on itself by way of others: cycle {member.cycle}"
            yield Problem(document.path, line, "cycle", message)


def _is_retired(document: Document) -> bool:
    return (field(document.fields, "status") or "").lower() == vocabulary.RETIRED


def _pairs(by_id: Mapping[str, Document], analysis: Analysis) -> Iterator[Problem]:
    """What does not go together: near-duplicates and contradictions."""
    for pair in analysis.near_duplicates:
        if not pair.twin:
            message = f'nearly the same title as "{by_id[pair.other].title}"'
            yield _problem(by_id[pair.claim], "title", "near-duplicate", message, "merge the two, or tell them apart")
    for row in analysis.contradictions:
        how = "one of the two supports the other" if row.kind == "mixed" else "both are rated likely or better"
        message = f"{by_id[row.claim].path} challenges it, and {how}"
        yield _problem(by_id[row.other], None, "contradiction", message, "weigh the two in a divergence")


def _misdated(document: Document, life: Life | None) -> Iterator[Problem]:
    """What is dated after the day on which git first knew it, give or take the day that time zones are apart."""
    if life is None:
        return
    commit, edit = life.edits[0]
    stated = read_date(field(document.fields, "created") or "")
    if edit.status != "created" or stated.precision != "day" or stated.sortable is None:
        return
    if date.fromisoformat(stated.sortable) > date.fromisoformat(commit.date[:10]) + _ZONES_APART:
        message = f"created: {stated.sortable}, but git has it since {commit.date[:10]}"
        yield _problem(document, "created", "created-after-commit", message, "correct the date")
