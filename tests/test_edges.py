"""Edges: what a link states, once, whichever end states it; and what beliefs and positions rest on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

import pytest

from claimbase.flatten import flatten
from claimbase.pipeline import read_codex
from claimbase.records import Codex, DependencyRow, LinkRow

SLEEP = "domains/sleep"
BELIEFS = "agents/mara/beliefs.md"
WORK, TIRED = "agents-mara-beliefs--rest-is-work", "agents-mara-beliefs--a-tired-mind-errs"


def read(root: Path, files: dict[str, str]) -> Codex:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_codex(root)


def link_rows(codex: Codex) -> list[LinkRow]:
    return [cast("LinkRow", row) for table in flatten(codex) if table.name == "links" for row in table.rows]


def edges(codex: Codex) -> list[tuple[str, str, str]]:
    return [(row.from_claim, row.relation, row.to_claim) for row in codex.arguments]


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        ("---\nsupports: [b]\n---\n", ("a", "supports", "b")),
        ("---\nsupported_by: [b]\n---\n", ("b", "supports", "a")),
        ("---\nchallenges: [b]\n---\n", ("a", "challenges", "b")),
        ("---\nchallenged_by: [b]\n---\n", ("b", "challenges", "a")),
        ("---\ndepends_on: [b]\n---\n", ("a", "depends_on", "b")),
        ("---\nrelated: [b]\n---\n", ("a", "related", "b")),
        ("---\nrelated_claims: [{slug: b, title: B}]\n---\n", ("a", "related", "b")),
        ("---\nreweave_edges: [b|supports|2026-04-01]\n---\n", ("a", "supports", "b")),
        ("Since [[b]], so.", ("a", "depends_on", "b")),
        ("Relevant Notes:\n- [[b]] — so", ("a", "related", "b")),
        ("## Challenges\n[[b]] says no.", ("b", "challenges", "a")),
        ("**Counterargument:** [[b]] says no.", ("b", "challenges", "a")),
    ],
)
def test_an_edge_is_read_from_the_end_that_acts(tmp_path: Path, text: str, edge: tuple[str, str, str]) -> None:
    assert edges(read(tmp_path, {f"{SLEEP}/a.md": text, f"{SLEEP}/b.md": ""})) == [edge]


def test_a_relation_that_is_its_own_inverse_is_read_from_the_first_by_id(tmp_path: Path) -> None:
    assert edges(read(tmp_path, {f"{SLEEP}/b.md": "---\nrelated: [a]\n---\n", f"{SLEEP}/a.md": ""})) == [
        ("a", "related", "b")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[[b]] is mentioned.",
        "Topics:\n- [[b]]",
        "## Evidence\n[[b]]",
        "---\nsupports: [a]\n---\n",
        "---\nsupports: [c]\n---\n",
        "---\nsupports: [2020-paper]\n---\n",
        "---\ntype: divergence\nclaims: [b]\n---\n",
    ],
)
def test_what_is_no_argument_between_claims(tmp_path: Path, text: str) -> None:
    files = {f"{SLEEP}/a.md": text, f"{SLEEP}/b.md": "", "inbox/archive/2020-paper.md": ""}
    assert edges(read(tmp_path, files)) == []


def test_a_document_that_is_no_claim_takes_no_part_in_an_argument(tmp_path: Path) -> None:
    files = {
        f"{SLEEP}/a.md": "---\nsupports: ['naps should be paid']\n---\n",
        "agents/mara/positions/naps should be paid.md": "---\nsupports: [a]\ndepends_on: [a]\n---\n",
        BELIEFS: "### 1. Rest is work\n**Grounding:** [[a]]",
        "challenges/not-a.md": "---\ntype: challenge\ntarget_claim: a\n---\n",
    }
    assert edges(read(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("first", "second", "edge"),
    [
        ("supports: [b]", "supported_by: [a]", ("a", "supports", "b")),
        ("challenges: [b]", "challenged_by: [a]", ("a", "challenges", "b")),
        ("related: [b]", "related: [a]", ("a", "related", "b")),
        ("related: [b]", "related_claims: [a]", ("a", "related", "b")),
        ("reweave_edges: ['b|supports|2026-04-01']", "supported_by: ['[[a]]']", ("a", "supports", "b")),
    ],
)
def test_an_argument_stated_from_both_ends_is_one_with_two_witnesses(
    tmp_path: Path, first: str, second: str, edge: tuple[str, str, str]
) -> None:
    codex = read(tmp_path, {f"{SLEEP}/a.md": f"---\n{first}\n---\n", f"{SLEEP}/b.md": f"---\n{second}\n---\n"})
    assert [row[1:] for row in codex.arguments] == [(*edge, 1, 2)]
    witnesses = [row for row in link_rows(codex) if row.argument == codex.arguments[0].id]
    assert [(row.path, row.line, row.from_claim, row.to_claim) for row in witnesses] == [
        (f"{SLEEP}/a.md", 2, "a", "b"),
        (f"{SLEEP}/b.md", 2, "b", "a"),
    ]


def test_a_premise_and_a_dependency_are_one_argument(tmp_path: Path) -> None:
    files = {f"{SLEEP}/a.md": "---\ndepends_on: [b]\n---\nSince [[b]], so.", f"{SLEEP}/b.md": ""}
    codex = read(tmp_path, files)
    assert [row[1:] for row in codex.arguments] == [("a", "depends_on", "b", 1, 2)]
    (argument,) = codex.arguments
    assert [(row.relation, row.line, row.asserted, row.argument) for row in link_rows(codex)] == [
        ("depends_on", 2, 1, argument.id),
        ("premise", 4, 0, argument.id),
    ]


def test_an_argument_is_inferred_where_no_witness_asserts_it(tmp_path: Path) -> None:
    codex = read(tmp_path, {f"{SLEEP}/a.md": "Since [[b]], so.\n\n## Challenges\n[[b]] again", f"{SLEEP}/b.md": ""})
    assert [row[1:] for row in codex.arguments] == [("a", "depends_on", "b", 0, 1), ("b", "challenges", "a", 0, 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("supports: [b]", "supports: [a]"),
        ("challenges: [b]", "challenges: [a]"),
        ("depends_on: [b]", "depends_on: [a]"),
        ("supports: [b]", "challenged_by: [a]"),
        ("supports: [b]", "related: [a]"),
    ],
)
def test_different_statements_are_different_arguments(tmp_path: Path, first: str, second: str) -> None:
    codex = read(tmp_path, {f"{SLEEP}/a.md": f"---\n{first}\n---\n", f"{SLEEP}/b.md": f"---\n{second}\n---\n"})
    assert [row.witnesses for row in codex.arguments] == [1, 1]


def test_every_witness_of_every_argument_is_a_link_that_leads_to_it(codex: Codex) -> None:
    leading = Counter(row.argument for row in link_rows(codex) if row.argument)
    assert leading == {row.id: row.witnesses for row in codex.arguments}


ARGUING = {
    f"{SLEEP}/naps.md": "---\ndepends_on: [rest]\n---\n",
    f"{SLEEP}/rest.md": "",
    BELIEFS: """\
