"""What rests on what: worked by hand, and against brute force on random graphs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claimbase.graph import Weakest, centrality, condense, cycles, depths, downstream_counts, weakest_premises

# d rests on c and b, both rest on a; x and y rest on each other and on a.
DIAMOND = {"d": ["c", "b"], "c": ["a"], "b": ["a"], "x": ["y", "a"], "y": ["x"]}
RANKS = {"a": 3, "b": 1, "c": 4, "d": 4, "x": 2, "y": 4}
KINDS = {"a": "claim", "b": "claim", "c": "claim", "d": "position", "x": "claim", "y": "belief"}


def test_the_weakest_premise_is_found_through_every_path() -> None:
    assert weakest_premises(condense(DIAMOND), RANKS) == {
        "b": Weakest(3, "a"),
        "c": Weakest(3, "a"),
        "d": Weakest(1, "b"),
        "x": Weakest(3, "a"),
        "y": Weakest(2, "x"),
    }


def test_equally_weak_premises_are_told_apart_by_name() -> None:
    assert weakest_premises(condense({"z": ["m", "k"]}), {"m": 1, "k": 1, "z": 4}) == {"z": Weakest(1, "k")}


def test_a_node_is_no_premise_of_itself() -> None:
    assert weakest_premises(condense({"a": ["a"]}), {"a": 1}) == {}
    assert weakest_premises(condense({"a": ["b"], "b": ["a"]}), {"a": 1, "b": 4}) == {
        "a": Weakest(4, "b"),
        "b": Weakest(1, "a"),
    }


def test_a_node_without_a_rank_passes_on_what_it_rests_on() -> None:
    assert weakest_premises(condense({"a": ["unrated"], "unrated": ["b"]}), {"a": 4, "b": 2})["a"] == Weakest(2, "b")


def test_what_falls_is_counted_by_kind() -> None:
    counts = downstream_counts(condense(DIAMOND), KINDS)
    assert counts["a"] == {"belief": 1, "claim": 3, "position": 1}
    assert counts["b"] == {"belief": 0, "claim": 0, "position": 1}
    assert counts["x"] == {"belief": 1, "claim": 0, "position": 0}
    assert counts["d"] == {"belief": 0, "claim": 0, "position": 0}


def test_circles_are_named() -> None:
    assert cycles(condense(DIAMOND)) == [["x", "y"]]
    assert cycles(condense({"a": ["b"], "b": []})) == []


def test_depth_counts_the_steps_to_the_nearest_ground() -> None:
    assert depths(DIAMOND, ["a"]) == {"a": 0, "b": 1, "c": 1, "d": 2, "x": 1, "y": 2}
    assert depths(DIAMOND, []) == {}


def test_the_node_that_many_link_to_is_central() -> None:
    ranks = centrality(["a", "b", "c"], [("a", "c"), ("b", "c")])
    assert max(ranks, key=lambda node: ranks[node]) == "c"
    assert abs(sum(ranks.values()) - 1) < 1e-6
    assert centrality([], []) == {}


NODES = [f"n{number:02}" for number in range(12)]
graphs = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=4), max_size=12)
ranks = st.dictionaries(st.sampled_from(NODES), st.integers(1, 4))


def reach(premises: dict[str, list[str]], node: str) -> set[str]:
    """All that a node rests on, by walking; without itself."""
    seen: set[str] = set()
    pending = list(premises.get(node, []))
    while pending:
        following = pending.pop()
        if following not in seen:
            seen.add(following)
            pending += premises.get(following, [])
    return seen - {node}


@given(graphs, ranks)
def test_the_weakest_premise_agrees_with_brute_force(premises: dict[str, list[str]], ranks: dict[str, int]) -> None:
    expected = {}
    for node in NODES:
        below = [Weakest(ranks[other], other) for other in reach(premises, node) if other in ranks]
        if below:
            expected[node] = min(below)
    assert weakest_premises(condense(premises), ranks) == expected


@given(graphs, st.lists(st.sampled_from(["claim", "belief"]), min_size=12, max_size=12))
def test_the_cascade_agrees_with_brute_force(premises: dict[str, list[str]], kinds: list[str]) -> None:
    kind = dict(zip(NODES, kinds, strict=True))
    counts = downstream_counts(condense(premises), kind)
    for node in NODES:
        resting = [other for other in NODES if other != node and node in reach(premises, other)]
        for name in set(kinds):
            assert counts[node][name] == sum(kind[other] == name for other in resting)


@given(graphs)
def test_circles_agree_with_brute_force(premises: dict[str, list[str]]) -> None:
    around = {
        node: sorted({node} | {other for other in reach(premises, node) if node in reach(premises, other)})
        for node in NODES
    }
    assert cycles(condense(premises)) == sorted(
        {tuple(group): group for group in around.values() if len(group) > 1}.values()
    )


@given(graphs, st.sets(st.sampled_from(NODES)))
def test_depth_agrees_with_brute_force(premises: dict[str, list[str]], grounded: set[str]) -> None:
    expected: dict[str, int] = dict.fromkeys(grounded, 0)
    for steps in range(1, len(NODES) + 1):
        for node, below in premises.items():
            if node not in expected and any(expected.get(premise) == steps - 1 for premise in below):
                expected[node] = steps
    assert depths(premises, grounded) == expected
