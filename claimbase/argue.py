"""Argue: the links that carry weight between claims, each edge once, however many places state it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from claimbase.edges import Edge, edge_of
from claimbase.numbering import lasting_numbers
from claimbase.records import ArgumentRow, Link


def argue(links: Iterable[Link]) -> tuple[ArgumentRow, ...]:
    """The argument graph: an edge per claim, relation and claim, with the number of links that witness it.

    Edges read from the end that acts: `x challenged_by y` is `y challenges x`; a premise is a dependency. An edge
    is asserted when at least one witness asserts it, inferred when all are read off where a link stands.
    """
    witnesses: dict[Edge, list[bool]] = defaultdict(list)
    for link in links:
        edge = edge_of(link)
        if edge:
            witnesses[edge].append(link.reference.asserted)
    edges = sorted(witnesses)
    return tuple(
        ArgumentRow(number, *edge, int(any(witnesses[edge])), len(witnesses[edge]))
        for number, edge in zip(lasting_numbers(edge[0] for edge in edges), edges, strict=True)
    )