[[rest]] stands before the first.

### 1. Rest is work

Since [[rest]], so. See [[nights]].

**Grounding:**
- [[naps]] — as all know
- [[naps]] — said twice

**Depends on positions:** [[naps should be paid]]

### 2. A tired mind errs

**Grounding:** [[Rest is work]]
""",
    "agents/mara/positions/naps should be paid.md": "---\ndepends_on: ['A tired mind errs', naps, words alone]\n---\n",
}


def test_claims_beliefs_and_positions_rest_on_each_other(tmp_path: Path) -> None:
    assert list(read(tmp_path, ARGUING).analysis.dependencies) == [
        DependencyRow(TIRED, "belief", WORK, "belief"),
        DependencyRow(WORK, "belief", "naps", "claim"),
        DependencyRow(WORK, "belief", "rest", "claim"),
        DependencyRow("agents-mara-positions-naps-should-be-paid", "position", TIRED, "belief"),
        DependencyRow("agents-mara-positions-naps-should-be-paid", "position", WORK, "belief"),
        DependencyRow("agents-mara-positions-naps-should-be-paid", "position", "naps", "claim"),
        DependencyRow("naps", "claim", "rest", "claim"),
    ]


def test_a_link_knows_the_belief_or_position_it_leads_from_and_to(tmp_path: Path) -> None:
    rows = [row for row in link_rows(read(tmp_path, ARGUING)) if row.from_belief or row.from_position]
    assert [(row.from_belief or row.from_position, row.line, row.relation, row.to_belief) for row in rows] == [
        (WORK, 5, "premise", None),
        (WORK, 5, "mentions", None),
        (WORK, 8, "depends_on", None),
        (WORK, 9, "depends_on", None),
        (WORK, 11, "carries", None),
        (TIRED, 15, "depends_on", WORK),
        ("agents-mara-positions-naps-should-be-paid", 2, "depends_on", TIRED),
        ("agents-mara-positions-naps-should-be-paid", 2, "depends_on", None),
        ("agents-mara-positions-naps-should-be-paid", 2, "depends_on", None),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"agents/mara/musings/m.md": "---\ndepends_on: [rest]\n---\n"},
        {BELIEFS: "**Grounding:** [[rest]]\n\n### 1. Rest is work\n"},
        {BELIEFS: "### 1. Rest is work\n**Grounding:** [[2020-paper]]\n"},
        {BELIEFS: "### 1. Rest is work\n**Grounding:** [[Rest is work]]\n"},
        {BELIEFS: "### 1. Rest is work\n", f"{SLEEP}/a.md": f"---\ndepends_on: [{BELIEFS}]\n---\n"},
        {f"{SLEEP}/a.md": "---\nsupports: [rest]\nrelated: [rest]\n---\n[[rest]]"},
        {f"{SLEEP}/a.md": "---\ndepends_on: [nowhere, a, 2020-paper]\n---\n"},
    ],
)
def test_what_is_no_dependency_between_claims_beliefs_and_positions(tmp_path: Path, files: dict[str, str]) -> None:
    codex = read(tmp_path, {**files, f"{SLEEP}/rest.md": "", "inbox/archive/2020-paper.md": ""})
    assert codex.analysis.dependencies == ()


def test_objections_of_a_belief_are_kept_with_it(tmp_path: Path) -> None:
    text = "### 1. Rest is work\n\n**Challenges considered:** some work well at night.\n"
    (row,) = link_rows(read(tmp_path, {BELIEFS: text}))
    assert (row.from_belief, row.relation, row.label, row.section, row.line, row.state, row.to_document) == (
        WORK,
        "challenged_by",
        "some work well at night.",
        "Challenges considered",
        3,
        "prose",
        None,
    )


def test_of_two_beliefs_of_one_title_in_one_document_the_first_is_meant(tmp_path: Path) -> None:
    files = {BELIEFS: "### 1. Rest\n\n### 2. Rest\n", f"{SLEEP}/a.md": "---\ndepends_on: [Rest]\n---\n"}
    (row,) = link_rows(read(tmp_path, files))
    assert (row.to_belief, row.state, row.candidates) == ("agents-mara-beliefs--rest", "resolved", None)


def test_a_claim_named_like_a_belief_is_another_node(tmp_path: Path) -> None:
    files = {
        BELIEFS: "### 1. Rest is work\n**Grounding:** [[rest]]\n",
        f"{SLEEP}/rest.md": "",
        f"{SLEEP}/{WORK}.md": "---\ndepends_on: [rest]\n---\n",
    }
    assert [row.kind for row in read(tmp_path, files).analysis.dependencies] == ["belief", "claim"]
