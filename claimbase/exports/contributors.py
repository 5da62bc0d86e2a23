"""Contributors: who had which part in how many claims, of which domains, in which months."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from claimbase.exports.codex import Row, ask
from claimbase.exports.json_text import json_list, json_object


def contributors_json(connection: sqlite3.Connection) -> Iterator[str]:
    """Everybody by name, as web apps that show the people behind a codex read it.

    `weighted_score` is null where the base gives no role a weight.
    """
    return json_object({"contributors": json_list(_contributors(connection))})


def _contributors(connection: sqlite3.Connection) -> Iterator[Row]:
    for who in ask(connection, "who_contributed"):
        roles = list(ask(connection, "which_roles_did_somebody_have", contributor=who["id"]))
        domains = ask(connection, "which_domains_did_somebody_contribute_to", contributor=who["id"])
        yield {
            "handle": who["id"],
            "name": who["name"],
            "agent": who["agent"] or "",
            "roles": {row["role"]: row["claims"] for row in roles},
            "weighted_score": _score(roles),
            "domains": {row["domain"]: row["claims"] for row in domains},
            "first_contribution": who["first"] or "",
            "latest_contribution": who["last"] or "",
            "claim_count": who["claims"],
            "timeline": list(_timeline(connection, who["id"])),
        }


def _score(roles: list[Row]) -> float | None:
    weighted = [row["claims"] * row["weight"] for row in roles if row["weight"] is not None]
    return round(sum(weighted), 2) if weighted else None


def _timeline(connection: sqlite3.Connection, contributor: str) -> Iterator[dict[str, Any]]:
    found = ask(connection, "when_did_somebody_contribute", contributor=contributor)
    for month, rows in groupby(found, lambda row: row["month"]):
        parts = list(rows)
        yield {
            "date": month,
            "count": sum(row["claims"] for row in parts),
            "domains": [row["domain"] for row in parts if row["domain"]],
        }
