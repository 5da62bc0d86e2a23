"""Problems: each code of the analysis, where it is due and where it only nearly is; and every code is in use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from build import PROJECT
from claimbase import parse, review
from claimbase.pipeline import read_codex
from claimbase.problems import PROBLEM_CODES, as_markdown
from claimbase.records import Codex, Problem
from tests.histories import Base

A, B, PAPER = "domains/sleep/a.md", "domains/sleep/b.md", "inbox/archive/2020-paper.md"


def front(*rows: str) -> str:
    return "\n".join(["---", *rows, "---", ""])


def read(root: Path, files: dict[str, str]) -> Codex:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_codex(root)


def problems(root: Path, files: dict[str, str], code: str) -> list[Problem]:
    return [problem for problem in read(root, files).problems if problem.code == code]


WEAK = front("confidence: speculative")
LIKELY = front("confidence: likely")
RESTS = front("confidence: likely", "depends_on: [b]")
CHALLENGES = front("confidence: likely", "challenges: [b]")
EXTEND = "### Additional Evidence (extend)\n*Source: [[2020-paper]] | Added: 2026-03-11*\n\nIt does."


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {A: RESTS, B: WEAK},
            Problem(A, 2, "rests-on-weaker", f"rated likely, but rests on {B} (speculative)"),
        ),
        (
            {A: front("confidence: high") + "Since [[b]], so.", B: front("confidence: medium")},
            Problem(A, 2, "rests-on-weaker", f"rated likely, but rests on {B} (experimental)"),
        ),
        (
            {A: front("type: claim", "depends_on: [b]"), B: "Since [[c]], so.", "core/x/c.md": "[[a]] since [[b]]"},
            Problem(B, None, "cycle", "rests on itself by way of others: cycle 1"),
        ),
        (
            {A: front("depends_on: [a]")},
            Problem(A, 2, "cycle", "rests on itself", "take it off its own premises"),
        ),
        (
            {"agents/m/beliefs.md": "### 1. Rest\n**Grounding:** [[Work]]\n### 2. Work\n**Grounding:** [[Rest]]"},
            Problem("agents/m/beliefs.md", 3, "cycle", "rests on itself by way of others: cycle 1"),
        ),
        (
            {A: CHALLENGES, B: front("confidence: proven")},
            Problem(
                B,
                None,
                "contradiction",
                f"{A} challenges it, and both are rated likely or better",
                "weigh the two in a divergence",
            ),
        ),
        (
            {A: front("confidence: speculative", "supports: [b]", "challenges: [b]"), B: LIKELY},
            Problem(
                B,
                None,
                "contradiction",
                f"{A} challenges it, and one of the two supports the other",
                "weigh the two in a divergence",
            ),
        ),
        ({A: LIKELY}, Problem(A, 2, "unchallenged", "rated likely, and nothing speaks against it")),
        ({A: front("source: hearsay")}, Problem(A, 2, "unsourced", "no archived source bears on this claim")),
        (
            {A: "[[_map]] [[2020-paper]]", "domains/sleep/_map.md": "- [[a]]", PAPER: ""},
            Problem(A, None, "orphan", "no link leads from this claim to another, or from another to it"),
        ),
        (
            {A: front("last_evaluated: 2026-01-01"), PAPER: front("date: 2026-07-01")},
            Problem(
                A,
                2,
                "stale",
                "last looked at 181 days before the newest date in the base",
                "read it again and set last_evaluated",
            ),
        ),
        (
            {A: front("title: Naps restore tired minds fast"), B: "# naps restore tired minds"},
            Problem(
                A,
                2,
                "near-duplicate",
                'nearly the same title as "naps restore tired minds"',
                "merge the two, or tell them apart",
            ),
        ),
        (
            {A: "[[2020-paper]]", PAPER: front("status: processed", "enrichments_applied: [a]")},
            Problem(
                PAPER,
                3,
                "enrichment-without-evidence",
                f"no evidence block of {A} names this source",
                "add the block, or take it off the list",
            ),
        ),
        (
            {A: "", PAPER: front("claims_extracted: [a, gone-for-good]")},
            Problem(PAPER, 2, "extracted-but-absent", 'nothing is called "gone-for-good"'),
        ),
    ],
)
def test_what_the_argument_as_a_whole_says_of_a_claim(tmp_path: Path, files: dict[str, str], problem: Problem) -> None:
    assert problem in problems(tmp_path, files, problem.code)


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("rests-on-weaker", {A: RESTS, B: LIKELY}),
        ("rests-on-weaker", {A: RESTS, B: "Unrated."}),
        ("rests-on-weaker", {A: front("depends_on: [b]"), B: WEAK}),
        ("rests-on-weaker", {A: front("confidence: likely", "related: [b]", "supports: [b]"), B: WEAK}),
        ("cycle", {A: RESTS, B: LIKELY}),
        ("cycle", {A: front("supports: [b]"), B: front("supports: [a]")}),
        ("cycle", {A: RESTS, B: front("related: [a]", "supports: [a]")}),
        ("contradiction", {A: CHALLENGES, B: front("confidence: experimental")}),
        ("contradiction", {A: front("confidence: experimental", "challenges: [b]"), B: LIKELY}),
        ("contradiction", {A: CHALLENGES, B: "Unrated."}),
        ("contradiction", {A: front("supports: [b]"), B: "", "core/x/c.md": front("challenges: [b]")}),
        ("contradiction", {A: front("depends_on: [b]", "challenges: [b]"), B: ""}),
        ("unchallenged", {A: front("confidence: experimental")}),
        ("unchallenged", {A: "Unrated."}),
        ("unchallenged", {B: front("confidence: likely", "challenged_by: [a]"), A: WEAK}),
        ("unchallenged", {A: front("confidence: likely", "challenged_by: [some doubt it]")}),
        ("unchallenged", {A: LIKELY + "**Counterargument:** some do well."}),
        ("unsourced", {A: "[[2020-paper]]", PAPER: ""}),
        ("unsourced", {A: EXTEND, PAPER: ""}),
        ("unsourced", {A: "", PAPER: front("claims_extracted: [a]")}),
        ("unsourced", {A: front("type: divergence")}),
        ("orphan", {A: "As [[b]] says.", B: ""}),
        ("orphan", {A: front("type: divergence", "claims: [b]"), B: ""}),
        ("stale", {A: front("last_evaluated: 2026-01-01"), PAPER: front("date: 2026-06-30")}),
        ("stale", {A: front("created: 2020-01-01", "last_evaluated: 2026-06-30"), B: front("created: 2026-07-01")}),
        ("stale", {A: front("created: 2026-01"), PAPER: front("date: 2026-06")}),
        ("stale", {A: "Undated.", PAPER: front("date: 2026-07-01")}),
        (
            "stale",
            {
                "domains/sleep/_map.md": front("created: 2020-01-01"),
                PAPER: front("date: 2020-01-01"),
                A: front("created: 2026-01-01"),
            },
        ),
        ("near-duplicate", {A: "# Naps restore tired minds", B: "# Naps restore tired souls"}),
        ("near-duplicate", {"core/x/a.md": "# Naps restore tired minds", A: "# Naps restore tired minds"}),
        ("near-duplicate", {A: "# Naps restore tired minds", PAPER: "# Naps restore tired minds"}),
        ("enrichment-without-evidence", {A: EXTEND, PAPER: front("enrichments_applied: [a]")}),
        ("enrichment-without-evidence", {A: "", PAPER: front("claims_extracted: [a]")}),
        ("enrichment-without-evidence", {A: front("enrichments_applied: [b]"), B: ""}),
        ("extracted-but-absent", {A: "", PAPER: front("claims_extracted: [a, a.md, A]")}),
        (
            "extracted-but-absent",
            {A: "", PAPER: front("claims_extracted: 0", "enrichments_applied: [some words of note]")},
        ),
        ("dead-link", {A: "", PAPER: front("claims_extracted: [gone-for-good]")}),
        ("twin", {A: "", "inbox/archive/a.md": ""}),
    ],
)
def test_what_only_nearly_is_a_problem_is_none(tmp_path: Path, code: str, files: dict[str, str]) -> None:
    assert problems(tmp_path, files, code) == []


def test_every_claim_of_a_circle_is_told(tmp_path: Path) -> None:
    files = {A: RESTS, B: front("confidence: likely", "depends_on: [c]"), "core/x/c.md": "Since [[a]], so."}
    assert [problem.path for problem in problems(tmp_path, files, "cycle")] == ["core/x/c.md", A, B]


def test_a_claim_is_not_said_to_support_what_supports_it(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {A: front("challenges: [b]"), B: front("supports: [a]")}, "contradiction")
    assert problem.message != f"{A} supports and challenges it"


@pytest.mark.parametrize("code", ["unchallenged", "unsourced", "orphan"])
def test_nothing_more_is_asked_of_a_retired_claim(tmp_path: Path, code: str) -> None:
    assert problems(tmp_path, {A: front("confidence: likely", "status: retired")}, code) == []
    assert problems(tmp_path, {A: front("confidence: likely", "status: revised")}, code) != []


def test_names_in_another_script_are_no_twins(tmp_path: Path) -> None:
    assert problems(tmp_path, {"domains/x/Сон лечит.md": "", "domains/x/Мосты поют.md": ""}, "twin") == []


@pytest.mark.parametrize(
    ("created", "committed", "found"),
    [
        ("2026-01-03", "2026-01-01T23:00:00Z", ["created: 2026-01-03, but git has it since 2026-01-01"]),
        ("2026-01-03", "2026-01-02T00:30:00+14:00", ["created: 2026-01-03, but git has it since 2026-01-01"]),
        ("2026-01-02", "2026-01-01T00:00:00Z", []),  # it was the second already, elsewhere
        ("2025-01-01", "2026-01-01T00:00:00Z", []),  # written before it was committed
        ("2026-02", "2026-01-01T00:00:00Z", []),
        ("soon", "2026-01-01T00:00:00Z", []),
    ],
)
def test_what_is_dated_after_git_has_had_it_is_misdated(
    tmp_path: Path, created: str, committed: str, found: list[str]
) -> None:
    base = Base(tmp_path)
    base.commit({A: front(f"created: {created}")}, date=committed)
    base.commit({A: front(f"created: {created}", "confidence: likely")})
    problems = [problem for problem in read_codex(tmp_path).problems if problem.code == "created-after-commit"]
    assert problems == [Problem(A, 2, "created-after-commit", message, "correct the date") for message in found]


def test_every_code_is_met_in_the_tiny_base_or_here(tmp_path: Path, codex: Codex) -> None:
    here = {"cycle", "stale", "near-duplicate", "enrichment-without-evidence", "created-after-commit"}  # above
    met = {problem.code for problem in codex.problems} | here
    (tmp_path / "gone.md").symlink_to("nowhere")
    met |= {problem.code for problem in problems(tmp_path, {}, "unreadable-file")}
    (tmp_path / "latin.md").write_bytes("Träume".encode("latin-1"))
    met |= {problem.code for problem in problems(tmp_path, {}, "bad-encoding")}
    assert set(PROBLEM_CODES) - met == set()


def codes_in(path: str) -> set[str]:
    """The codes that a module writes down where it makes a problem."""
    places = {"Problem": 2, "_problem": 2, "_problem_of_link": 1}
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
            code = node.args[places[node.func.id]]
            found |= {str(code.value)} if isinstance(code, ast.Constant) else set()
    return found


def test_every_code_that_is_written_down_is_explained() -> None:
    written = codes_in(parse.__file__) | codes_in(review.__file__)
    assert len(written) > 20
    assert written - set(PROBLEM_CODES) == set()
    # The remaining two are told apart by the relation of a link.
    assert set(PROBLEM_CODES) - written == {"dead-link", "extracted-but-absent"}


def test_the_page_of_problems_lists_every_code_the_gravest_first() -> None:
    rows = [row.split(" | ") for row in as_markdown().splitlines() if row.startswith("| `")]
    assert [row[0].strip("| `") for row in rows][:3] == [
        "broken-front-matter",
        "refused-front-matter",
        "unreadable-file",
    ]
    assert {row[0].strip("| `") for row in rows} == set(PROBLEM_CODES)
    assert (PROJECT / "docs/problems.md").read_text(encoding="utf-8") == as_markdown() + "\n"


def objections_to_a(root: Path, files: dict[str, str]) -> int:
    return next(row.objections for row in read(root, files).analysis.metrics if row.claim == "a")


@pytest.mark.parametrize(
    ("text", "others", "objections"),
    [
        (front("challenged_by: [some doubt it, others too]"), {}, 2),
        (front("challenged_by: ['[[nowhere]]']"), {}, 1),
        ("## Challenges\nSome doubt it.\n\n- Others too", {}, 2),
        ("### Additional Evidence (challenge)\n*Source: [[2020-paper]]*\n\nNo.", {PAPER: ""}, 1),
        ("### Additional Evidence (challenge)\n*Source: [[2020-paper]]*\n\nNo.\n\n## Challenges\nNo.", {PAPER: ""}, 2),
        ("", {"challenges/not-so.md": front("type: challenge", "target_claim: a")}, 1),
        ("", {"agents/mara/positions/p.md": front("challenges: [a]")}, 1),
        ("### Additional Evidence (confirm)\n*Source: [[2020-paper]]*\n\nYes.", {PAPER: ""}, 0),
        ("## Challenges\n### Additional Evidence (confirm)\n*Source: [[2020-paper]]*\n\nYes.", {PAPER: ""}, 0),
        (front("challenges: [some doubt]", "related: [some doubt]"), {}, 0),
        ("## Challenges\n\n## Method\nNone spoke against it.", {}, 0),
    ],
)
def test_words_documents_and_evidence_speak_against_a_claim(
    tmp_path: Path, text: str, others: dict[str, str], objections: int
) -> None:
    assert objections_to_a(tmp_path, {A: text, **others}) == objections


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (front("challenged_by: [2020-paper]"), {PAPER: ""}),
        ("## Counter-evidence\nAs [[2020-paper]] says.", {PAPER: ""}),
        (front("challenged_by: [not-so]"), {"challenges/not-so.md": front("type: challenge")}),
        (front("challenged_by: [p]"), {"agents/mara/positions/p.md": ""}),
    ],
)
def test_a_document_that_a_claim_says_challenges_it_speaks_against_it(
    tmp_path: Path, text: str, others: dict[str, str]
) -> None:
    assert objections_to_a(tmp_path, {A: text, **others}) == 1


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (
            "### Additional Evidence (challenge)\n*Source: [[2020-paper]]*\n\nNo.",
            {PAPER: front("enrichments_applied: [a]")},
        ),
        ("", {"challenges/not-so.md": front("type: challenge", "target_claim: a", "challenges: [a]")}),
        (front("challenged_by: [some doubt it]") + "## Challenges\nSome doubt it.", {}),
        (front("challenged_by: [not-so]"), {"challenges/not-so.md": front("type: challenge", "target_claim: a")}),
    ],
)
def test_an_objection_stated_twice_counts_once(tmp_path: Path, text: str, others: dict[str, str]) -> None:
    assert objections_to_a(tmp_path, {A: text, **others}) == 1


def test_objections_in_another_script_are_told_apart(tmp_path: Path) -> None:
    assert objections_to_a(tmp_path, {A: "## Challenges\n- Сон короток\n- Мосты поют"}) == 2
