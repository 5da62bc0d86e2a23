"""The words of a codex: its folders, kinds, confidences, relations and fields. One place for each."""

from __future__ import annotations

from typing import NamedTuple

READINGS = {
    "whole": "the front matter was read as it stands",
    "recovered": "the front matter does not parse; what could be read of it was kept",
    "none": "the file has no front matter",
    "refused": "the front matter is larger, deeper or more tangled than any honest one; only the body was kept",
    "unreadable": "the file itself could not be read",
}

CONFIDENCES = {
    "proven": (4, "strong evidence, tested; overturning it would surprise"),
    "likely": (3, "good evidence, broadly accepted"),
    "experimental": (2, "emerging evidence, still being evaluated"),
    "speculative": (1, "reasoned, with little evidence so far"),
}
RANKS = {name: rank for name, (rank, _) in CONFIDENCES.items()}
# From this rank on a claim is confident, and ought to have been challenged.
CONFIDENT = RANKS["likely"]
CONFIDENCE_ALIASES = {"high": "likely", "medium": "experimental"}

CLAIM_FOLDERS = frozenset({"domains", "core", "foundations"})
SOURCE_FOLDERS = (("inbox", "archive"), ("inbox", "queue"))
FOLDER_KINDS = {
    "inbox": "source",
    "entities": "entity",
    "agents": "agent",
    "convictions": "conviction",
    "sectors": "sector",
    "decisions": "decision",
    "maps": "map",
    "schemas": "schema",
}
AGENT_FOLDER_KINDS = {"positions": "position", "musings": "musing"}

CLAIM_TYPES = frozenset({"claim", "analysis", "framework", "insight", "tension", "pattern", "divergence"})
# The status of a claim that nobody upholds any longer, and of which nothing more is asked.
RETIRED = "retired"
# These weigh claims against each other and take no side, so that no confidence is missing from them.
UNRATED_TYPES = frozenset({"divergence"})
SOURCE_TYPES = frozenset(
    {"source", "evidence", "archive", "newsletter", "essay", "report", "news article", "paper", "book"}
)
MAP_TYPES = frozenset({"map", "moc", "topic-map"})
TYPE_KINDS = (
    dict.fromkeys(CLAIM_TYPES, "claim")
    | dict.fromkeys(SOURCE_TYPES, "source")
    | dict.fromkeys(MAP_TYPES, "map")
    | {
        kind: kind
        for kind in (
            "agent",
            "belief",
            "challenge",
            "conviction",
            "decision",
            "entity",
            "journal",
            "musing",
            "position",
            "schema",
            "sector",
        )
    }
)
# Documents of these kinds are known by their file name; where names collide on one day, the first kind keeps it.
NAMED_KINDS = ("claim", "source", "entity")
MAP_NAME = "_map"
BELIEFS_NAME = "beliefs"


class Relation(NamedTuple):
    """How one document bears on another. An argument is a relation that carries weight between claims."""

    argument: bool
    meaning: str


RELATIONS = {
    "supports": Relation(True, "this is a reason to believe the target"),
    "supported_by": Relation(True, "the target is a reason to believe this"),
    "challenges": Relation(True, "this is a reason to doubt the target"),
    "challenged_by": Relation(True, "the target is a reason to doubt this"),
    "depends_on": Relation(True, "this stands only as far as the target does"),
    "carries": Relation(True, "the target stands only as far as this does"),
    "premise": Relation(True, "a sentence of this begins from the target: Since [[target]], …"),
    "related": Relation(True, "the author sees a connection worth following"),
    "concerns": Relation(False, "this weighs the target against others: a divergence"),
    "evidence": Relation(False, "the target is offered as evidence for this"),
    "extracted": Relation(False, "this source yielded the target claim"),
    "enriched": Relation(False, "this source added evidence to the target claim"),
    "associated": Relation(False, "this entity has to do with the target entity"),
    "map": Relation(False, "membership of a topic map, in either direction"),
    "mentions": Relation(False, "a link in running text that says no more than that"),
}
# Both ends may state the same argument. It is kept once, read from the end that acts, so that
# `x challenged_by y` and `y challenges x` are one.
INVERSES = {"supported_by": "supports", "challenged_by": "challenges", "carries": "depends_on"}
ARGUMENTS = {"premise": "depends_on"}
SYMMETRIC = frozenset({"related"})


