"""Inline: the references within one line of text, in every form they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

BULLET = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
PATH = re.compile(r"(?<![\w/.\[<{}%=-])((?:[\w.-]+/)+[\w.-]+\.md)\b(?![/\w])")

_WIKI = re.compile(r"\[\[([^\[\]\n]{1,1000})\]\]")
# The target may hold one pair of brackets; its length is bounded so that no line costs more than it is long.
_MARKDOWN = re.compile(r"\[([^\[\]\n]*)\]\(([^()\n]{0,400}(?:\([^()\n]{0,400}\)[^()\n]{0,400})?)\)")
_TARGET = re.compile(r"<?([^<>]*?\.md)(?:#[^\s>]*)?>?(?:\s+\"[^\"]*\")?")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s<>\"]*", re.IGNORECASE)
_SEPARATOR = re.compile(r"(?:--|—|–|-|:)(?:[ \t]+|$)")


class Found(NamedTuple):
    """A reference within a line: the columns it covers, what it names, what it shows, and how it is written."""

    start: int
    end: int
    label: str
    display: str | None
    form: str


def find_references(text: str) -> list[Found]:
    """The wiki links, Markdown links to files and plain paths of a line, from left to right."""
    found = list(find_wiki_links(text)) if "[[" in text else []
    if ".md" in text:
        found += _find_files(text)
    return sorted(found)


def find_wiki_links(text: str) -> Iterator[Found]:
    for match in _WIKI.finditer(text):
        label, display = wiki_parts(match[1])
        if label:
            yield Found(*match.span(), label, display, "wiki")


def wiki_parts(inner: str) -> tuple[str, str | None]:
    """What a wiki link names, and what it shows instead: `x|label`, and in a table `x\\|label`."""
    label, _, display = inner.replace("\\|", "|").partition("|")
    return label.strip(), display.strip() or None


def reason_after(text: str, end: int) -> str | None:
    """What follows a link on its line, without the dash: titles hold dashes too, so only the text behind counts."""
    rest = text[end:].lstrip("*_").strip()
    separator = _SEPARATOR.match(rest)
    return (rest[separator.end() :] if separator else rest.lstrip(",; ")) or None


def _find_files(text: str) -> Iterator[Found]:
    for match in _MARKDOWN.finditer(text):
        target = _TARGET.fullmatch(match[2].strip())
        if target and "://" not in target[1]:
            yield Found(*match.span(), unquote(target[1]), match[1] or None, "markdown")
    for masked in (_WIKI, _MARKDOWN, _ADDRESS):
        text = masked.sub(_spaces, text)
    for match in PATH.finditer(text):
        yield Found(*match.span(), match[1], None, "path")


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
