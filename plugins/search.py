"""Full-text search on the site: it forgives any input, and marks what it found."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from urllib.parse import urlencode

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup, escape

from claimbase.match import match_query

_MARKS = re.compile(r"\[\[|\]\]|\*\*|`|(?:^|(?<=\s))#{1,6}\s")
_FOUND = re.compile("⟪([^⟪⟫]*)⟫")


# Datasette defines `escape_fts` for its own search boxes, and the GraphQL `search:` argument goes through them.
# Ours is registered after it under the same name, so that every way to search forgives alike.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.create_function("escape_fts", 1, match_query, deterministic=True)


def marked(snippet: str) -> Markup:
    """A snippet as HTML: without the marks of Markdown, escaped, then ⟪found words⟫ marked."""
    return Markup(_FOUND.sub(r"<mark>\1</mark>", str(escape(_MARKS.sub("", snippet)))))  # noqa: S704 - escaped just here


def narrowed(asked: Mapping[str, str], name: str, value: str) -> str:
    """The query string of the first page of a search with another value for one of its filters, or of another page."""
    return urlencode({key: known for key, known in {**asked, "page": "", name: value}.items() if known})


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    env.filters["marked"] = marked
    env.globals["narrowed"] = narrowed


@hookimpl
def render_cell(value: object, column: str) -> Markup | None:
    return marked(value) if column == "snippet" and isinstance(value, str) else None
