import contextlib
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from build import main
from claimbase.repository import NoAddress, file_address, file_at

KB = Path(__file__).parent / "kb"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/blob/HEAD/{path}"),
        ("https://github.com/a/b.git", "https://github.com/a/b/blob/HEAD/{path}"),
        ("https://gitlab.com/a/b/", "https://gitlab.com/a/b/-/blob/HEAD/{path}"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b/src/branch/HEAD/{path}"),
        ("https://github.com/a/b/blob/v2", "https://github.com/a/b/blob/v2/{path}"),
        ("https://files.example/kb", "https://files.example/kb/{path}"),
        ("https://files.example/?file={path}&raw=1", "https://files.example/?file={path}&raw=1"),
    ],
)
def test_the_address_of_any_file_follows_from_that_of_its_repository(given: str, found: str) -> None:
    assert file_address(given) == found


@pytest.mark.parametrize(
    "given", ["", "javascript:alert(1)", "git@github.com:a/b", "//github.com/a/b", "https://[", "/a"]
)
def test_what_is_no_web_address_is_refused(given: str) -> None:
    with pytest.raises(NoAddress):
        file_address(given)


@given(st.text())
def test_any_text_is_an_address_with_a_place_for_the_path_or_refused(text: str) -> None:
    try:
        found = file_address(text)
    except NoAddress:
        return
    assert "{path}" in found
    assert found.startswith(("http://", "https://")) or text.lower().startswith("http")


def test_the_build_keeps_where_its_files_are_and_follows_a_change_of_that(tmp_path: Path) -> None:
    for repo_url in ("https://github.com/a/b", "https://github.com/a/c", None):
        arguments = [str(KB), "--output", str(tmp_path / "codex.db"), "--quiet"]
        arguments += ["--repo-url", repo_url] if repo_url else []
        assert CliRunner().invoke(main, arguments).exit_code == 0
        with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as database:
            kept = database.execute("select name, value from about where name != 'history'").fetchall()
        assert kept == ([("repo_url", f"{repo_url}/blob/HEAD/{{path}}")] if repo_url else [])


def test_an_address_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(KB), "--output", str(tmp_path / "codex.db"), "--repo-url", "here"])
    assert (result.exit_code, result.stderr) == (2, "Error: here: a repository's address begins with https://\n")


def test_a_files_address_is_made_of_its_path() -> None:
    assert file_at("https://a.example/{path}", "a b/ü?.md") == "https://a.example/a%20b/%C3%BC%3F.md"
    assert file_at(None, "a.md") is None
