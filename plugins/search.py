"""Full-text search that forgives any input, and marks what it found."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from urllib.parse import urlencode

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup, escape

MOST_TERMS = 32
LONGEST_TERM = 64
NOTHING = '""'

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"\[\[|\]\]|\*\*|`|(?:^|(?<=\s))#{1,6}\s")
_FOUND = re.compile("⟪([^⟪⟫]*)⟫")


def match_query(text: object) -> str:
    """A search as an FTS5 query that is always valid: all words must occur, "quoted ones" next to each other.

    A trailing `*` finds words that begin so. Operators and punctuation are words or nothing; only the first
    `MOST_TERMS` terms count; a search without a word matches nothing.
    """
    if not isinstance(text, str):
        return NOTHING
    terms = []
    for phrase, single in _TERM.findall(text.replace("\0", " ")):
        words = [word[:LONGEST_TERM] for word in _WORD.findall(phrase or single)]
        if words:
            terms.append('"' + " ".join(words) + '"' + ("*" if single.endswith("*") else ""))
        if len(terms) == MOST_TERMS:
            break
    return " ".join(terms) or NOTHING


# Datasette defines `escape_fts` for its own search boxes, and the GraphQL `search:` argument goes through them.
# Ours is registered after it under the same name, so that every way to search forgives alike.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.create_function("escape_fts", 1, match_query, deterministic=True)


def marked(snippet: str) -> Markup:
    """A snippet as HTML: without the marks of Markdown, escaped, then ⟪found words⟫ marked."""
    return Markup(_FOUND.sub(r"<mark>\1</mark>", str(escape(_MARKS.sub("", snippet)))))  # noqa: S704 - escaped just here


def narrowed(asked: Mapping[str, str], name: str, value: str) -> str:
    """The query string of a search with another value for one of its filters."""
    return urlencode({key: known for key, known in {**asked, name: value}.items() if known})


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.filters["marked"] = marked
    env.globals["narrowed"] = narrowed


@hookimpl
def render_cell(value: object, column: str) -> Markup | None:
    return marked(value) if column == "snippet" and isinstance(value, str) else None
