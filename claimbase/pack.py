"""Pack: a document or a commit as lines of JSON, to be handed between processes and remembered between builds.

JSON and not pickle, which would run whatever a forged memory says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
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
    Value,
)


def pack(document: Document) -> Packed:
    """The document as text, of which `unpack` makes an equal one."""
    content = document.content
    rest = content.references, content.blocks
    head = head_of(document)._asdict() | {"lines": _text(document.lines)}
    return Packed(_text(list(head.values())), _text(rest), _text(sorted(asked(document))))


def head_of(document: Document) -> Document:
    """The document without its references and blocks: as much of it as others see."""
    content = document.content
    if not (content.references or content.blocks):
        return document
    return document._replace(content=content._replace(references=(), blocks=()))


def unpack(packed: Packed, path: str | None = None) -> Document:
    """The document that was packed; a `path` that is known already is kept once.

    So are the words that many documents have: those of their folders, fields and sections, and names of others.
    """
    [document] = unpack_heads([packed.head])
    references, blocks = json.loads(packed.rest)
    fields = {intern(key): _kept_once(value) for key, value in document.fields.items()}
    own = {value: value for value in fields.values() if isinstance(value, str)}
    return document._replace(
        id=intern(document.id),
        name=intern(document.name),
        slug=intern(document.slug),
        title=own.get(document.title, document.title),
        heading=document.title if document.heading == document.title else document.heading,
        path=path if path == document.path else document.path,
        fields=fields,
        content=document.content._replace(
            references=tuple(map(_reference, references)), blocks=tuple(map(Block._make, blocks))
        ),
    )


def unpack_heads(heads: Iterable[str]) -> Iterator[Document]:
    """The documents that were packed, without their references and blocks: as much of them as others see."""
    return map(_head, unpack_all(heads))


def _head(values: list[Any]) -> Document:
    for place in _WORDS:
        values[place] = values[place] and intern(values[place])
    *facts, lines, heading, problems, (_, _, beliefs, words, prints) = values
    content = Content((), (), tuple(map(Belief._make, beliefs)), words, prints)
    return Document._make([*facts, _lines(lines), heading, tuple(map(Problem._make, problems)), content])


@lru_cache(maxsize=1 << 12)
def _lines(packed: str) -> Mapping[str, int]:
    """The lines of front matter keys, once for all documents that have the same keys on the same lines, as many do."""
    return {intern(key): line for key, line in json.loads(packed).items()}


def _kept_once(value: Value) -> Value:
    return intern(value) if isinstance(value, str) and len(value) <= _SHORT else value


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


# Where the words of a document stand that many documents share.
_WORDS = tuple(map(Document._fields.index, ("folder", "kind", "type", "domain", "reading")))
# Longer values are those of one document.
_SHORT = 24


# `json.dumps` makes an encoder each time it is asked for another than its own.
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _reference(values: list[Any]) -> Reference:
    relation, label, display, reason, form, field, section, *rest = values
    return Reference(
        intern(relation),
        intern(label),
        display,
        reason,
        intern(form),
        intern(field),
        section and intern(section),
        *rest,
    )
