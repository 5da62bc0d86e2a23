"""Chronicle: how each claim came to say what it says, row by row, from a past that git wrote down."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from benchmarks.generate import write_base
from benchmarks.history import write_history
from claimbase.flatten import flatten
from claimbase.pipeline import build_database, read_codex
from claimbase.texts import row_columns
from tests.histories import Base, ask, built, claim
from tests.test_architecture import PAST

NAPS, REST = "domains/sleep/naps.md", "domains/sleep/rest.md"
PAPER = "inbox/archive/2026-01-01-paper.md"
SOURCE = "---\ntype: source\ntitle: A paper\n---\n\nText.\n"


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "base")


CHANGES = """
select claim, former_id, path, kind, field, old, new, added, removed
from changes
join commits on commits.id = by_commit
order by number, changes.id
"""


def test_a_commit_is_a_row_with_all_that_it_says(base: Base) -> None:
    first = base.commit({PAPER: SOURCE, NAPS: claim("Naps", domain="sleep")})
    message = (
        "mara: extract claims (#12)\n\n- Source: inbox/archive/2026-01-01-paper.md\n- Domain: sleep\n"
        "- Claims: 1, Entities: 2\n- Enrichments: 3\n- Extracted by: cron (a/b-1)\n\nPentagon-Agent: Mara <HEADLESS>\n"
    )
    second = base.commit({REST: claim("Rest")}, message, author="Bot", date="2026-01-02T23:30:00-05:00")
    database = built(base.root)
    plain = (first, 1, "2026-01-01T12:00:00Z", "Ada", "Write", *[None] * 13, 0, None)
    assert ask(database, "select * from commits order by number") == [
        plain,
        (
            *(second, 2, "2026-01-03T04:30:00Z", "Bot", "mara: extract claims (#12)", "mara", 12, "mara", "HEADLESS"),
            *("2026-01-01-paper", "inbox/archive/2026-01-01-paper.md", "sleep", "sleep", 1, 2, 3, "cron (a/b-1)"),
            *("a/b-1", 0, None),
        ),
    ]
    assert ask(database, "select id, name, folder from agents") == [("mara", "Mara", None)]


def test_a_domain_or_source_that_the_base_has_not_is_kept_as_written(base: Base) -> None:
    base.commit({NAPS: claim("Naps")}, "x\n\n- Source: inbox/queue/gone.md\n- Domain: Dream Lore\n")
    found = ask(built(base.root), "select source, source_text, domain, domain_text from commits")
    assert found == [(None, "inbox/queue/gone.md", None, "Dream Lore")]


def test_each_key_body_and_path_that_changed_is_a_row(base: Base) -> None:
    base.commit({NAPS: claim("Naps", confidence="proven", created="2026-01-01")})
    base.commit({NAPS: claim("Short naps", "One.\nTwo.", confidence="likely", tags="[a, b]")})
    base.git("mv", NAPS, REST)
    base.commit({})
    found = ask(built(base.root), CHANGES)
    assert found == [
        ("rest", None, NAPS, "created", None, None, NAPS, None, None),
        ("rest", None, NAPS, "field", "title", "Naps", "Short naps", None, None),
        ("rest", None, NAPS, "field", "confidence", "proven", "likely", None, None),
        ("rest", None, NAPS, "field", "created", "2026-01-01", None, None, None),
        ("rest", None, NAPS, "field", "tags", None, '["a", "b"]', None, None),
        ("rest", None, NAPS, "body", None, None, None, 12, 10),
        ("rest", None, REST, "renamed", None, NAPS, REST, None, None),
    ]


def test_a_claim_that_is_no_more_keeps_its_rows_and_the_id_it_had(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), REST: claim("Rest"), "inbox/archive/a.md": "A", "agents/mara/a.md": "A"})
    base.git("mv", REST, "domains/sleep/repose.md")
    base.commit({})
    gone = base.commit({"domains/sleep/repose.md": None, "inbox/archive/a.md": None, "agents/mara/a.md": None})
    database = built(base.root)
    assert ask(
        database, "select former_id, domain, path, kind from changes where claim is null order by date, kind"
    ) == [
        ("repose", "sleep", REST, "created"),
        ("repose", "sleep", "domains/sleep/repose.md", "renamed"),
        ("repose", "sleep", "domains/sleep/repose.md", "deleted"),
    ]
    assert ask(
        database, "select path, former_id, kind, document, claim, by_commit from former_names where by_commit = ?", gone
    ) == [
        ("agents/mara/a.md", "agents-mara-a", "agent", None, None, gone),
        ("domains/sleep/repose.md", "repose", "claim", None, None, gone),
        ("inbox/archive/a.md", "a", "source", None, None, gone),
    ]


def test_a_former_name_leads_to_what_the_document_is_now(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), PAPER: SOURCE * 3})
    base.git("mv", NAPS, REST)
    first = base.commit({})
    (base.root / "core/x").mkdir(parents=True)
    base.git("mv", REST, "core/x/repose.md")
    base.git("mv", PAPER, "inbox/queue-2026.md")
    second = base.commit({})
    found = ask(built(base.root), "select * from former_names")
    assert found == [
        (NAPS, "naps", "claim", "repose", "repose", first, "2026-01-02T12:00:00Z"),
        (REST, "rest", "claim", "repose", "repose", second, "2026-01-03T12:00:00Z"),
        (PAPER, "2026-01-01-paper", "source", "queue-2026", None, second, "2026-01-03T12:00:00Z"),
    ]


def test_a_name_that_is_in_use_again_is_no_former_one(base: Base) -> None:
    base.commit({NAPS: claim("Naps")})
    base.git("mv", NAPS, REST)
    base.commit({NAPS: claim("Others")})
    assert ask(built(base.root), "select * from former_names") == []


def test_of_several_that_had_a_name_the_last_counts(base: Base) -> None:
    base.commit({NAPS: claim("Naps")})
    base.git("mv", NAPS, REST)
    base.commit({})
    base.commit({NAPS: claim("Others", "Quite other words.")})
    last = base.commit({NAPS: None})
    assert ask(built(base.root), "select path, document, by_commit from former_names") == [(NAPS, None, last)]


def test_documents_know_when_git_first_and_last_had_them(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), "a.md": "A"}, date="2026-01-01T23:00:00-02:00")
    base.commit({NAPS: claim("Naps", "More.")})
    base.write({"new.md": "Not committed yet."})
    assert ask(built(base.root), "select path, first_committed, last_committed from documents") == [
        ("a.md", "2026-01-02T01:00:00Z", "2026-01-02T01:00:00Z"),
        (NAPS, "2026-01-02T01:00:00Z", "2026-01-02T12:00:00Z"),
        ("new.md", None, None),
    ]


def test_a_merge_stands_behind_what_it_brought_in(base: Base) -> None:
    first = base.commit({NAPS: claim("Naps")})
    base.git("checkout", "--quiet", "-b", "side")
    side = base.commit({REST: claim("Rest")})
    base.git("checkout", "--quiet", "main")
    main = base.commit({NAPS: claim("Naps", "More.")})
    merge = base.merge("side")
    rows = {id_: rest for id_, *rest in ask(built(base.root), "select id, merge, merged_in from commits")}
    assert rows == {first: [0, None], side: [0, merge], main: [0, None], merge: [1, None]}


def test_a_link_by_an_old_name_is_resolved_and_says_so(base: Base) -> None:
    doze, cot = "domains/sleep/Doze.md", "core/x/cot.md"
    base.commit({doze: claim("Naps help"), "core/x/gone.md": claim("Gone", "Other."), cot: claim("Beds are best")})
    base.git("mv", doze, "domains/sleep/naps.md")
    base.git("mv", cot, "core/x/bed.md")
    base.commit({"core/x/gone.md": None, "domains/y/cot.md": claim("Boats are small")})
    links = "[[Doze]] [[doze.md]] [[DOZE#x]] [[domains/sleep/Doze]] [[gone]] [[core/x/gone]] [[cot]] [[core/x/cot]]"
    base.commit({"domains/y/cot.md": None, "links.md": links})
    assert ask(built(base.root), "select label, state, rule, to_claim from links order by id") == [
        *((label, "resolved", "former", "naps") for label in ("Doze", "doze.md", "DOZE#x", "domains/sleep/Doze")),
        *((label, "dead", None, None) for label in ("gone", "core/x/gone")),
        ("cot", "dead", None, None),  # another cot was deleted: who knows which of the two is meant?
        ("core/x/cot", "resolved", "former", "bed"),
    ]


def test_the_commit_that_added_a_claim_is_evidence_of_its_source(base: Base) -> None:
    base.commit({PAPER: SOURCE})
    message = "x\n\n- Source: inbox/archive/2026-01-01-paper.md\n- Extracted by: a/b\n"
    added = base.commit({NAPS: claim("Naps")}, message)
    base.commit({NAPS: claim("Naps", "More."), REST: claim("Rest")}, "y\n\n- Source: nowhere.md\n")
    base.git("mv", PAPER, "inbox/archive/paper.md")
    base.commit({})
    columns = "claim, source, kind, rule, note, added, extractor, text, path, line, by_commit"
    assert ask(built(base.root), f"select {columns} from evidence") == [
        ("naps", "paper", "origin", "commit", None, "2026-01-02", "a/b", None, NAPS, None, added)
    ]


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("inbox/archive/2026-01-01-paper.md", "2026-01-01-paper"),
        ("`./inbox/archive/2026-01-01-paper.md`", "2026-01-01-paper"),
        ("[[2026-01-01-paper]]", "2026-01-01-paper"),
        ("inbox/queue/2026-01-01-paper.md", "2026-01-01-paper"),  # where it lay before, though git was not told
        ("inbox/queue/twice.md", None),
        ("inbox/queue/2026-01-01-paper-and-more.md", None),
        ("domains/sleep/naps.md", None),
        ("a paper", None),
    ],
)
def test_a_source_that_a_commit_names_is_one_for_certain_or_none(base: Base, stated: str, found: str | None) -> None:
    files = {PAPER: SOURCE, "inbox/archive/a/twice.md": SOURCE, "inbox/archive/b/twice.md": SOURCE}
    base.commit({**files, NAPS: claim("Naps")}, f"x\n\n- Source: {stated}\n")
    assert ask(built(base.root), "select source from commits") == [(found,)]


def test_a_base_without_git_has_the_same_rows_otherwise(base: Base, tmp_path: Path) -> None:
    base.commit({NAPS: claim("Naps", confidence="likely"), PAPER: SOURCE})
    with_past = built(base.root)
    (base.root / ".git").rename(tmp_path / "kept")
    without = tmp_path / "without.db"
    build_database(base.root, without)
    assert ask(without, "select value from about where name = 'history'") == [("absent",)]
    for table in ("commits", "changes", "former_names", "contributions"):
        assert ask(without, f"select * from {table}") == []
    for table in ("claims", "sources", "links", "problems", "metrics"):
        assert ask(without, f"select * from {table}") == ask(with_past, f"select * from {table}")


def test_rows_of_the_past_have_the_columns_of_their_tables(base: Base) -> None:
    base.commit({NAPS: claim("Naps"), REST: claim("Other", "x")})
    base.commit({REST: None})
    connection = sqlite3.connect(built(base.root))
    checked = set()
    for table in flatten(read_codex(base.root)):
        columns = [name for _, name, *_ in connection.execute(f"pragma table_info({table.name})")]
        for row in table.rows:
            assert getattr(row, "_fields", None) == tuple(row_columns(table.name, columns))
            checked.add(type(row).__name__)
    assert checked >= PAST


def test_two_builds_of_one_past_are_the_same_bytes_wherever_it_lies(base: Base, tmp_path: Path) -> None:
    base.commit({NAPS: claim("Naps"), REST: claim("Rest")}, "x\n\nPentagon-Agent: Mara <A>\nReviewed-by: Leo\n")
    base.commit({NAPS: claim("Naps", "More.")})
    base.git("clone", "--quiet", str(base.root), str(tmp_path / "elsewhere"))
    assert built(base.root).read_bytes() == built(tmp_path / "elsewhere").read_bytes()


# Claims that always were claims, and had their names to themselves for as long as they had them.
NAMED = """
select id, path
from claims
where id not in (
  select mine.claim
  from changes as mine
  left join changes as others on others.old = mine.path and others.kind = 'renamed' and others.claim is not mine.claim
  where mine.claim is not null
    and (others.id is not null or mine.path like 'inbox/%')
)
order by id
"""


def assert_like_git(root: Path, database: Path, every: int = 4) -> None:
    """Whether claims of a base, one of so many, were changed in the commits that `git log --follow` has, no others.

    Git also follows what was only copied, and goes on to whatever else had the name before; for a claim both are a
    beginning.
    """
    build_database(root, database)
    for id_, path in ask(database, NAMED)[::every]:
        command = ["git", "-C", str(root), "log", "--follow", "--name-status", "--format=%H", "--", path]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603
        if not re.search(r"^C\d+\t", told, re.MULTILINE):
            wanted = set(re.findall(r"^[0-9a-f]{40,64}$", told, re.MULTILINE))
            found = {commit for (commit,) in ask(database, "select by_commit from changes where claim = ?", id_)}
            assert found == wanted, path


def test_a_generated_base_has_the_past_that_git_tells_of(tmp_path: Path) -> None:
    root = tmp_path / "base"
    write_history(root, write_base(root, 400, 1), 1)
    assert_like_git(root, tmp_path / "codex.db")


@pytest.mark.skipif("CLAIMBASE_PAST_OF" not in os.environ, reason="CLAIMBASE_PAST_OF names no base to compare with git")
def test_any_base_has_the_past_that_git_tells_of(tmp_path: Path) -> None:
    assert_like_git(Path(os.environ["CLAIMBASE_PAST_OF"]), tmp_path / "codex.db")
