"""Resolve: what each reference points at, and by which rule. A wrong answer is worse than none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from claimbase import vocabulary
from claimbase.inline import reason_after
from claimbase.names import Names, kinds_of
from claimbase.records import Document, Link, Reference
from claimbase.suggest import Suggester

_MOST_NAMED = 5


def resolve(documents: Sequence[Document], references: Iterable[Reference]) -> tuple[Link, ...]:
    """A link for every reference, in order; the first rule of `vocabulary.RULES` with an answer wins.

    A bare bullet is a reference only where it names a document, so those that name none are left out.
    """
    names, suggester = Names(documents), Suggester(documents)
    links = (_link(names, suggester, reference) for reference in references)
    return tuple(link for link in links if link.target or link.reference.form != "bare")


def _link(names: Names, suggester: Suggester, reference: Reference) -> Link:
    if reference.form == "prose":
        return Link(reference, "prose")
    answer = names.find(reference)
    if answer is None:
        suggestion = suggester.suggest(reference.label, kinds_of(reference))
        state = "prose" if _may_be_prose(reference) and suggestion is None else "dead"
        return Link(reference, state, suggestion=suggestion)
    nearest = _nearest(answer.candidates, reference.document)
    target = next((document for document in nearest if document.twin_of is None), nearest[0])
    belief = names.belief(answer, target)
    if reference.form == "bare":
        remark = reason_after(reference.label, len(answer.label))
        reference = reference._replace(label=answer.label, reason=remark)
    if len(nearest) == 1:
        return Link(reference, "resolved", answer.rule, target, belief)
    return Link(reference, "ambiguous", answer.rule, target, belief, _named(nearest))


def _named(candidates: list[Document]) -> tuple[str, ...]:
    """The paths of the first few candidates, and how many there are beside them."""
    paths = tuple(document.page.path for document in candidates[:_MOST_NAMED])
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
