"""Classify: a page becomes a document that knows its kind, title and domain, and the id its name gives it."""

from __future__ import annotations

from claimbase.kinds import kind_of, plain_id
from claimbase.records import Document, Page
from claimbase.slugs import slugify, strip_ending
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
        id=plain_id(page.path, kind),
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
        lines={key: line for key, line in page.lines.items() if key in page.fields},
        heading=page.heading,
        problems=page.problems,
    )
