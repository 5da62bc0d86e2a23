"""Differ: what the next version of a claim says that the last did not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from claimbase.records import Difference, Differences, Value, Version
from claimbase.values import text

TITLE = "title"


def differ(before: Sequence[Version], after: Version) -> Differences:
    """What a version has that none of those it was made from has: two or more where lines of work were merged.

    A line that only moved is none that was added or removed.
    """
    told = [dict(_told(version)) for version in before]
    now = dict(_told(after))
    keys = dict.fromkeys(key for version in (*told, now) for key in version)
    fields = tuple(
        Difference(key, told[0].get(key), now.get(key))
        for key in keys
        if all(version.get(key) != now.get(key) for version in told)
    )
    lines, were = _lines(after.body), [_lines(version.body) for version in before]
    added = min(((lines - other).total() for other in were), default=0)
    removed = min(((other - lines).total() for other in were), default=0)
    return Differences(fields, added, removed)


def _told(version: Version) -> list[tuple[str, str]]:
    """What each key says, as text; the title is the one that is shown, wherever it stands."""
    keys = [(key, _written(value)) for key, value in version.fields.items() if key != TITLE]
    return [(TITLE, version.title), *((key, shown) for key, shown in keys if shown is not None)]


def _written(value: Value) -> str | None:
    """A value as text: lists and mappings as JSON, since a join would hide where one item ends."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    return text(value)


def _lines(body: str) -> Counter[str]:
    return Counter(line for line in map(str.strip, body.splitlines()) if line)
