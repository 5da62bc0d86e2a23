"""Patterns: none of ours takes more than its text's length, however its text was made to mislead it."""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from build import PROJECT
from claimbase import commits

_WAYS = ("match", "fullmatch", "search", "sub", "findall", "finditer", "split")
# What our patterns look for, again and again: each may make one of them try all it has read once more.
PIECES = [
    *(" ", "\t", "\n", "\n\n", "a", "A", "é", "0", "-", "_", "*", "#", "~", "`", ".", ",", ":", ";", "/", "|", "\\"),
    *("[", "]", "(", ")", "<", ">", '"', "'", "!", "?", "=", "&", "%", "@", "[[", "]]", "[[a", "[[a|b", "[a](", "](b)"),
    *(
        "a ",
        "a-",
        "a.",
        "a,",
        "a:",
        "a;",
        "0-",
        "0.",
        "2026-",
        "2026-01-",
        "1234.",
        "10.1000/",
        "arXiv:",
        "doi:",
        "http://",
    ),
    *(
        "https://a",
        "http://a.",
        "- ",
        "- a\n",
        "* ",
        "> ",
        "# ",
        "### ",
        "---\n",
        "a: ",
        "a: b\n",
        "| a ",
        "<a",
        "</a>",
    ),
    *("\n ", " \n", "a\n", "\ta", "--", " -- ", " — ", "(confirm) ", "### Additional Evidence (", "*Source: [[a]] | "),
    *("by ", "#1 ", "(#1", "<x> ", "Agent: ", "a (b) ", "@a ", "a/b", "%20", "\x00", "\x1b[", "[!a", "`a`", "**a**"),
]
ENDS = ("", "!", "\n", "]", "0 a")
SHORT, TIMES = 1_000, 4
# Patterns whose cost is their text's length take a fraction of this, whatever the machine is doing.
NOTICEABLE = 0.003


class Pattern(NamedTuple):
    """A pattern where it stands, and a way it is used there."""

    place: str
    way: str
    use: Callable[[str], Any]


def patterns() -> Iterator[Pattern]:
    """Every pattern that a module of ours keeps, in the ways it is asked anywhere, or makes where it asks."""
    paths = [path for folder in ("claimbase", "plugins") for path in sorted((PROJECT / folder).glob("[a-z]*.py"))]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    every = "\n".join(texts.values())
    for path, text in texts.items():
        place = f"{path.parent.name}/{path.name}"
        for name, value in vars(importlib.import_module(f"{path.parent.name}.{path.stem}")).items():
            if not re.search(rf"^{name}\b.*=", text, re.MULTILINE):
                continue
            ways = set(re.findall(rf"\b{name}\.({'|'.join(_WAYS)})\b", every)) or {"search"}
            for number, found in enumerate(_within(value)):
                if isinstance(found.pattern, str):
                    yield from (Pattern(f"{place} {name} {number}", way, _use(found, way)) for way in sorted(ways))
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), way), [ast.Constant(str(pattern)), *_]) if way in _WAYS:
                    yield Pattern(f"{place} {pattern}", way, _use(re.compile(pattern), way))
    for name in ("_KEY", "_COUNT"):
        pattern = getattr(commits, name).format("Agent")
        yield Pattern(f"claimbase/commits.py {name}", "search", re.compile(pattern, re.MULTILINE).search)


def _within(value: object) -> list[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        return [value]
    if isinstance(value, dict):
        return [one for member in value.values() for one in _within(member)]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [one for member in value for one in _within(member)]
    return []


def _use(pattern: re.Pattern[str], way: str) -> Callable[[str], Any]:
    if way == "sub":
        return lambda text: pattern.sub("", text)
    if way == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, way)  # type: ignore[no-any-return]


def seconds(use: Callable[[str], Any], text: str, times: int) -> float:
    """What the quickest of some times took."""
    least = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        use(text)
        least = min(least, time.perf_counter() - started)
    return least


def grows(use: Callable[[str], Any]) -> list[str]:
    """The pieces that make a pattern take far more than four times as long on a text four times as long."""
    found = []
    for piece in PIECES:
        for end in ENDS:
            long = piece * (SHORT * TIMES // len(piece)) + end
            if seconds(use, long, 1) < NOTICEABLE or (took := seconds(use, long, 3)) < NOTICEABLE:
                continue
            short = piece * (SHORT // len(piece)) + end
            if took > 2.2 * TIMES * seconds(use, short, 5):
                found.append(f"{piece!r}… {end!r}: {took:.4f} s")
    return found


PATTERNS = list(patterns())


def test_there_are_patterns() -> None:
    assert len(PATTERNS) > 50


@pytest.mark.parametrize("pattern", [pytest.param(one, id=f"{one.place}.{one.way}") for one in PATTERNS])
def test_a_pattern_takes_no_more_than_its_texts_length(pattern: Pattern) -> None:
    assert grows(pattern.use) == []


def test_a_pattern_that_takes_more_is_found() -> None:
    assert grows(re.compile(r"\s+$").search)
