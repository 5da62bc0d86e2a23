"""Bound: a statement from outside reads, for a while, and does nothing else."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claimbase.bound import (
    LONGEST_FULL_TEXT_VALUE,
    LONGEST_OWN_VALUE,
    LONGEST_VALUE,
    MOST_COLUMNS,
    MOST_FUNCTIONS,
    ask_narrowly,
    bound,
    open_to_read,
    within,
)
from claimbase.discover import LARGEST

# Whoever serves with Datasette has Python show what was raised within a function of SQL.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def reader(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection as strangers get it."""
    with contextlib.closing(open_to_read(database)) as connection:
        bound(connection)
        yield connection


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("select count(*) > 0 from claims", 1),
        ("with recursive n (x) as (select 1 union all select x + 1 from n limit 9) select sum(x) from n", 45),
        ("select count(*) from claim_links where claim = 'nobody'", 0),
        ("select title from claims_fts where claims_fts match 'melatonin' order by rank", None),
        ("select name from pragma_table_info('claims')", "id"),
        ("select value from json_each('[7]')", 7),
        ("explain query plan select 1", None),
        ("values (3)", 3),
    ],
)
def test_what_reads_is_allowed(reader: sqlite3.Connection, statement: str, value: object) -> None:
    first = reader.execute(statement).fetchone()
    assert first is not None
    assert value in (None, first[0])


@pytest.mark.parametrize(
    "statement",
    [
        "delete from claims",
        "insert into claims_fts (claims_fts) values ('optimize')",
        "update sqlite_master set sql = ''",
        "create table stray (x)",
        "create temp table stray (x)",
        "drop table claims",
        "attach ':memory:' as other",
        "detach main",
        "vacuum into '/nowhere/copy.db'",
        "pragma journal_mode = wal",
        "pragma writable_schema = 1",
        "pragma schema_version = 9",
        "select * from pragma_journal_mode",
        "select load_extension('anything')",
        "select zeroblob(100000000)",
        "select randomblob(100000000)",
        "select printf('%.*c', 1000000000, 'a')",
        "select format('%1000000000d', 1)",
        "analyze",
        "reindex",
        "begin",
        "savepoint here",
        "select 1; select 2",
    ],
)
def test_what_does_anything_else_is_refused(reader: sqlite3.Connection, statement: str) -> None:
    with pytest.raises((sqlite3.Error, sqlite3.Warning)):
        reader.execute(statement).fetchall()


ONES = "printf('%.*c', 15000000, 'a')"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot set these bounds")
@pytest.mark.parametrize(
    "statement",
    [
        "with recursive n (x) as (select 'a' union all select x || x from n) select max(length(x)) from n",
        f"select replace({ONES}, 'a', 'aa')",
        f"select {ONES} like '%' || printf('%.*c', 200, 'a') || 'b'",
        f"select {', '.join(['1'] * (MOST_COLUMNS + 1))}",
        f"select 1 -- {'x' * 20_000}",
    ],
)
def test_what_would_make_or_match_too_much_in_one_step_is_refused(reader: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.Error):
        reader.execute(statement).fetchall()


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        (f"select instr({ONES}, printf('%.*c', 5000000, 'a') || 'b')", 0),
        (f"select length(replace({ONES}, printf('%.*c', 5000000, 'a') || 'b', ''))", 15_000_000),
        ("select trim(printf('%.*c', 200000, 'a'), printf('%.*c', 200000, 'b') || 'a')", ""),
    ],
)
def test_what_would_take_hours_in_one_step_takes_none(
    reader: sqlite3.Connection, statement: str, value: object
) -> None:
    assert reader.execute(statement).fetchone() == (value,)


def test_every_file_that_a_base_may_have_can_be_read() -> None:
    assert LONGEST_VALUE > LARGEST * 1.1


def test_a_statement_without_end_ends_and_the_next_one_runs(reader: sqlite3.Connection) -> None:
    endless = "with recursive n (x) as (select 1 union all select x + 1 from n) select count(*) from n"
    with pytest.raises(sqlite3.OperationalError, match="interrupted"), within(reader, seconds=0.01):
        reader.execute(endless).fetchall()
    with within(reader):
        assert reader.execute("select 1").fetchall() == [(1,)]


def test_text_of_any_bytes_is_text(reader: sqlite3.Connection) -> None:
    assert reader.execute("select cast(x'ff41' as text)").fetchone() == ("\N{REPLACEMENT CHARACTER}A",)


VALUES = st.one_of(
    st.none(), st.integers(-1000, 1000), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
)


@pytest.mark.parametrize(
    ("call", "count"),
    [("instr(?, ?)", 2), ("replace(?, ?, ?)", 3), ("trim(?, ?)", 2), ("ltrim(?, ?)", 2), ("rtrim(?, ?)", 2)],
)
@given(values=st.tuples(VALUES, VALUES, VALUES))
@example(values=(7, "", None))
@example(values=("abcabc", "b", "xyz"))
def test_what_is_put_in_the_place_of_a_function_answers_as_it_does(
    call: str, count: int, values: tuple[object, ...]
) -> None:
    with (
        contextlib.closing(sqlite3.connect(":memory:")) as plain,
        contextlib.closing(sqlite3.connect(":memory:")) as ours,
    ):
        bound(ours)
        statement = f"select {call}"
        asked = values[:count]
        assert ours.execute(statement, asked).fetchone() == plain.execute(statement, asked).fetchone()


@given(
    form=st.lists(st.sampled_from(["%d", "%5.2f", "%s", "%-8s|", "%%", "%c", "%,d", "%x", "%q", "%*d", "a"])),
    values=st.lists(VALUES, max_size=4),
)
def test_printf_answers_as_it_does(form: list[str], values: list[object]) -> None:
    with (
        contextlib.closing(sqlite3.connect(":memory:")) as plain,
        contextlib.closing(sqlite3.connect(":memory:")) as ours,
    ):
        bound(ours)
        statement = f"select printf({', '.join('?' * (len(values) + 1))})"
        asked = ["".join(form), *values]
        assert ours.execute(statement, asked).fetchone() == plain.execute(statement, asked).fetchone()


def narrowly(reader: sqlite3.Connection, statement: str) -> object:
    return ask_narrowly(reader, lambda connection: connection.execute(statement).fetchone()[0])


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 cannot set these bounds")
@pytest.mark.parametrize(
    "statement",
    [
        f"select {ONES}",
        f"select printf('%.*c', {LONGEST_OWN_VALUE}, 'a') || 'a'",
        f"select count(*) from claims_fts where claims_fts match printf('%.*c', {LONGEST_FULL_TEXT_VALUE}, 'a') || 'b'",
        f"select {'+'.join(['abs(1)'] * (MOST_FUNCTIONS + 1))}",
        f"select {'+'.join(['(title like 1)'] * 21)} from claims",
    ],
)
def test_a_readers_own_words_make_less(reader: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.Error):
        narrowly(reader, statement)


def test_what_was_narrow_is_wide_again(reader: sqlite3.Connection) -> None:
    assert narrowly(reader, "select count(*) > 0 from claims_fts where claims_fts match 'a OR melatonin'") == 1
    assert narrowly(reader, "select count(*) > 0 from claims where body like '%a%'") == 1
    assert reader.execute(f"select length({ONES})").fetchone() == (15_000_000,)
