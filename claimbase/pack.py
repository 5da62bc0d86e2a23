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
    rest = content.references, content.blocks
    return Packed(_text(head_of(document)), _text(rest), _text(sorted(asked(document))))


def head_of(document: Document) -> Document:
    """The document without its references and blocks: as much of it as others see."""
    content = document.content
    if not (content.references or content.blocks):
        return document
    return document._replace(content=content._replace(references=(), blocks=()))


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


def sharing_words(document: Document, path: str) -> Document:
    """The document with words that are known already kept once: its path, and those that many documents have.

    The latter are names of folders, of sections and of other documents.
    """
    content = document.content
    references = tuple(
        reference._replace(label=intern(reference.label), section=reference.section and intern(reference.section))
        for reference in content.references
    )
    return document._replace(
        path=path if path == document.path else document.path,
        folder=intern(document.folder),
        content=content._replace(references=references),
    )


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


# `json.dumps` makes an encoder each time it is asked for another than its own.
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _reference(values: list[Any]) -> Reference:
    """A reference whose few words of our own are kept once for all references."""
    relation, label, display, reason, form, field, *rest = values
    return Reference(intern(relation), label, display, reason, intern(form), intern(field), *rest)
