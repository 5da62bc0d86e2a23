"""GraphML: NetworkX reads the claims and arguments that the tables hold."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import networkx

from claimbase.exports.graphml import graphml
from tests.nasty import NASTY


def read(connection: sqlite3.Connection, folder: Path) -> Any:
    """The graph as NetworkX takes it from a file."""
    path = folder / "claims.graphml"
    path.write_text("".join(graphml(connection)), encoding="utf-8", newline="")
    return networkx.read_graphml(path)


def test_nodes_are_claims_and_edges_their_arguments(rows: sqlite3.Connection, tmp_path: Path) -> None:
    graph = read(rows, tmp_path)
    assert graph.is_directed()
    assert set(graph) == {row["id"] for row in rows.execute("select id from claims")}
    edges = [
        (start, data["relation"], end, data["asserted"], data["witnesses"])
        for start, end, data in graph.edges(data=True)
    ]
    arguments = rows.execute("select from_claim, relation, to_claim, asserted, witnesses from arguments")
    assert sorted(edges) == sorted(map(tuple, arguments))


def test_a_node_says_what_the_claim_says_in_its_own_types(rows: sqlite3.Connection, tmp_path: Path) -> None:
    node = read(rows, tmp_path).nodes["short-sleep-lowers-vaccine-response"]
    claim = dict(rows.execute("select * from claims where id = 'short-sleep-lowers-vaccine-response'").fetchone())
    assert {name: node[name] for name in ("title", "domain", "confidence", "created", "agent", "path")} == {
        name: claim[name] for name in ("title", "domain", "confidence", "created", "agent", "path")
    }
    assert node["challenged"] is True
    place = rows.execute("select x, y from places where claim = ?", (claim["id"],)).fetchone()
    assert (node["x"], node["y"]) == tuple(place)
    assert "scope" not in read(rows, tmp_path).nodes["arches-need-no-glue"]


def test_nasty_texts_come_back_but_for_what_xml_cannot_hold(nasty: sqlite3.Connection, tmp_path: Path) -> None:
    graph = read(nasty, tmp_path)
    for name, text in NASTY.items():
        node = graph.nodes[f"claim-{name}"]
        held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", text)
        assert (node["title"], node["description"], node["status"]) == (held, held, held), name