class Field(NamedTuple):
    """A front matter key that refers to other documents, and which kinds it may refer to (empty: any).

    `prose` is true where plain text may be a statement in its own right, and no broken reference.
    """

    relation: str
    kinds: frozenset[str] = frozenset()
    prose: bool = False


_CLAIM = frozenset({"claim"})
_ENTITY = frozenset({"entity"})
REFERENCE_FIELDS = {
    "depends_on": Field("depends_on", prose=True),
    "supports": Field("supports", prose=True),
    "supported_by": Field("supported_by", prose=True),
    "challenges": Field("challenges", prose=True),
    "challenged_by": Field("challenged_by", prose=True),
    "related": Field("related", prose=True),
    "related_claims": Field("related", prose=True),
    "related_to": Field("related", prose=True),
    "reweave_edges": Field("related", prose=True),
    "target_claim": Field("challenges", _CLAIM),
    "claims": Field("concerns", _CLAIM),
    "sources": Field("evidence", prose=True),
    "claims_extracted": Field("extracted", _CLAIM),
    "enrichments_applied": Field("enriched", _CLAIM, prose=True),
    "enrichments": Field("enriched", _CLAIM, prose=True),
    "parent": Field("associated", _ENTITY, prose=True),
    "parent_entity": Field("associated", _ENTITY, prose=True),
    "competitors": Field("associated", _ENTITY, prose=True),
    "founders": Field("associated", _ENTITY, prose=True),
    "affiliations": Field("associated", _ENTITY, prose=True),
    "organizations": Field("associated", _ENTITY, prose=True),
}
# `source` is free text and is never resolved, but a path in it is a path.
PATH_FIELDS = {"source": Field("evidence")}

# Headings and labels of a body that say what the links below them mean, by their slug.
BODY_SECTIONS = {
    "relevant-notes": "related",
    "related-claims": "related",
    "related": "related",
    "relevant-entities": "associated",
    "topics": "map",
    "grounding": "depends_on",
    # A belief lists under this the positions that would have to be looked at again if it fell.
    "depends-on-positions": "carries",
    "beliefs-this-depends-on": "depends_on",
    "claims-underlying-those-beliefs": "depends_on",
    "evidence": "evidence",
    "challenges": "challenged_by",
    "challenges-considered": "challenged_by",
    "challenges-and-limitations": "challenged_by",
    "counter-evidence": "challenged_by",
    "counterevidence": "challenged_by",
}
# These argue in their own voice, so that a section headed Challenges speaks against them. The text of an archived
# source is somebody else's.
ARGUING_KINDS = frozenset({"claim", "beliefs", "position", "conviction"})
# Headings that name an objection in passing, such as "The strongest counterarguments", hold challenges too.
OBJECTION_WORDS = frozenset({"counterargument", "counterarguments"})
# What stands under such a heading where nobody has objected, by its slug.
NO_OBJECTIONS = frozenset(
    {"", "n-a", "na", "none", "none-identified", "none-known", "none-so-far", "none-yet", "nothing", "nothing-yet"}
    | {"no-challenges", "no-challenges-identified", "no-known-challenges", "tbd", "to-be-added", "to-do", "todo"}
)
# Only a bullet under these states the relation; the others hold for any link below the heading.
LIST_SECTIONS = frozenset({"related", "associated", "map", "depends_on", "carries"})
# Scripts have stripped the brackets off bullets under this heading; such bullets are read all the same.
BARE_BULLET_SECTIONS = frozenset({"relevant-notes"})

# Keys that a file without front matter may state at its top, as `**Confidence**: likely`.
BODY_FIELDS = frozenset(
    {"type", "domain", "confidence", "source", "created", "title", "author", "url", "date", "status"}
)

# Older spellings of a source's keys, and the ones they became.
LEGACY_FIELDS = {
    "source_url": "url",
    "date_published": "date",
    "source_type": "format",
}

RULES = {
    "path": "the label is the file's path, from the root or from the linking file's folder",
    "map": "`_map` is the topic map of the same folder",
    "suffix": "the label is the end of exactly one path",
    "name": "the label is the file name",
    "case": "the label is the file name but for upper and lower case",
    "slug": "the label and the file name have the same slug",
    "folder": "the label names a folder, which stands for its topic map",
    "title": "the label is the document's title, name, first heading or an alias",
    "belief": "the label is the heading of a belief",
    "prefix": "the label is the opening, five words or more, of exactly one file name or title",
    "former": "the label is a path or file name that the document had before it was renamed, as git tells",
}

