"""Kinds: what a document is to the codex, and the id that its name gives it."""

from __future__ import annotations

import posixpath

from claimbase import vocabulary
from claimbase.slugs import digest, slugify, strip_ending


def kind_of(path: str, type_: str | None) -> str:
    """What a document is, by its folder first and its `type` second."""
    *folders, file_name = path.split("/")
    top = folders[0] if folders else ""
    name = strip_ending(file_name)
    by_type = vocabulary.TYPE_KINDS.get(type_ or "")
    if name == vocabulary.MAP_NAME or by_type == "map":
        return "map"
    if tuple(folders[:2]) in vocabulary.SOURCE_FOLDERS:
        return "source"
    if top in vocabulary.CLAIM_FOLDERS:
        return by_type if by_type and by_type != "source" else "claim"
    if top == "agents":
        return _agent_kind(folders, name, by_type)
    return by_type or vocabulary.FOLDER_KINDS.get(top, "document")


def plain_id(path: str, kind: str) -> str:
    """The id that its name gives a document: that of its file for claims, sources and entities, else the whole path."""
    name = posixpath.basename(path) if kind in vocabulary.NAMED_KINDS else path
    return slugify(strip_ending(name)) or f"untitled-{digest(path)}"


def _agent_kind(folders: list[str], name: str, by_type: str | None) -> str:
    if name == vocabulary.BELIEFS_NAME:
        return "beliefs"
    if len(folders) > 2 and folders[2] in vocabulary.AGENT_FOLDER_KINDS:
        return vocabulary.AGENT_FOLDER_KINDS[folders[2]]
    return by_type if by_type in ("position", "musing", "journal") else "agent"
