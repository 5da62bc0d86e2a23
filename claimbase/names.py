"""Names: every way in which a label can name a document, in the order in which they are tried."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.beliefs import beliefs_of
from claimbase.records import Document, FormerName, Reference
from claimbase.slugs import key_of, slugify, strip_ending
from claimbase.values import texts

_DASH = re.compile(r"(?<=[ \t])(?:--|—|–|-)(?=[ \t])|:(?=[ \t])")
_PREFIX_WORDS = 5
# As many different names or titles as this with one opening are certainly not one document's.
_MOST_OPENINGS = 8
# What a path may lead to that ends in no name, as `../..` does: any document may be found so.
_ANYWHERE = "/"


class Answer(NamedTuple):
    """The rule that answered, the reading of the label it answered to, and every document that fits."""

    rule: str
    label: str
    candidates: list[Document]


class Names:
    """Every way to name a document. Built once; each look-up is a few dictionary reads and one bisection."""

    def __init__(self, documents: Iterable[Document], former: Iterable[FormerName] = ()) -> None:
        self._paths: dict[str, Document] = {}
        self._names: dict[str, list[Document]] = defaultdict(list)
        self._folded: dict[str, list[Document]] = defaultdict(list)
        self._slugs: dict[str, list[Document]] = defaultdict(list)
        self._folders: dict[str, list[Document]] = defaultdict(list)
        self._titles: dict[str, list[Document]] = defaultdict(list)
        self._beliefs: dict[str, list[Document]] = defaultdict(list)
        self._belief_ids: dict[tuple[str, str], str] = {}
        self._former_paths: dict[str, Document] = {}
        self._former_slugs: dict[str, list[Document | None]] = defaultdict(list)
        for document in documents:
            self._add(document)
        for name in former:
            self._add_former(name)

    @cached_property
    def _openings(self) -> list[str]:
        """Slugs and titles in one sorted list: those that begin with a label stand side by side."""
        return sorted({*self._slugs, *self._titles})

    def _add(self, document: Document) -> None:
        self._paths[strip_ending(document.path)] = document
        self._names[document.name].append(document)
        if document.name == vocabulary.MAP_NAME:
            self._folders[slugify(posixpath.basename(document.folder))].append(document)
        else:
            self._folded[document.name.casefold()].append(document)
            self._slugs[document.slug].append(document)
        for title in {key_of(title) for title in _titles(document)} - {document.slug, ""}:
            self._titles[title].append(document)
        for id_, belief in beliefs_of(document):
            title = key_of(belief.title)
            if (document.id, title) not in self._belief_ids:
                self._beliefs[title].append(document)
                self._belief_ids[document.id, title] = id_

    def _add_former(self, name: FormerName) -> None:
        path = strip_ending(name.path)
        slug = key_of(posixpath.basename(path))
        if name.document:
            self._former_paths[path] = name.document
        if name.document not in self._former_slugs[slug]:
            self._former_slugs[slug].append(name.document)

    def belief(self, answer: Answer, target: Document) -> str | None:
        """The id of the belief a label means, None where it means the whole document."""
        return self._belief_ids.get((target.id, key_of(answer.label))) if answer.rule == "belief" else None

    def find(self, reference: Reference, origin: Document) -> Answer | None:
        """The first rule that answers a reference of `origin`, with every document that fits it and its field."""
        for label in _readings(reference):
            for rule, candidates in self._answers(label, reference, origin):
                fitting = _fitting(candidates, reference)
                if fitting:
                    return Answer(rule, label, fitting)
        return None

    def _answers(self, label: str, reference: Reference, origin: Document) -> Iterator[tuple[str, list[Document]]]:
        slug, key = slugify(label), key_of(label)
        yield "path", self._by_path(label, origin)
        if label == vocabulary.MAP_NAME:
            # Which map is meant is told by the folder alone: the nearest other map would be a guess.
            return (yield "map", _present(self._paths.get(posixpath.join(origin.folder, label))))
        if "/" in label:
            yield "suffix", self._by_suffix(label)
        yield "name", self._names.get(label, [])
        yield "case", self._folded.get(label.casefold(), [])
        if not key:
            return
        if slug:
            yield "slug", self._slugs.get(slug, [])
        if reference.form == "bare":
            return (yield "title", self._titles.get(key, []))
        yield "folder", self._folders.get(key, [])
        yield "title", self._titles.get(key, [])
        yield "belief", self._beliefs.get(key, [])
        yield "prefix", self._by_prefix(slug)
        yield "former", self._by_former_name(label, key, origin)

    def _by_path(self, label: str, origin: Document) -> list[Document]:
        return _present(_led_to(self._paths, label, origin))

    def _by_former_name(self, label: str, key: str, origin: Document) -> list[Document]:
        """The document that had this path, else this file name; none where another one, now deleted, had it too."""
        if "/" in label:
            return _present(_led_to(self._former_paths, label, origin))
        found = self._former_slugs.get(key, [])
        return _present(found[0]) if len(found) == 1 else []

    def _by_suffix(self, label: str) -> list[Document]:
        ending = "/" + label.lstrip("./")
        same_name = self._names.get(posixpath.basename(label), [])
        found = [document for document in same_name if ("/" + strip_ending(document.path)).endswith(ending)]
        return found if len(found) == 1 else []

    def _by_prefix(self, slug: str) -> list[Document]:
        """The documents of the one slug or title that opens with these words; none where there are several."""
        if slug.count("-") + 1 < _PREFIX_WORDS:
            return []
        opening = slug + "-"
        start = bisect_left(self._openings, opening)
        following = self._openings[start : start + _MOST_OPENINGS]
        names = [name for name in following if name.startswith(opening)]
        found = {document.id: document for name in names for document in self._slugs.get(name, [])}
        titled = {document.id: document for name in names for document in self._titles.get(name, [])}
        if len({document.slug for document in found.values()}) > 1 or len(names) == _MOST_OPENINGS:
            return []
        if found:
            return list(found.values()) if titled.keys() <= found.keys() else []
        return list(titled.values()) if len(titled) == 1 else []


def _led_to(paths: Mapping[str, Document], label: str, origin: Document) -> Document | None:
    """The file a label leads to from the root, else from the linking document's folder."""
    if "/" not in label:
        return None
    beside = posixpath.normpath(posixpath.join(origin.folder, label))
    return paths.get(label.lstrip("/")) or paths.get(beside)


