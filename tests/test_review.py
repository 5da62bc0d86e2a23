"""Review: what a maintainer is told, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimbase.pipeline import read_codex
from claimbase.problems import PROBLEM_CODES
from claimbase.records import Problem

CLAIM = "domains/sleep/claim.md"
GOOD = "type: claim\nconfidence: speculative\n"
# These say something of a claim as a part of the whole; a claim alone in a base has them all.
_OF_THE_WHOLE = frozenset({"unsourced", "orphan", "unchallenged"})


def problems(root: Path, files: dict[str, str]) -> list[Problem]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return [problem for problem in read_codex(root).problems if problem.code not in _OF_THE_WHOLE]


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        (
            GOOD + "created: 2026-02-00",
            (4, "imprecise-date", "created: 2026-02-00 has a zero for what is not known", None),
        ),
        (
            GOOD + "last_evaluated: 2026-02-30",
            (4, "impossible-date", "last_evaluated: 2026-02-30 is no date", "write YYYY-MM-DD"),
        ),
        (GOOD + "created: soon", (4, "impossible-date", "created: soon is no date", "write YYYY-MM-DD")),
        (
            "type: claim\nconfidence: moderate",
            (
                3,
                "unknown-confidence",
                'the confidence "moderate" is none of those in use',
                "write one of proven, likely, experimental, speculative",
            ),
        ),
        (
            "type: claim",
            (
                None,
                "missing-confidence",
                "no confidence is stated",
                "add one of proven, likely, experimental, speculative",
            ),
        ),
        (
            "confidence: speculative\ntype: rumour",
            (3, "unknown-type", 'nobody has seen the type "rumour"; filed as claim by its folder', None),
        ),
        (
            "type: source\nconfidence: speculative",
            (
                2,
                "mistyped-file",
                'the type says "source", the folder says claim',
                "write type: claim, or move the file",
            ),
        ),
        (
            GOOD + "domain: bridges",
            (
                4,
                "domain-not-folder",
                'the domain says "bridges", the folder says "sleep"',
                "write domain: sleep, or move the file",
            ),
        ),
        (
            GOOD + "related: '[[nowhere]]'",
            (4, "dead-link", 'nothing is called "nowhere"', None),
        ),
        (
            GOOD + "related: '[[claims]]'",
            (4, "dead-link", 'nothing is called "claims"', 'did you mean "claim"?'),
        ),
        (
            GOOD + "agent: a\nagent: b",
            (4, "duplicate-key", "`agent` stands more than once", "keep one `agent`"),
        ),
    ],
)
def test_a_fault_of_a_claim_is_said_with_its_line(
    tmp_path: Path, front: str, problem: tuple[int | None, str, str, str | None]
) -> None:
    line, code, message, suggestion = problem
    assert problems(tmp_path, {CLAIM: f"---\n{front}\n---\nText."}) == [Problem(CLAIM, line, code, message, suggestion)]


@pytest.mark.parametrize(
    "front",
    [
        GOOD,
        "type: claim\nconfidence: Speculative",
        "type: claim\nconfidence: medium",
        "type: divergence",
        "type: insight\nconfidence: speculative",
        GOOD + "domain: sleep\ncreated: 2026-02\nlast_evaluated: 2026",
        GOOD + "domain: Sleep",
        GOOD + "challenged_by: some words of doubt",
        GOOD + "tags: ['[[nowhere]]']\nsource: nowhere.md",
    ],
)
def test_what_is_no_fault_is_not_said(tmp_path: Path, front: str) -> None:
    assert problems(tmp_path, {CLAIM: f"---\n{front}\n---\nText."}) == []


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        (CLAIM, ["missing-confidence", "missing-front-matter"]),
        ("inbox/archive/a.md", ["missing-front-matter"]),
        ("agents/mara/a.md", []),
        ("README.md", []),
        ("domains/sleep/_map.md", []),
    ],
)
def test_front_matter_is_missed_where_it_matters(tmp_path: Path, path: str, codes: list[str]) -> None:
    assert [problem.code for problem in problems(tmp_path, {path: "Text."})] == codes


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("inbox/archive/a.md", "---\ntype: claim\n---\n"),
        ("inbox/archive/a.md", "---\nstatus: x\nclaims_extracted: [nothing]\n---\n"),
        ("inbox/archive/a.md", "---\ndate: 2024-00-00\n---\n"),
    ],
)
def test_sources_have_faults_of_their_own(tmp_path: Path, path: str, text: str) -> None:
    (problem,) = problems(tmp_path, {path: text})
    assert problem.code in ("mistyped-file", "extracted-but-absent", "imprecise-date")


def test_twins_are_said_at_the_younger(tmp_path: Path) -> None:
    files = {f"domains/{domain}/nap.md": f"---\n{GOOD}---\n" for domain in ("a", "b")}
    assert problems(tmp_path, files) == [
        Problem("domains/b/nap.md", None, "twin", "has the same name as domains/a/nap.md", "merge or rename")
    ]


def test_an_ambiguous_link_names_all_that_fit(tmp_path: Path) -> None:
    files = {f"domains/{domain}/nap.md": f"---\n{GOOD}---\n" for domain in ("a", "b")}
    found = problems(tmp_path, {**files, "agents/mara/a.md": "\n[[nap]]"})
    assert found[0] == Problem(
        "agents/mara/a.md",
        2,
        "ambiguous-link",
        '"nap" fits domains/a/nap.md and domains/b/nap.md; taken for domains/a/nap.md',
        "link by path",
    )


def test_a_bare_bullet_that_names_something_is_said(tmp_path: Path) -> None:
    files = {CLAIM: f"---\n{GOOD}---\n", "agents/mara/a.md": "Relevant Notes:\n- claim\n- another"}
    assert problems(tmp_path, files) == [
        Problem("agents/mara/a.md", 2, "bare-bullet", '"claim" names a document but has no brackets', "write [[claim]]")
    ]


def test_a_name_of_another_kind_is_no_near_match(tmp_path: Path) -> None:
    files = {CLAIM: f"---\n{GOOD}---\n", "entities/sleep/a.md": "---\ntype: entity\nparent: claim\n---\n"}
    assert problems(tmp_path, files) == [
        Problem("entities/sleep/a.md", 3, "dead-link", '"claim" is no entity', "`parent` takes only those")
    ]


def test_a_map_that_is_not_there_is_a_dead_link(tmp_path: Path) -> None:
    found = problems(tmp_path, {"agents/mara/a.md": "[[_map]]", "core/a/_map.md": ""})
    assert [(problem.path, problem.line, problem.code) for problem in found] == [("agents/mara/a.md", 1, "dead-link")]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere")
    assert problems(tmp_path, {}) == [
        Problem("gone.md", None, "unreadable-file", "cannot be read: No such file or directory")
    ]


def test_problems_come_by_path_line_and_code(tmp_path: Path) -> None:
    files = {
        "b.md": "[[y]]\n[[x]]\n[[z]]",
        "a.md": "---\ntype: rumour\ndate: 2026-00-00\n---\n[[x]]",
        CLAIM: "---\ntype: claim\n---\n[[x]]",
    }
    assert [(problem.path, problem.line, problem.code) for problem in problems(tmp_path, files)] == [
        ("a.md", 2, "unknown-type"),
        ("a.md", 3, "imprecise-date"),
        ("a.md", 5, "dead-link"),
        ("b.md", 1, "dead-link"),
        ("b.md", 2, "dead-link"),
        ("b.md", 3, "dead-link"),
        (CLAIM, None, "missing-confidence"),
        (CLAIM, 4, "dead-link"),
    ]


def test_every_code_of_a_problem_is_explained() -> None:
    for code, explained in PROBLEM_CODES.items():
        assert code == code.lower()
        assert explained.severity in ("error", "warning", "info")
        assert explained.meaning.endswith(".")
        assert explained.remedy.endswith(".")
