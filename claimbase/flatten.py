"""Flatten: a resolved codex becomes the rows of every table, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from claimbase import dimensions
from claimbase.beliefs import belief_id
from claimbase.chronicle import change_rows, commit_rows, former_name_rows
from claimbase.edges import edge_of
from claimbase.entries import belief_rows, claim_row, document_row, entity_rows, position_row, source_row
from claimbase.numbering import lasting_numbers
from claimbase.problems import PROBLEM_CODES
from claimbase.records import (
    Analysis,
    ArgumentRow,
    Codex,
    ContributorRow,
    Credit,
    Document,
    Link,
    LinkRow,
    Problem,
    ProblemRow,
    Provenance,
    Table,
)


def flatten(codex: Codex) -> Iterator[Table]:
    """Every table with its rows, referenced tables before those that refer to them."""
    yield from flatten_stated(codex)
    yield from flatten_credited(codex)
    yield from flatten_found(codex.documents, codex.analysis, codex.problems)


def flatten_stated(codex: Codex) -> Iterator[Table]:
    """What the documents of a codex state, and the words that our tables use."""
    documents, provenance = codex.documents, codex.provenance
    yield Table("about", dimensions.about(codex.repository, provenance.history))
    yield Table("confidences", dimensions.confidences())
    yield Table("relations", dimensions.relations())
    yield Table("rules", dimensions.rules())
    yield Table("evidence_rules", dimensions.evidence_rules())
    yield Table("contribution_rules", dimensions.contribution_rules())
    yield Table("measures", dimensions.measures())
    yield Table("problem_codes", dimensions.problem_codes())
    yield from flatten_named(documents, provenance)
    yield Table("tags", dimensions.tags(documents))
    yield from flatten_documents(documents, provenance, codex.links, codex.arguments)


def flatten_credited(codex: Codex) -> Iterator[Table]:
    """How what a codex states came to be, and whose work it is; heads are enough, and no links."""
    yield Table("roles", dimensions.roles(codex.credit.weights))
    yield from flatten_past(codex.documents, codex.provenance, codex.credit)
    yield Table("evidence", sorted(codex.evidence, key=itemgetter(0)))


def flatten_found(documents: Iterable[Document], analysis: Analysis, problems: Sequence[Problem]) -> Iterator[Table]:
    """What was found out about all that is stated; heads are enough."""
    yield from flatten_analysis(analysis)
    yield Table("similar_claims", analysis.similar_claims)
    yield Table("problems", problem_rows(documents, problems))


def flatten_named(documents: Sequence[Document], provenance: Provenance) -> Iterator[Table]:
    """What documents and commits name and have no row for; heads are enough."""
    yield Table("domains", dimensions.domains(documents))
    yield Table("agents", dimensions.agents(documents, provenance.history.commits))


def flatten_documents(
    documents: Sequence[Document], provenance: Provenance, links: Sequence[Link], arguments: Iterable[ArgumentRow]
) -> Iterator[Table]:
    """The rows of documents and of their links, with the arguments that these state."""
    arguments = sorted(arguments)
    lives = provenance.documents
    yield Table("documents", (document_row(document, lives.get(document.id)) for document in documents))
    yield Table("claims", map(claim_row, _of_kind(documents, "claim")))
    yield Table("sources", map(source_row, _of_kind(documents, "source")))
    yield Table("entities", entity_rows(documents, links))
    yield Table("beliefs", belief_rows(documents))
    yield Table("positions", map(position_row, _of_kind(documents, "position")))
    yield Table("document_tags", dimensions.document_tags(documents))
    yield Table("secondary_domains", dimensions.secondary_domains(documents))
    yield Table("arguments", arguments)
    yield Table("links", _links(links, arguments))


def flatten_past(documents: Sequence[Document], provenance: Provenance, credit: Credit) -> Iterator[Table]:
    """How documents came to be, and who had which part in that; heads are enough."""
    domains = {row.id for row in dimensions.domains(documents)}
    agents = {row.id for row in dimensions.agents(documents, provenance.history.commits)}
    contributors = (ContributorRow(id_, name, id_ if id_ in agents else None) for id_, name in credit.contributors)
    yield Table("commits", commit_rows(provenance, domains))
    yield Table("changes", change_rows(provenance))
    yield Table("former_names", former_name_rows(provenance))
    yield Table("contributors", contributors)
    yield Table("contributions", credit.contributions)


def flatten_analysis(analysis: Analysis) -> Iterator[Table]:
    """What follows from the argument as a whole, but for what is like what."""
    yield Table("metrics", analysis.metrics)
    yield Table("dependencies", analysis.dependencies)
    yield Table("cycles", analysis.cycles)
    yield Table("contradictions", analysis.contradictions)
    yield Table("near_duplicates", analysis.near_duplicates)
    yield Table("vital_signs", analysis.vital_signs)
    yield Table("places", analysis.places)


def _of_kind(documents: Iterable[Document], kind: str) -> Iterator[Document]:
    return (document for document in documents if document.kind == kind)


def _links(links: Sequence[Link], arguments: Iterable[ArgumentRow]) -> Iterator[LinkRow]:
    numbers = lasting_numbers(link.origin.path for link in links)
    known = {(row.from_claim, row.relation, row.to_claim): row.id for row in arguments}
    for place in sorted(range(len(links)), key=numbers.__getitem__):
        edge = edge_of(links[place])
        yield _link(numbers[place], links[place], known[edge] if edge else None)


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


def problem_rows(documents: Iterable[Document], problems: Sequence[Problem]) -> Iterator[ProblemRow]:
    """The rows of problems, with the documents they are those of."""
    by_path = {document.path: document for document in documents}
    numbers = lasting_numbers(problem.path for problem in problems)
    for number, problem in sorted(zip(numbers, problems, strict=True), key=itemgetter(0)):
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
