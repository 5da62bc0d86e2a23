"""The values that pass between the stages, and the rows that reach the database.

Every record is frozen. A row's field names are its table's column names, in the table's order; only the bodies of
documents are in no row: they wait on the disk from when they are read until the rows are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"
Fields: TypeAlias = Mapping[str, Value]


class File(NamedTuple):
    """A Markdown file as found: its path from the root, its bytes, or why it could not be read."""

    path: str
    data: bytes
    fault: str | None


class Problem(NamedTuple):
    """Something a maintainer should look at, and where. Codes are explained in `problems.py`."""

    path: str
    line: int | None
    code: str
    message: str
    suggestion: str | None = None


class Page(NamedTuple):
    """A file taken apart: front matter as values, the body as text, and where each of them starts.

    `lines` gives the line of each front matter key, and of each item of a list: `key` or `key[2]`.
    `reading` is one of `vocabulary.READINGS`.
    """

    path: str
    size: int
    sha256: str
    reading: str
    fields: Fields
    lines: Mapping[str, int]
    body: str
    body_line: int
    heading: str | None
    problems: tuple[Problem, ...]


class Reference(NamedTuple):
    """A document pointing at another, as its author wrote it; nothing is looked up yet.

    `whole` is the label before a remark was split off it: a name may hold a dash, so it is tried first. `belief` is
    the key of the belief it stands in.
    """

    relation: str
    label: str
    display: str | None
    reason: str | None
    form: str
    field: str
    section: str | None
    line: int
    asserted: bool
    belief: str | None = None
    whole: str | None = None


class Block(NamedTuple):
    """An evidence block of a claim's body: a dated paragraph with the source it draws on."""

    kind: str
    line: int
    source_line: int | None
    source: str | None
    added: str | None
    extractor: str | None
    text: str


class Belief(NamedTuple):
    """A section `### 2. Title`: where its heading stands, the line after its last, and what it says below.

    `key` tells it from the other beliefs of its document.
    """

    key: str
    number: int
    title: str
    line: int
    end: int
    text: str


