"""Pitfalls: what the GraphQL library would answer otherwise than it is asked, and what to ask instead.

It turns what is asked of a table into an address of Datasette, where some of it gets lost. An answer to another
question is worse than none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

# Their value is of no account to Datasette: to be there is to be true.
_SWITCHES = {"isnull": "notnull", "notnull": "isnull", "isblank": "notblank", "notblank": "isblank"}
_LISTS = frozenset({"in", "notin"})
# The library's names for operations that are words of Python, too.
_SPELT = {"exact": "eq", "in_": "in", "not_": "not"}


def pitfalls(owner: str, field: str, asked: Mapping[str, Any]) -> Iterator[str]:
    """Why a field of the tables' part of the schema, with its arguments, cannot be answered as it is meant."""
    if owner.endswith("Collection") and field == "edges":
        yield "`edges` have cursors that no list goes on from: ask for `nodes` and `pageInfo { endCursor }`."
    if asked.get("sort") and asked.get("sort_desc"):
        yield "`sort` and `sort_desc` exclude each other: give one of them."
    if field.endswith("_row") and not any(asked.values()):
        yield f"`{field}` has to be told which row: give it a key."
    for column, operation, value in _conditions(asked.get("filter")):
        yield from _told(column, operation, value)
    repeated = Counter((column, operation) for column, operation, _ in _conditions(asked.get("filter")))
    for (column, operation), times in repeated.items():
        if times > 1:
            yield f"`filter` says `{operation}` of `{column}` {times} times, of which one would count: say it once."


def _conditions(filters: Any) -> Iterator[tuple[str, str, Any]]:
    for condition in filters or []:
        for column, operations in (condition or {}).items():
            for operation, value in (operations or {}).items():
                yield column, _SPELT.get(operation, operation), value


def _told(column: str, operation: str, value: Any) -> Iterator[str]:
    if value is None:
        yield f"`filter` compares `{column}` with null: ask `isnull: true` or `notnull: true` instead."
    if operation in _SWITCHES and value is False:
        yield f"`{operation}: false` of `{column}` would be taken for true: ask `{_SWITCHES[operation]}: true` instead."
    if operation in _LISTS and any("," in str(one) for one in value or []):
        yield f"`{operation}` of `{column}` has a value with a comma, which would be taken for two: use `eq`."
