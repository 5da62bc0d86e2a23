"""Build: the command as it is called, what it says, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build import PROJECT, main

KB = Path(__file__).parent / "kb"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def count(database: Path, table: str = "documents") -> int:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base with one warning and nothing graver."""
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "a.md").write_text("See [[nowhere]].\n", encoding="utf-8")
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A base with an error."""
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "a.md").write_text("---\na: [b\n---\n", encoding="utf-8")
    return folder


def test_a_build_writes_the_database_and_sums_up(base: Path, tmp_path: Path) -> None:
    result = run(base, "--output", tmp_path / "codex.db")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[:4] == [
        "      1 document, 0 claims, 0 sources",
        "      1 link: 0 resolved, 0 ambiguous, 1 dead, 0 prose",
        "      1 problem: 0 error, 1 warning, 0 info",
        "      0 commits: the folder is in no git repository",
    ]
    assert result.stderr.splitlines()[4].endswith(" seconds")
    assert count(tmp_path / "codex.db") == 1


def test_the_database_is_codex_db_where_one_stands(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(base).exit_code == 0
    assert count(tmp_path / "codex.db") == 1


def test_the_base_may_be_the_folder_one_stands_in(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(base)
    assert run(".", "--output", tmp_path / "codex.db").exit_code == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as connection:
        assert connection.execute("select path from documents").fetchall() == [("a.md",)]


def test_a_second_build_replaces_the_first(base: Path, tmp_path: Path) -> None:
    run(base, "--output", tmp_path / "codex.db")
    (base / "b.md").write_text("more")
    run(base, "--output", tmp_path / "codex.db")
    assert count(tmp_path / "codex.db") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("absent",), "absent: No such file or directory"),
        (("base/a.md",), "base/a.md: Not a directory"),
        (("empty",), "empty: no Markdown files in this folder"),
        (("base", "--output", "empty"), "empty: Is a directory"),
        (("base", "--output", "absent/codex.db"), "absent/codex.db: No such file or directory"),
        (("base", "--output", "other.db", "--serve"), "other.db: only a database called codex.db can be served"),
        (("base", "--format", "xml"), "'xml' is not one of"),
        (("base", "--unheard-of"), "No such option"),
        (("base", "--port", "high"), "'high' is not a valid integer"),
        (("base", "base"), "unexpected extra argument"),
        (("base", "--baseline", "absent.json"), "absent.json: not a list of problems"),
        (("base", "--baseline", "base/a.md"), "a.md: not a list of problems"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_ends_with_two(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert message in last
    assert not [name for name in os.listdir(tmp_path) if name.endswith((".db", ".building"))]


def test_check_reports_and_writes_nothing(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(base, "--check")
    assert (result.exit_code, result.stdout) == (0, 'a.md:1 dead-link nothing is called "nowhere"\n')
    assert os.listdir(tmp_path) == ["base"]


def test_check_and_serve_exclude_each_other(base: Path) -> None:
    result = run(base, "--check", "--serve")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: --check writes nothing that could be served or kept up to date\n",
    )


def test_check_of_a_sound_base_prints_nothing(base: Path) -> None:
    (base / "a.md").write_text("Sound.")
    assert run(base, "--check").stdout == ""


@pytest.mark.parametrize(
    ("words", "errors", "exit_code"),
    [
        (("--strict",), False, 0),
        (("--strict",), True, 1),
        ((), True, 0),
        (("--check", "--strict"), True, 1),
        (("--check", "--strict", "--quiet"), False, 0),
    ],
)
def test_strict_ends_with_one_where_a_problem_is_an_error(
    base: Path, broken: Path, tmp_path: Path, words: tuple[str, ...], errors: bool, exit_code: int
) -> None:
    result = run(broken if errors else base, "--output", tmp_path / "codex.db", *words)
    assert result.exit_code == exit_code
    assert (tmp_path / "codex.db").exists() == ("--check" not in words)


def test_quiet_says_nothing_that_was_not_asked_for(base: Path, tmp_path: Path) -> None:
    assert run(base, "--output", tmp_path / "codex.db", "--quiet").output == ""
    assert run(base, "--check", "--quiet").output == 'a.md:1 dead-link nothing is called "nowhere"\n'


def test_a_report_goes_to_the_output_and_the_summary_beside_it(base: Path, tmp_path: Path) -> None:
    result = run(base, "--output", tmp_path / "codex.db", "--format", "json")
    assert [problem["code"] for problem in json.loads(result.stdout)] == ["dead-link"]
    assert "1 document," in result.stderr


def test_github_reads_the_report(base: Path) -> None:
    assert run(base, "--check", "--format", "github", "--quiet").output == (
        '::warning file=a.md,line=1,title=dead-link::nothing is called "nowhere"\n'
    )


def test_every_problem_of_the_tiny_base_is_one_line() -> None:
    text = run(KB, "--check", "--quiet").stdout.splitlines()
    problems = json.loads(run(KB, "--check", "--quiet", "--format", "json").stdout)
    assert len(text) == len(problems)
    assert len(run(KB, "--check", "--quiet", "--format", "github").stdout.splitlines()) == len(problems)


def test_a_baseline_leaves_out_old_debt(base: Path, tmp_path: Path) -> None:
    debt = tmp_path / "debt.json"
    debt.write_text(run(base, "--check", "--quiet", "--format", "json").stdout)
    (base / "a.md").write_text("A line above.\n\nSee [[nowhere]].\n")
    assert run(base, "--check", "--strict", "--baseline", debt, "--quiet").exit_code == 0
    (base / "a.md").write_text("See [[nowhere]] and [[elsewhere]].\n")
    result = run(base, "--check", "--strict", "--baseline", debt, "--quiet")
    assert (result.exit_code, result.stdout) == (1, 'a.md:1 dead-link nothing is called "elsewhere"\n')


def test_help_names_every_option() -> None:
    result = run("--help")
    assert result.exit_code == 0
    options = ("--output", "--serve", "--host", "--port", "--strict", "--check", "--format", "--quiet", "--baseline")
    assert [option for option in options if option not in result.output] == []


def process(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, its output in pipes."""
    command = [sys.executable, str(PROJECT / "build.py"), *map(str, words)]
    return subprocess.run(  # noqa: S603 - our own words
        command, capture_output=True, text=True, errors="replace", check=False, env={**os.environ, **environment}
    )


