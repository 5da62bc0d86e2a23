"""YAML as front matter uses it, read from parse events: bounded, without surprises, with line numbers.

Building from events instead of through a loader does three things at once. The size, depth and
number of nodes are bounded before anything is built (libyaml's own composer recurses and can be made to
overflow the stack). Scalars stay the text they were written as, apart from `null`, `true`, `false` and
plain decimal integers, so `no`, `12:30`, `0755`, `1.10`, `2026-02-00` and `.nan` are never turned into
something else. And every key knows its line.
"""

from __future__ import annotations

import re
import sys
from typing import Any, NamedTuple

import yaml

from claimbase.records import Value

LONGEST = 64 * 1024
DEEPEST = 24
MOST_EVENTS = 20_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Texts as short as a domain, a date or a tag are the same in many files; each is kept once.
_SHORT = 24
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


class Refused(ValueError):
    """The text is too long, too deep, too branched, or uses aliases of collections."""


class Broken(ValueError):
    """The text is not YAML, or no mapping. `line` counts from 0 within the text."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Mapping(NamedTuple):
    """`lines` holds the 0-based line of each key and list item of the top level; `duplicates` the keys met twice."""

    fields: dict[str, Value]
    lines: dict[str, int]
    duplicates: tuple[str, ...]


def read_mapping(text: str) -> Mapping | None:
    """The mapping a YAML text holds, None where it holds something else or nothing.

    A key doubled within another is among the `duplicates` as `attribution.source`.

    Raises `Refused` for what no honest front matter contains and `Broken` for what is not YAML.
    """
    if len(text) > LONGEST:
        raise Refused(f"longer than {LONGEST // 1024} kB")
    try:
        return _Builder(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Broken(error.problem or "not YAML", mark.line if mark else 0) from error
    except yaml.YAMLError as error:
        raise Broken(str(error).splitlines()[0], 0) from error


def merge(earlier: Value, later: Value) -> Value:
    """What two values of one key come to: lists are joined, else the last value that says something."""
    if isinstance(earlier, list) and isinstance(later, list):
        return earlier + [item for item in later if item not in earlier]
    return earlier if later in (None, "", []) else later


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        # The parser under the loader: `yaml.parse` asks it twice for every event.
        self._parser = _Loader(text)
        self._count = 0
        self._copied = 0
        self._scalars: dict[str, Value] = {}
        self._collections: set[str] = set()
        self._lines: dict[str, int] = {}
        self._item_lines: dict[str, list[int]] = {}
        self._duplicates: list[str] = []
        # YAML ends lines at these too, the file does not.
        self._other_ends = any(end in text for end in "\x85\u2028\u2029")

    def document(self) -> Mapping | None:
        self._next()
        self._next()
        event = self._next()
        if not isinstance(event, yaml.MappingStartEvent):
            return None
        fields = self._mapping(event, 0, "")
        self._next()
        behind = self._next()
        if not isinstance(behind, yaml.StreamEndEvent):
            raise Broken("text behind the mapping", self._line(behind))
        items = {
            sys.intern(f"{key}[{index}]"): line
            for key, lines in self._item_lines.items()
            for index, line in enumerate(lines)
        }
        return Mapping(fields, self._lines | items, tuple(self._duplicates))

    def _next(self) -> Any:
        self._count += 1
        if self._count > MOST_EVENTS:
            raise Refused(f"more than {MOST_EVENTS:,} nodes")
        return self._parser.get_event()

    def _line(self, event: Any) -> int:
        mark = event.start_mark
        return self._text.count("\n", 0, mark.index) if self._other_ends else mark.line

    def _value(self, event: Any, depth: int, key: str) -> Value:
        if depth > DEEPEST:
            raise Refused(f"nested deeper than {DEEPEST}")
        if isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth, key)
        elif isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth, key)
        else:
            return self._alias(event)
        if event.anchor:
            self._scalars[event.anchor] = value
        return value

    def _alias(self, event: Any) -> Value:
        if event.anchor in self._collections:
            raise Refused(f"an alias of a collection (*{event.anchor})")
        if event.anchor not in self._scalars:
            raise Broken(f"an alias of nothing (*{event.anchor})", self._line(event))
        value = self._scalars[event.anchor]
        self._copied += len(str(value))
        if self._copied > LONGEST:
            raise Refused(f"aliases that repeat more than {LONGEST // 1024} kB")
        return value

    def _sequence(self, start: Any, depth: int, key: str) -> Value:
        self._collections.add(start.anchor)
        items: list[Value] = []
        lines: list[int] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            lines.append(self._line(event))
            items.append(self._value(event, depth + 1, key))
        if depth == 1:
            self._item_lines[key] = lines
        return items

    def _mapping(self, start: Any, depth: int, within: str) -> dict[str, Value]:
        self._collections.add(start.anchor)
        fields: dict[str, Value] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, depth)
            place = f"{within}.{key}" if within else key
            if depth == 0:
                self._lines.setdefault(key, self._line(event))
            earlier_lines = self._item_lines.get(place, [])
            value = self._value(self._next(), depth + 1, place)
            if key in fields:
                self._duplicates.append(place)
                self._join_lines(place, fields[key], value, earlier_lines)
                value = merge(fields[key], value)
            fields[key] = value
        return fields

    def _join_lines(self, key: str, earlier: Value, later: Value, earlier_lines: list[int]) -> None:
        """Keeps the line of each item where two lists of one key are joined."""
        if isinstance(earlier, list) and isinstance(later, list) and key in self._item_lines:
            added = zip(later, self._item_lines[key], strict=True)
            self._item_lines[key] = earlier_lines + [line for item, line in added if item not in earlier]

    def _key(self, event: Any, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return sys.intern(str(event.value))
        return str(self._value(event, depth + 1, ""))


def _scalar(event: Any) -> Value:
    text: str = event.value
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if event.style or event.tag:
        return text
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return sys.intern(text) if len(text) <= _SHORT else text
