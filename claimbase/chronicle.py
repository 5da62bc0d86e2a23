"""Chronicle: the rows of how each claim came to say what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from claimbase.kinds import kind_of, plain_id
from claimbase.numbering import lasting_numbers
from claimbase.records import (
    ChangeRow,
    Commit,
    CommitRow,
    Edit,
    FormerName,
    FormerNameRow,
    Provenance,
    Subject,
)
from claimbase.slugs import slugify
from claimbase.values import agent_of


def commit_rows(provenance: Provenance, domains: Collection[str]) -> Iterator[CommitRow]:
    """The commits of the base's past, each after its parents."""
    history = provenance.history
    for number, commit in enumerate(history.commits, 1):
        source, domain = provenance.sources.get(commit.hash), slugify(commit.domain or "")
        yield CommitRow(
            id=commit.hash,
            number=number,
            date=commit.date,
            author=commit.author,
            subject=commit.subject,
            prefix=commit.prefix,
            pull_request=commit.pull_request,
            agent=agent_of(commit.agent),
            agent_mode=commit.agent_mode,
            source=source.id if source else None,
            source_text=commit.source,
            domain=domain if domain in domains else None,
            domain_text=commit.domain,
            claims=commit.claims,
            entities=commit.entities,
            enrichments=commit.enrichments,
            extracted_by=commit.extracted_by,
            extraction_model=commit.extraction_model,
            merge=int(len(commit.parents) > 1),
            merged_in=history.merged_in.get(commit.hash),
        )


def change_rows(provenance: Provenance) -> list[ChangeRow]:
    """What has changed in claims, those that are no more among them: a row for each key, body and path."""
    order = {commit.hash: number for number, commit in enumerate(provenance.history.commits)}
    found = [
        row
        for life, subject in provenance.claims
        for commit, edit in life.edits
        for row in _changes(commit, edit, subject)
    ]
    found.sort(key=lambda row: (order[row.by_commit], row.path))
    numbers = lasting_numbers(row.by_commit for row in found)
    return sorted(row._replace(id=number) for number, row in zip(numbers, found, strict=True))


def former_name_rows(provenance: Provenance) -> list[FormerNameRow]:
    """The paths that documents had, and what they are now."""
    return [_former_name(name) for name in provenance.former_names]


def _changes(commit: Commit, edit: Edit, subject: Subject) -> Iterator[ChangeRow]:
    made = ChangeRow(0, *subject, edit.path, commit.hash, commit.date, edit.status, *[None] * 5)
    if edit.status == "created":
        yield made._replace(new=edit.path)
    elif edit.status == "deleted":
        yield made._replace(old=edit.path)
    elif edit.status == "renamed":
        yield made._replace(old=edit.old_path, new=edit.path)
    for difference in edit.differences.fields:
        yield made._replace(kind="field", field=difference.field, old=difference.old, new=difference.new)
    if edit.differences.added or edit.differences.removed:
        yield made._replace(kind="body", added=edit.differences.added, removed=edit.differences.removed)


def _former_name(name: FormerName) -> FormerNameRow:
    document = name.document
    kind = document.kind if document else kind_of(name.path, None)
    return FormerNameRow(
        path=name.path,
        former_id=plain_id(name.path, kind),
        kind=kind,
        document=document.id if document else None,
        claim=document.id if document and document.kind == "claim" else None,
        by_commit=name.commit.hash,
        date=name.commit.date,
    )
