"""Edges: the argument a single link states between two claims, read from the end that acts."""

from __future__ import annotations

from typing import TypeAlias

from claimbase import vocabulary
from claimbase.records import Link

Edge: TypeAlias = tuple[str, str, str]


def edge_of(link: Link) -> Edge | None:
    """The argument a link states: (from claim, relation, to claim); None where it states none between claims."""
    origin, target, relation = link.reference.document, link.target, link.reference.relation
    if not vocabulary.RELATIONS[relation].argument or target is None or target.id == origin.id:
        return None
    if origin.kind != "claim" or target.kind != "claim":
        return None
    if relation in vocabulary.INVERSES:
        return target.id, vocabulary.INVERSES[relation], origin.id
    relation = vocabulary.ARGUMENTS.get(relation, relation)
    if relation in vocabulary.SYMMETRIC:
        return min(origin.id, target.id), relation, max(origin.id, target.id)
    return origin.id, relation, target.id
