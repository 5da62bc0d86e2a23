"""Dimensions: the small tables that claims, links and problems refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from claimbase import vocabulary
from claimbase.problems import PROBLEM_CODES
from claimbase.records import (
    AboutRow,
    AgentRow,
    Commit,
    ConfidenceRow,
    ContributionRuleRow,
    Document,
    DocumentTagRow,
    DomainRow,
    EvidenceRuleRow,
    History,
    MeasureRow,
    ProblemCodeRow,
    RelationRow,
    RoleRow,
    RuleRow,
    SecondaryDomainRow,
    TagRow,
)
from claimbase.slugs import slugify
from claimbase.values import agent_of, field, folder_agent, folder_domain, folder_slug, texts

# Front matter keys whose value is an agent.
_AGENT_FIELDS = ("agent", "processed_by", "tracked_by")


def about(repository: str | None, history: History) -> Iterator[AboutRow]:
    """What is known of the base as a whole: how far back its history was read, where its files can be looked at."""
    yield AboutRow("history", history.state)
    if repository:
        yield AboutRow("repo_url", repository)


def confidences() -> list[ConfidenceRow]:
    return [ConfidenceRow(id_, rank, meaning) for id_, (rank, meaning) in vocabulary.CONFIDENCES.items()]


def relations() -> list[RelationRow]:
    return [RelationRow(id_, int(known.argument), known.meaning) for id_, known in vocabulary.RELATIONS.items()]


def rules() -> list[RuleRow]:
    return [RuleRow(id_, rank, meaning) for rank, (id_, meaning) in enumerate(vocabulary.RULES.items(), 1)]


def evidence_rules() -> list[EvidenceRuleRow]:
    return [EvidenceRuleRow(id_, meaning) for id_, meaning in vocabulary.EVIDENCE_RULES.items()]


def roles(weights: Mapping[str, float]) -> list[RoleRow]:
    return [RoleRow(id_, weights.get(id_), meaning) for id_, meaning in vocabulary.ROLES.items()]


def contribution_rules() -> list[ContributionRuleRow]:
    return [ContributionRuleRow(id_, meaning) for id_, meaning in vocabulary.CONTRIBUTION_RULES.items()]


def measures() -> list[MeasureRow]:
    return [MeasureRow(id_, *measure) for id_, measure in vocabulary.MEASURES.items()]


def problem_codes() -> list[ProblemCodeRow]:
    return [ProblemCodeRow(id_, *code) for id_, code in PROBLEM_CODES.items()]


def domains(documents: Sequence[Document]) -> Iterator[DomainRow]:
    """Every domain a folder stands for or a document names, with its folder and topic map where it has them."""
    folders: dict[str, str] = {}
    maps: dict[str, Document] = {}
    for document in documents:
        domain = folder_domain(document.path)
        if domain:
            folders.setdefault(domain, "/".join(document.folder.split("/")[:2]))
        if domain and document.name == vocabulary.MAP_NAME and document.folder == folders[domain]:
            maps.setdefault(domain, document)
    named = {document.domain for document in documents if document.domain}
    named |= {row.domain for row in secondary_domains(documents)}
    for id_ in sorted(named | set(folders)):
        map_ = maps.get(id_)
        name = folders[id_].split("/")[1] if id_ in folders else id_
        title = map_.title if map_ and map_.title != vocabulary.MAP_NAME else name.replace("-", " ").capitalize()
        yield DomainRow(id_, title, folders.get(id_), map_.id if map_ else None)


def agents(documents: Sequence[Document], commits: Iterable[Commit]) -> Iterator[AgentRow]:
    """Every agent that has a folder or is named as one in a document or a commit."""
    pages = {document.folder.split("/")[1]: document for document in documents if _is_identity(document)}
    names = {document.path.split("/")[1] for document in documents if folder_agent(document.path)}
    folders = {folder_slug(name, "agent"): name for name in sorted(names)}
    named = {agent for document in documents for agent in _agents_of(document)}
    named |= {agent for commit in commits if (agent := agent_of(commit.agent))}
    for id_ in sorted(named | set(folders)):
        folder = folders.get(id_)
        identity = pages.get(folder) if folder else None
        fields = identity.fields if identity else {}
        yield AgentRow(
            id_,
            field(fields, "name") or (folder or id_).replace("-", " ").capitalize(),
            field(fields, "description"),
            identity.domain if identity else None,
            f"agents/{folder}" if folder else None,
        )


def named_by(document: Document) -> tuple[frozenset[str | None], frozenset[str]]:
    """The domains and the agents that the front matter of a document names."""
    return frozenset({document.domain, *_beside(document)}), frozenset(_agents_of(document))


def _is_identity(document: Document) -> bool:
    return document.name == "identity" and document.folder.startswith("agents/") and document.folder.count("/") == 1


def _agents_of(document: Document) -> Iterator[str]:
    for key in _AGENT_FIELDS:
        agent = agent_of(field(document.fields, key))
        if agent:
            yield agent


def tags(documents: Iterable[Document]) -> list[TagRow]:
    return [TagRow(tag) for tag in sorted({row.tag for row in document_tags(documents)})]


def document_tags(documents: Iterable[Document]) -> list[DocumentTagRow]:
    """Each document with each of its tags, once, as slugs: `Prediction Markets` and `prediction-markets` are one."""
    return [
        DocumentTagRow(document.id, tag)
        for document in documents
        for tag in sorted({slugify(tag) for tag in texts(document.fields.get("tags"))} - {""})
    ]


def secondary_domains(documents: Iterable[Document]) -> list[SecondaryDomainRow]:
    """The domains a document touches beside its own: `secondary_domains`, or a list of `domains`."""
    return [
        SecondaryDomainRow(document.id, domain)
        for document in documents
        for domain in sorted(_beside(document) - {"", document.domain})
        if domain
    ]


def _beside(document: Document) -> set[str]:
    fields = document.fields
    return {slugify(name) for key in ("secondary_domains", "domains") for name in texts(fields.get(key))}
