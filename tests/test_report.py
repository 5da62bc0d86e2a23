"""Report: problems for people, programs and GitHub."""

from __future__ import annotations

import json

import pytest

from claimbase.outcome import outcome_of
from claimbase.records import Codex, Outcome, Problem
from claimbase.report import report, severity, summary

PROBLEMS = [
    Problem(
        "domains/sleep/naps.md", 14, "dead-link", 'nothing is called "Sleep maters"', 'did you mean "Sleep matters"?'
    ),
    Problem("a, b: 100%.md", None, "unreadable-file", "cannot be read: x"),
    Problem("c.md", 3, "bare-bullet", "one\ntwo"),
]


def test_text_says_where_what_and_next() -> None:
    assert list(report(PROBLEMS, "text")) == [
        'domains/sleep/naps.md:14 dead-link nothing is called "Sleep maters"; did you mean "Sleep matters"?',
        "a, b: 100%.md unreadable-file cannot be read: x",
        "c.md:3 bare-bullet one�two",
    ]


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x07", "\u2028", "\u202e", "\x9b"])
def test_no_name_or_label_writes_to_the_terminal(character: str) -> None:
    (line,) = report([Problem(f"a{character}.md", 1, "dead-link", f"b{character}", f"c{character}")], "text")
    assert line == "a�.md:1 dead-link b�; c�"


def test_github_reads_annotations() -> None:
    assert list(report(PROBLEMS, "github")) == [
        "::warning file=domains/sleep/naps.md,line=14,title=dead-link"
        '::nothing is called "Sleep maters"; did you mean "Sleep matters"?',
        "::error file=a%2C b%3A 100%25.md,line=1,title=unreadable-file::cannot be read: x",
        "::notice file=c.md,line=3,title=bare-bullet::one%0Atwo",
    ]


def test_json_is_one_list_with_the_severity_of_each() -> None:
    (text,) = report(PROBLEMS[:1], "json")
    assert json.loads(text) == [
        {
            "path": "domains/sleep/naps.md",
            "line": 14,
            "code": "dead-link",
            "message": 'nothing is called "Sleep maters"',
            "suggestion": 'did you mean "Sleep matters"?',
            "severity": "warning",
        }
    ]


def test_json_of_nothing_is_an_empty_list() -> None:
    assert [json.loads(line) for line in report([], "json")] == [[]]


@pytest.mark.parametrize("format_", ["text", "github"])
def test_nothing_is_reported_in_no_lines(format_: str) -> None:
    assert list(report([], format_)) == []


@pytest.mark.parametrize(
    ("code", "level"),
    [("unreadable-file", "error"), ("broken-front-matter", "error"), ("dead-link", "warning"), ("twin", "info")],
)
def test_every_code_has_its_severity(code: str, level: str) -> None:
    assert severity(Problem("a.md", 1, code, "")) == level


def test_the_summary_counts_documents_links_and_problems(codex: Codex) -> None:
    counted = list(summary(outcome_of(codex), 1.5))
    assert counted[0] == "     52 documents, 29 claims, 5 sources"
    assert counted[1].startswith(f"{len(codex.links):>7} links: ")
    assert counted[2].startswith(f"{len(codex.problems):>7} problems: 3 error, ")
    assert counted[3] == "      0 commits: the folder is in no git repository"
    assert counted[4] == "   1.50 seconds"


@pytest.mark.parametrize(
    ("history", "commits", "line"),
    [
        ("whole", 1234, "  1,234 commits"),
        (
            "shallow",
            1,
            "      1 commit: the repository is a shallow clone: what came before its oldest commits is not known",
        ),
        ("empty", 0, "      0 commits: the repository has no commit yet"),
        ("no-git", 0, "      0 commits: git is not installed"),
    ],
)
def test_the_summary_says_how_far_back_it_looked(history: str, commits: int, line: str) -> None:
    assert list(summary(Outcome({}, {}, (), history, commits), 1.5))[3] == line
