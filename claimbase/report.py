"""Report: problems and the closing summary, for people, programs and GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from claimbase.problems import PROBLEM_CODES, SEVERITIES
from claimbase.records import Outcome, Problem
from claimbase.terminal import one_line
from claimbase.vocabulary import HISTORIES, STATES

Key: TypeAlias = tuple[str, str, str]

FORMATS = ("text", "json", "github")
_GITHUB_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


class BadBaseline(ValueError):
    """The baseline cannot be read; the message says which file."""


def report(problems: Iterable[Problem], format_: str) -> Iterator[str]:
    """The problems as lines: `path:line code message; suggestion`, a JSON list, or GitHub annotations."""
    if format_ == "json":
        rows = [problem._asdict() | {"severity": severity(problem)} for problem in problems]
        yield "\n".join(map(_shown, json.dumps(rows, ensure_ascii=False, indent=2).split("\n")))
    else:
        yield from map(_github if format_ == "github" else _text, problems)


def read_baseline(path: Path) -> Counter[Key]:
    """The old debt a file written with `--format json` lists. Raises `BadBaseline` where it is no such file."""
    try:
        return Counter((row["path"], row["code"], row["message"]) for row in json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadBaseline(f"{path}: not a list of problems as --format json writes it") from error


def new_problems(problems: Iterable[Problem], baseline: Counter[Key]) -> list[Problem]:
    """The problems beyond the baseline. Lines move when a file is edited, so they do not tell problems apart."""
    left = baseline.copy()
    found = []
    for problem in problems:
        key = (problem.path, problem.code, problem.message)
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(problem)
    return found


def fails(problems: Iterable[Problem], grave: Collection[str]) -> bool:
    """Whether any of the problems has one of the severities given."""
    return any(severity(problem) in grave for problem in problems)


def severity(problem: Problem) -> str:
    return PROBLEM_CODES[problem.code].severity


def summary(outcome: Outcome, seconds: float) -> Iterator[str]:
    """What was found, in a few lines."""
    kinds, states = Counter(outcome.kinds), Counter(outcome.states)
    found = Counter(map(severity, outcome.problems))
    history = f": {HISTORIES[outcome.history]}" if outcome.history != "whole" else ""
    claims, sources = _counted(kinds["claim"], "claim"), _counted(kinds["source"], "source")
    yield f"{_counted(kinds.total(), 'document', 7)}, {claims}, {sources}"
    yield f"{_counted(states.total(), 'link', 7)}: " + ", ".join(f"{states[state]:,} {state}" for state in STATES)
    yield f"{_counted(found.total(), 'problem', 7)}: " + ", ".join(f"{found[level]:,} {level}" for level in SEVERITIES)
    yield _counted(outcome.commits, "commit", 7) + history
    yield f"{seconds:>7.2f} seconds"


def _counted(number: int, noun: str, width: int = 0) -> str:
    return f"{number:>{width},} {noun}" + ("" if number == 1 else "s")


def _text(problem: Problem) -> str:
    suggestion = f"; {problem.suggestion}" if problem.suggestion else ""
    return f"{_place(problem)} {problem.code} {one_line(problem.message + suggestion)}"


def _place(problem: Problem) -> str:
    path = one_line(problem.path)
    return f"{path}:{problem.line}" if problem.line else path


def _github(problem: Problem) -> str:
    """A workflow command: https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
    level = _GITHUB_LEVELS[severity(problem)]
    properties = f"file={_property(problem.path)},line={problem.line or 1},title={_property(problem.code)}"
    suggestion = f"; {problem.suggestion}" if problem.suggestion else ""
    return f"::{level} {properties}::{_data(problem.message + suggestion)}"


def _shown(line: str) -> str:
    """A line of JSON that says the same in characters that a terminal shows."""
    if line.isprintable():
        return line
    return "".join(letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in line)


def _data(text: str) -> str:
    """Ends of lines are escaped; other control characters, which a log would obey, are not shown."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return one_line(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
