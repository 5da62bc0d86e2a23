"""Flatten: what a document becomes in the database, column by column."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from claimbase.flatten import flatten
from claimbase.pipeline import build_database
from claimbase.records import Codex

Row = dict[str, object]


def build(root: Path, files: dict[str, str]) -> sqlite3.Connection:
    for path, text in files.items():
        (root / "kb" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "kb" / path).write_text(text, encoding="utf-8")
    build_database(root / "kb", root / "codex.db")
    connection = sqlite3.connect(root / "codex.db")
    connection.row_factory = sqlite3.Row
    return connection


def only(connection: sqlite3.Connection, sql: str, *values: str) -> Row:
    (row,) = connection.execute(sql, values).fetchall()
    return dict(row)


def test_a_whole_claim(rows: sqlite3.Connection) -> None:
    claim = only(rows, "select * from claims where id = ?", "naps-restore-attention-within-twenty-minutes")
    body = str(claim.pop("body"))
    assert body.startswith("# Naps restore attention within twenty minutes\n\nSince [[")
    assert body.endswith("- [[_map]]\n- [[attention]]")
    assert claim.pop("words") == len(body.split())
    assert claim == {
        "id": "naps-restore-attention-within-twenty-minutes",
        "title": "Naps restore attention within twenty minutes",
        "description": "A short nap gives back most of what a long morning took",
        "type": "claim",
        "domain": "sleep",
        "confidence": "likely",
        "confidence_text": "likely",
        "source": "Okafor et al. (Night Lab, 2026), arXiv:2602.01234",
        "url": None,
        "doi": None,
        "arxiv": "2602.01234",
        "year": 2026,
        "created": "2026-02-11",
        "created_precision": "day",
        "last_evaluated": "2026-03-01",
        "last_evaluated_precision": "day",
        "scope": "causal",
        "agent": "mara",
        "sourcer": "Night Lab",
        "status": None,
        "path": "domains/sleep/Naps restore attention within twenty minutes.md",
        "twin_of": None,
    }


def test_a_whole_source(rows: sqlite3.Connection) -> None:
    source = only(rows, "select * from sources where id = ?", "2026-02-10-okafor-twenty-minute-naps")
    assert source == {
        "id": "2026-02-10-okafor-twenty-minute-naps",
        "title": "Twenty minute naps on the ward",
        "author": "Okafor et al.",
        "url": "https://arxiv.org/abs/2602.01234v2",
        "doi": None,
        "arxiv": "2602.01234",
        "year": 2026,
        "date": "2026-02-10",
        "date_precision": "day",
        "format": "paper",
        "status": "processed",
        "domain": "sleep",
        "processed_by": "mara",
        "processed_date": "2026-02-11",
        "processed_date_precision": "day",
        "extraction_model": "by hand",
        "priority": "high",
        "notes": None,
        "body": "Sixty nurses, four weeks, one cot.",
        "words": 6,
        "path": "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md",
        "twin_of": None,
    }


def test_a_whole_entity(rows: sqlite3.Connection) -> None:
    assert only(rows, "select * from entities where id = 'drowsy-labs'") == {
        "id": "drowsy-labs",
        "name": "Drowsy Labs",
        "entity_type": "company",
        "domain": "sleep",
        "status": "active",
        "tracked_by": "mara",
        "parent": "pillow-protocol",
        "website": "https://example.org/drowsy",
        "category": None,
        "founded": "2019-05",
        "summary": None,
        "created": None,
        "created_precision": None,
        "body": "Sells watches that watch one sleep.",
        "path": "entities/sleep/drowsy-labs.md",
    }


def test_legacy_keys_of_a_source_reach_their_columns(rows: sqlite3.Connection) -> None:
    source = only(
        rows,
        "select url, date, date_precision, year, format from sources where id = ?",
        "2024-steel-handbook-chapter-nine",
    )
    assert source == {
        "url": "https://example.org/steel",
        "date": "2024-01",
        "date_precision": "month",
        "year": 2024,
        "format": "book",
    }


def test_the_oldest_key_of_an_address_reaches_its_column(rows: sqlite3.Connection) -> None:
    source = only(rows, "select url from sources where id = '2024-letters-from-a-toll-keeper'")
    assert source == {"url": "https://example.org/letters"}


@pytest.mark.parametrize(
    ("id_", "confidence", "text"),
    [
        ("steel-yields-before-it-breaks", "proven", "proven"),
        ("cracks-grow-slowly-at-first", "likely", "likely"),
        ("footbridges-fill-by-rhythm", "experimental", "experimental"),
        ("wooden-bridges-breathe", "speculative", "speculative"),
        ("tolls-pay-for-inspection", "likely", "high"),
        ("inspection-finds-cracks-early", "experimental", "medium"),
        ("ice-loads-are-counted-twice", None, "moderate"),
        ("rope-bridges-sway-before-they-fail", None, None),
        ("snoring-is-heard-by-others-first", "experimental", "experimental"),
        ("blue-light-moves-the-body-clock", "likely", "likely"),
    ],
)
def test_confidences_are_ranked_words_and_the_text_is_kept(
    rows: sqlite3.Connection, id_: str, confidence: str | None, text: str | None
) -> None:
    claim = only(rows, "select confidence, confidence_text from claims where id = ?", id_)
    assert claim == {"confidence": confidence, "confidence_text": text}


@pytest.mark.parametrize(
    ("table", "id_", "column", "date", "precision"),
    [
        ("claims", "alarm-clocks-cut-the-last-dream-short", "created", "2026-02", "month"),
        ("claims", "snoring-is-heard-by-others-first", "created", None, None),
        ("sources", "2024-letters-from-a-toll-keeper", "date", "2024", "year"),
        ("sources", "2026-03-01-night-shift-diary", "date", "2026-02", "month"),
        ("sources", "2025-11-30-lindqvist-vaccines-after-short-nights", "date", "2025-11-30", "day"),
    ],
)
def test_dates_sort_and_say_how_precise_they_are(
    rows: sqlite3.Connection, table: str, id_: str, column: str, date: str | None, precision: str | None
) -> None:
    row = only(rows, f"select {column} as date, {column}_precision as precision from {table} where id = ?", id_)
    assert row == {"date": date, "precision": precision}


@pytest.mark.parametrize(
    ("id_", "source"),
    [
        (
            "short-sleep-lowers-vaccine-response",
            "Lindqvist, Vaccines after short nights (2025);"
            " inbox/archive/2025/2025-11-30-lindqvist-vaccines-after-short-nights.md",
        ),
        (
            "23-5-percent-of-night-shifts-end-in-a-nap",
            "author: Ruiz; year: 2024; url: https://example.org/shifts?year=2024",
        ),
        ("covered-bridges-outlive-their-builders", None),
        ("blue-light-moves-the-body-clock", "two lamps"),
    ],
)
def test_a_source_of_any_shape_is_one_line(rows: sqlite3.Connection, id_: str, source: str | None) -> None:
    assert only(rows, "select source from claims where id = ?", id_) == {"source": source}


def test_everything_else_of_the_front_matter_is_kept_as_json(rows: sqlite3.Connection) -> None:
    row = only(rows, "select front_matter from documents where id = 'alarm-clocks-cut-the-last-dream-short'")
    assert json.loads(str(row["front_matter"])) == {
        "type": "claim",
        "domain": "sleep",
        "confidence": "experimental",
        "source": "a diary",
        "created": "2026-02-30",
        "snooze": "no",
        "alarm": "12:30",
        "mode": "0755",
        "neurons": "1180591620717411303424",
        "ratio": ".nan",
        "hum": "aGVsbG8=",
        "edition": "1.10",
        "bells": 3,
        "loud": True,
    }


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("domains/sleep/Rest is a shared resource.md", "whole"),
        ("domains/sleep/cold rooms deepen sleep.md", "whole"),
        ("domains/sleep/siestas survive where summers are hot.md", "whole"),
        ("domains/sleep/coffee delays sleep by six hours.md", "recovered"),
        ("domains/sleep/snoring is heard by others first.md", "recovered"),
        ("domains/bridges/Footbridges fill by rhythm.md", "recovered"),
        ("domains/bridges/Ice loads are counted twice.md", "recovered"),
        ("domains/bridges/Rope bridges sway before they fail.md", "none"),
        ("domains/bridges/Arches need no glue.md", "refused"),
        ("domains/bridges/Keystones carry no more than their neighbours.md", "refused"),
    ],
)
def test_a_document_says_how_its_front_matter_was_read(rows: sqlite3.Connection, name: str, reading: str) -> None:
    assert only(rows, "select reading from documents where path = ?", name) == {"reading": reading}


@pytest.mark.parametrize(
    ("id_", "text"),
    [
        ("rope-bridges-sway-before-they-fail", "---\n\nThe file opens with a rule"),
        ("arches-need-no-glue", "# Arches need no glue\n\nThey stand"),
        ("coffee-delays-sleep-by-six-hours", "### Additional Evidence (extend)\n*Source: [["),
        ("traume-ordnen-das-gedachtnis", "# Träume ordnen das Gedächtnis\n\nWas am Tag"),
        ("siestas-survive-where-summers-are-hot", "# siestas survive where summers are hot\n\nNobody"),
    ],
)
def test_a_body_is_kept_from_its_first_line(rows: sqlite3.Connection, id_: str, text: str) -> None:
    assert str(only(rows, "select body from claims where id = ?", id_)["body"]).startswith(text)


def test_each_body_is_stored_once(rows: sqlite3.Connection) -> None:
    twice = """
        select id from documents where body is not null
        and id in (select id from claims union select id from sources union select id from entities)
    """
    assert rows.execute(twice).fetchall() == []
    assert rows.execute("select id from texts where body is null").fetchall() == []


def test_agents_have_the_name_of_their_identity(rows: sqlite3.Connection) -> None:
    assert only(rows, "select * from agents") == {
        "id": "mara",
        "name": "Mara",
        "description": "Keeps the claims about sleep",
        "domain": "sleep",
        "folder": "agents/mara",
    }


def test_domains_have_the_title_of_their_map(rows: sqlite3.Connection) -> None:
    assert [tuple(row) for row in rows.execute("select * from domains")] == [
        ("attention", "Attention", "foundations/attention", "foundations-attention-map"),
        ("bridges", "Bridges", "domains/bridges", "domains-bridges-map"),
        ("carpentry", "Carpentry", None, None),
        ("coordination", "Coordination", "core/coordination", "core-coordination-map"),
        ("sleep", "Sleep and rest", "domains/sleep", "domains-sleep-map"),
    ]


def test_tags_are_slugs_and_numbers_are_tags(rows: sqlite3.Connection) -> None:
    tagged = "select tag from document_tags where document = 'naps-restore-attention-within-twenty-minutes'"
    assert [row["tag"] for row in rows.execute(tagged)] == ["2026", "attention", "naps"]
    assert [row["id"] for row in rows.execute("select id from tags")] == [
        "2026",
        "attention",
        "coffee",
        "naps",
        "shift-work",
    ]


def test_a_claim_may_touch_other_domains(rows: sqlite3.Connection) -> None:
    assert [tuple(row) for row in rows.execute("select document, domain from secondary_domains")] == [
        ("naps-restore-attention-within-twenty-minutes", "attention")
    ]


def test_twins_name_the_canonical_one(rows: sqlite3.Connection) -> None:
    assert [
        tuple(row) for row in rows.execute("select id, twin_of from claims where title = 'Rest is a shared resource'")
    ]
    assert only(rows, "select id, twin_of, path from claims where twin_of is not null") == {
        "id": "rest-is-a-shared-resource-in-core-coordination",
        "twin_of": "rest-is-a-shared-resource",
        "path": "core/coordination/Rest is a shared resource.md",
    }


def test_a_link_points_at_the_row_of_its_kind(rows: sqlite3.Connection) -> None:
    columns = "to_document, to_claim, to_source, to_entity, from_document, from_claim"
    claim = only(
        rows, f"select {columns} from links where label = 'Steel yields before it breaks' and field = 'related'"
    )
    assert claim == {
        "to_document": "steel-yields-before-it-breaks",
        "to_claim": "steel-yields-before-it-breaks",
        "to_source": None,
        "to_entity": None,
        "from_document": "ice-loads-are-counted-twice",
        "from_claim": "ice-loads-are-counted-twice",
    }
    map_ = only(rows, f"select {columns} from links where label = 'domains/sleep/_map'")
    assert map_ == {
        "to_document": "domains-sleep-map",
        "to_claim": None,
        "to_source": None,
        "to_entity": None,
        "from_document": "maps-everything-about-rest",
        "from_claim": None,
    }


def test_a_link_knows_the_argument_it_witnesses(rows: sqlite3.Connection) -> None:
    witnesses = """
        select links.from_claim, links.relation, links.field, links.line
        from links join arguments on arguments.id = links.argument
        where arguments.from_claim = 'wooden-bridges-breathe' and arguments.asserted
        order by links.path
    """
    assert [tuple(row) for row in rows.execute(witnesses)] == [
        ("suspension-bridges-fail-by-resonance", "challenged_by", "challenged_by", 10),
        ("wooden-bridges-breathe", "challenges", "challenges", 8),
    ]
    unlike = """
        select arguments.id from arguments left join links on links.argument = arguments.id
        group by arguments.id having count(links.id) <> arguments.witnesses
    """
    assert rows.execute(unlike).fetchall() == []


def test_there_is_a_row_for_every_document_link_and_problem(codex: Codex, rows: sqlite3.Connection) -> None:
    for table, count in (
        ("documents", len(codex.documents)),
        ("links", len(codex.links)),
        ("arguments", len(codex.arguments)),
        ("evidence", len(codex.evidence)),
        ("problems", len(codex.problems)),
    ):
        assert only(rows, f"select count(*) as rows from {table}") == {"rows": count}


def test_a_problem_names_its_document_and_its_claim(rows: sqlite3.Connection) -> None:
    sql = "select document, claim from problems where code = ?"
    id_ = "ice-loads-are-counted-twice"
    assert only(rows, sql, "unknown-confidence") == {"document": id_, "claim": id_}
    assert only(rows, sql, "unknown-type") == {"document": "rituals-monday-nap", "claim": None}


def test_tables_come_before_those_that_refer_to_them(codex: Codex, rows: sqlite3.Connection) -> None:
    order = [table.name for table in flatten(codex)]
    for name in order:
        for foreign in rows.execute(f"pragma foreign_key_list({name})"):
            if (name, foreign["table"]) != ("domains", "documents"):
                assert order.index(foreign["table"]) <= order.index(name)


def test_every_table_of_the_schema_is_filled_by_a_stage(codex: Codex, rows: sqlite3.Connection) -> None:
    tables = rows.execute("select name from pragma_table_list where type = 'table' and schema = 'main'")
    ours = {row["name"] for row in tables if not row["name"].startswith("sqlite_") and "_fts" not in row["name"]}
    assert ours == {table.name for table in flatten(codex)}


def test_a_document_may_be_its_own_parent_and_relation(tmp_path: Path) -> None:
    connection = build(tmp_path, {"entities/a/self.md": "---\nparent: self\nrelated: self\n---\n"})
    assert only(connection, "select parent from entities") == {"parent": "self"}


@pytest.mark.parametrize(
    "front",
    [
        "title: {a: [b, {c: d}]}\ndomain: [x, y]\nconfidence: [likely]\ncreated: [2026]\nagent: {a: b}\ntags: {a: b}",
        "title: []\ndomain: {}\nconfidence: ''\ncreated: null\nagent: false\ntags: 0\nsource: true",
        "title: 0\ndomain: 0\ntype: 0\nconfidence: 0\ncreated: 0\nagent: 0\nsource: 0\nstatus: 0\nscope: 0",
        "domain: " + "word " * 50 + "\nagent: " + "word " * 50 + "\ntags: [" + "long" * 100 + "]",
        "type: [claim]\nname: [a, b]\naliases: {a: b}\nrelated: {a: {b: c}}\nchallenged_by: [[[[x]]]]",
    ],
)
@pytest.mark.parametrize("path", ["domains/a/x.md", "inbox/archive/x.md", "entities/a/x.md", "agents/a/positions/x.md"])
def test_values_of_any_shape_reach_the_database(tmp_path: Path, path: str, front: str) -> None:
    connection = build(tmp_path, {path: f"---\n{front}\n---\nText."})
    assert only(connection, "select path, reading from documents") == {"path": path, "reading": "whole"}


def test_the_view_and_the_problem_agree_on_who_is_unchallenged(tmp_path: Path) -> None:
    statuses = {"a": "retired", "b": "Retired", "c": "active"}
    files = {
        f"{name}.md": f"---\ntype: claim\nconfidence: likely\nstatus: {statuses[name]}\n---\n" for name in statuses
    }
    rows = build(tmp_path, files)
    assert [row["path"] for row in rows.execute("select path from unchallenged_claims")] == ["c.md"]
    assert [row["path"] for row in rows.execute("select path from problems where code = 'unchallenged'")] == ["c.md"]
