"""Classify: a page becomes a document that knows its kind, title and domain, and the id its name gives it."""

from __future__ import annotations

from claimbase import vocabulary
from claimbase.records import Document, Page
from claimbase.slugs import digest, slugify, strip_ending
from claimbase.values import field, folder_domain, stated_domain


def classify(page: Page) -> Document:
    """The document of a page, as far as it can be told without the others.

    Its plain id is the slug of the file name for claims, sources and entities, and of the whole path for the rest.
    """
    folder, _, file_name = page.path.rpartition("/")
    name = strip_ending(file_name)
    type_ = field(page.fields, "type")
    kind = kind_of(page.path, type_)
    slug = slugify(name)
    return Document(
        id=_plain_id(page.path, kind, slug),
        name=name,
        slug=slug,
        folder=folder,
        kind=kind,
        type=type_,
        title=field(page.fields, "title", "name") or page.heading or name,
        domain=stated_domain(page.fields) or folder_domain(page.path),
        twin_of=None,
        path=page.path,
        size=page.size,
        sha256=page.sha256,
        reading=page.reading,
        fields=page.fields,
        lines=page.lines,
        heading=page.heading,
        problems=page.problems,
    )


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


def _plain_id(path: str, kind: str, slug: str) -> str:
    plain = slug if kind in vocabulary.NAMED_KINDS else slugify(strip_ending(path))
    return plain or f"untitled-{digest(path)}"
