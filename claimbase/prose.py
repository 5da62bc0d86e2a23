"""Prose: Markdown bodies line by line, and what of them is text and not code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# A fence may open within a quotation or a list item, and ends with it.
_OPENING = re.compile(r"((?:[ \t]|>|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}(?!.*`)|~{3,})")
_CLOSING = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_STARTS_ANEW = re.compile(r"[ \t]*(?:$|[-*+>#|]|\d{1,9}[.)][ \t]|`{3}|~{3})")
# A code span of more lines than this is two stray backticks.
_LONGEST_SPAN = 20
_HEADING = re.compile(r"(#{1,6})[ \t]")
_BACKTICKS = re.compile(r"`+")
_NOT_LINE_END = re.compile(r"[^\n]")
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_RULE_STARTS = frozenset(" \t-*_")


class Line(NamedTuple):
    """A line of text outside code blocks. Code spans are blanked in `text`, so that columns stay true, not in `raw`."""

    number: int
    text: str
    raw: str
    heading: str | None
    level: int


def lines(body: str, first: int = 1) -> Iterator[Line]:
    """The lines of a body that are text: fenced code is skipped, code spans are blanked.

    A fence that is never closed runs to the end of the quotation or list item it stands in, or of the body, as in
    CommonMark (0.31, section 4.5).
    """
    rows = body.split("\n")
    if "`" not in body and "~~~" not in body:
        for number, text in enumerate(rows, first):
            yield _line(number, text, text)
        return
    fence: _Fence | None = None
    item_width = 0
    spans: dict[int, str] = {}
    for index, text in enumerate(rows):
        if fence:
            if not fence.is_left_by(text):
                fence = None if fence.is_closed_by(text) else fence
                continue
            fence = None
        if item_width and text.strip() and not text.startswith(" " * item_width):
            item_width = 0
        if item := _ITEM.match(text):
            item_width = item.end()
        if ("```" in text or "~~~" in text) and (mark := _OPENING.match(text)):
            fence = _Fence(mark[2], ">" in mark[1], min(item_width, len(mark[1])))
            continue
        if "`" in text and index not in spans:
            spans |= _blank_paragraph(rows, index)
        yield _line(first + index, spans.get(index, text), text)


class _Fence(NamedTuple):
    """An open code block: its fence, and whether it stands in a quotation, or in a list item of which width."""

    mark: str
    quoted: bool
    width: int

    def is_closed_by(self, text: str) -> bool:
        closing = _CLOSING.match(text) if self.mark in text else None
        return closing is not None and closing[1].startswith(self.mark)

    def is_left_by(self, text: str) -> bool:
        """Whether a line is outside the quotation or list item, so that the block ended before it."""
        if self.quoted:
            return not text.lstrip(" ").startswith(">")
        return self.width > 0 and text.strip() != "" and not text.startswith(" " * self.width)


def _line(number: int, text: str, raw: str) -> Line:
    heading = _HEADING.match(text) if text[:1] == "#" else None
    if heading:
        return Line(number, text, raw, _heading_text(raw[heading.end() :]), len(heading[1]))
    return Line(number, text, raw, None, 0)


def _blank_paragraph(rows: list[str], start: int) -> dict[int, str]:
    """The lines from `start` to the end of their paragraph with code spans blanked, also those over several lines."""
    end = start + 1
    while end < min(len(rows), start + _LONGEST_SPAN) and not _STARTS_ANEW.match(rows[end]):
        end += 1
    blanked = _blank_code("\n".join(rows[start:end])).split("\n")
    return dict(zip(range(start, end), blanked, strict=True))


def first_heading(body: str) -> str | None:
    """The text of the first level-one heading, None where there is none."""
    # Most bodies open with it.
    if body.startswith("# ") and (heading := _heading_text(body.split("\n", 1)[0][1:])):
        return heading
    if "\n# " not in body:
        return None
    return next((line.heading for line in lines(body) if line.level == 1 and line.heading), None)


def is_rule(text: str) -> bool:
    """Whether a line is a thematic break."""
    return text[:1] in _RULE_STARTS and _RULE.match(text) is not None


def _heading_text(text: str) -> str:
    """The text of a heading without the hashes that may close it (CommonMark 0.31, section 4.2)."""
    text = text.strip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if bare == "" or bare[-1] in " \t" else text


def _blank_code(text: str) -> str:
    """The text with code spans replaced by spaces: a run of backticks closes at the next run as long."""
    runs = [(match.start(), match.end()) for match in _BACKTICKS.finditer(text)]
    closers: dict[int, list[int]] = {}
    for index, (start, end) in reversed(list(enumerate(runs))):
        closers.setdefault(end - start, []).append(index)
    parts, position, index = [], 0, 0
    while index < len(runs):
        start, end = runs[index]
        later = closers[end - start]
        while later and later[-1] <= index:
            later.pop()
        if not later:
            index += 1
            continue
        closing = later[-1]
        parts += [text[position:start], _NOT_LINE_END.sub(" ", text[start : runs[closing][1]])]
        position, index = runs[closing][1], closing + 1
    return "".join(parts) + text[position:]
