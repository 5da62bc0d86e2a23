"""Outcome: what a build came to, read off its database or off the knowledge base itself."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from pathlib import Path

from claimbase.records import Codex, Outcome, Problem

_PROBLEMS = """
select path, line, code, message, suggestion
from problems
order by path, coalesce(line, 0), code, message
"""
_HISTORY = "select value, (select count(*) from commits) from about where name = 'history'"


def outcome_of(codex: Codex) -> Outcome:
    """What a knowledge base comes to."""
    return Outcome(
        Counter(document.kind for document in codex.documents),
        Counter(link.state for link in codex.links),
        codex.problems,
        codex.provenance.history.state,
        len(codex.provenance.history.commits),
    )


def read_outcome(database: Path) -> Outcome:
    """What the build of a database came to."""
    with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return Outcome(
            Counter(dict(connection.execute("select kind, count(*) from documents group by kind"))),
            Counter(dict(connection.execute("select state, count(*) from links group by state"))),
            tuple(map(Problem._make, connection.execute(_PROBLEMS))),
            *connection.execute(_HISTORY).fetchone(),
        )
