"""Graph: what rests on what. Every algorithm here is cycle-safe and grows with nodes and edges, not with their product.

A graph of dependencies is a mapping from each node to its premises: the nodes it rests on directly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, cast

import rustworkx

Premises: TypeAlias = Mapping[str, Sequence[str]]

# Downstream sets are kept as bits of whole numbers, this many nodes in one pass, which bounds the memory.
_NODES_A_PASS = 8192
_DAMPING = 0.85


class Weakest(NamedTuple):
    """The lowest rank among all that a node rests on, the node that has it, and how many nodes it rests on."""

    rank: int
    node: str


class Condensed(NamedTuple):
    """The strongly connected components, each after all components it rests on, and the edges between them."""

    components: list[list[str]]
    premises: list[list[int]]


def condense(premises: Premises) -> Condensed:
    """The graph with every circle as one node, which most of what is asked of it begins with."""
    nodes = sorted({*premises, *(premise for below in premises.values() for premise in below)})
    edges = {(node, premise) for node, below in premises.items() for premise in below if node != premise}
    graph, _ = _graph(nodes, edges)
    condensation = cast("rustworkx.PyDiGraph[list[str], None]", rustworkx.condensation(graph))
    order = list(reversed(rustworkx.topological_sort(condensation)))
    place = {index: position for position, index in enumerate(order)}
    components = [sorted(condensation[index]) for index in order]
    below = [sorted({place[successor] for successor in condensation.successor_indices(index)}) for index in order]
    return Condensed(components, below)


def cycles(condensed: Condensed) -> list[list[str]]:
    """The groups of nodes that rest on each other in a circle, each sorted, the groups sorted by their first."""
    return sorted(sorted(component) for component in condensed.components if len(component) > 1)


def weakest_premises(condensed: Condensed, ranks: Mapping[str, int]) -> dict[str, Weakest]:
    """For each node that rests, directly or not, on a ranked one: the weakest of these, the first by name if equal.

    A node is no premise of itself, not even around a circle. Nodes without a rank pass on what they rest on.
    """
    reached: list[list[Weakest]] = []
    found: dict[str, Weakest] = {}
    for component, below in zip(condensed.components, condensed.premises, strict=True):
        beneath = {weak for index in below for weak in reached[index]}
        own = {Weakest(ranks[node], node) for node in component if node in ranks}
        # Two are enough: leaving out the node itself takes away one at the most.
        reached.append(sorted(beneath | own)[:2])
        for node in component:
            others = reached[-1] if len(component) > 1 else sorted(beneath)
            weakest = next((weak for weak in others if weak.node != node), None)
            if weakest:
                found[node] = weakest
    return found


def downstream_counts(condensed: Condensed, kinds: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """For each node, how many nodes of each kind rest on it, directly or not; the node itself does not count."""
    nodes = sorted(kinds)
    names = sorted(set(kinds.values()))
    counts = {node: dict.fromkeys(names, 0) for node in nodes}
    for start in range(0, len(nodes), _NODES_A_PASS):
        bits = {node: 1 << index for index, node in enumerate(nodes[start : start + _NODES_A_PASS])}
        masks = {name: sum(bit for node, bit in bits.items() if kinds[node] == name) for name in names}
        _count_pass(condensed, bits, masks, counts)
    return counts


def _count_pass(
    condensed: Condensed, bits: Mapping[str, int], masks: Mapping[str, int], counts: dict[str, dict[str, int]]
) -> None:
    above = [0] * len(condensed.components)
    for index in range(len(condensed.components) - 1, -1, -1):
        component = condensed.components[index]
        mine_above, above[index] = above[index], 0  # nothing looks at it again: the memory is given back
        own = sum(bits.get(node, 0) for node in component)
        resting = mine_above | own
        for below in condensed.premises[index]:
            above[below] |= resting
        for node in component:
            mine = (mine_above if len(component) == 1 else resting) & ~bits.get(node, 0)
            if mine:
                for name, mask in masks.items():
                    counts[node][name] += (mine & mask).bit_count()


def depths(premises: Premises, grounded: Iterable[str]) -> dict[str, int]:
    """The steps from each node down to the nearest grounded one: 0 for those; nodes that reach none are left out."""
    resting: dict[str, list[str]] = {}
    for node, below in premises.items():
        for premise in below:
            resting.setdefault(premise, []).append(node)
    found = dict.fromkeys(sorted(grounded), 0)
    queue = deque(found)
    while queue:
        node = queue.popleft()
        for above in resting.get(node, []):
            if above not in found:
                found[above] = found[node] + 1
                queue.append(above)
    return found


def centrality(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, float]:
    """PageRank with damping 0.85 (Brin and Page 1998): a node linked to by central nodes is central; the sum is 1."""
    if not nodes:
        return {}
    graph, numbers = _graph(nodes, edges)
    # The library's own tolerance is per node and stops a large graph long before it has settled.
    ranks = rustworkx.pagerank(graph, alpha=_DAMPING, tol=1e-12, max_iter=300)
    return {node: ranks[numbers[node]] for node in nodes}


def _graph(
    nodes: Sequence[str], edges: Iterable[tuple[str, str]]
) -> tuple[rustworkx.PyDiGraph[str, None], dict[str, int]]:
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph(multigraph=False)
    numbers = dict(zip(nodes, graph.add_nodes_from(nodes), strict=True))
    # In one order, whatever the edges came in, since it decides how ranks are rounded.
    graph.add_edges_from_no_data(sorted([(numbers[start], numbers[end]) for start, end in edges]))
    return graph, numbers
