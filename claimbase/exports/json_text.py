"""JSON text: a long list as it is written item by item, a line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping


def json_object(members: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """A JSON object whose members are texts that come in pieces."""
    opening = "{\n"
    for name, text in members.items():
        yield f"{opening}{json_line(name)}: "
        yield from text
        opening = ",\n"
    yield "\n}\n"


def json_list(items: Iterable[object]) -> Iterator[str]:
    """A JSON list of these items, no more than one of which is in memory."""
    opening = "[\n"
    for item in items:
        yield opening + json_line(item)
        opening = ",\n"
    yield "[]" if opening == "[\n" else "\n]"


def json_line(value: object) -> str:
    """A value as JSON on one line, in letters as they are."""
    return json.dumps(value, ensure_ascii=False)
