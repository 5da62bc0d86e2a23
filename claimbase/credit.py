"""Credit: who proposed, extracted, challenged and reviewed which claim, and what says so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.dates import read_date
from claimbase.numbering import lasting_numbers
from claimbase.records import (
    Commit,
    ContributionRow,
    Credit,
    Difference,
    Document,
    Edit,
    EvidenceRow,
    Life,
    Provenance,
    Subject,
    Value,
)
from claimbase.slugs import digest, slugify
from claimbase.values import agent_of, field, folder_agent, text, texts

_LONGEST_NAME = 80
# The key of a claim in which others speak against it.
_OBJECTIONS = "challenged_by"


class _Deed(NamedTuple):
    """Somebody's part in a claim, by the name that stands there."""

    name: str
    role: str
    subject: Subject
    date: str | None
    rule: str
    path: str
    by_commit: str | None


def credit(
    documents: Sequence[Document],
    evidence: Iterable[EvidenceRow],
    provenance: Provenance,
    weights: Mapping[str, float],
) -> Credit:
    """Everybody's part in every claim, once for each thing that says so."""
    found = {deed for deed in _deeds(documents, evidence, provenance) if deed.name}
    deeds = sorted(found, key=_order)
    return Credit(tuple(_contributors(deeds)), tuple(_contributions(deeds)), weights)


def _order(deed: _Deed) -> tuple[str, ...]:
    claim, former_id, _ = deed.subject
    return deed.path, deed.date or "", deed.role, deed.rule, deed.name, claim or former_id or "", deed.by_commit or ""


def _deeds(documents: Sequence[Document], evidence: Iterable[EvidenceRow], provenance: Provenance) -> Iterator[_Deed]:
    by_id = {document.id: document for document in documents}
    agents = {agent for document in documents if (agent := folder_agent(document.path))}
    for document in documents:
        if document.kind == "claim":
            yield from _attributed(document, provenance.documents.get(document.id))
    for row in evidence:
        if row.rule == "extracted" and row.source:
            yield from _processed(by_id[row.claim], by_id[row.source])
    for life, subject in provenance.claims:
        for commit, edit in life.edits:
            yield from _committed(commit, edit, subject, agents)


def _attributed(claim: Document, life: Life | None) -> Iterator[_Deed]:
    """What the front matter of a claim says of its contributors; it was written when the claim was, as far as known."""
    attribution = claim.fields.get("attribution")
    date = life.edits[0][0].date if life else _date(claim, "created")
    if isinstance(attribution, dict):
        for role in vocabulary.ROLES:
            for name in _handles(attribution.get(role)):
                yield _Deed(name, role, _subject(claim), date, "attribution", claim.path, None)


def _handles(value: Value) -> Iterator[str]:
    """The names in a list of handles, of mappings that hold one, or in a single one of either."""
    for item in value if isinstance(value, list) else [value]:
        handle = item.get("handle") or item.get("name") if isinstance(item, dict) else item
        yield _name(text(handle))


def _processed(claim: Document, source: Document) -> Iterator[_Deed]:
    date = _date(source, "processed_date")
    for name in texts(source.fields.get("processed_by")):
        if agent_of(name):
            yield _Deed(_name(name), "extractor", _subject(claim), date, "processed", source.path, None)


def _committed(commit: Commit, edit: Edit, subject: Subject, agents: Collection[str]) -> Iterator[_Deed]:
    """The part of those who made a commit, in a claim that it added, challenged or had reviewed."""
    rule, name = _maker(commit, agents)
    for role in _roles(commit, edit):
        yield _Deed(name, role, subject, commit.date, rule, edit.path, commit.hash)
    if edit.status in ("created", "edited"):
        for reviewer in commit.reviewers:
            yield _Deed(_name(reviewer), "reviewer", subject, commit.date, "trailer", edit.path, commit.hash)


def _maker(commit: Commit, agents: Collection[str]) -> tuple[str, str]:
    """Who made a commit, behind the rule that says so."""
    if commit.agent:
        return "trailer", _name(commit.agent)
    if agent_of(commit.prefix) in agents:
        return "prefix", _name(commit.prefix)
    return "author", _name(commit.author)


def _roles(commit: Commit, edit: Edit) -> Iterator[str]:
    if edit.status == "created":
        yield "proposer"
        if commit.source or commit.extracted_by:
            yield "extractor"
    if any(map(_objects, edit.differences.fields)):
        yield "challenger"


def _objects(difference: Difference) -> bool:
    """Whether an objection was added, and not only taken back or reworded to less."""
    return difference.field == _OBJECTIONS and len(difference.new or "") > len(difference.old or "")


def _date(document: Document, key: str) -> str | None:
    return read_date(field(document.fields, key) or "").sortable


def _subject(claim: Document) -> Subject:
    return Subject(claim.id, None, claim.domain)


def _name(stated: str | None) -> str:
    return (stated or "").strip().lstrip("@")[:_LONGEST_NAME]


def _id_of(name: str) -> str:
    return slugify(name) or f"contributor-{digest(name)}"


def _contributors(deeds: Iterable[_Deed]) -> Iterator[tuple[str, str]]:
    """The id and the name of everybody: of several spellings one with capitals, then the one that is used most."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for deed in deeds:
        spellings[_id_of(deed.name)][deed.name] += 1
    for id_, found in sorted(spellings.items()):
        yield id_, min(found, key=lambda name: (name == name.lower(), -found[name], name))


def _contributions(deeds: Sequence[_Deed]) -> Iterator[ContributionRow]:
    numbers = lasting_numbers(deed.path for deed in deeds)
    for number, deed in sorted(zip(numbers, deeds, strict=True), key=itemgetter(0)):
        claim, former_id, domain = deed.subject
        yield ContributionRow(
            id=number,
            contributor=_id_of(deed.name),
            role=deed.role,
            claim=claim,
            former_id=former_id,
            domain=domain,
            date=deed.date,
            rule=deed.rule,
            path=deed.path,
            by_commit=deed.by_commit,
        )
