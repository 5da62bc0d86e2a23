"""The contract: what programs rely on stands in `docs/`, and does not change unless it is written down anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from build import PROJECT, main
from claimbase.contract import parameters

PAGES = ("schema.md", "queries.md", "schema.graphql")


@pytest.fixture(scope="module")
def written(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    result = CliRunner().invoke(main, ["contract", str(database), str(folder)])
    assert (result.exit_code, result.stdout.split()) == (0, [str(folder / name) for name in PAGES])
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_what_programs_rely_on_changes_only_with_its_page(written: Path, name: str) -> None:
    """If this fails, `build.py contract codex.db` writes the page, and the changelog says what has changed."""
    assert (written / name).read_text(encoding="utf-8") == (PROJECT / "docs" / name).read_text(encoding="utf-8")


def test_a_column_says_its_type_what_it_refers_to_and_what_it_holds() -> None:
    schema = (PROJECT / "docs/schema.md").read_text(encoding="utf-8")
    assert (
        "| `agent` | text | refers to [agents](#agents) "
        "| Who maintains the claim, the slug of a name; null where nobody is named. |"
    ) in schema
    assert "| `id` | text | key |" in schema
    assert "| `body` | text | always given |" in schema


def test_a_question_says_what_it_takes_and_gives() -> None:
    queries = (PROJECT / "docs/queries.md").read_text(encoding="utf-8")
    [claims_by] = re.findall(r"^## claims_by\n(.*?)(?=^## )", queries, re.MULTILINE | re.DOTALL)
    assert "- parameters: `q`, `domain`, `confidence`, `limit`, `offset`" in claims_by
    assert "- columns: `id`, `title`, `description`, `domain`, `confidence`, `agent`, `created`, `total`" in claims_by


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select :q, :limit, :q", ["q", "limit"]),
        ("select '{title} : (' || x", []),
        ("select 1", []),
    ],
)
def test_parameters_are_named_once_in_their_order(sql: str, names: list[str]) -> None:
    assert parameters(sql) == names


@pytest.mark.parametrize(
    ("name", "message"),
    [("codex.db", "unable to open database file"), ("other.db", "unable to open database file")],
)
def test_what_is_no_codex_is_refused_in_a_line(tmp_path: Path, name: str, message: str) -> None:
    result = CliRunner().invoke(main, ["contract", str(tmp_path / name), str(tmp_path)])
    assert (result.exit_code, message in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []
