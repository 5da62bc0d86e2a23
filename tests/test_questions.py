"""Questions: what the site asks and says of its tables is read from where the site has it."""

from __future__ import annotations

import sqlite3

import pytest

from tests.conftest import QUESTIONS


def test_a_canned_question_has_its_words_and_what_it_may_be_given() -> None:
    objections = QUESTIONS.canned["objections"]
    assert (objections.title, objections.parameters) == ("Objections", ("claim",))
    assert objections.description.startswith("Everything that speaks against a claim: ")
    assert objections.sql.startswith("-- What has been said against the claims")
    assert QUESTIONS.canned["contributions_over_time"].parameters == ("contributor", "domain")


@pytest.mark.parametrize("name", sorted(QUESTIONS.canned))
def test_a_question_takes_what_its_sql_does(rows: sqlite3.Connection, name: str) -> None:
    rows.create_function("escape_fts", 1, lambda _: '""')
    rows.execute(QUESTIONS.canned[name].sql, dict.fromkeys(QUESTIONS.canned[name].parameters, ""))


def test_tables_columns_and_the_lists_of_pages_go_by_their_names() -> None:
    assert QUESTIONS.title == "Claimbase"
    assert QUESTIONS.tables["evidence"].columns["claim"].startswith("The claim")
    assert QUESTIONS.pages["search/results"].startswith("-- Which documents speak of these words")
