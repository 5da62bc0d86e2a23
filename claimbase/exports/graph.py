"""Graph: claims, what leads from one to another and when they came, as web apps that draw a codex read it."""

from __future__ import annotations

import colorsys
import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import groupby

from claimbase.exports.codex import Row, ask
from claimbase.exports.json_text import json_line, json_list, json_object

# Whose a claim is that names no agent and that none has proposed.
NOBODY = "collective"
# What such an app tells edges by; what a relation of ours is beyond that stands beside it.
_TYPES = {"challenges": "conflict"}
_OTHER_TYPE = "wiki-link"


def graph_json(connection: sqlite3.Connection) -> Iterator[str]:
    """Nodes, edges, events and the colours of domains.

    Every text is there, empty where a claim says nothing. There is one edge for each source, target and type.
    """
    return json_object(
        {
            "nodes": json_list(_nodes(connection)),
            "edges": json_list(_edges(connection)),
            "events": json_list(_events(connection)),
            "domain_colors": [json_line(_colours(connection))],
        }
    )


def _nodes(connection: sqlite3.Connection) -> Iterator[Row]:
    for claim in ask(connection, "what_is_each_claim"):
        told = {name: claim[name] or "" for name in ("id", "title", "domain", "created", "confidence", "path")}
        challenged = bool(claim["challenged"])
        node = told | {"agent": claim["agent_or_proposer"] or NOBODY, "challenged": challenged}
        if challenged:
            node["challenges"] = [
                row["words"] for row in ask(connection, "what_speaks_against_a_claim", claim=claim["id"])
            ]
        yield node


def _edges(connection: sqlite3.Connection) -> Iterator[Row]:
    for claim in ask(connection, "what_is_each_claim"):
        leading = ask(connection, "where_does_a_claim_lead", claim=claim["id"])
        for (type_, other, domain), rows in groupby(leading, _end):
            yield {
                "source": claim["id"],
                "target": other,
                "type": type_,
                "cross_domain": None not in (claim["domain"], domain) and claim["domain"] != domain,
                "relations": [row["relation"] for row in rows],
            }


def _end(row: Row) -> tuple[str, str, str | None]:
    return _TYPES.get(row["relation"], _OTHER_TYPE), row["other"], row["domain"]


def _events(connection: sqlite3.Connection) -> Iterator[Row]:
    for merged in ask(connection, "which_pull_requests_added_claims"):
        yield {
            "type": "pr-merge",
            "number": merged["pull_request"],
            "agent": merged["agent"] or NOBODY,
            "claims_added": merged["claims"],
            "date": merged["day"],
        }


def _colours(connection: sqlite3.Connection) -> dict[str, str]:
    """A colour for each domain that its name alone decides, so that it stays when others come and go."""
    return {row["id"]: _colour(row["id"]) for row in ask(connection, "which_domains_are_there")}


def _colour(name: str) -> str:
    hue = int.from_bytes(hashlib.sha256(name.encode()).digest()[:2], "big") / 0xFFFF
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, 0.45, 0.55))
