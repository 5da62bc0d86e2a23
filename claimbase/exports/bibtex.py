"""BibTeX: the sources, for LaTeX and for reference managers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

from claimbase.bibtex import as_it_is, entry, tex
from claimbase.exports.codex import Row, ask

# What may stand in an address as it is; braces, backslashes and spaces may not.
_OF_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"


def bibtex(connection: sqlite3.Connection) -> Iterator[str]:
    """An entry for each source. Its key is the source's id, so that it is the only one and stays what it is."""
    for number, source in enumerate(ask(connection, "which_sources_are_there")):
        yield "\n" * bool(number) + entry(source["id"], _fields(source)) + "\n"


def _fields(source: Row) -> dict[str, str]:
    year, month = (*(source["date"] or "").split("-"), "", "")[:2]
    return {
        "title": as_it_is(source["title"]),
        # A free text that may name several people, an institution or both: it is not taken apart.
        "author": as_it_is(source["author"]),
        "year": year,
        "month": month.lstrip("0"),
        "howpublished": tex(source["format"]),
        "doi": tex(source["doi"]),
        "eprint": source["arxiv"] or "",
        "archiveprefix": "arXiv" if source["arxiv"] else "",
        "url": quote(" ".join((source["url"] or "").split()), safe=_OF_ADDRESSES),
        "keywords": source["domain"] or "",
        "note": tex(source["notes"]),
    }
