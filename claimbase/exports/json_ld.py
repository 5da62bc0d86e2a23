"""JSON-LD: claims, the arguments between them and their sources as linked data.

Claims are those of https://schema.org/Claim; relations are from CiTO, the Citation Typing Ontology
(http://purl.org/spar/cito), as far as it has them.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator

from claimbase.addresses import DATABASE, page_of
from claimbase.exports.codex import Row, ask
from claimbase.exports.json_text import json_line, json_list, json_object
from claimbase.repository import file_at

_LINK = {"@type": "@id"}
_CONTEXT = {
    "schema": "https://schema.org/",
    "cito": "http://purl.org/spar/cito/",
    "dcterms": "http://purl.org/dc/terms/",
    "Claim": "schema:Claim",
    "CreativeWork": "schema:CreativeWork",
    "PropertyValue": "schema:PropertyValue",
    "name": "schema:name",
    "description": "schema:description",
    "dateCreated": "schema:dateCreated",
    "dateModified": "schema:dateModified",
    "datePublished": "schema:datePublished",
    "creativeWorkStatus": "schema:creativeWorkStatus",
    "author": "schema:author",
    "about": "schema:about",
    "url": "schema:url",
    "identifier": "schema:identifier",
    "additionalProperty": "schema:additionalProperty",
    "value": "schema:value",
    # Between claims.
    "supports": {"@id": "cito:supports", **_LINK},
    "challenges": {"@id": "cito:disputes", **_LINK},
    "depends_on": {"@id": "cito:usesConclusionsFrom", **_LINK},
    "related": {"@id": "dcterms:relation", **_LINK},
    # From a claim to a source.
    "origin": {"@id": "schema:isBasedOn", **_LINK},
    "cites": {"@id": "schema:citation", **_LINK},
    "extend": {"@id": "cito:isExtendedBy", **_LINK},
    "confirm": {"@id": "cito:isConfirmedBy", **_LINK},
    "challenge": {"@id": "cito:isDisputedBy", **_LINK},
}


def json_ld(connection: sqlite3.Connection) -> Iterator[str]:
    """Claims and sources. Ids are the addresses of their pages, from where the site serves this document."""
    return json_object({"@context": [json_line(_CONTEXT)], "@graph": json_list(_graph(connection))})


def _graph(connection: sqlite3.Connection) -> Iterator[Row]:
    files = next((row["value"] for row in ask(connection, "where_are_the_files")), None)
    for claim in ask(connection, "what_is_each_claim"):
        yield _told(_claim(claim, files) | _relations(connection, claim["id"]))
    for source in ask(connection, "which_sources_are_there"):
        yield _told(_source(source))


def _claim(claim: Row, files: str | None) -> Row:
    rating = {"@type": "PropertyValue", "name": "confidence", "value": claim["confidence"]}
    return {
        "@id": _id("claim", claim["id"]),
        "@type": "Claim",
        "name": claim["title"],
        "description": claim["description"],
        "dateCreated": claim["created"],
        "dateModified": claim["last_evaluated"],
        "creativeWorkStatus": claim["status"],
        "author": _named("agents", claim["agent"], claim["agent_name"]),
        "about": _named("domains", claim["domain"], claim["domain_title"]),
        "additionalProperty": rating if claim["confidence"] else None,
        "url": file_at(files, claim["path"]),
    }


def _relations(connection: sqlite3.Connection, claim: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for argument in ask(connection, "what_does_a_claim_argue", claim=claim):
        found[argument["relation"]].append(_id("claim", argument["other"]))
    for evidence in ask(connection, "which_sources_bear_on_a_claim", claim=claim):
        found[evidence["kind"]].append(_id("source", evidence["source"]))
    return found


def _source(source: Row) -> Row:
    identifiers = {"doi": source["doi"], "arXiv": source["arxiv"]}
    return {
        "@id": _id("source", source["id"]),
        "@type": "CreativeWork",
        "name": source["title"],
        "author": source["author"],
        "datePublished": source["date"],
        "url": source["url"],
        "identifier": [f"{name}:{value}" for name, value in identifiers.items() if value],
    }


def _named(table: str, id_: str | None, name: str | None) -> Row | None:
    return {"@id": f"../{DATABASE}/{table}/{id_}", "name": name} if id_ else None


def _id(kind: str, id_: str) -> str:
    return f"..{page_of(kind, id_)}"


def _told(node: Row) -> Row:
    return {name: value for name, value in node.items() if value}
