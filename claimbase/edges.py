"""Edges: what a single link states, read from the end that acts."""

from __future__ import annotations

from typing import TypeAlias

from claimbase import vocabulary
from claimbase.beliefs import belief_id
from claimbase.records import Document, Link

Edge: TypeAlias = tuple[str, str, str]


def edge_of(link: Link) -> Edge | None:
    """The argument a link states: (from claim, relation, to claim); None where it states none between claims."""
    origin, target, relation = link.origin, link.target, link.reference.relation
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


def dependency_of(link: Link) -> tuple[str, str] | None:
    """The dependency a link states between claims, beliefs and positions: (what rests, what it rests on)."""
    ends = _dependency(link)
    return ends if ends and ends[0] != ends[1] else None


def rests_on_itself(link: Link) -> bool:
    """Whether a link states that something depends on itself."""
    ends = _dependency(link)
    return ends is not None and ends[0] == ends[1]


def _dependency(link: Link) -> tuple[str, str] | None:
    relation = vocabulary.ARGUMENTS.get(link.reference.relation, link.reference.relation)
    if link.reference.relation not in vocabulary.RESTING or link.target is None:
        return None
    within = link.reference.belief
    origin = _node(link.origin, belief_id(link.origin, within) if within else None)
    target = _node(link.target, link.belief)
    if not origin or not target:
        return None
    return (target, origin) if relation in vocabulary.INVERSES else (origin, target)


def _node(document: Document, belief: str | None) -> str | None:
    """A document as a part of the argument: a belief where it is one of its document's, a claim or a position."""
    return belief or (document.id if document.kind in ("claim", "position") else None)
