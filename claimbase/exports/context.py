"""Context: which claims there are, in as few words as an agent needs that is about to write or answer something."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from claimbase.exports.codex import Row, ask
from claimbase.exports.graph import NOBODY
from claimbase.exports.json_text import json_line, json_list, json_object


def claims_context(connection: sqlite3.Connection) -> Iterator[str]:
    """How many claims there are and what each says of itself, by domain and title, without their bodies."""
    [[count]] = (row.values() for row in ask(connection, "how_many_claims_are_there"))
    return json_object({"claimCount": [json_line(count)], "claims": json_list(_claims(connection))})


def _claims(connection: sqlite3.Connection) -> Iterator[Row]:
    for claim in ask(connection, "which_claims_does_each_domain_have"):
        told = {name: claim[name] or "" for name in ("id", "title", "description", "domain", "confidence", "status")}
        yield told | {"agent": claim["agent"] or NOBODY, "challenged": bool(claim["challenged"])}
