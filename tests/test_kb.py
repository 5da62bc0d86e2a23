"""The tiny base: what becomes of it as a whole, so that any change of reading, resolving or reviewing shows."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter

import pytest

from build import PROJECT
from claimbase.records import Codex
from claimbase.report import report

DOCUMENTS = {
    "agent": 1,
    "beliefs": 1,
    "challenge": 1,
    "claim": 29,
    "conviction": 1,
    "decision": 1,
    "document": 2,
    "entity": 2,
    "map": 5,
    "musing": 1,
    "position": 1,
    "schema": 1,
    "sector": 1,
    "source": 5,
}
LINKS = {
    "ambiguous name": 1,
    "dead": 8,
    "prose": 3,
    "resolved belief": 1,
    "resolved case": 1,
    "resolved folder": 2,
    "resolved map": 2,
    "resolved name": 58,
    "resolved path": 6,
    "resolved prefix": 1,
    "resolved slug": 7,
    "resolved suffix": 1,
    "resolved title": 3,
}
RELATIONS = {
    "associated": 5,
    "challenged_by": 8,
    "challenges": 3,
    "concerns": 2,
    "depends_on": 6,
    "carries": 1,
    "enriched": 1,
    "evidence": 9,
    "extracted": 3,
    "map": 12,
    "mentions": 28,
    "premise": 3,
    "related": 10,
    "supported_by": 1,
    "supports": 2,
}
FORMS = {"bare": 1, "markdown": 1, "path": 3, "prose": 1, "value": 24, "wiki": 64}
FORMS_OF_REFERENCE = [
    (10, "domains/sleep/cold rooms deepen sleep", "resolved", "path", "domains/sleep/cold rooms deepen sleep.md"),
    (
        11,
        "sleep/coffee delays sleep by six hours",
        "resolved",
        "suffix",
        "domains/sleep/coffee delays sleep by six hours.md",
    ),
    (12, "Steel yields before it breaks", "resolved", "name", "domains/bridges/Steel yields before it breaks.md"),
    (13, "Cracks grow slowly at first", "resolved", "name", "domains/bridges/Cracks grow slowly at first.md"),
    (
        14,
        "Suspension bridges fail by resonance#Evidence",
        "resolved",
        "name",
        "domains/bridges/Suspension bridges fail by resonance.md",
    ),
    (15, "Inspection finds cracks early.md", "resolved", "name", "domains/bridges/Inspection finds cracks early.md"),
    (16, "_map", "resolved", "map", "core/coordination/_map.md"),
    (17, "bridges", "resolved", "folder", "domains/bridges/_map.md"),
    (
        18,
        "NAPS restore Attention within twenty minutes",
        "resolved",
        "case",
        "domains/sleep/Naps restore attention within twenty minutes.md",
    ),
    (
        19,
        "430m-went-into-sleep-trackers-in-one-year",
        "resolved",
        "slug",
        "domains/sleep/$430M went into sleep trackers in one year.md",
    ),
    (
        20,
        "Short sleep lowers the response to a vaccine",
        "resolved",
        "title",
        "domains/sleep/short-sleep-lowers-vaccine-response.md",
    ),
    (
        21,
        "Tolls pay for the inspection they make necessary",
        "resolved",
        "title",
        "domains/bridges/Tolls pay for inspection.md",
    ),
    (22, "Power naps", "resolved", "title", "domains/sleep/Naps restore attention within twenty minutes.md"),
    (23, "A tired mind chooses badly", "resolved", "belief", "agents/mara/beliefs.md"),
    (
        24,
        "Siestas survive where summers are",
        "resolved",
        "prefix",
        "domains/sleep/siestas survive where summers are hot.md",
    ),
    (25, "Siestas survive where summers", "dead", None, None),
    (
        26,
        "../../domains/sleep/Träume ordnen das Gedächtnis.md",
        "resolved",
        "path",
        "domains/sleep/Träume ordnen das Gedächtnis.md",
    ),
    (
        27,
        "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md",
        "resolved",
        "path",
        "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md",
    ),
    (
        28,
        "23.5 percent of night shifts end in a nap",
        "resolved",
        "name",
        "domains/sleep/23.5 percent of night shifts end in a nap.md",
    ),
    (29, "Rest is a shared resource", "resolved", "name", "core/coordination/Rest is a shared resource.md"),
    (30, "Cold rooms deepens sleep", "dead", None, None),
    (31, "The lighthouse almanac", "dead", None, None),
    (31, "the lighthouse almanac", "dead", None, None),
    (34, "Arches need no glue", "resolved", "name", "domains/bridges/Arches need no glue.md"),
    (38, "Wooden bridges breathe", "resolved", "name", "domains/bridges/Wooden bridges breathe.md"),
]
ARGUMENTS = [
    ("alarm-clocks-cut-the-last-dream-short", "related", "naps-restore-attention-within-twenty-minutes", 1, 1),
    ("attention-recovers-in-the-gaps", "supports", "naps-restore-attention-within-twenty-minutes", 1, 1),
    ("blue-light-moves-the-body-clock", "related", "cold-rooms-deepen-sleep", 1, 1),
    ("blue-light-moves-the-body-clock", "related", "melatonin-works-by-timing-not-by-dose", 1, 1),
    ("cold-rooms-deepen-sleep", "related", "naps-restore-attention-within-twenty-minutes", 1, 1),
    ("cold-rooms-deepen-sleep", "related", "short-sleep-lowers-vaccine-response", 1, 1),
    ("cracks-grow-slowly-at-first", "depends_on", "steel-yields-before-it-breaks", 1, 1),
    ("ice-loads-are-counted-twice", "related", "steel-yields-before-it-breaks", 1, 1),
    ("inspection-finds-cracks-early", "challenges", "suspension-bridges-fail-by-resonance", 0, 1),
    ("inspection-finds-cracks-early", "depends_on", "cracks-grow-slowly-at-first", 1, 1),
    ("melatonin-works-by-timing-not-by-dose", "challenges", "blue-light-moves-the-body-clock", 1, 2),
    ("melatonin-works-by-timing-not-by-dose", "related", "naps-restore-attention-within-twenty-minutes", 1, 1),
    ("naps-restore-attention-within-twenty-minutes", "depends_on", "attention-recovers-in-the-gaps", 1, 2),
    ("naps-restore-attention-within-twenty-minutes", "depends_on", "cold-rooms-deepen-sleep", 0, 1),
    ("naps-restore-attention-within-twenty-minutes", "depends_on", "rest-is-a-shared-resource", 0, 1),
    ("naps-restore-attention-within-twenty-minutes", "related", "short-sleep-lowers-vaccine-response", 1, 2),
    ("naps-restore-attention-within-twenty-minutes", "related", "traume-ordnen-das-gedachtnis", 1, 1),
    ("queues-form-where-trust-is-missing", "challenges", "430m-went-into-sleep-trackers-in-one-year", 0, 1),
    ("rope-bridges-sway-before-they-fail", "challenges", "suspension-bridges-fail-by-resonance", 0, 1),
    ("suspension-bridges-fail-by-resonance", "supports", "footbridges-fill-by-rhythm", 1, 1),
    ("tolls-pay-for-inspection", "depends_on", "inspection-finds-cracks-early", 1, 1),
    ("tolls-pay-for-inspection", "supports", "inspection-finds-cracks-early", 1, 1),
    ("wooden-bridges-breathe", "challenges", "430m-went-into-sleep-trackers-in-one-year", 0, 1),
    ("wooden-bridges-breathe", "challenges", "suspension-bridges-fail-by-resonance", 1, 2),
]
EVIDENCE = [
    ("queues-form-where-trust-is-missing", "2026-02-10-okafor-twenty-minute-naps", "cites", "body", 27),
    ("steel-yields-before-it-breaks", "2024-steel-handbook-chapter-nine", "origin", "identifier", 5),
    ("suspension-bridges-fail-by-resonance", "2024-steel-handbook-chapter-nine", "origin", "title", 5),
    ("suspension-bridges-fail-by-resonance", "2024-steel-handbook-chapter-nine", "cites", "body", 15),
    ("naps-restore-attention-within-twenty-minutes", "2026-02-10-okafor-twenty-minute-naps", "origin", "identifier", 7),
    ("naps-restore-attention-within-twenty-minutes", "2026-02-10-okafor-twenty-minute-naps", "confirm", "block", 28),
    ("coffee-delays-sleep-by-six-hours", "2026-03-01-night-shift-diary", "extend", "block", 9),
    ("short-sleep-lowers-vaccine-response", "2025-11-30-lindqvist-vaccines-after-short-nights", "origin", "title", 7),
    ("short-sleep-lowers-vaccine-response", "2025-11-30-lindqvist-vaccines-after-short-nights", "origin", "field", 9),
    ("short-sleep-lowers-vaccine-response", "2026-02-10-okafor-twenty-minute-naps", "extend", "block", 22),
    ("short-sleep-lowers-vaccine-response", None, "confirm", "block", 27),
    (
        "short-sleep-lowers-vaccine-response",
        "2025-11-30-lindqvist-vaccines-after-short-nights",
        "challenge",
        "block",
        32,
    ),
    ("short-sleep-lowers-vaccine-response", "2026-03-01-night-shift-diary", "challenge", "block", 37),
    ("attention-recovers-in-the-gaps", "2026-02-10-okafor-twenty-minute-naps", "origin", "title", 6),
    ("naps-restore-attention-within-twenty-minutes", "2026-02-10-okafor-twenty-minute-naps", "origin", "extracted", 15),
    ("cold-rooms-deepen-sleep", "2026-02-10-okafor-twenty-minute-naps", "origin", "extracted", 16),
    ("short-sleep-lowers-vaccine-response", "2026-02-10-okafor-twenty-minute-naps", "extend", "enriched", 19),
]
FAULTS = [
    {
        "path": "convictions/rest-before-speed.md",
        "line": 6,
        "code": "ambiguous-link",
        "message": '"Rest is a shared resource" fits core/coordination/Rest is a shared resource.md and '
        "domains/sleep/Rest is a shared resource.md; taken for domains/sleep/Rest is a shared "
        "resource.md",
        "suggestion": "link by path",
        "severity": "info",
    },
    {
        "path": "core/coordination/Queues form where trust is missing.md",
        "line": 25,
        "code": "dead-link",
        "message": 'nothing is called "Siestas survive where summers"',
        "suggestion": 'did you mean "siestas survive where summers are hot"?',
        "severity": "warning",
    },
    {
        "path": "core/coordination/Queues form where trust is missing.md",
        "line": 30,
        "code": "dead-link",
        "message": 'nothing is called "Cold rooms deepens sleep"',
        "suggestion": 'did you mean "cold rooms deepen sleep"?',
        "severity": "warning",
    },
    {
        "path": "core/coordination/Queues form where trust is missing.md",
        "line": 31,
        "code": "dead-link",
        "message": 'nothing is called "The lighthouse almanac"',
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "core/coordination/Queues form where trust is missing.md",
        "line": 31,
        "code": "dead-link",
        "message": 'nothing is called "the lighthouse almanac"',
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "core/coordination/Rest is a shared resource.md",
        "line": None,
        "code": "twin",
        "message": "has the same name as domains/sleep/Rest is a shared resource.md",
        "suggestion": "merge or rename",
        "severity": "info",
    },
    {
        "path": "decisions/close-the-old-bridge.md",
        "line": 4,
        "code": "dead-link",
        "message": 'nothing is called "a council nobody has filed"',
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Arches need no glue.md",
        "line": None,
        "code": "missing-confidence",
        "message": "no confidence is stated",
        "suggestion": "add one of proven, likely, experimental, speculative",
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Arches need no glue.md",
        "line": 1,
        "code": "refused-front-matter",
        "message": "front matter refused: an alias of a collection (*stones)",
        "suggestion": None,
        "severity": "error",
    },
    {
        "path": "domains/bridges/Footbridges fill by rhythm.md",
        "line": 8,
        "code": "unclosed-front-matter",
        "message": "the front matter stops here without a fence",
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Ice loads are counted twice.md",
        "line": 4,
        "code": "unknown-confidence",
        "message": 'the confidence "moderate" is none of those in use',
        "suggestion": "write one of proven, likely, experimental, speculative",
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Ice loads are counted twice.md",
        "line": 7,
        "code": "broken-front-matter",
        "message": "not YAML: found character that cannot start any token",
        "suggestion": "quote the value, or mend its indentation",
        "severity": "error",
    },
    {
        "path": "domains/bridges/Keystones carry no more than their neighbours.md",
        "line": None,
        "code": "missing-confidence",
        "message": "no confidence is stated",
        "suggestion": "add one of proven, likely, experimental, speculative",
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Keystones carry no more than their neighbours.md",
        "line": 1,
        "code": "refused-front-matter",
        "message": "front matter refused: nested deeper than 24",
        "suggestion": None,
        "severity": "error",
    },
    {
        "path": "domains/bridges/Rope bridges sway before they fail.md",
        "line": None,
        "code": "missing-confidence",
        "message": "no confidence is stated",
        "suggestion": "add one of proven, likely, experimental, speculative",
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Rope bridges sway before they fail.md",
        "line": None,
        "code": "missing-front-matter",
        "message": "this claim has no front matter",
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "domains/bridges/Wooden bridges breathe.md",
        "line": 3,
        "code": "domain-not-folder",
        "message": 'the domain says "carpentry", the folder says "bridges"',
        "suggestion": "write domain: bridges, or move the file",
        "severity": "warning",
    },
    {
        "path": "domains/sleep/Naps restore attention within twenty minutes.md",
        "line": 42,
        "code": "bare-bullet",
        "message": '"alarm clocks cut the last dream short" names a document but has no brackets',
        "suggestion": "write [[alarm clocks cut the last dream short]]",
        "severity": "info",
    },
    {
        "path": "domains/sleep/alarm clocks cut the last dream short.md",
        "line": 6,
        "code": "impossible-date",
        "message": "created: 2026-02-30 is no date",
        "suggestion": "write YYYY-MM-DD",
        "severity": "warning",
    },
    {
        "path": "domains/sleep/blue-light-moves-the-body-clock.md",
        "line": 4,
        "code": "duplicate-key",
        "message": "`confidence` stands more than once",
        "suggestion": "keep one `confidence`",
        "severity": "warning",
    },
    {
        "path": "domains/sleep/blue-light-moves-the-body-clock.md",
        "line": 6,
        "code": "duplicate-key",
        "message": "`source` stands more than once",
        "suggestion": "keep one `source`",
        "severity": "warning",
    },
    {
        "path": "domains/sleep/blue-light-moves-the-body-clock.md",
        "line": 9,
        "code": "duplicate-key",
        "message": "`related` stands more than once",
        "suggestion": "keep one `related`",
        "severity": "warning",
    },
    {
        "path": "domains/sleep/coffee delays sleep by six hours.md",
        "line": 9,
        "code": "unclosed-front-matter",
        "message": "the front matter stops here without a fence",
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "entities/sleep/drowsy-labs.md",
        "line": 11,
        "code": "dead-link",
        "message": '"Naps restore attention within twenty minutes" is no entity',
        "suggestion": "`competitors` takes only those",
        "severity": "warning",
    },
    {
        "path": "inbox/archive/2024-letters-from-a-toll-keeper.md",
        "line": 4,
        "code": "imprecise-date",
        "message": "date: 2024-00-00 has a zero for what is not known",
        "suggestion": None,
        "severity": "info",
    },
    {
        "path": "inbox/archive/2025/2025-11-30-lindqvist-vaccines-after-short-nights.md",
        "line": 2,
        "code": "mistyped-file",
        "message": 'the type says "claim", the folder says source',
        "suggestion": "write type: source, or move the file",
        "severity": "warning",
    },
    {
        "path": "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md",
        "line": 17,
        "code": "extracted-but-absent",
        "message": 'nothing is called "a claim that was never filed"',
        "suggestion": None,
        "severity": "info",
    },
    {
        "path": "inbox/queue/2026-03-01-night-shift-diary.md",
        "line": 4,
        "code": "imprecise-date",
        "message": "date: 2026-02-00 has a zero for what is not known",
        "suggestion": None,
        "severity": "info",
    },
    {
        "path": "maps/everything-about-rest.md",
        "line": 3,
        "code": "dead-link",
        "message": 'nothing is called "Rest comes in many forms"',
        "suggestion": None,
        "severity": "warning",
    },
    {
        "path": "rituals/monday-nap.md",
        "line": 2,
        "code": "unknown-type",
        "message": 'nobody has seen the type "ritual"; filed as document by its folder',
        "suggestion": None,
        "severity": "info",
    },
]
OF_THE_WHOLE = {
    "contradiction": ["domains/sleep/blue-light-moves-the-body-clock.md"],
    "orphan": [
        "domains/bridges/Covered bridges outlive their builders.md",
        "domains/bridges/Keystones carry no more than their neighbours.md",
        "domains/sleep/snoring is heard by others first.md",
    ],
    "rests-on-weaker": ["domains/bridges/Tolls pay for inspection.md"],
    "unchallenged": [
        "domains/bridges/Covered bridges outlive their builders.md",
        "domains/bridges/Cracks grow slowly at first.md",
        "domains/bridges/Steel yields before it breaks.md",
        "domains/bridges/Tolls pay for inspection.md",
        "domains/sleep/Melatonin works by timing -- not by dose.md",
        "domains/sleep/Rest is a shared resource.md",
        "domains/sleep/coffee delays sleep by six hours.md",
        "domains/sleep/cold rooms deepen sleep.md",
    ],
    "unsourced": [
        "core/coordination/Rest is a shared resource.md",
        "domains/bridges/Arches need no glue.md",
        "domains/bridges/Covered bridges outlive their builders.md",
        "domains/bridges/Cracks grow slowly at first.md",
        "domains/bridges/Footbridges fill by rhythm.md",
        "domains/bridges/Ice loads are counted twice.md",
        "domains/bridges/Inspection finds cracks early.md",
        "domains/bridges/Keystones carry no more than their neighbours.md",
        "domains/bridges/Rope bridges sway before they fail.md",
        "domains/bridges/Tolls pay for inspection.md",
        "domains/bridges/Wooden bridges breathe.md",
        "domains/sleep/$430M went into sleep trackers in one year.md",
        "domains/sleep/23.5 percent of night shifts end in a nap.md",
        "domains/sleep/Melatonin works by timing -- not by dose.md",
        "domains/sleep/Rest is a shared resource.md",
        "domains/sleep/Träume ordnen das Gedächtnis.md",
        "domains/sleep/alarm clocks cut the last dream short.md",
        "domains/sleep/blue-light-moves-the-body-clock.md",
        "domains/sleep/siestas survive where summers are hot.md",
        "domains/sleep/snoring is heard by others first.md",
    ],
}
ORPHANS = [
    "covered-bridges-outlive-their-builders",
    "keystones-carry-no-more-than-their-neighbours",
    "snoring-is-heard-by-others-first",
]
UNCHALLENGED = [
    "coffee-delays-sleep-by-six-hours",
    "cold-rooms-deepen-sleep",
    "covered-bridges-outlive-their-builders",
    "cracks-grow-slowly-at-first",
    "melatonin-works-by-timing-not-by-dose",
    "rest-is-a-shared-resource",
    "steel-yields-before-it-breaks",
    "tolls-pay-for-inspection",
]


def labelled(pairs: list[tuple[str, str | None]]) -> dict[str, int]:
    return dict(Counter(" ".join(filter(None, pair)) for pair in pairs))


def test_documents_by_kind(codex: Codex) -> None:
    assert Counter(document.kind for document in codex.documents) == DOCUMENTS


def test_links_by_state_and_rule(codex: Codex) -> None:
    assert labelled([(link.state, link.rule) for link in codex.links]) == LINKS


def test_links_by_relation(codex: Codex) -> None:
    assert Counter(link.reference.relation for link in codex.links) == RELATIONS


def test_links_by_form(codex: Codex) -> None:
    assert Counter(link.reference.form for link in codex.links) == FORMS


def test_every_form_of_reference_finds_what_it_means(codex: Codex) -> None:
    found = [
        (
            link.reference.line,
            link.reference.label,
            link.state,
            link.rule,
            link.target.path if link.target else None,
        )
        for link in codex.links
        if link.origin.id == "queues-form-where-trust-is-missing"
    ]
    assert found == FORMS_OF_REFERENCE


def test_arguments(codex: Codex) -> None:
    assert [tuple(row)[1:] for row in codex.arguments] == ARGUMENTS


def test_evidence(codex: Codex) -> None:
    assert [(row.claim, row.source, row.kind, row.rule, row.line) for row in codex.evidence] == EVIDENCE


def test_faults_of_documents_and_links(codex: Codex) -> None:
    (text,) = report(codex.problems, "json")
    assert [problem for problem in json.loads(text) if problem["code"] not in OF_THE_WHOLE] == FAULTS


def test_faults_of_claims_as_parts_of_the_whole(codex: Codex) -> None:
    found = {code: [problem.path for problem in codex.problems if problem.code == code] for code in OF_THE_WHOLE}
    assert found == OF_THE_WHOLE


@pytest.mark.parametrize(
    ("view", "ids"),
    [
        ("orphan_claims", ORPHANS),
        ("unchallenged_claims", UNCHALLENGED),
        ("idle_sources", ["2024-letters-from-a-toll-keeper"]),
    ],
)
def test_claims_and_sources_that_stand_apart(rows: sqlite3.Connection, view: str, ids: list[str]) -> None:
    assert sorted(row["id"] for row in rows.execute(f"select id from {view}")) == ids


def test_wanted_documents_are_counted_whatever_their_case(rows: sqlite3.Connection) -> None:
    wanted = rows.execute("select label, links, documents from wanted_documents where links > 1")
    assert [tuple(row) for row in wanted] == [("The lighthouse almanac", 2, 1)]


def test_a_chain_of_dependencies_has_four_links(rows: sqlite3.Connection) -> None:
    chain = """
        with recursive chain (claim, length) as (
          select 'tolls-pay-for-inspection', 1
          union all
          select arguments.to_claim, chain.length + 1
          from chain join arguments on arguments.from_claim = chain.claim
          where arguments.relation = 'depends_on'
        )
        select claim from chain order by length
    """
    assert [row["claim"] for row in rows.execute(chain)] == [
        "tolls-pay-for-inspection",
        "inspection-finds-cracks-early",
        "cracks-grow-slowly-at-first",
        "steel-yields-before-it-breaks",
    ]


def test_the_guide_names_every_file(codex: Codex) -> None:
    guide = (PROJECT / "tests" / "kb" / "README.md").read_text(encoding="utf-8")
    paths = [document.path for document in codex.documents]
    assert [path for path in paths if path != "README.md" and f"`{path}`" not in guide] == []


def test_the_guide_is_a_document(codex: Codex) -> None:
    (guide,) = [document for document in codex.documents if document.path == "README.md"]
    assert (guide.kind, guide.id, guide.title) == ("document", "readme", "A tiny knowledge base")