class Content(NamedTuple):
    """What the body of a document holds for the rest of the build, which never sees the body itself.

    `prints` are eight digits for each line that is not blank: equal lines have equal prints.
    """

    references: tuple[Reference, ...] = ()
    blocks: tuple[Block, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    words: int = 0
    prints: str = ""


class Document(NamedTuple):
    """A page that knows what it is: its id, its kind, its title and its domain; its body has gone to the disk.

    The id is the plain one that its name gives until all documents are known and `settle` has told twins apart.
    `lines` gives the line of each front matter key.
    """

    id: str
    name: str
    slug: str
    folder: str
    kind: str
    type: str | None
    title: str
    domain: str | None
    twin_of: str | None
    path: str
    size: int
    sha256: str
    reading: str
    fields: Fields
    lines: Mapping[str, int]
    heading: str | None
    problems: tuple[Problem, ...]
    content: Content = Content()


class Stamp(NamedTuple):
    """How a file looks from outside: its size in bytes, and when its content and when its name or rights last changed.

    Times are in nanoseconds. The second cannot be set back, so that whoever restores the first is found out.
    """

    size: int
    written: int
    changed: int


# The stamp of what could not be looked at, or what may change again without looking other: it is always read.
UNSEEN = Stamp(0, 0, 0)


class Packed(NamedTuple):
    """A document as text: its head, which others see of it; the rest; and the keys its references look others up by."""

    head: str
    rest: str
    asked: str


class Taken(NamedTuple):
    """A file taken in: the document it is, also packed, its body, and how it looked before it was read."""

    document: Document
    packed: Packed
    body: str
    stamp: Stamp


class Link(NamedTuple):
    """A reference with the document it stands in and its answer: the target and the rule that found it, or neither.

    `belief` is the one meant where the target is a document of beliefs; `candidates` are the paths that fit equally
    well where the answer is ambiguous; `suggestion` is a name like the label where there is no answer.
    """

    origin: Document
    reference: Reference
    state: str
    rule: str | None = None
    target: Document | None = None
    belief: str | None = None
    candidates: tuple[str, ...] = ()
    suggestion: str | None = None


class Difference(NamedTuple):
    """A front matter key, or the title, that says something else than before; None where it says nothing."""

    field: str
    old: str | None
    new: str | None


class Version(NamedTuple):
    """A claim as it once stood: its title, its front matter and its body."""

    title: str
    fields: Fields
    body: str


class Revision(NamedTuple):
    """A file's versions before and after a commit, by path and object id: several before where it is a merge."""

    before: tuple[tuple[str, str], ...]
    after: tuple[str, str]


class Differences(NamedTuple):
    """The keys that differ, and how many lines of the body were added and removed."""

    fields: tuple[Difference, ...] = ()
    added: int = 0
    removed: int = 0


class Edit(NamedTuple):
    """What a commit did to a document: `created`, `deleted`, `renamed` or `edited` it, under which path.

    The differences are known of claims alone.
    """

    status: str
    path: str
    old_path: str | None = None
    differences: Differences = Differences()


class Commit(NamedTuple):
    """A commit as its author wrote it, the moment in UTC, and what it did to the documents of the base.

    `agent` and `reviewers` are the names that the message gives.
    """

    hash: str
    parents: tuple[str, ...]
    date: str
    author: str
    subject: str
    agent: str | None
    agent_mode: str | None
    prefix: str | None
    pull_request: int | None
    source: str | None
    domain: str | None
    claims: int | None
    entities: int | None
    enrichments: int | None
    extracted_by: str | None
    extraction_model: str | None
    reviewers: tuple[str, ...]
    edits: tuple[Edit, ...] = ()


class Life(NamedTuple):
    """What became of one document through all its names: its path now, None where it is no more, and each edit.

    `former` are the paths it had before, each with the commit that took it away, the last being its deletion.
    """

    path: str | None
    edits: tuple[tuple[Commit, Edit], ...]
    former: tuple[tuple[str, Commit], ...]


class History(NamedTuple):
    """The commits that have to do with a base, in order, the merge that brought each in, and every document's life.

    `state` is one of `vocabulary.HISTORIES`: how far it can be relied on, or why there is none.
    """

    state: str
    commits: tuple[Commit, ...] = ()
    merged_in: Mapping[str, str] = MappingProxyType({})
    lives: tuple[Life, ...] = ()


class Recounted(NamedTuple):
    """All commits that led to `head`, by hash, each after its parents, as they are seen from `place`.

    The place is where a base lies in its repository, and where the repository's history was cut off.
    """

    head: str | None = None
    place: str = ""
    commits: Mapping[str, Commit] = MappingProxyType({})


NO_COMMITS = Recounted()


class Past(NamedTuple):
    """How a base came to be, the commits that this is known from, and what each role counts for the base.

    `mark` tells it from others; there is none where git failed to read what may be whole the next time.
    """

    history: History = History("absent")
    recounted: Recounted = NO_COMMITS
    weights: Mapping[str, float] = MappingProxyType({})
    mark: str | None = None


NO_PAST = Past()


class FormerName(NamedTuple):
    """A path that a document had: what it is now, None where it is no more, and the commit that took the path away."""

    path: str
    document: Document | None
    commit: Commit


class Subject(NamedTuple):
    """The claim that a life is of: its id, or the one that its last name gave it where it is no more; its domain."""

    claim: str | None
    former_id: str | None
    domain: str | None


class Provenance(NamedTuple):
    """A history told of the documents that a base has now.

    `documents` are the lives of those that are there, by id; `claims` those of all claims that ever were; `sources`
    are what commits name as theirs, by the commit's hash.
    """

    history: History = History("absent")
    former_names: tuple[FormerName, ...] = ()
    documents: Mapping[str, Life] = MappingProxyType({})
    claims: tuple[tuple[Life, Subject], ...] = ()
    sources: Mapping[str, Document] = MappingProxyType({})


NO_PROVENANCE = Provenance()


class Credit(NamedTuple):
    """Who did what for the claims of a base: ids and names, each part, and what each role counts for the base."""

    contributors: tuple[tuple[str, str], ...]
    contributions: tuple[ContributionRow, ...]
    weights: Mapping[str, float]


NO_CREDIT = Credit((), (), {})


class Holding(NamedTuple):
    """What a claim may have in common with others: its sources, the claims it is linked with, and its rarer words."""

    sources: tuple[str, ...]
    claims: tuple[str, ...]
    words: tuple[str, ...]


class Analysis(NamedTuple):
    """What follows from the argument as a whole; every number is explained in `metadata.yml`.

    `similar_claims` are those of the claims that are `likened`: all, or those that may be like others than before.
    `holdings` are those of all claims, or those that are others than before; None for a claim that is no more.
    """

    metrics: tuple[MetricRow, ...]
    dependencies: tuple[DependencyRow, ...]
    cycles: tuple[CycleRow, ...]
    contradictions: tuple[ContradictionRow, ...]
    near_duplicates: tuple[NearDuplicateRow, ...]
    similar_claims: tuple[SimilarClaimRow, ...]
    vital_signs: tuple[VitalSignRow, ...]
    places: tuple[PlaceRow, ...]
    holdings: Mapping[str, Holding | None]
    likened: frozenset[str]


NO_ANALYSIS = Analysis((), (), (), (), (), (), (), (), {}, frozenset())


class Codex(NamedTuple):
    """A whole knowledge base, read and resolved, and once it is analysed and reviewed, what was found."""

    documents: tuple[Document, ...]
    links: tuple[Link, ...]
    arguments: tuple[ArgumentRow, ...]
    evidence: tuple[EvidenceRow, ...]
    provenance: Provenance
    repository: str | None = None
    credit: Credit = NO_CREDIT
    analysis: Analysis = NO_ANALYSIS
    problems: tuple[Problem, ...] = ()


class Outcome(NamedTuple):
    """What a build came to: documents of each kind, links in each state, every problem, and how far back it looked.

    `history` is one of `vocabulary.HISTORIES`, `commits` how many of them have to do with the base.
    """

    kinds: Mapping[str, int]
    states: Mapping[str, int]
    problems: tuple[Problem, ...]
    history: str = "absent"
    commits: int = 0


class Table(NamedTuple):
    """A table's name and its rows; each row is a tuple in the order of the table's columns."""

    name: str
    rows: Iterable[tuple[object, ...]]


class ConfidenceRow(NamedTuple):
    id: str
    rank: int
    meaning: str


class RelationRow(NamedTuple):
    id: str
    argument: int
    meaning: str


class RuleRow(NamedTuple):
    id: str
    rank: int
    meaning: str


class EvidenceRuleRow(NamedTuple):
    id: str
    meaning: str


class ProblemCodeRow(NamedTuple):
    id: str
    severity: str
    weight: int
    meaning: str
    remedy: str


class DomainRow(NamedTuple):
    id: str
    title: str
    folder: str | None
    map: str | None


class AgentRow(NamedTuple):
    id: str
    name: str
    description: str | None
    domain: str | None
    folder: str | None


class DocumentRow(NamedTuple):
    id: str
    path: str
    kind: str
    type: str | None
    title: str
    domain: str | None
    front_matter: str
    reading: str
    size: int
    sha256: str
    first_committed: str | None
    last_committed: str | None


class ClaimRow(NamedTuple):
    id: str
    title: str
    description: str | None
    type: str | None
    domain: str | None
    confidence: str | None
    confidence_text: str | None
    source: str | None
    url: str | None
    doi: str | None
    arxiv: str | None
    year: int | None
    created: str | None
    created_precision: str | None
    last_evaluated: str | None
    last_evaluated_precision: str | None
    scope: str | None
    agent: str | None
    sourcer: str | None
    status: str | None
    words: int
    path: str
    twin_of: str | None


class SourceRow(NamedTuple):
    id: str
    title: str
    author: str | None
    url: str | None
    doi: str | None
    arxiv: str | None
    year: int | None
    date: str | None
    date_precision: str | None
    format: str | None
    status: str | None
    domain: str | None
    processed_by: str | None
    processed_date: str | None
    processed_date_precision: str | None
    extraction_model: str | None
    priority: str | None
    notes: str | None
    words: int
    path: str
    twin_of: str | None


class EntityRow(NamedTuple):
    id: str
    name: str
    entity_type: str | None
    domain: str | None
    status: str | None
    tracked_by: str | None
    parent: str | None
    website: str | None
    category: str | None
    founded: str | None
    summary: str | None
    created: str | None
    created_precision: str | None
    path: str


class BeliefRow(NamedTuple):
    id: str
    number: int
    title: str
    agent: str | None
    domain: str | None
    body: str
    document: str
    path: str
    line: int


class PositionRow(NamedTuple):
    id: str
    title: str
    description: str | None
    agent: str | None
    domain: str | None
    status: str | None
    outcome: str | None
    confidence: str | None
    confidence_text: str | None
    time_horizon: str | None
    performance_criteria: str | None
    created: str | None
    created_precision: str | None
    path: str


class TagRow(NamedTuple):
    id: str


class DocumentTagRow(NamedTuple):
    document: str
    tag: str


class SecondaryDomainRow(NamedTuple):
    document: str
    domain: str


class LinkRow(NamedTuple):
    id: int
    from_document: str
    from_claim: str | None
    from_belief: str | None
    from_position: str | None
    relation: str
    label: str
    display: str | None
    reason: str | None
    form: str
    field: str
    section: str | None
    path: str
    line: int
    asserted: int
    state: str
    rule: str | None
    candidates: str | None
    suggestion: str | None
    to_document: str | None
    to_claim: str | None
    to_source: str | None
    to_entity: str | None
    to_belief: str | None
    to_position: str | None
    argument: int | None


class ArgumentRow(NamedTuple):
    id: int
    from_claim: str
    relation: str
    to_claim: str
    asserted: int
    witnesses: int


class EvidenceRow(NamedTuple):
    id: int
    claim: str
    source: str | None
    kind: str
    rule: str
    note: str | None
    added: str | None
    extractor: str | None
    text: str | None
    path: str
    line: int | None
    by_commit: str | None = None


class MetricRow(NamedTuple):
    claim: str
    supports: int
    supported_by: int
    challenges: int
    challenged_by: int
    objections: int
    rests_on: int
    carries: int
    related: int
    neighbours: int
    mentions: int
    sources: int
    centrality: float
    weakest_claim: str | None
    weakest_confidence: str | None
    overrated: int
    depth: int | None
    cycle: int | None
    falling_claims: int
    falling_beliefs: int
    falling_positions: int
    age: int | None


class DependencyRow(NamedTuple):
    node: str
    kind: str
    premise: str
    premise_kind: str


class CycleRow(NamedTuple):
    id: int
    cycle: int
    claim: str | None
    belief: str | None
    position: str | None


class ContradictionRow(NamedTuple):
    id: int
    claim: str
    other: str
    kind: str
    asserted: int


class NearDuplicateRow(NamedTuple):
    claim: str
    other: str
    twin: int
    title_likeness: float
    body_likeness: float


class SimilarClaimRow(NamedTuple):
    claim: str
    rank: int
    other: str
    score: float
    reason: str


class PlaceRow(NamedTuple):
    claim: str
    x: int
    y: int


class AboutRow(NamedTuple):
    name: str
    value: str


class MeasureRow(NamedTuple):
    id: str
    unit: str
    meaning: str


class VitalSignRow(NamedTuple):
    id: int
    domain: str | None
    measure: str
    value: float


class ProblemRow(NamedTuple):
    id: int
    path: str
    line: int | None
    code: str
    severity: str
    message: str
    suggestion: str | None
    document: str | None
    claim: str | None


class CommitRow(NamedTuple):
    id: str
    number: int
    date: str
    author: str
    subject: str
    prefix: str | None
    pull_request: int | None
    agent: str | None
    agent_mode: str | None
    source: str | None
    source_text: str | None
    domain: str | None
    domain_text: str | None
    claims: int | None
    entities: int | None
    enrichments: int | None
    extracted_by: str | None
    extraction_model: str | None
    merge: int
    merged_in: str | None


class ChangeRow(NamedTuple):
    id: int
    claim: str | None
    former_id: str | None
    domain: str | None
    path: str
    by_commit: str
    date: str
    kind: str
    field: str | None
    old: str | None
    new: str | None
    added: int | None
    removed: int | None


class FormerNameRow(NamedTuple):
    path: str
    former_id: str
    kind: str
    document: str | None
    claim: str | None
    by_commit: str
    date: str


class RoleRow(NamedTuple):
    id: str
    weight: float | None
    meaning: str


class ContributionRuleRow(NamedTuple):
    id: str
    meaning: str


class ContributorRow(NamedTuple):
    id: str
    name: str
    agent: str | None


class ContributionRow(NamedTuple):
    id: int
    contributor: str
    role: str
    claim: str | None
    former_id: str | None
    domain: str | None
    date: str | None
    rule: str
    path: str
    by_commit: str | None
