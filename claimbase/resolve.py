"""Resolve: what each reference points at, and by which rule. A wrong answer is worse than none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from claimbase import vocabulary
from claimbase.inline import reason_after
from claimbase.names import Answer, Names, kinds_of
from claimbase.records import Document, FormerName, Link, Reference
from claimbase.suggest import Suggester

_MOST_NAMED = 5


def resolve(
    documents: Sequence[Document], former: Sequence[FormerName] = (), some: Iterable[Document] | None = None
) -> tuple[Link, ...]:
    """A link for every reference of every document, in order; the first rule of `vocabulary.RULES` that answers wins.

    `former` are the names that documents once had. A bare bullet is a reference only where it names a document, so
    those that name none are left out. Where only the links of `some` documents are asked for, these need not be among
    the others, which may be heads.
    """
    resolver = _Resolver(documents, former)
    origins = documents if some is None else some
    links = (resolver.link(origin, written) for origin in origins for written in origin.content.references)
    return tuple(link for link in links if link.target or link.reference.form != "bare")


class _Resolver:
    """Answers references; what the same label means is found out once."""

    def __init__(self, documents: Sequence[Document], former: Sequence[FormerName]) -> None:
        self._names = Names(documents, former)
        self._suggester = Suggester(documents)
        self._answers: dict[_Manner, dict[str, Answer | None]] = defaultdict(dict)
        self._near: dict[tuple[object, ...], list[Document]] = {}

    def link(self, origin: Document, reference: Reference) -> Link:
        if reference.form == "prose":
            return Link(origin, reference, "prose")
        found = self._find(origin, reference)
        if found is None:
            suggestion = self._suggester.suggest(reference.label, kinds_of(reference))
            state = "prose" if _may_be_prose(reference) and suggestion is None else "dead"
            return Link(origin, reference, state, suggestion=suggestion)
        answer, nearest = found
        target = next((document for document in nearest if document.twin_of is None), nearest[0])
        belief = self._names.belief(answer, target)
        if reference.form == "bare":
            remark = reason_after(reference.label, len(answer.label))
            reference = reference._replace(label=answer.label, reason=remark)
        if len(nearest) == 1:
            return Link(origin, reference, "resolved", answer.rule, target, belief)
        return Link(origin, reference, "ambiguous", answer.rule, target, belief, _named(nearest))

    def _find(self, origin: Document, reference: Reference) -> tuple[Answer, list[Document]] | None:
        label, manner = reference.label, _manner(origin, reference)
        answers = self._answers[manner]
        if label not in answers:
            answers[label] = self._names.find(reference, origin)
        answer = answers[label]
        if answer is None or len(answer.candidates) == 1:
            return answer and (answer, answer.candidates)
        here = label, *manner, origin.folder, origin.domain
        if here not in self._near:
            self._near[here] = _nearest(answer.candidates, origin)
        return answer, self._near[here]


class _Manner(NamedTuple):
    """All that an answer depends on beside the label.

    The folder a reference stands in is part of that for paths and maps, which are looked for from there.
    """

    whole: str | None
    is_bare: bool
    kinds: frozenset[str]
    folder: str | None


def _manner(origin: Document, reference: Reference) -> _Manner:
    label = reference.whole or reference.label
    folder = origin.folder if "/" in label or vocabulary.MAP_NAME in label else None
    return _Manner(reference.whole, reference.form == "bare", kinds_of(reference), folder)


def _named(candidates: list[Document]) -> tuple[str, ...]:
    """The paths of the first few candidates, and how many there are beside them."""
    paths = tuple(document.path for document in candidates[:_MOST_NAMED])
    more = len(candidates) - len(paths)
    return (*paths, f"{more} more") if more else paths


def _may_be_prose(reference: Reference) -> bool:
    """Whether an unanswered label can be a statement in words: neither bracketed nor shaped like a file or slug."""
    label, field = reference.label, vocabulary.REFERENCE_FIELDS.get(reference.field)
    named = label.endswith(".md") or ("-" in label and " " not in label)
    return reference.form == "value" and not named and (field is None or field.prose)


def _nearest(candidates: list[Document], origin: Document) -> list[Document]:
    """The candidates nearest to the linking document: in its folder, then its top folder, then its domain."""
    nearness: tuple[Callable[[Document], bool], ...] = (
        lambda document: document.folder == origin.folder,
        lambda document: document.folder.split("/")[0] == origin.folder.split("/")[0],
        lambda document: document.domain is not None and document.domain == origin.domain,
    )
    for near in nearness:
        if len(candidates) == 1:
            break
        candidates = [document for document in candidates if near(document)] or candidates
    return candidates
