"""Credit: who had which part in which claim, and by which rule that is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claimbase.pipeline import build_database
from tests.histories import Base, ask, built, claim

NAPS, REST = "domains/sleep/naps.md", "domains/sleep/rest.md"
TRAILER = "Pentagon-Agent: Mara <HEADLESS>"

CONTRIBUTIONS = "select contributor, role, rule, claim, path from contributions order by path, role, rule, contributor"


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "base")


def written(root: Path, files: dict[str, str]) -> Path:
    """The database of a base in no repository."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    build_database(root, root / "codex.db")
    return root / "codex.db"


def parts(database: Path) -> list[tuple[Any, ...]]:
    return ask(database, CONTRIBUTIONS)


def test_attribution_names_who_had_which_part(tmp_path: Path) -> None:
    keys = """attribution:
  sourcer:
    - handle: "@ada"
      context: "found it"
    - Bo Li
  extractor: {handle: mara, agent_id: 76FB}
  challenger: []
  synthesizer: cy
  reviewer: [{name: Leo}, {context: nobody}, null]
  poet: dee
created: 2026-01-05
"""
    database = written(tmp_path, {NAPS: f"---\n{keys}---\n\n# Naps\n", "agents/mara/identity.md": "# Mara\n"})
    assert parts(database) == [
        ("mara", "extractor", "attribution", "naps", NAPS),
        ("leo", "reviewer", "attribution", "naps", NAPS),
        ("ada", "sourcer", "attribution", "naps", NAPS),
        ("bo-li", "sourcer", "attribution", "naps", NAPS),
        ("cy", "synthesizer", "attribution", "naps", NAPS),
    ]
    assert ask(database, "select * from contributors") == [
        ("ada", "ada", None),
        ("bo-li", "Bo Li", None),
        ("cy", "cy", None),
        ("leo", "Leo", None),
        ("mara", "mara", "mara"),
    ]
    assert ask(database, "select distinct date, domain, by_commit from contributions") == [
        ("2026-01-05", "sleep", None)
    ]


@pytest.mark.parametrize("written_", ["[]", "text", "5", "[[a]]", "{extractor: {}}", "{extractor: [[a, b], {x: 1}]}"])
def test_attribution_of_any_shape_does_no_harm(tmp_path: Path, written_: str) -> None:
    assert len(parts(written(tmp_path, {NAPS: f"---\nattribution: {written_}\n---\n"}))) <= 1


def test_who_processed_a_source_extracted_its_claims(tmp_path: Path) -> None:
    source = "---\nprocessed_by: Mara\nprocessed_date: 2026-02-00\nclaims_extracted: [naps, gone]\n---\n"
    database = written(tmp_path, {NAPS: claim("Naps"), "inbox/archive/a.md": source})
    assert parts(database) == [("mara", "extractor", "processed", "naps", "inbox/archive/a.md")]
    assert ask(database, "select date from contributions") == [("2026-02",)]


def test_who_added_a_claim_proposed_it_and_where_the_commit_names_a_source_extracted_it(base: Base) -> None:
    base.commit({NAPS: claim("Naps")}, author="Ada Lo")
    base.commit({REST: claim("Rest", "Other.")}, f"x\n\n- Source: a paper\n\n{TRAILER}\n", author="Bot")
    assert parts(built(base.root)) == [
        ("ada-lo", "proposer", "author", "naps", NAPS),
        ("mara", "extractor", "trailer", "rest", REST),
        ("mara", "proposer", "trailer", "rest", REST),
    ]


def test_a_prefix_that_is_an_agent_of_the_base_stands_for_its_author(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), "agents/mara/identity.md": "# Mara"}, "mara: naps", author="Bot")
    base.commit({REST: claim("Rest", "Other.")}, "fix: rest", author="Bot")
    assert parts(built(base.root)) == [
        ("mara", "proposer", "prefix", "naps", NAPS),
        ("bot", "proposer", "author", "rest", REST),
    ]


def test_reviewers_are_those_that_commits_name_and_challengers_those_that_wrote_an_objection(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), "a.md": "A"}, "x\n\nReviewed-By: Leo <76FB>\n")
    objected = base.commit({NAPS: claim("Naps", challenged_by="[naps are dull]")}, f"x\n\n{TRAILER}\n")
    base.commit({NAPS: claim("Naps", challenged_by="[dull]")}, "Take most of it back")
    assert ask(
        built(base.root), "select contributor, role, rule, date, by_commit from contributions order by date, role"
    )[1:] == [
        ("leo", "reviewer", "trailer", "2026-01-01T12:00:00Z", base.git("rev-parse", "HEAD~2")),
        ("mara", "challenger", "trailer", "2026-01-02T12:00:00Z", objected),
    ]


def test_parts_in_claims_that_are_no_more_are_kept(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), REST: claim("Rest", "Other.")})
    base.commit({NAPS: None})
    assert ask(
        built(base.root), "select contributor, claim, former_id, domain, path from contributions order by path"
    ) == [
        ("ada", None, "naps", "sleep", NAPS),
        ("ada", "rest", None, "sleep", REST),
    ]


def test_one_name_in_several_spellings_is_one_contributor(base: Base) -> None:
    base.commit({NAPS: claim("Naps", attribution="{reviewer: '@rio'}")}, author="Rio")
    base.commit({REST: claim("Rest", "Other.", attribution="{reviewer: rio}")}, author="RIO")
    database = built(base.root)
    assert ask(database, "select id, name from contributors") == [("rio", "RIO")]
    assert len(parts(database)) == 4


@pytest.mark.parametrize("name", ["李雷", "…", "x" * 500])
def test_a_name_in_any_script_and_of_any_length_has_an_id(base: Base, name: str) -> None:
    base.commit({NAPS: claim("Naps")}, author=name)
    [(id_, shown, _)] = ask(built(base.root), "select * from contributors")
    assert id_
    assert name.startswith(shown)


def test_weights_are_those_of_the_base(tmp_path: Path) -> None:
    weights = "role_weights:\n  extractor: 0.4\n  reviewer: 0.1\n"
    found = ask(
        written(tmp_path, {NAPS: claim("Naps"), "schemas/contribution-weights.yaml": weights}),
        "select id, weight from roles",
    )
    assert dict(found) == {
        **dict.fromkeys(("proposer", "sourcer", "challenger", "synthesizer")),
        "extractor": 0.4,
        "reviewer": 0.1,
    }


def test_without_weights_there_are_none(tmp_path: Path) -> None:
    assert ask(written(tmp_path, {NAPS: claim("Naps")}), "select distinct weight from roles") == [(None,)]


def test_weights_behind_a_link_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("extractor: 0.4\n")
    (tmp_path / "base/schemas").mkdir(parents=True)
    (tmp_path / "base/schemas/contribution-weights.yaml").symlink_to("../../elsewhere.yaml")
    assert ask(written(tmp_path / "base", {NAPS: claim("Naps")}), "select distinct weight from roles") == [(None,)]