def called(document: Document) -> set[str]:
    """Every key under which a reference may find a document: whatever it is called, and what opens that.

    No reference finds a document, by whatever rule, unless one of the keys it asks for (`asked`) is among these,
    or among those that its former names give.
    """
    beliefs = (belief.title for belief in document.content.beliefs)
    keys = {document.slug, *map(key_of, _titles(document)), *map(key_of, beliefs)} - {""}
    words = [key.split("-") for key in keys]
    openings = {"-".join(these[:end]) for these in words for end in range(_PREFIX_WORDS, len(these))}
    keys |= openings | _folded(document.name) | {_ANYWHERE}
    if document.name == vocabulary.MAP_NAME:
        keys |= {slugify(posixpath.basename(document.folder)), _map_of(document)}
    return keys


def once_called(path: str) -> set[str]:
    """Every key under which a reference may find a document by a path that it had."""
    return _folded(posixpath.basename(strip_ending(path)))


def asked(document: Document) -> set[str]:
    """Every key under which a document's references look for others: what `called` and `once_called` give for those."""
    labels = {label for reference in document.content.references for label in _readings(reference)}
    keys = {key for label in labels - {vocabulary.MAP_NAME} for key in _folded(label)}
    if vocabulary.MAP_NAME in labels:
        keys.add(_map_of(document))
    for label in labels:
        if "/" in label:
            last = posixpath.basename(posixpath.normpath(label))
            keys |= _folded(posixpath.basename(label)) | (_folded(last) if last.strip(".") else {_ANYWHERE})
    return keys


def _readings(reference: Reference) -> Iterator[str]:
    """The label with and without its remark, then without `#heading`; a bare bullet cut at each dash."""
    if reference.whole:
        yield strip_ending(reference.whole)
    label = strip_ending(reference.label.strip())
    yield label
    if "#" in label and label.partition("#")[0]:
        yield strip_ending(label.partition("#")[0].strip())
    if reference.form == "bare":
        for dash in reversed(list(_DASH.finditer(label))):
            yield label[: dash.start()].rstrip()


def _map_of(document: Document) -> str:
    """The key of the map that lies beside a document, the only one its folder's documents may mean."""
    return f"{document.folder}/{vocabulary.MAP_NAME}"


def _folded(name: str) -> set[str]:
    """The key of a name, and that of what it is without regard to case, which in some scripts is another."""
    return {key_of(name)} if name.isascii() else {key_of(name), key_of(name.casefold())}


def kinds_of(reference: Reference) -> frozenset[str]:
    """The kinds the reference's field may refer to; empty for any, as in a body."""
    field = vocabulary.REFERENCE_FIELDS.get(reference.field)
    return field.kinds if field else frozenset()


def _fitting(candidates: list[Document], reference: Reference) -> list[Document]:
    """The candidates of a kind the reference may mean."""
    kinds = kinds_of(reference)
    return [document for document in candidates if document.kind in kinds] if kinds else candidates


def _titles(document: Document) -> list[str]:
    stated = (document.fields[key] for key in ("name", "aliases") if key in document.fields)
    return [document.title, document.heading or "", *(title for value in stated for title in texts(value))]


def _present(document: Document | None) -> list[Document]:
    return [document] if document else []
