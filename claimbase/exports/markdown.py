"""Markdown: every document as a file again, with the relations of claims written out.

A build of these files comes to the same claims, links, arguments and evidence. What only git told is not in them.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator

from claimbase.exports.codex import NotExportable, Row, ask
from claimbase.exports.files import File
from claimbase.exports.front_matter import front_matter
from claimbase.read_yaml import Broken, Refused, read_mapping
from claimbase.records import Fields, Value
from claimbase.slugs import strip_ending
from claimbase.values import texts
from claimbase.vocabulary import WEIGHTS_FILE

# The key under which relations are written out. A build does not read it: they stand elsewhere as they were stated.
RELATIONS = "resolved_relations"
# Front matter of so many characters is read for certain.
_SURE = 16_000
# How a body may begin, or a line of it, that would be read for what it says of the file where no front matter does.
_TELLING = re.compile(r"\A(?:\ufeff|-{3,}[ \t]*$)|^[ \t]*\*\*", re.MULTILINE)


def markdown(connection: sqlite3.Connection) -> Iterator[File]:
    """A file for each document at its own path, and one for what roles count. Raises `NotExportable` at a bad path."""
    for document in ask(connection, "what_does_each_document_hold"):
        if document["path"].startswith("/") or not {"", ".", ".."}.isdisjoint(document["path"].split("/")):
            raise NotExportable(f"{document['path']}: this path leads out of the folder")
        yield File(document["path"], iter([_text(connection, document).encode()]))
    weights = list(ask(connection, "what_does_each_role_count"))
    if weights:
        lines = [f"  {row['id']}: {row['weight']:.9f}\n" for row in weights]
        yield File(WEIGHTS_FILE, iter(["".join(["role_weights:\n", *lines]).encode()]))


def _text(connection: sqlite3.Connection, document: Row) -> str:
    fields, relations = _fields(connection, document), _relations(connection, document)
    head, body = _head(fields, relations), document["body"] or ""
    if head or _TELLING.search(body):
        return f"---\n{head}---\n\n{body}\n"
    return f"{body}\n"


def _fields(connection: sqlite3.Connection, document: Row) -> Fields:
    """What the front matter says, and under `aliases` the names by which only git tells what links mean."""
    stated: Fields = json.loads(document["front_matter"])
    fields = {key: value for key, value in stated.items() if key != RELATIONS}
    former = ask(connection, "which_old_names_lead_to_a_document", document=document["id"])
    known: list[Value] = [*texts(fields.get("aliases"))]
    names: list[Value] = [strip_ending(row["label"].strip()) for row in former]
    return fields | {"aliases": known + [name for name in names if name not in known]} if names else fields


def _relations(connection: sqlite3.Connection, document: Row) -> Fields:
    if document["kind"] != "claim":
        return {}
    related = ask(connection, "what_is_a_claim_related_to", claim=document["id"])
    found: list[Value] = [{row["stance"]: row["path"]} for row in related]
    return {RELATIONS: found} if found else {}


def _head(fields: Fields, relations: Fields) -> str:
    """The front matter, with the relations as long as a build can read it."""
    whole = front_matter({**fields, **relations})
    return whole if len(whole) <= _SURE or _is_readable(whole) else front_matter(fields)


def _is_readable(head: str) -> bool:
    try:
        return read_mapping(head) is not None
    except (Broken, Refused):
        return False
