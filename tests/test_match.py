"""Match: a search takes any input and finds what was meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.match import LONGEST_TERM, MOST_TERMS, match_query


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table texts using fts5 (text, tokenize='porter unicode61')")
    connection.executemany(
        "insert into texts (text) values (?)", [("short naps restore attention",), ("attention fades; naps help",)]
    )
    yield connection
    connection.close()


def found(index: sqlite3.Connection, search: str) -> list[str]:
    return [row[0] for row in index.execute("select text from texts where texts match ?", (match_query(search),))]


@pytest.mark.parametrize(
    ("search", "query"),
    [
        ("naps", '"naps"'),
        ("short naps", '"short" "naps"'),
        ('"short naps" attention', '"short naps" "attention"'),
        ("atten*", '"atten"*'),
        ("naps AND attention", '"naps" "AND" "attention"'),
        ("don't", '"don t"'),
        ("title:naps", '"title naps"'),
        ("", '""'),
        ('"""', '""'),
        ("* ( ) : ^ -", '""'),
        ("🦔", '""'),
        ("nap\0s", '"nap" "s"'),
        ('open "quote', '"open" "quote"'),
    ],
)
def test_a_search_becomes_a_valid_query(search: str, query: str) -> None:
    assert match_query(search) == query


def test_all_words_must_occur(index: sqlite3.Connection) -> None:
    assert found(index, "attention naps") == ["short naps restore attention", "attention fades; naps help"]
    assert found(index, "attention caffeine") == []


def test_quoted_words_must_stand_together(index: sqlite3.Connection) -> None:
    assert found(index, '"short naps"') == ["short naps restore attention"]
    assert found(index, '"naps short"') == []


def test_words_are_found_in_other_forms(index: sqlite3.Connection) -> None:
    assert found(index, "napping restored") == ["short naps restore attention"]


def test_a_star_finds_words_that_begin_so(index: sqlite3.Connection) -> None:
    assert found(index, "fad*") == ["attention fades; naps help"]


@pytest.mark.parametrize("search", ["", '"', '"""', "\0", "🦔", "*", "-", "()"])
def test_a_search_without_a_word_finds_nothing(index: sqlite3.Connection, search: str) -> None:
    assert found(index, search) == []


def test_three_thousand_words_are_cut_to_the_first_few(index: sqlite3.Connection) -> None:
    query = match_query("nap " * 3000)
    assert query.count('"nap"') == MOST_TERMS
    assert len(match_query("x" * 10_000)) == LONGEST_TERM + 2


@pytest.mark.parametrize("value", [None, 7, 1.5, b"naps"])
def test_what_is_no_text_finds_nothing(value: object) -> None:
    assert match_query(value) == '""'


@given(st.text())
def test_no_search_is_an_error(search: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table texts using fts5 (text, tokenize='porter unicode61')")
    connection.execute("select * from texts where texts match ?", (match_query(search),)).fetchall()
    connection.close()
