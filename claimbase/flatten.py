"""Flatten: a resolved codex becomes the rows of every table, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from claimbase import dimensions
from claimbase.beliefs import beliefs_of, text_of
from claimbase.dates import Date, read_date
from claimbase.edges import edge_of
from claimbase.identifiers import find_identifiers
from claimbase.problems import PROBLEM_CODES
from claimbase.records import (
    BeliefRow,
    ClaimRow,
    Codex,
    Document,
    DocumentRow,
    EntityRow,
    Link,
    LinkRow,
    Page,
    PositionRow,
    ProblemRow,
    SourceRow,
    Table,
)
from claimbase.values import agent_of, confidence_of, field, folder_agent

_OWN_TABLE = frozenset({"claim", "source", "entity", "position"})
_NO_DATE = Date(None, None, None)


def flatten(codex: Codex) -> Iterator[Table]:
    """Every table with its rows, referenced tables before those that refer to them."""
    documents = codex.documents
    yield Table("confidences", dimensions.confidences())
    yield Table("relations", dimensions.relations())
    yield Table("rules", dimensions.rules())
    yield Table("evidence_rules", dimensions.evidence_rules())
    yield Table("measures", dimensions.measures())
    yield Table("problem_codes", dimensions.problem_codes())
    yield Table("domains", dimensions.domains(documents))
    yield Table("agents", dimensions.agents(documents))
    yield Table("documents", map(_document, documents))
    yield Table("claims", map(_claim, _of_kind(documents, "claim")))
    yield Table("sources", map(_source, _of_kind(documents, "source")))
    yield Table("entities", _entities(documents, codex.links))
    yield Table("beliefs", _beliefs(documents))
    yield Table("positions", map(_position, _of_kind(documents, "position")))
    yield Table("tags", dimensions.tags(documents))
    yield Table("document_tags", dimensions.document_tags(documents))
    yield Table("secondary_domains", dimensions.secondary_domains(documents))
    yield Table("arguments", codex.arguments)
    yield Table("links", _links(codex))
    yield Table("evidence", codex.evidence)
    yield Table("metrics", codex.analysis.metrics)
    yield Table("dependencies", codex.analysis.dependencies)
    yield Table("cycles", codex.analysis.cycles)
    yield Table("contradictions", codex.analysis.contradictions)
    yield Table("near_duplicates", codex.analysis.near_duplicates)
    yield Table("similar_claims", codex.analysis.similar_claims)
    yield Table("vital_signs", codex.analysis.vital_signs)
    yield Table("problems", _problems(codex))


def _of_kind(documents: Iterable[Document], kind: str) -> Iterator[Document]:
    return (document for document in documents if document.kind == kind)


def _document(document: Document) -> DocumentRow:
    page = document.page
    return DocumentRow(
        document.id,
        page.path,
        document.kind,
        document.type,
        document.title,
        document.domain,
        None if document.kind in _OWN_TABLE else page.body,
        json.dumps(page.fields, ensure_ascii=False),
        page.reading,
        page.size,
        page.sha256,
    )


def _date(page: Page, *keys: str) -> Date:
    stated = field(page.fields, *keys)
    return read_date(stated) if stated else _NO_DATE


def _claim(document: Document) -> ClaimRow:
    page, fields = document.page, document.page.fields
    source, stated = field(fields, "source"), field(fields, "confidence")
    identifiers = find_identifiers(source)
    created, evaluated = _date(page, "created"), _date(page, "last_evaluated")
    return ClaimRow(
        id=document.id,
        title=document.title,
        description=field(fields, "description"),
        type=document.type,
        domain=document.domain,
        confidence=confidence_of(stated),
        confidence_text=stated,
        source=source,
        url=identifiers.url,
        doi=identifiers.doi,
        arxiv=identifiers.arxiv,
        year=identifiers.year,
        created=created.sortable,
        created_precision=created.precision,
        last_evaluated=evaluated.sortable,
        last_evaluated_precision=evaluated.precision,
        scope=field(fields, "scope"),
        agent=agent_of(field(fields, "agent")),
        sourcer=field(fields, "sourcer"),
        status=field(fields, "status"),
        body=page.body,
        words=len(page.body.split()),
        path=page.path,
        twin_of=document.twin_of,
    )


def _source(document: Document) -> SourceRow:
    page, fields = document.page, document.page.fields
    date, processed = _date(page, "date"), _date(page, "processed_date")
    identifiers = find_identifiers("\n".join(filter(None, (field(fields, key) for key in ("url", "doi", "arxiv")))))
    return SourceRow(
        id=document.id,
        title=document.title,
        author=field(fields, "author"),
        url=field(fields, "url"),
        doi=identifiers.doi,
        arxiv=identifiers.arxiv,
        year=int(date.sortable[:4]) if date.sortable else None,
        date=date.sortable,
        date_precision=date.precision,
        format=field(fields, "format"),
        status=field(fields, "status"),
        domain=document.domain,
        processed_by=agent_of(field(fields, "processed_by")),
        processed_date=processed.sortable,
        processed_date_precision=processed.precision,
        extraction_model=field(fields, "extraction_model"),
        priority=field(fields, "priority"),
        notes=field(fields, "notes", "extraction_notes"),
        body=page.body,
        words=len(page.body.split()),
        path=page.path,
        twin_of=document.twin_of,
    )


def _entities(documents: Iterable[Document], links: Iterable[Link]) -> Iterator[EntityRow]:
    parents = {
        link.reference.document.id: link.target.id
        for link in links
        if link.target and link.reference.field in ("parent", "parent_entity")
    }
    return (_entity(document, parents) for document in _of_kind(documents, "entity"))


def _entity(document: Document, parents: Mapping[str, str]) -> EntityRow:
    page, fields = document.page, document.page.fields
    created = _date(page, "created")
    return EntityRow(
        id=document.id,
        name=document.title,
        entity_type=field(fields, "entity_type"),
        domain=document.domain,
        status=field(fields, "status"),
        tracked_by=agent_of(field(fields, "tracked_by")),
        parent=parents.get(document.id),
        website=field(fields, "website"),
        category=field(fields, "category"),
        founded=field(fields, "founded"),
        summary=field(fields, "summary"),
        created=created.sortable,
        created_precision=created.precision,
        body=page.body,
        path=page.path,
    )


def _beliefs(documents: Iterable[Document]) -> Iterator[BeliefRow]:
    for document in documents:
        agent = agent_of(field(document.page.fields, "agent")) or folder_agent(document.page.path)
        for belief in beliefs_of(document):
            body, path = text_of(document, belief), document.page.path
            yield BeliefRow(
                belief.id, belief.number, belief.title, agent, document.domain, body, document.id, path, belief.line
            )


def _position(document: Document) -> PositionRow:
    page, fields = document.page, document.page.fields
    created, stated = _date(page, "created"), field(fields, "confidence")
    return PositionRow(
        id=document.id,
        title=document.title,
        description=field(fields, "description"),
        agent=agent_of(field(fields, "agent")) or folder_agent(page.path),
        domain=document.domain,
        status=field(fields, "status"),
        outcome=field(fields, "outcome"),
        confidence=confidence_of(stated),
        confidence_text=stated,
        time_horizon=field(fields, "time_horizon"),
        performance_criteria=field(fields, "performance_criteria"),
        created=created.sortable,
        created_precision=created.precision,
        body=page.body,
        path=page.path,
    )


def _links(codex: Codex) -> Iterator[LinkRow]:
    arguments = {(row.from_claim, row.relation, row.to_claim): row.id for row in codex.arguments}
    for number, link in enumerate(codex.links, 1):
        edge = edge_of(link)
        yield _link(number, link, arguments[edge] if edge else None)


def _link(number: int, link: Link, argument: int | None) -> LinkRow:
    reference, target = link.reference, link.target
    origin = reference.document
    return LinkRow(
        id=number,
        from_document=origin.id,
        from_claim=_id_if(origin, "claim"),
        from_belief=reference.belief,
        from_position=_id_if(origin, "position"),
        relation=reference.relation,
        label=reference.label,
        display=reference.display,
        reason=reference.reason,
        form=reference.form,
        field=reference.field,
        section=reference.section,
        path=origin.page.path,
        line=reference.line,
        asserted=int(reference.asserted),
        state=link.state,
        rule=link.rule,
        candidates="; ".join(link.candidates) or None,
        suggestion=link.suggestion,
        to_document=target.id if target else None,
        to_claim=_id_if(target, "claim"),
        to_source=_id_if(target, "source"),
        to_entity=_id_if(target, "entity"),
        to_belief=link.belief,
        to_position=_id_if(target, "position"),
        argument=argument,
    )


def _id_if(document: Document | None, kind: str) -> str | None:
    return document.id if document and document.kind == kind else None


def _problems(codex: Codex) -> Iterator[ProblemRow]:
    by_path = {document.page.path: document for document in codex.documents}
    for number, problem in enumerate(codex.problems, 1):
        document = by_path.get(problem.path)
        yield ProblemRow(
            id=number,
            path=problem.path,
            line=problem.line,
            code=problem.code,
            severity=PROBLEM_CODES[problem.code].severity,
            message=problem.message,
            suggestion=problem.suggestion,
            document=document.id if document else None,
            claim=_id_if(document, "claim"),
        )
