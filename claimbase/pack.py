"""Pack: a document or a commit as lines of JSON, to be handed between processes and remembered between builds.

JSON and not pickle, which would run whatever a forged memory says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Set
from sys import intern
from typing import Any

from claimbase.names import asked
from claimbase.records import (
    Belief,
    Block,
    Commit,
    Content,
    Difference,
    Differences,
    Document,
    Edit,
    Packed,
    Problem,
    Reference,
)


def pack(document: Document) -> Packed:
    """The document as text, of which `unpack` makes an equal one."""
    content = document.content
    head = document._replace(content=content._replace(references=(), blocks=()))
    return Packed(_text(head), _text((content.references, content.blocks)), _text(sorted(asked(document))))


def unpack(packed: Packed) -> Document:
    """The document that was packed."""
    [document] = unpack_heads([packed.head])
    references, blocks = json.loads(packed.rest)
    content = document.content._replace(
        references=tuple(map(_reference, references)), blocks=tuple(map(Block._make, blocks))
    )
    return document._replace(content=content)


def unpack_heads(heads: Iterable[str]) -> Iterator[Document]:
    """The documents that were packed, without their references and blocks: as much of them as others see."""
    for *facts, problems, content in unpack_all(heads):
        *_, beliefs, words, prints = content
        held = Content((), (), tuple(map(Belief._make, beliefs)), words, prints)
        # A folder is that of many files; its name is kept once.
        facts[_FOLDER] = intern(facts[_FOLDER])
        yield Document._make([*facts, tuple(map(Problem._make, problems)), held])


def unpack_all(texts: Iterable[str]) -> list[Any]:
    """The values of many texts, read in one go: that takes two thirds of the time."""
    values: list[Any] = json.loads(f"[{','.join(texts)}]")
    return values


def pack_commit(commit: Commit) -> str:
    """The commit as text, of which `unpack_commits` makes an equal one."""
    return _text(commit)


def unpack_commits(texts: Iterable[str]) -> Iterator[Commit]:
    """The commits that were packed."""
    for hash_, parents, *facts, reviewers, edits in unpack_all(texts):
        yield Commit._make([hash_, tuple(parents), *facts, tuple(reviewers), tuple(map(_edit, edits))])


def _edit(values: list[Any]) -> Edit:
    status, path, old_path, (fields, added, removed) = values
    return Edit(status, path, old_path, Differences(tuple(map(Difference._make, fields)), added, removed))


def ask_for(asked: Iterable[str], keys: Set[str]) -> Iterator[bool]:
    """Of each packed document, whether one of the keys that it asks for is among these."""
    return (not keys.isdisjoint(theirs) for theirs in unpack_all(asked))


_FOLDER = Document._fields.index("folder")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _reference(values: list[Any]) -> Reference:
    """A reference whose few words of our own are kept once for all references."""
    relation, label, display, reason, form, field, *rest = values
    return Reference(intern(relation), label, display, reason, intern(form), intern(field), *rest)
