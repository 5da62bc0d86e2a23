"""Flatten: a resolved codex becomes the rows of every table, in a fixed order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

from claimbase import dimensions
from claimbase.beliefs import belief_id
from claimbase.chronicle import change_rows, commit_rows, former_name_rows
from claimbase.edges import edge_of
from claimbase.entries import belief_rows, claim_row, document_row, entity_rows, position_row, source_row
from claimbase.numbering import lasting_numbers
from claimbase.problems import PROBLEM_CODES
from claimbase.records import Codex, ContributorRow, Document, Link, LinkRow, ProblemRow, Table


def flatten(codex: Codex) -> Iterator[Table]:
    """Every table with its rows, referenced tables before those that refer to them."""
    documents, provenance = codex.documents, codex.provenance
    history, lives = provenance.history, provenance.documents
    domains = list(dimensions.domains(documents))
    agents = list(dimensions.agents(documents, history.commits))
    yield Table("about", dimensions.about(codex.repository, history))
    yield Table("confidences", dimensions.confidences())
    yield Table("relations", dimensions.relations())
    yield Table("rules", dimensions.rules())
    yield Table("evidence_rules", dimensions.evidence_rules())
    yield Table("roles", dimensions.roles(codex.credit.weights))
    yield Table("contribution_rules", dimensions.contribution_rules())
    yield Table("measures", dimensions.measures())
    yield Table("problem_codes", dimensions.problem_codes())
    yield Table("domains", domains)
    yield Table("agents", agents)
    yield Table("documents", (document_row(document, lives.get(document.id)) for document in documents))
    yield Table("claims", map(claim_row, _of_kind(documents, "claim")))
    yield Table("sources", map(source_row, _of_kind(documents, "source")))
    yield Table("entities", entity_rows(documents, codex.links))
    yield Table("beliefs", belief_rows(documents))
    yield Table("positions", map(position_row, _of_kind(documents, "position")))
    yield Table("tags", dimensions.tags(documents))
    yield Table("document_tags", dimensions.document_tags(documents))
    yield Table("secondary_domains", dimensions.secondary_domains(documents))
    yield Table("commits", commit_rows(provenance, {domain.id for domain in domains}))
    yield Table("changes", change_rows(provenance))
    yield Table("former_names", former_name_rows(provenance))
    yield Table("contributors", _contributors(codex.credit.contributors, {agent.id for agent in agents}))
    yield Table("contributions", codex.credit.contributions)
    yield Table("arguments", sorted(codex.arguments))
    yield Table("links", _links(codex))
    yield Table("evidence", sorted(codex.evidence, key=itemgetter(0)))
    yield Table("metrics", codex.analysis.metrics)
    yield Table("dependencies", codex.analysis.dependencies)
    yield Table("cycles", codex.analysis.cycles)
    yield Table("contradictions", codex.analysis.contradictions)
    yield Table("near_duplicates", codex.analysis.near_duplicates)
    yield Table("similar_claims", codex.analysis.similar_claims)
    yield Table("vital_signs", codex.analysis.vital_signs)
    yield Table("places", codex.analysis.places)
    yield Table("problems", _problems(codex))


def _of_kind(documents: Iterable[Document], kind: str) -> Iterator[Document]:
    return (document for document in documents if document.kind == kind)


def _contributors(contributors: Iterable[tuple[str, str]], agents: Collection[str]) -> Iterator[ContributorRow]:
    return (ContributorRow(id_, name, id_ if id_ in agents else None) for id_, name in contributors)


def _links(codex: Codex) -> Iterator[LinkRow]:
    arguments = {(row.from_claim, row.relation, row.to_claim): row.id for row in codex.arguments}
    numbers = lasting_numbers(link.origin.path for link in codex.links)
    for number, link in sorted(zip(numbers, codex.links, strict=True), key=itemgetter(0)):
        edge = edge_of(link)
        yield _link(number, link, arguments[edge] if edge else None)


def _link(number: int, link: Link, argument: int | None) -> LinkRow:
    reference, target = link.reference, link.target
    origin = link.origin
    return LinkRow(
        id=number,
        from_document=origin.id,
        from_claim=_id_if(origin, "claim"),
        from_belief=belief_id(origin, reference.belief) if reference.belief else None,
        from_position=_id_if(origin, "position"),
        relation=reference.relation,
        label=reference.label,
        display=reference.display,
        reason=reference.reason,
        form=reference.form,
        field=reference.field,
        section=reference.section,
        path=origin.path,
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
    by_path = {document.path: document for document in codex.documents}
    numbers = lasting_numbers(problem.path for problem in codex.problems)
    for number, problem in sorted(zip(numbers, codex.problems, strict=True), key=itemgetter(0)):
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