STATES = {
    "resolved": "one target was found",
    "ambiguous": "several documents fit equally well; the canonical one was taken",
    "dead": "nothing fits: a wanted document",
    "prose": "a statement in words that names no document",
}

EVIDENCE_RULES = {
    "extracted": "the source lists the claim among those it yielded (`claims_extracted`)",
    "enriched": "the source lists the claim among those it enriched (`enrichments_applied`)",
    "block": "an evidence block in the claim names the source",
    "body": "the claim's body links to the source",
    "field": "the claim's front matter gives the path or name of the archived source",
    "identifier": "the claim's `source` text and the source share an arXiv id, a DOI or an address",
    "title": "the claim's `source` text quotes the source's title",
    "commit": "the commit that added the claim names the source (`- Source:`, or `extract from` in its subject)",
}

EVIDENCE_KINDS = {
    "origin": "the claim was drawn from this source",
    "extend": "adds to the claim",
    "confirm": "speaks for the claim",
    "challenge": "speaks against the claim",
    "cites": "the claim refers to this source",
}

HISTORIES = {
    "whole": "every commit that led to the newest one was read",
    "shallow": "the repository is a shallow clone: what came before its oldest commits is not known",
    "absent": "the folder is in no git repository",
    "empty": "the repository has no commit yet",
    "foreign": "the repository belongs to somebody else: `git config --global --add safe.directory` lets git read it",
    "no-git": "git is not installed",
    "partial": "the repository is a partial clone and lacks what git would have to fetch: clone it as a whole",
    "unreadable": "git cannot read the repository: `git log` or `git fsck` in the folder says why",
}

CHANGE_KINDS = {
    "created": "the file was added",
    "renamed": "the file got another path",
    "deleted": "the file was removed",
    "field": "a key of the front matter, or the title, says something else",
    "body": "lines below the front matter were added or removed",
}

ROLES = {
    "proposer": "put the claim before the others: added it to the base",
    "sourcer": "found the source, or directed attention to it",
    "extractor": "drew the claim from a source",
    "challenger": "spoke against the claim",
    "synthesizer": "connected the claim with others",
    "reviewer": "judged the claim before it was accepted",
}

CONTRIBUTION_RULES = {
    "attribution": "the claim's front matter says so (`attribution`)",
    "processed": "a source that lists the claim among those it yielded says who processed it (`processed_by`)",
    "trailer": "a commit that added, challenged or reviewed the claim names an agent in its message",
    "prefix": "the subject of a commit without such a name begins with that of an agent who has a folder",
    "author": "the author of a commit that names no agent",
}

# Where a base states what each role counts, beneath any key: a number behind the name of each role.
WEIGHTS_FILE = "schemas/contribution-weights.yaml"

# A claim that nobody has looked at for this many days before the newest date in the base is stale.
STALE_DAYS = 180
# Titles that share this much of their words are alike (Jaccard 1901).
ALIKE = 0.8


class Measure(NamedTuple):
    """A vital sign of a knowledge base and what its number says."""

    unit: str
    meaning: str


MEASURES = {
    "claims": Measure("claims", "how many claims there are"),
    "linkage_density": Measure("arguments per claim", "how many arguments a claim takes part in, on average"),
    "orphan_ratio": Measure("share of claims", "claims without a link to or from any other claim"),
    "sourced_share": Measure("share of claims", "claims that an archived source bears on"),
    "challenged_share": Measure("share of claims", "claims that a claim, a source or words speak against"),
    "proven_share": Measure("share of rated claims", "calibration: claims rated proven"),
    "likely_share": Measure("share of rated claims", "calibration: claims rated likely"),
    "experimental_share": Measure("share of rated claims", "calibration: claims rated experimental"),
    "speculative_share": Measure("share of rated claims", "calibration: claims rated speculative"),
    "overrated_share": Measure("share of rated claims", "claims rated above the weakest claim they rest on"),
    "median_age": Measure(
        "days", "half of the dated claims were last looked at longer before the newest date in the base"
    ),
    "evidence_age": Measure("days", "half of the dated sources in use are older than this, seen from the newest date"),
}
