"""Argue: the links that carry weight between claims, each edge once, however many places state it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from claimbase.edges import Edge, edge_of
from claimbase.numbering import lasting_numbers, sharing
from claimbase.records import ArgumentRow, Link


def argue(links: Iterable[Link]) -> tuple[ArgumentRow, ...]:
    """The argument graph: an edge per claim, relation and claim, with the number of links that witness it.

    Edges read from the end that acts: `x challenged_by y` is `y challenges x`; a premise is a dependency. An edge
    is asserted when at least one witness asserts it, inferred when all are read off where a link stands.
    """
    witnesses: Counter[Edge] = Counter()
    asserted: set[Edge] = set()
    for link in links:
        edge = edge_of(link)
        if edge:
            witnesses[edge] += 1
            if link.reference.asserted:
                asserted.add(edge)
    edges = sorted(witnesses)
    return tuple(
        ArgumentRow(number, *edge, int(edge in asserted), witnesses[edge])
        for number, edge in zip(lasting_numbers(edge[0] for edge in edges), edges, strict=True)
    )


class Argued(NamedTuple):
    """The arguments that start from some claims, and which number of theirs has become which."""

    claims: Set[str]
    arguments: tuple[ArgumentRow, ...]
    moves: Mapping[int, int]


def argue_anew(
    arguing: Set[str],
    touched: Set[str],
    links: Sequence[Link],
    before: Callable[[Iterable[str]], Iterable[ArgumentRow]],
    witnesses: Callable[[Iterable[int]], Iterable[Link]],
) -> Argued:
    """The arguments of all claims that some links start an argument from, or did.

    `arguing` are all claims that arguments started from before, `touched` those of them of which these links spoke.
    `before` finds the arguments that started from claims, `witnesses` the other links that state arguments of some
    numbers.
    """
    claims = touched | {edge[0] for edge in map(edge_of, links) if edge}
    claims = sharing(arguing | claims, claims)
    known = {(row.from_claim, row.relation, row.to_claim): row.id for row in before(claims)}
    arguments = argue([*links, *witnesses(known.values())])
    numbers = {(row.from_claim, row.relation, row.to_claim): row.id for row in arguments}
    moves = {known[edge]: number for edge, number in numbers.items() if known.get(edge, number) != number}
    return Argued(claims, arguments, moves)
