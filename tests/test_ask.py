"""Ask: programs get what the site shows, in answers of bounded length, or are told what to ask instead."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase import ask
from claimbase.answers import NOTICE
from claimbase.base import Base, NoAnswer
from claimbase.pipeline import build_database
from claimbase.portion import LONGEST_BODY, LONGEST_TEXT, MOST_CHARACTERS
from tests.conftest import QUESTIONS, opened

# Whoever serves with Datasette has Python show what was raised within a function of SQL.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NAPS = "naps-restore-attention-within-twenty-minutes"


@pytest.fixture(scope="module")
def long_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a base with a claim that is too long for one answer, and that too many others support."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "kb/domains/rest").mkdir(parents=True)
    (folder / "kb/domains/rest/rest helps.md").write_text("Rest. " * 5_000)
    for number in range(60):
        text = f'---\nsupports: ["rest helps"]\n---\n\n{"So it is said. " * 200}'
        (folder / f"kb/domains/rest/reason number {number}.md").write_text(text)
    build_database(folder / "kb", folder / "codex.db")
    return folder / "codex.db"


def test_search_ranks_as_the_site_does_and_takes_its_filters(base: Base) -> None:
    found = ask.search(base, "melatonin", "claim", "", "", 0, 20)
    assert [hit.title for hit in found.rows] == [
        "Melatonin works by timing -- not by dose",
        "Naps restore attention within twenty minutes",
    ]
    assert found.rows[0].snippet is not None
    assert found.rows[0].snippet.startswith("# ⟪Melatonin⟫ works by timing")
    assert ask.search(base, "melatonin", "claim", "sleep", "likely", 0, 20).total == 2
    assert ask.search(base, "melatonin", "claim", "bridges", "", 0, 20).total == 0
    assert ask.search(base, "melatonin", "source", "", "", 0, 20).total == 0


def test_a_search_that_finds_nothing_says_how_to_find_more(base: Base) -> None:
    assert "use fewer" in (ask.search(base, "lighthouse keepers nap", "claim", "", "", 0, 20).more or "")


def test_a_domain_that_is_not_there_is_told_with_those_that_are(base: Base) -> None:
    with pytest.raises(NoAnswer, match=r"there is no domain 'Sleep'; there are .*bridges.*sleep"):
        ask.search(base, "melatonin", "claim", "Sleep", "", 0, 20)


def test_a_claim_comes_with_what_is_said_for_and_against_it(base: Base) -> None:
    naps = ask.claim(base, NAPS)
    assert (naps.title, naps.confidence) == ("Naps restore attention within twenty minutes", "likely")
    assert ("rests on", "attention-recovers-in-the-gaps") in [(one.stance, one.other) for one in naps.arguments]
    assert {one.kind for one in naps.evidence} == {"origin", "confirm"}
    assert "Those who nap may simply be those who are allowed to" in [one.words for one in naps.objections]
    assert naps.body.startswith("# Naps restore attention")
    assert (naps.next_body_from, naps.more, naps.notice) == (None, [], NOTICE)


def test_a_long_claim_comes_in_parts_that_say_how_much_is_left(long_database: Path) -> None:
    with opened(long_database) as base:
        first = ask.claim(base, "rest helps")
        body, start = first.body, first.next_body_from
        while start is not None:
            part = ask.claim(base, "rest helps", start)
            body, start = body + part.body, part.next_body_from
    assert len(first.body) == LONGEST_BODY
    assert body == ("Rest. " * 5_000).strip()
    assert first.more == [
        "… and 20 more arguments: ask_question arguments_of_claim",
        "… and 17,999 more characters of the body: get_claim with body_from=12000",
    ]


def test_lists_come_in_parts_until_the_last_row(long_database: Path) -> None:
    with opened(long_database) as base:
        pages = [ask.support_chain(base, "rest helps", 0, 25)]
        while pages[-1].next_offset is not None:
            pages.append(ask.support_chain(base, "rest helps", pages[-1].next_offset, 25))
    assert [len(page.rows) for page in pages] == [25, 25, 1]
    assert [page.more for page in pages] == [
        "… and 26 more: ask again with offset=25",
        "… and 1 more: ask again with offset=50",
        None,
    ]
    assert len({row.claim for page in pages for row in page.rows}) == pages[0].total == 51


def test_no_answer_is_longer_than_an_assistant_can_read(long_database: Path) -> None:
    with opened(long_database) as base:
        found = ask.run_sql(base, "select body, body as again from claims order by length(body) desc", {}, 100)
        short = ask.run_sql(base, "select id from claims order by id", {}, 100)
    assert sum(len(str(value)) for row in found.rows for value in row) <= MOST_CHARACTERS
    assert found.rows[0][0] == f"{('Rest. ' * 5_000)[:LONGEST_TEXT]} … and 27,999 more characters"
    assert (found.total, found.more is None) == (None, False)
    assert (short.total, short.more, len(short.rows)) == (61, None, 61)


def test_what_a_claim_stands_on_what_falls_with_it_and_what_speaks_against_it(base: Base) -> None:
    steps = ask.support_chain(base, NAPS, 0, 20)
    assert (steps.claim, steps.rows[0].step, steps.rows[0].claim) == (NAPS, 0, NAPS)
    assert any(row.source == "2026-02-10-okafor-twenty-minute-naps" for row in steps.rows)
    premise = ask.cascade(base, "attention-recovers-in-the-gaps", 0, 20)
    assert NAPS in [row.id for row in premise.rows if row.steps == 1]
    against = ask.challenges(base, NAPS, 0, 20)
    assert [(row.challenger, row.words) for row in against.rows] == [
        ("challenges-naps-are-a-symptom", None),
        (None, "Those who nap may simply be those who are allowed to"),
    ]
    [source] = ask.sources(base, NAPS, 0, 20).rows
    assert source.title == "Twenty minute naps on the ward"


def test_what_falls_with_a_belief_can_be_asked_too(base: Base) -> None:
    [(belief,)] = base.connection.execute("select id from beliefs order by id limit 1").fetchall()
    assert ask.cascade(base, belief, 0, 20).fallen == belief


def test_the_overview_tells_what_there_is_and_how_it_fares(base: Base, rows: sqlite3.Connection) -> None:
    told = ask.overview(base, "")
    claims = rows.execute("select count(*) from claims").fetchone()[0]
    assert ("claims", claims) in [(figure.label, figure.number) for figure in told.figures]
    assert ("sleep", "Sleep and rest", 13) in [(domain.id, domain.title, domain.claims) for domain in told.domains]
    assert [domain.id for domain in ask.overview(base, "sleep").domains] == ["sleep"]
    of_all, of_sleep = (
        {sign.measure: sign.value for sign in ask.overview(base, name).vital_signs} for name in ("", "sleep")
    )
    assert (of_all["claims"], of_sleep["claims"]) == (claims, 13)


def test_the_queue_is_the_one_of_the_site(base: Base, rows: sqlite3.Connection) -> None:
    first = rows.execute("select document from review_queue order by weight desc, document").fetchone()[0]
    assert ask.what_next(base, "", 0, 1).rows[0].document == first


@pytest.mark.parametrize("name", sorted(QUESTIONS.canned))
def test_every_canned_question_can_be_asked(base: Base, name: str) -> None:
    given = {
        parameter: {"claim": NAPS, "q": "sleep"}.get(parameter, "") for parameter in QUESTIONS.canned[name].parameters
    }
    found = ask.ask_question(base, name, given, 0, 100)
    assert all(len(row) == len(found.columns) for row in found.rows)


def test_a_question_that_is_unknown_or_asked_otherwise_says_what_there_is(base: Base) -> None:
    with pytest.raises(NoAnswer, match=r"there is no question 'fights'; there are search, .*disputes"):
        ask.ask_question(base, "fights", {}, 0, 20)
    with pytest.raises(NoAnswer, match="unchallenged takes domain, and not topic"):
        ask.ask_question(base, "unchallenged", {"topic": "sleep"}, 0, 20)


def test_tables_are_described_as_on_the_site(base: Base) -> None:
    everything = ask.tables(base, "")
    assert {relation.name for relation in everything.relations} == set(QUESTIONS.tables)
    [evidence] = ask.tables(base, "evidence").relations
    assert [(column.name, column.type, column.refers_to) for column in evidence.columns][:3] == [
        ("id", "integer", None),
        ("claim", "text", "claims"),
        ("source", "text", "sources"),
    ]
    assert all(column.description for relation in ask.all_tables(base) for column in relation.columns)
    with pytest.raises(NoAnswer, match=r"there is no table or view 'facts'; there are about, .*claims"):
        ask.tables(base, "facts")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("delete from claims", "not authorized; only what reads this database may be run: one select statement"),
        ("select 1; select 2", "one statement at a time.; run them one after the other"),
        ("select * from facts", "no such table: facts; describe_tables lists the tables and views"),
        ("select fact from claims", "no such column: fact; describe_tables lists the columns of a table"),
        ("select :id", "give a value for each :name in parameters"),
        ("select zeroblob(100000000)", "not authorized to use function: zeroblob; only what reads"),
        ("select replace(printf('%.*c', 9999999, 'a'), 'a', 'aaa')", "a value grew too long; use substr"),
        ("selec", 'near "selec": syntax error'),
        ("-- nothing", "write one select statement"),
        ("", "write one select statement"),
    ],
)
def test_a_statement_that_cannot_run_says_what_to_do(base: Base, sql: str, told: str) -> None:
    with pytest.raises(NoAnswer) as error:
        ask.run_sql(base, sql, {}, 20)
    assert told in str(error.value)


def test_sql_takes_values_by_name_and_shows_bytes_by_their_number(base: Base) -> None:
    sql = "select id, title, x'0000' as bytes, null as none from claims where id = :id"
    found = ask.run_sql(base, sql, {"id": NAPS}, 20)
    assert found.columns == ["id", "title", "bytes", "none"]
    assert found.rows == [[NAPS, "Naps restore attention within twenty minutes", "2 bytes", None]]


def test_sql_finds_words_as_the_tool_describes_it(base: Base) -> None:
    sql = "select rowid from claims_fts where claims_fts match escape_fts(:words)"
    assert ask.run_sql(base, sql, {"words": 'melatonin "'}, 20).total == 2


@given(text=st.text())
def test_whatever_is_asked_there_is_an_answer_or_a_reason(long_database: Path, text: str) -> None:
    with opened(long_database) as base:
        for question in (
            lambda: ask.search(base, text, text, "", "", 0, 20),
            lambda: ask.claim(base, text),
            lambda: ask.run_sql(base, text, {text: text}, 20),
            lambda: ask.ask_question(base, "objections", {"claim": text}, 0, 20),
        ):
            with contextlib.suppress(NoAnswer):
                assert json.dumps(dataclasses.asdict(question()))
