"""Pack: a document or a commit as one line of JSON, to be handed between processes and remembered between builds.

JSON and not pickle, which would run whatever a forged memory says.
"""

from __future__ import annotations

import json
from sys import intern
from typing import Any

from claimbase.records import (
    Belief,
    Block,
    Commit,
    Content,
    Difference,
    Differences,
    Document,
    Edit,
    Problem,
    Reference,
)


def pack(packed: Document | Commit) -> str:
    """The document or commit as text, of which `unpack` or `unpack_commit` makes an equal one."""
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


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


def unpack_commit(text: str) -> Commit:
    """The commit that was packed."""
    hash_, parents, *facts, reviewers, edits = json.loads(text)
    return Commit._make([hash_, tuple(parents), *facts, tuple(reviewers), tuple(map(_edit, edits))])


def _edit(values: list[Any]) -> Edit:
    status, path, old_path, (fields, added, removed) = values
    return Edit(status, path, old_path, Differences(tuple(map(Difference._make, fields)), added, removed))


def _reference(values: list[Any]) -> Reference:
    """A reference whose few words of our own are kept once for all references."""
    relation, label, display, reason, form, field, *rest = values
    return Reference(intern(relation), label, display, reason, intern(form), intern(field), *rest)
