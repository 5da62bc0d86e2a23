"""Match: what people type into a search box as a query that a full-text index understands, whatever they type."""

from __future__ import annotations

import re

MOST_TERMS = 32
LONGEST_TERM = 64
NOTHING = '""'

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
_WORD = re.compile(r"\w+")


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
