"""CSL-JSON: the sources, for Zotero, Pandoc and every processor of citation styles.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from claimbase.exports.codex import Row, ask
from claimbase.exports.json_text import json_list

# The type of an item by a word of the source's format.
_TYPES = {
    "book": "book",
    "chapter": "chapter",
    "dataset": "dataset",
    "interview": "interview",
    "newsletter": "post-weblog",
    "blog": "post-weblog",
    "essay": "post-weblog",
    "news": "article-newspaper",
    "paper": "article-journal",
    "journal": "article-journal",
    "podcast": "broadcast",
    "preprint": "article",
    "report": "report",
    "thesis": "thesis",
    "thread": "post",
    "tweet": "post",
    "video": "motion_picture",
    "webpage": "webpage",
}
_ANY = "document"
_WORD = re.compile("[a-z]+")


def csl_json(connection: sqlite3.Connection) -> Iterator[str]:
    """An item for each source, with its id."""
    yield from json_list(map(_item, ask(connection, "which_sources_are_there")))
    yield "\n"


def _item(source: Row) -> Row:
    told = {
        "id": source["id"],
        "type": _type(source),
        "title": source["title"],
        # A free text that may name several people, an institution or both: it is not taken apart.
        "author": [{"literal": source["author"]}] if source["author"] else None,
        "issued": {"date-parts": [[int(part) for part in source["date"].split("-")]]} if source["date"] else None,
        "DOI": source["doi"],
        "URL": source["url"],
        "number": f"arXiv:{source['arxiv']}" if source["arxiv"] else None,
        "keyword": source["domain"],
        "note": source["notes"],
    }
    return {name: value for name, value in told.items() if value}


def _type(source: Row) -> str:
    words = _WORD.findall((source["format"] or "").lower())
    return next((_TYPES[word] for word in words if word in _TYPES), "article" if source["arxiv"] else _ANY)
