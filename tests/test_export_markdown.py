"""Markdown: a build of what was exported comes to the same claims, links, arguments and evidence."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import write_base
from claimbase.export import EXPORT_FORMATS, export_to
from claimbase.exports.codex import NotExportable
from claimbase.exports.markdown import RELATIONS, markdown
from claimbase.pipeline import build_database
from claimbase.read_yaml import read_mapping
from tests.conftest import connect
from tests.histories import Base, claim

# Where a line stands and what only git or the bytes of a file tell is not in the files.
SAME = {
    "documents": "select id, path, kind, type, title, domain, body from documents order by id",
    "claims": "select * from claims order by id",
    "sources": "select * from sources order by id",
    "entities": "select * from entities order by id",
    "positions": "select * from positions order by id",
    "beliefs": "select id, number, title, agent, domain, body, document from beliefs order by id",
    "arguments": "select * from arguments order by id",
    "links": "select from_document, relation, label, display, reason, form, field, section, asserted, state,"
    " candidates, to_document, to_belief, argument from links order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14",
    "evidence": "select claim, source, kind, rule, note, added, extractor, text from evidence where rule <> 'commit'"
    " order by 1, 2, 3, 4, 5, 6, 7, 8",
    "document_tags": "select * from document_tags order by 1, 2",
    "secondary_domains": "select * from secondary_domains order by 1, 2",
    "roles": "select * from roles order by 1",
}


def again(database: Path, folder: Path) -> Path:
    """The database that a build of the exported files makes."""
    export_to(folder / "files", EXPORT_FORMATS["markdown"], database)
    build_database(folder / "files", folder / "again.db")
    return folder / "again.db"


def assert_same(database: Path, other: Path, questions: Iterable[str] = SAME) -> None:
    with closing(connect(database)) as before, closing(connect(other)) as after:
        for name in questions:
            expected, found = ([tuple(row) for row in connection.execute(SAME[name])] for connection in (before, after))
            assert found == expected, name


def files(database: Path) -> dict[str, str]:
    with closing(connect(database)) as connection:
        return {file.path: b"".join(file.pieces).decode() for file in markdown(connection)}


def test_the_tiny_base_comes_back(database: Path, tmp_path: Path) -> None:
    assert_same(database, again(database, tmp_path))


def test_the_sample_comes_back(sample_database: Path, tmp_path: Path) -> None:
    assert_same(sample_database, again(sample_database, tmp_path))


def test_nasty_texts_come_back(nasty_database: Path, tmp_path: Path) -> None:
    assert_same(nasty_database, again(nasty_database, tmp_path))


def test_a_generated_base_comes_back(tmp_path: Path) -> None:
    write_base(tmp_path / "base", 160, 7, dirty_share=0.2)
    build_database(tmp_path / "base", tmp_path / "codex.db")
    assert_same(tmp_path / "codex.db", again(tmp_path / "codex.db", tmp_path))


@pytest.mark.parametrize("fixture", ["database", "nasty_database"])
def test_what_was_built_again_is_exported_as_it_was(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    database: Path = request.getfixturevalue(fixture)
    assert files(again(database, tmp_path)) == files(database)


_LINES = st.sampled_from(
    [
        *("---", "----", "...", "\ufeff", "**Confidence**: likely", "**Type:** claim", "type: claim", "title: x"),
        *(
            "",
            "# heading",
            "- [[b]] — reason",
            "Since [[b]], so",
            "## Challenges",
            "words",
            "\ttab",
            " space",
            "- item",
        ),
        *("### Additional Evidence (extend)", "*Source: [[a3]] | Added: 2026-01-01*", "created: 2026-02-00", "a: [b"),
        *(
            "supports: [b]",
            "resolved_relations: [{supports: domains/a/b.md}]",
            "\u2028",
            "\x0b",
            "\x00",
            "challenges: s2",
        ),
    ]
)


@settings(max_examples=6)
@given(st.lists(st.lists(_LINES, max_size=12).map("\n".join), min_size=1, max_size=24))
def test_any_files_come_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    for number, text in enumerate(texts):
        path = (
            folder / "base" / ("inbox/archive" if number % 4 == 3 else "domains/a") / f"{'abs'[number % 3]}{number}.md"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    build_database(folder / "base", folder / "codex.db")
    assert_same(folder / "codex.db", again(folder / "codex.db", folder))


def test_relations_are_written_out_with_the_paths_of_what_they_lead_to(database: Path) -> None:
    text = files(database)["domains/sleep/short-sleep-lowers-vaccine-response.md"]
    mapping = read_mapping(text.split("---\n")[1])
    assert mapping
    assert mapping.fields[RELATIONS] == [
        {"challenge": "inbox/archive/2025/2025-11-30-lindqvist-vaccines-after-short-nights.md"},
        {"challenge": "inbox/queue/2026-03-01-night-shift-diary.md"},
        {"extend": "inbox/archive/2026-02-10-okafor-twenty-minute-naps.md"},
        {"origin": "inbox/archive/2025/2025-11-30-lindqvist-vaccines-after-short-nights.md"},
        {"related to": "domains/sleep/Naps restore attention within twenty minutes.md"},
        {"related to": "domains/sleep/cold rooms deepen sleep.md"},
    ]


def test_every_argument_is_written_out_at_both_ends(database: Path) -> None:
    inverse = {
        "supports": "supported by",
        "challenges": "challenged by",
        "depends_on": "carries",
        "related": "related to",
    }
    own = {"depends_on": "rests on", "related": "related to"}
    told: set[tuple[str, str, str]] = set()
    for path, text in files(database).items():
        mapping = read_mapping(text.split("---\n")[1]) if text.startswith("---\n") else None
        for item in (mapping.fields.get(RELATIONS) or []) if mapping else []:  # type: ignore[union-attr]
            told |= {(path, str(stance), str(other)) for stance, other in item.items()}  # type: ignore[union-attr]
    with closing(connect(database)) as connection:
        arguments = connection.execute(
            "select a.path, relation, b.path from arguments"
            " join claims as a on a.id = from_claim join claims as b on b.id = to_claim"
        ).fetchall()
        evidence = connection.execute(
            "select claims.path, kind, sources.path from evidence"
            " join claims on claims.id = claim join sources on sources.id = evidence.source"
        ).fetchall()
    expected = {(start, own.get(relation, relation), end) for start, relation, end in arguments}
    expected |= {(end, inverse[relation], start) for start, relation, end in arguments}
    assert told == expected | {tuple(row) for row in evidence}


def test_links_by_a_name_that_only_git_knows_still_lead_there(tmp_path: Path) -> None:
    base = Base(tmp_path / "base")
    base.commit(
        {
            "domains/a/cold rooms.md": claim("rooms that are cool"),
            "domains/a/b.md": claim("b", "Since [[cold rooms]], …"),
        }
    )
    base.commit({"domains/a/cold rooms.md": None, "domains/a/cool rooms.md": claim("rooms that are cool")}, "Rename")
    build_database(base.root, tmp_path / "codex.db")
    with closing(connect(tmp_path / "codex.db")) as connection:
        [[rule, target]] = connection.execute("select rule, to_claim from links where label = 'cold rooms'")
    assert (rule, target) == ("former", "cool-rooms")
    assert_same(tmp_path / "codex.db", again(tmp_path / "codex.db", tmp_path))
    assert "aliases:\n- cold rooms\n" in (tmp_path / "files/domains/a/cool rooms.md").read_text(encoding="utf-8")


def test_relations_that_would_make_front_matter_unreadable_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "base/domains/a"
    folder.mkdir(parents=True)
    (folder / "hub.md").write_text("---\nconfidence: likely\n---\n\nThe hub.")
    for number in range(350):
        (folder / f"a claim {number} with {'many ' * 34}words.md").write_text("---\nsupports: [hub]\n---\n\nText.")
    build_database(tmp_path / "base", tmp_path / "codex.db")
    assert_same(tmp_path / "codex.db", again(tmp_path / "codex.db", tmp_path))
    assert (tmp_path / "files/domains/a/hub.md").read_text() == "---\nconfidence: likely\n---\n\nThe hub.\n"


@pytest.mark.parametrize("path", ["../out.md", "/srv/out.md", "a/../../out.md", "a//b.md", "./a.md"])
def test_a_path_that_leads_out_of_the_folder_is_refused(path: str, database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "codex.db"
    copy.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("update documents set path = ? where path = 'README.md'", (path,))
        connection.commit()
    with pytest.raises(NotExportable, match=f"^{re.escape(path)}: this path leads out of the folder$"):
        export_to(tmp_path / "files", EXPORT_FORMATS["markdown"], copy)
    assert not list((tmp_path / "files").iterdir())
