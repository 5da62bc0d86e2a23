"""Report a comparison: what differs between two databases, for people, programs and pull requests."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from claimbase.compare import Change, Comparison, Found, LinkChange, Move, Renaming, Tally
from claimbase.repository import file_at
from claimbase.terminal import one_line

COMPARISON_FORMATS = ("text", "json", "markdown")
NOTHING = "no difference in claims, links and problems"
# A comment is read, not searched: so many items of each list, so much of a title, and no longer than GitHub takes.
MOST_LISTED = 20
LONGEST_TITLE = 150
LONGEST_COMMENT = 60_000

_DIRECTIONS = {"up": "↑", "down": "↓", None: "·"}
_MARKUP, _ESCAPED = re.compile(r"([\\`*_\[\]<>&~$!|:])"), r"\\\1"

Lines: TypeAlias = Iterator[str]


class Part(NamedTuple):
    """A list of the comment: its heading, its items, and how one of them reads."""

    heading: str
    items: tuple[object, ...]
    line: Callable[..., str]


def report_comparison(comparison: Comparison, format_: str) -> Lines:
    """What differs, as lines: `path:line what`, one JSON object, or Markdown for a comment on a pull request."""
    if format_ == "json":
        yield json.dumps(_as_json(comparison), ensure_ascii=False, indent=2)
    else:
        yield from (_markdown if format_ == "markdown" else _text)(comparison)


def sum_up(comparison: Comparison) -> str:
    """What differs in one line: how many of each, and nothing of what did not happen."""
    moved = Counter(move.direction or "otherwise" for move in comparison.moved)
    groups = {
        "claims": {
            "added": len(comparison.added),
            "removed": len(comparison.removed),
            "renamed": len(comparison.renamed),
            "edited": comparison.edited,
        },
        "confidence": {direction: moved[direction] for direction in ("up", "down", "otherwise")},
        "links": {"broken": len(comparison.broken), "mended": len(comparison.mended)},
        "problems": {
            "new": sum(tally.new for tally in comparison.problems),
            "gone": sum(tally.gone for tally in comparison.problems),
        },
    }
    told = {
        name: ", ".join(f"{number:,} {what}" for what, number in numbers.items() if number)
        for name, numbers in groups.items()
    }
    return "; ".join(f"{name}: {numbers}" for name, numbers in told.items() if numbers) or NOTHING


def _as_json(comparison: Comparison) -> dict[str, object]:
    return {
        name: [row._asdict() for row in value] if isinstance(value, tuple) else value
        for name, value in comparison._asdict().items()
    }


def _text(comparison: Comparison) -> Lines:
    yield sum_up(comparison)
    for line in _text_lines(comparison):
        yield one_line(line)


def _text_lines(comparison: Comparison) -> Lines:
    for word, claims in (("added", comparison.added), ("removed", comparison.removed)):
        yield from (f'{claim.path} {word} "{claim.title}" ({claim.confidence or "unrated"})' for claim in claims)
    yield from (f"{claim.path} renamed from {claim.old_path}" for claim in comparison.renamed)
    for move in comparison.moved:
        yield f"{move.path} confidence {_step(move)}" + (f" ({move.direction})" if move.direction else "")
    yield from (f"{row.path} {row.field} {row.old or 'none'} → {row.new or 'none'}" for row in comparison.changed)
    yield from (f'{link.path}:{link.line} broken "{link.label}" led to {link.target}' for link in comparison.broken)
    yield from (f'{link.path}:{link.line} mended "{link.label}" leads to {link.target}' for link in comparison.mended)
    yield from (f"{tally.code} {tally.new:,} new, {tally.gone:,} gone" for tally in comparison.problems)


def _step(move: Move) -> str:
    return f"{move.old or 'unrated'} → {move.new or 'unrated'}"


def _markdown(comparison: Comparison) -> Lines:
    """The summary, then a list a kind; where all of it is longer than a comment may be, it ends and says so."""
    left = LONGEST_COMMENT
    for line in _markdown_lines(comparison):
        left -= len(line) + 1
        if left < 0:
            yield "\n… and more than fits in a comment"
            return
        yield line


def _markdown_lines(comparison: Comparison) -> Lines:
    yield f"**{sum_up(comparison)}**"
    for part in _parts(comparison):
        if part.items:
            yield f"\n### {part.heading} ({len(part.items):,})\n"
            yield from (f"- {part.line(item)}" for item in part.items[:MOST_LISTED])
        if len(part.items) > MOST_LISTED:
            yield f"- and {len(part.items) - MOST_LISTED:,} more"


def _parts(comparison: Comparison) -> Iterable[Part]:
    """The lists, the ones first that a reviewer should see."""

    def new(title: str, path: str) -> str:
        return _link(title, path, comparison.new_files)

    def move(row: Move) -> str:
        return f"{_DIRECTIONS[row.direction]} {new(row.title, row.path)} {_code(_step(row))}"

    def added(row: Found) -> str:
        return f"{new(row.title, row.path)} {_code(row.confidence or 'unrated')}"

    def removed(row: Found) -> str:
        return f"{_link(row.title, row.path, comparison.old_files)} {_code(row.confidence or 'unrated')}"

    def renamed(row: Renaming) -> str:
        return f"{new(row.title, row.path)}, before {_code(row.old_path)}"

    def changed(row: Change) -> str:
        return f"{new(row.title, row.path)} {row.field}: {_code(row.old or 'none')} → {_code(row.new or 'none')}"

    def link(row: LinkChange) -> str:
        return f"{new(f'{row.path}:{row.line}', row.path)} {_code(row.label)} → {_code(row.target)}"

    return (
        Part("Confidence moved", comparison.moved, move),
        Part("Links broken", comparison.broken, link),
        Part("Claims added", comparison.added, added),
        Part("Claims removed", comparison.removed, removed),
        Part("Claims renamed", comparison.renamed, renamed),
        Part("Claims changed", comparison.changed, changed),
        Part("Links mended", comparison.mended, link),
        Part("Problems by code", comparison.problems, _tally),
    )


def _tally(row: Tally) -> str:
    return f"{_code(row.code)} ({row.severity}): {row.new:,} new, {row.gone:,} gone"


# Whatever others wrote stands in a link or in code: GitHub mentions nobody there, and tells no issue of it.
def _link(title: str, path: str, files: str | None) -> str:
    return f"[{_MARKUP.sub(_ESCAPED, _short(title))}](<{file_at(files, path) or quote(path)}>)"


def _code(text: str) -> str:
    """Text in which nothing means anything, in a fence longer than any in it."""
    shown = _short(text) or " "
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def _short(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= LONGEST_TITLE else f"{shown[:LONGEST_TITLE]}…"