def test_no_progress_bar_runs_into_a_pipe(base: Path, tmp_path: Path) -> None:
    result = process(base, "--output", tmp_path / "codex.db")
    assert (result.returncode, result.stdout) == (0, "")
    assert len(result.stderr.splitlines()) == 5
    assert "Reading" not in result.stderr
    assert "\r" not in result.stderr
    assert "\x1b" not in result.stderr


def test_an_error_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    result = process(tmp_path / "absent")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"Error: {tmp_path / 'absent'}: No such file or directory\n"


@pytest.mark.parametrize(
    "encoding",
    [
        "ascii",
        "utf-8",
        "cp1252",
    ],
)
def test_any_terminal_can_be_written_to(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "Träume 睡眠.md").write_text("[[nirgends 無]]", encoding="utf-8")
    result = process(tmp_path, "--check", "--quiet", PYTHONIOENCODING=encoding)
    assert result.returncode == 0


@pytest.mark.parametrize("text", ["### 1. Rest\n\n### 2. Rest\n", "No heading yet.", "### 1. 睡\n### 2. 眠\n"])
def test_beliefs_of_any_form_are_built(tmp_path: Path, text: str) -> None:
    (tmp_path / "kb/agents/mara").mkdir(parents=True)
    (tmp_path / "kb/agents/mara/beliefs.md").write_text(text, encoding="utf-8")
    assert run(tmp_path / "kb", "--output", tmp_path / "codex.db").exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---\n",
        "\ufeff",
        "[[_map]] [[beliefs]] [[]] [[#]] [[#x]] [[/]] [[..]] [[.]] [[./]] [[../..]] [[|]] [[.md]] [[x.md.md]]",
        "[](.md) [](/.md) [](%2e%2e/%2f.md) [](%ff.md) [](%00.md)",
        "Relevant Notes:\n- \n- -\n- [ ]\n- :\n- — x\n-  \n",
        "*Source: *\n*Source: | | |*\n*Source: [[]]*\n### Additional Evidence (extend)\n### (challenge)\n",
        "## Challenges\n" + "word " * 5_000,
        "---\nclaims_extracted: ['', ' ', '[[', ']]', '|', '#', '—', ' — ', '(co-source)']\n---\n",
        "---\nrelated: ['.', '/', '..', '#', '.md', '_map', '|x|', 'a|b|', '[[|]]', '[[#]]']\n---\n",
        "---\ndomain: '!!!'\nagent: '!!!'\ntags: ['!!!', '', null]\ntitle: '\u0000'\n---\n",
        "---\ncreated: 0000-01-01\nlast_evaluated: 9999-12-31\ndate: ٢٠٢٦-٠١-٠١\n---\n",
    ],
)
@pytest.mark.parametrize(
    "path", ["domains/a/x.md", "inbox/archive/x.md", "agents/a/x.md", "entities/a/x.md", "x.md", "domains/a/_map.md"]
)
def test_no_text_ends_a_build(tmp_path: Path, path: str, text: str) -> None:
    for name, words in ((path, text), ("core/other/_map.md", "# Other"), ("domains/b/x y.md", text)):
        (tmp_path / "kb" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "kb" / name).write_text(words, encoding="utf-8")
    result = run(tmp_path / "kb", "--output", tmp_path / "codex.db", "--quiet")
    assert (result.exit_code, result.exception) == (0, None)
    assert count(tmp_path / "codex.db") == 3


def test_help_names_the_options_of_building_again() -> None:
    assert [option for option in ("--full", "--watch") if option not in run("--help").output] == []


def test_check_and_watch_exclude_each_other(base: Path) -> None:
    result = run(base, "--check", "--watch")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: --check writes nothing that could be served or kept up to date\n",
    )


