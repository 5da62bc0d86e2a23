"""Entries: the row of each document in the table of its kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from claimbase.beliefs import beliefs_of
from claimbase.dates import Date, read_date
from claimbase.identifiers import find_identifiers
from claimbase.records import (
    BeliefRow,
    ClaimRow,
    Document,
    DocumentRow,
    EntityRow,
    Fields,
    Life,
    Link,
    PositionRow,
    SourceRow,
)
from claimbase.values import address_of, agent_of, confidence_of, field, folder_agent, identifying_texts

_NO_DATE = Date(None, None, None)


def document_row(document: Document, life: Life | None) -> DocumentRow:
    """The row of any document; `life` is what its history has of it."""
    edits = life.edits if life else ()
    return DocumentRow(
        document.id,
        document.path,
        document.kind,
        document.type,
        document.title,
        document.domain,
        json.dumps(document.fields, ensure_ascii=False),
        document.reading,
        document.size,
        document.sha256,
        next((commit.date for commit, edit in edits if edit.status == "created"), None),
        edits[-1][0].date if edits else None,
    )


def claim_row(document: Document) -> ClaimRow:
    """The row of a claim."""
    fields = document.fields
    source, stated = field(fields, "source"), field(fields, "confidence")
    identifiers = find_identifiers(source)
    created, evaluated = _date(fields, "created"), _date(fields, "last_evaluated")
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
        words=document.content.words,
        path=document.path,
        twin_of=document.twin_of,
    )


def source_row(document: Document) -> SourceRow:
    """The row of a source."""
    fields = document.fields
    date, processed = _date(fields, "date"), _date(fields, "processed_date")
    identifiers = find_identifiers("\n".join(identifying_texts(fields)))
    return SourceRow(
        id=document.id,
        title=document.title,
        author=field(fields, "author"),
        url=address_of(fields),
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
        words=document.content.words,
        path=document.path,
        twin_of=document.twin_of,
    )


def entity_rows(documents: Iterable[Document], links: Iterable[Link]) -> Iterator[EntityRow]:
    """The rows of all entities, each with its parent as the links resolved it."""
    parents = {
        link.origin.id: link.target.id
        for link in links
        if link.target and link.reference.field in ("parent", "parent_entity")
    }
    return (_entity(document, parents) for document in documents if document.kind == "entity")


def belief_rows(documents: Iterable[Document]) -> Iterator[BeliefRow]:
    """The rows of all beliefs, those of each document in its order."""
    for document in documents:
        agent = agent_of(field(document.fields, "agent")) or folder_agent(document.path)
        for id_, belief in beliefs_of(document):
            body, path = belief.text, document.path
            yield BeliefRow(
                id_, belief.number, belief.title, agent, document.domain, body, document.id, path, belief.line
            )


def position_row(document: Document) -> PositionRow:
    """The row of a position."""
    fields = document.fields
    created, stated = _date(fields, "created"), field(fields, "confidence")
    return PositionRow(
        id=document.id,
        title=document.title,
        description=field(fields, "description"),
        agent=agent_of(field(fields, "agent")) or folder_agent(document.path),
        domain=document.domain,
        status=field(fields, "status"),
        outcome=field(fields, "outcome"),
        confidence=confidence_of(stated),
        confidence_text=stated,
        time_horizon=field(fields, "time_horizon"),
        performance_criteria=field(fields, "performance_criteria"),
        created=created.sortable,
        created_precision=created.precision,
        path=document.path,
    )


def _entity(document: Document, parents: Mapping[str, str]) -> EntityRow:
    fields = document.fields
    created = _date(fields, "created")
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
        path=document.path,
    )


def _date(fields: Fields, *keys: str) -> Date:
    stated = field(fields, *keys)
    return read_date(stated) if stated else _NO_DATE
