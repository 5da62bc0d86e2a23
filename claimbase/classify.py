"""Classify: a page becomes a document that knows its kind, title, domain and lasting id."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.dates import read_date
from claimbase.records import Document, Page
from claimbase.slugs import slugify, strip_ending
from claimbase.values import field, folder_domain, stated_domain

# These are known by their file name; where names collide on one day, the claim keeps it before its source.
_NAMED_KINDS = ("claim", "source", "entity")


class _Named(NamedTuple):
    page: Page
    folder: str
    name: str
    slug: str
    kind: str


def classify(pages: Iterable[Page]) -> tuple[Document, ...]:
    """The documents of all pages, in the order of the pages.

    An id is the slug of the file name for claims, sources and entities, and of the whole path for the rest. Where
    several share a slug, the first by date, then by kind, then by path keeps it, and each of the others is called
    `<slug>-in-<folder>`: a file that is added with its date takes no id away from an older one. Files without a date
    count as older than any.
    """
    named = [_name(page) for page in pages]
    ids = _ids(named)
    first: dict[tuple[str, str], str] = {}
    for entry in sorted(named, key=_seniority):
        first.setdefault((entry.kind, entry.slug), ids[entry.page.path])
    return tuple(_document(entry, ids[entry.page.path], first[entry.kind, entry.slug]) for entry in named)


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


def _agent_kind(folders: list[str], name: str, by_type: str | None) -> str:
    if name == vocabulary.BELIEFS_NAME:
        return "beliefs"
    if len(folders) > 2 and folders[2] in vocabulary.AGENT_FOLDER_KINDS:
        return vocabulary.AGENT_FOLDER_KINDS[folders[2]]
    return by_type if by_type in ("position", "musing", "journal") else "agent"


def _name(page: Page) -> _Named:
    folder, _, file_name = page.path.rpartition("/")
    name = strip_ending(file_name)
    kind = kind_of(page.path, field(page.fields, "type"))
    return _Named(page, folder, name, slugify(name), kind)


def _ids(named: list[_Named]) -> dict[str, str]:
    holders: dict[str, list[_Named]] = defaultdict(list)
    for entry in named:
        holders[_plain_id(entry)].append(entry)
    ids: dict[str, str] = {}
    taken = set(holders)
    for plain, entries in holders.items():
        senior, *others = sorted(entries, key=_seniority)
        ids[senior.page.path] = plain
        for entry in others:
            ids[entry.page.path] = _suffixed(plain, entry, taken)
            taken.add(ids[entry.page.path])
    return ids


def _plain_id(entry: _Named) -> str:
    if entry.kind in _NAMED_KINDS:
        return entry.slug or f"untitled-{_digest(entry)}"
    return slugify(strip_ending(entry.page.path)) or f"untitled-{_digest(entry)}"


def _suffixed(plain: str, entry: _Named, taken: set[str]) -> str:
    candidate = f"{plain}-in-{slugify(entry.folder) or 'root'}"
    return candidate if candidate not in taken else f"{candidate}-{_digest(entry)}"


def _digest(entry: _Named) -> str:
    return hashlib.sha256(entry.page.path.encode()).hexdigest()[:8]


def _seniority(entry: _Named) -> tuple[str, int, str]:
    rank = _NAMED_KINDS.index(entry.kind) if entry.kind in _NAMED_KINDS else len(_NAMED_KINDS)
    date = read_date(field(entry.page.fields, "created", "date") or "").sortable or ""
    return date, rank, entry.page.path


def _document(entry: _Named, id_: str, first: str) -> Document:
    page = entry.page
    twin_of = first if entry.slug and entry.kind in _NAMED_KINDS and first != id_ else None
    return Document(
        id_,
        entry.name,
        entry.slug,
        entry.folder,
        entry.kind,
        field(page.fields, "type"),
        field(page.fields, "title", "name") or page.heading or entry.name,
        stated_domain(page) or folder_domain(page.path),
        twin_of,
        page,
    )
