"""Pack: a document as one line of JSON, to be handed between processes and remembered between builds.

JSON and not pickle, which would run whatever a forged memory says.
"""

from __future__ import annotations

import json
from sys import intern
from typing import Any

from claimbase.records import Belief, Block, Content, Document, Problem, Reference


def pack(document: Document) -> str:
    """The document as text, of which `unpack` makes an equal one."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> Document:
    """The document that was packed."""
    *facts, problems, content = json.loads(text)
    references, blocks, beliefs, words, prints = content
    held = Content(
        tuple(map(_reference, references)),
        tuple(map(Block._make, blocks)),
        tuple(map(Belief._make, beliefs)),
        words,
        prints,
    )
    return Document._make([*facts, tuple(map(Problem._make, problems)), held])


def _reference(values: list[Any]) -> Reference:
    """A reference whose few words of our own are kept once for all references."""
    relation, label, display, reason, form, field, *rest = values
    return Reference(intern(relation), label, display, reason, intern(form), intern(field), *rest)