def test_full_writes_a_new_database_where_nothing_has_changed(base: Path, tmp_path: Path) -> None:
    database = tmp_path / "codex.db"
    before = []
    for words in ((), (), ("--full",)):
        assert run(base, "--output", database, "--quiet", *words).exit_code == 0
        before.append((database.stat().st_ino, database.stat().st_mtime_ns))
    first, again, full = before
    assert first == again
    assert full != again


def test_a_build_that_finds_nothing_changed_sums_up_and_reports_as_the_first_did(base: Path, tmp_path: Path) -> None:
    words = (base, "--output", tmp_path / "codex.db", "--format", "json")
    first, again = run(*words), run(*words)
    assert again.stdout == first.stdout
    assert again.stderr.splitlines()[:4] == first.stderr.splitlines()[:4]
    assert run(*words, "--strict", "--baseline", tmp_path / "absent").exit_code == 2


def test_strict_sees_the_errors_that_were_there_before(broken: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert run(broken, "--output", tmp_path / "codex.db", "--strict", "--quiet").exit_code == 1


@pytest.mark.parametrize("words", [(), ("--full",)])
def test_a_folder_in_the_place_of_the_memory_is_no_matter(base: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / ".codex.db.memory").mkdir()
    for _ in range(2):
        result = process(base, "--output", tmp_path / "codex.db", "--quiet", *words)
        assert (result.returncode, result.stderr) == (0, "")
    assert count(tmp_path / "codex.db") == 1


def test_a_name_that_is_too_long_is_said_in_one_line(base: Path, tmp_path: Path) -> None:
    result = process(base, "--output", tmp_path / f"{'a' * 245}.db", "--quiet")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.endswith(": File name too long\n")


def build_with_files_up_to(size: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command as a process that can write no more than so many bytes into a file, as on a full disk."""

    def limit() -> None:
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [sys.executable, str(PROJECT / "build.py"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)  # noqa: S603


limited = pytest.mark.skipif(sys.platform == "win32", reason="no limits here")


@limited
@pytest.mark.parametrize("size", [0, 4096, 100_000])
def test_a_full_disk_is_said_in_one_line_and_leaves_the_old_database(base: Path, tmp_path: Path, size: int) -> None:
    database = tmp_path / "codex.db"
    run(base, "--output", database)
    before = database.read_bytes()
    result = build_with_files_up_to(size, base, "--output", database, "--quiet", "--full")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.startswith(f"Error: {database}: ")
    assert database.read_bytes() == before
    assert not [name for name in os.listdir(tmp_path) if "building" in name]


@limited
@pytest.mark.parametrize("size", [0, 4096, 100_000])
def test_a_disk_too_full_to_take_up_the_last_build_is_said_in_one_line(base: Path, tmp_path: Path, size: int) -> None:
    database = tmp_path / "codex.db"
    for number in range(9):
        (base / f"{number}.md").write_text("More.\n")
    run(base, "--output", database)
    before = database.read_bytes()
    (base / "a.md").write_text("See [[nothing]].\n")
    result = build_with_files_up_to(size, base, "--output", database, "--quiet")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.startswith(f"Error: {database}: ")
    assert database.read_bytes() == before
    assert not [name for name in os.listdir(tmp_path) if "building" in name]


@limited
def test_a_disk_too_full_to_remember_how_a_file_looks_is_no_matter(base: Path, tmp_path: Path) -> None:
    run(base, "--output", tmp_path / "codex.db")
    os.utime(base / "a.md", (1, 1))
    result = build_with_files_up_to(0, base, "--output", tmp_path / "codex.db", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_base_in_a_folder_called_build_is_built(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    base.rename(tmp_path / "build")
    assert run("build", "--output", "codex.db", "--quiet").exit_code == 0
    assert count(tmp_path / "codex.db") == 1


def test_diff_says_what_differs_between_two_databases(base: Path, broken: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    run(base, "--output", old)
    run(broken, "--output", new)
    result = run("diff", old, new)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "problems: 1 new, 1 gone")
    assert json.loads(run("diff", old, new, "--format", "json").stdout)["problems"] == [
        {"code": "broken-front-matter", "severity": "error", "new": 1, "gone": 0},
        {"code": "dead-link", "severity": "warning", "new": 0, "gone": 1},
    ]


def test_what_cannot_be_compared_is_said_in_one_line(base: Path, tmp_path: Path) -> None:
    run(base, "--output", tmp_path / "codex.db")
    for words, message in (
        (("codex.db", "absent.db"), "there is no such file"),
        (("base/a.md", "codex.db"), "file is not a database"),
        (("codex.db", "codex.db", "--format", "github"), "'github' is not one of"),
        (("codex.db",), "Missing argument 'NEW'"),
    ):
        result = process("diff", *(tmp_path / word if "." in word else word for word in words))
        assert (result.returncode, result.stdout) == (2, "")
        assert message in result.stderr.splitlines()[-1]
