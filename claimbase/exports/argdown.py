"""Argdown: claims as statements, supported and attacked by each other, for argument maps.

https://argdown.org/syntax/
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator

from claimbase.exports.codex import Row, ask

# A dot or colon before a letter may open a name for a special character, as in `.~.`; two slashes open a comment.
_CONTROL = re.compile(r"[\\@#*_\[\]<>{}/=]|[.:](?=\S)")
# Within a block of data braces would end it, and YAML takes no delete character.
_IN_DATA = re.compile("[{}\x7f]")
# What is no relation of Argdown's, or less than one, stands in the data under its own name.
_LISTED = ("depends_on", "related")
# `x supports y`; a claim that rests on another is supported by it.
_MARKS = {"supports": "+>", "challenges": "->", "depends_on": "<+"}
_TOLD = ("description", "domain", "confidence", "created", "agent", "scope", "status", "path")


def argdown(connection: sqlite3.Connection) -> Iterator[str]:
    """A statement for each claim, called by its id, with its title as text and what else it says as data.

    White space within a title comes out as single spaces.
    """
    yield "# Claims\n"
    for claim in ask(connection, "what_is_each_claim"):
        arguments = list(ask(connection, "what_does_a_claim_argue", claim=claim["id"]))
        yield f"\n[{claim['id']}]: {_text(claim)} {_data(claim, arguments)}\n"
        for argument in arguments:
            if argument["relation"] in _MARKS:
                yield f"  {_MARKS[argument['relation']]} [{argument['other']}]\n"


def _text(claim: Row) -> str:
    title = " ".join(claim["title"].split()) or claim["id"]
    return _CONTROL.sub(r"\\\g<0>", title)


def _data(claim: Row, arguments: list[Row]) -> str:
    """A block of data: JSON, which YAML is the wider form of, with nothing in it that ends it early."""
    told = {name: claim[name] for name in _TOLD if claim[name] is not None}
    told["challenged"] = bool(claim["challenged"])
    for relation in _LISTED:
        others = [argument["other"] for argument in arguments if argument["relation"] == relation]
        told |= {relation: others} if others else {}
    text = json.dumps(told)[1:-1]
    return "{" + _IN_DATA.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "}"
