"""Graph, context and contributors: what a web app and an agent read is what the tables hold."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from claimbase.exports.context import claims_context
from claimbase.exports.contributors import contributors_json
from claimbase.exports.graph import graph_json
from claimbase.pipeline import build_database
from tests.conftest import connect
from tests.histories import Base, claim
from tests.nasty import NASTY

NAPS = "naps-restore-attention-within-twenty-minutes"


def graph(connection: sqlite3.Connection) -> Any:
    return json.loads("".join(graph_json(connection)))


def context(connection: sqlite3.Connection) -> Any:
    return json.loads("".join(claims_context(connection)))


def contributors(connection: sqlite3.Connection) -> Any:
    return json.loads("".join(contributors_json(connection)))["contributors"]


def test_a_node_has_the_fields_a_web_app_reads_and_whose_it_is_and_what_was_objected(rows: sqlite3.Connection) -> None:
    [naps] = [node for node in graph(rows)["nodes"] if node["id"] == NAPS]
    assert naps == {
        "id": NAPS,
        "title": "Naps restore attention within twenty minutes",
        "domain": "sleep",
        "agent": "mara",
        "created": "2026-02-11",
        "confidence": "likely",
        "challenged": True,
        "challenges": ["Those who nap may simply be those who are allowed to"],
        "path": "domains/sleep/Naps restore attention within twenty minutes.md",
    }


def test_what_a_claim_does_not_say_is_an_empty_text(rows: sqlite3.Connection) -> None:
    [arches] = [node for node in graph(rows)["nodes"] if node["id"] == "arches-need-no-glue"]
    assert (arches["created"], arches["confidence"], arches["agent"]) == ("", "", "collective")
    for node in graph(rows)["nodes"]:
        kinds = {name: type(value) for name, value in node.items() if name not in ("challenged", "challenges")}
        assert set(kinds.values()) == {str}, node
        assert isinstance(node["challenged"], bool)
        assert bool(node.get("challenges")) == node["challenged"], node


def test_every_argument_and_every_mention_is_in_one_edge_for_each_type(rows: sqlite3.Connection) -> None:
    edges = graph(rows)["edges"]
    ends = [(edge["source"], edge["target"], edge["type"]) for edge in edges]
    assert len(set(ends)) == len(ends)
    told = {(edge["source"], relation, edge["target"]) for edge in edges for relation in edge["relations"]}
    argued = {tuple(row) for row in rows.execute("select from_claim, relation, to_claim from arguments")}
    mentions = rows.execute(
        "select from_claim, 'mentions', to_claim from links"
        " where from_claim <> to_claim and to_claim is not null and argument is null"
    )
    assert told == argued | {tuple(row) for row in mentions}


def test_what_speaks_against_another_claim_is_a_conflict_and_edges_know_borders(rows: sqlite3.Connection) -> None:
    domains = {node["id"]: node["domain"] for node in graph(rows)["nodes"]}
    for edge in graph(rows)["edges"]:
        assert (edge["type"] == "conflict") == (edge["relations"] == ["challenges"])
        ends = {domains[edge["source"]], domains[edge["target"]]}
        assert edge["cross_domain"] == (len(ends - {""}) == 2)
    assert {edge["type"] for edge in graph(rows)["edges"]} == {"wiki-link", "conflict"}


def test_a_domain_has_a_colour_that_others_have_no_say_in(rows: sqlite3.Connection, nasty: sqlite3.Connection) -> None:
    colours = graph(rows)["domain_colors"]
    assert list(colours) == [row["id"] for row in rows.execute("select id from domains order by id")]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())
    assert colours["sleep"] == "#b25434"
    assert len(set(colours.values())) == len(colours)


def test_pull_requests_that_added_claims_are_events_in_their_order(tmp_path: Path) -> None:
    base = Base(tmp_path / "base")
    base.commit({"domains/a/one.md": claim("one")}, "Begin")
    base.git("switch", "--quiet", "--create", "topic")
    base.commit({f"domains/a/{name}.md": claim(name) for name in ("two", "three")}, "rio: add two")
    base.git("switch", "--quiet", "main")
    base.merge("topic", "--message", "Merge pull request 'Two more' (#752) from topic")
    base.commit({"domains/a/four.md": claim("four")}, "Add a fourth (#753)\n\nPentagon-Agent: Mara <HEADLESS>")
    base.commit({"domains/a/four.md": claim("four", "More.")}, "Revise it (#754)")
    build_database(base.root, tmp_path / "codex.db")
    with closing(connect(tmp_path / "codex.db")) as connection:
        assert graph(connection)["events"] == [
            {"type": "pr-merge", "number": 752, "agent": "collective", "claims_added": 2, "date": "2026-01-03"},
            {"type": "pr-merge", "number": 753, "agent": "mara", "claims_added": 1, "date": "2026-01-04"},
        ]
        agents = {node["id"]: node["agent"] for node in graph(connection)["nodes"]}
        assert agents == {"one": "collective", "two": "collective", "three": "collective", "four": "mara"}


def test_texts_are_what_they_are(nasty: sqlite3.Connection) -> None:
    titles = {node["id"].removeprefix("claim-"): node["title"] for node in graph(nasty)["nodes"]}
    assert titles == NASTY
    for node in graph(nasty)["nodes"]:
        text = NASTY[node["id"].removeprefix("claim-")]
        assert ("[[" in text) != (f"{text} is an objection in so many words" in node["challenges"]), text


def test_the_context_has_every_claim_by_domain_and_title(rows: sqlite3.Connection) -> None:
    told = context(rows)
    assert told["claimCount"] == len(told["claims"]) == rows.execute("select count(*) from claims").fetchone()[0]
    assert told["claims"][0] == {
        "id": "attention-recovers-in-the-gaps",
        "title": "Attention recovers in the gaps",
        "description": "",
        "domain": "attention",
        "confidence": "proven",
        "status": "retired",
        "agent": "collective",
        "challenged": False,
    }
    places = [(entry["domain"], entry["title"]) for entry in told["claims"]]
    assert places == sorted(places)
    nodes = {node["id"]: node["challenged"] for node in graph(rows)["nodes"]}
    assert {entry["id"]: entry["challenged"] for entry in told["claims"]} == nodes


def test_the_context_says_what_claims_say(nasty: sqlite3.Connection) -> None:
    for told in context(nasty)["claims"]:
        text = NASTY[told["id"].removeprefix("claim-")]
        assert (told["title"], told["description"], told["status"]) == (text, text, text)


def test_a_contributor_has_roles_domains_and_months(rows: sqlite3.Connection) -> None:
    [mara, _] = contributors(rows)
    assert mara == {
        "handle": "mara",
        "name": "mara",
        "agent": "mara",
        "roles": {"proposer": 0, "sourcer": 0, "extractor": 2, "challenger": 0, "synthesizer": 0, "reviewer": 0},
        "weighted_score": None,
        "domains": {"sleep": 2},
        "first_contribution": "2026-02-11",
        "latest_contribution": "2026-02-11",
        "claim_count": 2,
        "timeline": [{"date": "2026-02", "count": 2, "domains": ["sleep"]}],
    }


def test_roles_count_what_the_base_says_they_do(tmp_path: Path) -> None:
    attribution = "attribution: {sourcer: [{handle: naval}], challenger: [{handle: naval}], reviewer: [{handle: leo}]}"
    files = {
        "domains/a/one.md": f"---\ncreated: 2026-02-15\n{attribution}\n---\n",
        "domains/b/two.md": "---\ncreated: 2026-03-11\nattribution: {sourcer: naval}\n---\n",
        "schemas/contribution-weights.yaml": "role_weights:\n  sourcer: 0.15\n  challenger: 0.20\n",
    }
    for path, text in files.items():
        (tmp_path / "base" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "base" / path).write_text(text)
    build_database(tmp_path / "base", tmp_path / "codex.db")
    with closing(connect(tmp_path / "codex.db")) as connection:
        [leo, naval] = contributors(connection)
    assert (naval["weighted_score"], leo["weighted_score"]) == (0.5, 0)
    assert naval["roles"] == dict.fromkeys(leo["roles"], 0) | {"sourcer": 2, "challenger": 1}
    assert naval["timeline"] == [
        {"date": "2026-02", "count": 1, "domains": ["a"]},
        {"date": "2026-03", "count": 1, "domains": ["b"]},
    ]
    assert (naval["first_contribution"], naval["latest_contribution"]) == ("2026-02-15", "2026-03-11")
