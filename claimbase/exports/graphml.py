"""GraphML: claims and the arguments between them, for programs that reckon with graphs and draw them.

http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from claimbase.exports.codex import ask

# What XML 1.0 cannot hold, escaped or not: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


class _Column(NamedTuple):
    """A column of ours and its type in GraphML."""

    name: str
    type: str


_OF_NODES = (
    *(_Column(name, "string") for name in ("title", "description", "domain", "confidence", "created", "agent")),
    *(_Column(name, "string") for name in ("scope", "status", "path")),
    _Column("challenged", "boolean"),
    *(_Column(name, "int") for name in ("x", "y")),
)
_OF_EDGES = (_Column("relation", "string"), _Column("asserted", "boolean"), _Column("witnesses", "int"))


def graphml(connection: sqlite3.Connection) -> Iterator[str]:
    """A directed graph: a node for each claim, an edge for each argument, from the claim that acts.

    A claim may have several edges to another, a relation each. Characters that XML cannot hold are replaced.
    """
    yield _HEAD
    for domain, columns in (("node", _OF_NODES), ("edge", _OF_EDGES)):
        for column in columns:
            yield f'<key id="{column.name}" for="{domain}" attr.name="{column.name}" attr.type="{column.type}"/>\n'
    yield '<graph id="codex" edgedefault="directed">\n'
    for claim in ask(connection, "what_is_each_claim"):
        yield f'<node id="{claim["id"]}">{_data(_OF_NODES, claim)}</node>\n'
    for claim in ask(connection, "what_is_each_claim"):
        for argument in ask(connection, "what_does_a_claim_argue", claim=claim["id"]):
            ends = f'id="a{argument["id"]}" source="{claim["id"]}" target="{argument["other"]}"'
            yield f"<edge {ends}>{_data(_OF_EDGES, argument)}</edge>\n"
    yield "</graph>\n</graphml>\n"


def _data(columns: tuple[_Column, ...], row: Mapping[str, object]) -> str:
    told = ((column, row[column.name]) for column in columns)
    return "".join(
        f'<data key="{column.name}">{_text(column, value)}</data>' for column, value in told if value is not None
    )


def _text(column: _Column, value: object) -> str:
    if column.type == "boolean":
        return "true" if value else "false"
    # A carriage return would come back as the end of a line.
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(value)), quote=False).replace("\r", "&#13;")
