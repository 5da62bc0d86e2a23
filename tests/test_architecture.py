"""Architecture: who may know whom, checked over the syntax of the sources."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from build import OTHERS, PROJECT
from claimbase import records, vocabulary
from claimbase.flatten import flatten
from claimbase.problems import SEVERITIES
from claimbase.records import Codex
from claimbase.texts import row_columns

PACKAGE = PROJECT / "claimbase"
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
PIPELINE = sorted((PACKAGE / "pipeline").glob("*.py"))
SOURCES = sorted([PROJECT / "build.py", *PACKAGE.rglob("*.py"), *(PROJECT / "plugins").rglob("*.py")])
STAGES = (
    *("discover", "recount", "trace", "parse", "classify", "extract", "settle", "recognise", "resolve", "argue"),
    *("attest", "analyse", "credit", "review", "flatten", "write", "update", "touch_up", "check", "report"),
)


# What only a base with a past in git has.
PAST = {"CommitRow", "ChangeRow", "FormerNameRow"}


def imports(path: Path) -> set[str]:
    """The full names a file imports: `claimbase.records`, `claimbase.records.File`, `re`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def ours(path: Path) -> set[str]:
    """The modules of the package a file imports, by their short names."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("claimbase.")}
    return names & set(MODULES)


def _in_pipeline(path: Path) -> set[str]:
    """The modules of the pipeline that a file imports, by their short names."""
    names = {name.removeprefix("claimbase.") for name in imports(path) if name.startswith("claimbase.pipeline.")}
    return names & {f"pipeline.{module.stem}" for module in PIPELINE}


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def test_records_import_nothing_of_ours() -> None:
    assert ours(PACKAGE / "records.py") == set()


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage in MODULES])
def test_a_stage_imports_no_other_stage(stage: str) -> None:
    assert ours(PACKAGE / f"{stage}.py") & set(STAGES) == set()


def test_what_stages_share_imports_no_stage() -> None:
    for module in set(MODULES) - {*STAGES, "commands"}:
        assert ours(PACKAGE / f"{module}.py") & set(STAGES) == set(), module


@pytest.mark.parametrize("module", sorted((PACKAGE / "exports").glob("*.py")), ids=lambda path: str(path.stem))
def test_an_export_imports_no_stage(module: Path) -> None:
    assert ours(module) & set(STAGES) == set()


def test_nobody_but_the_pipeline_and_its_command_knows_several_stages() -> None:
    command = PROJECT / "build.py"
    assert set(STAGES) <= ours(command).union(*map(ours, PIPELINE))
    knowing = {path for path in SOURCES if len(ours(path) & set(STAGES)) > 1}
    assert knowing <= {command, *PIPELINE}


def test_nobody_but_the_command_knows_the_pipeline() -> None:
    knowing = {path for path in SOURCES if any(name.startswith("claimbase.pipeline") for name in imports(path))}
    assert knowing - {*PIPELINE} == {PROJECT / "build.py"}


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    left = {module: ours(PACKAGE / f"{module}.py") for module in MODULES}
    left |= {f"pipeline.{path.stem}": _in_pipeline(path) for path in PIPELINE}
    while left:
        free = {module for module, needs in left.items() if not needs & set(left)}
        assert free, f"a circle among {sorted(left)}"
        left = {module: needs for module, needs in left.items() if module not in free}


@pytest.mark.parametrize(
    ("package", "module"),
    [("frontmatter", "parse"), ("sqlite_utils", "write"), ("mcp", "serve_mcp"), ("pydantic", "serve_mcp")],
)
def test_a_package_is_known_to_one_module(package: str, module: str) -> None:
    assert [path.stem for path in SOURCES if package in packages(path)] == [module]


def test_the_build_loads_no_other_command_before_it_is_asked_for() -> None:
    assert "commands" not in ours(PROJECT / "build.py")
    assert set(importlib.import_module("claimbase.commands").COMMANDS) == set(OTHERS)


def test_nobody_needs_the_server_of_assistants_but_the_command_when_it_is_asked_to() -> None:
    assert [path.name for path in SOURCES if "serve_mcp" in ours(path)] == []


def test_datasette_is_known_to_plugins_alone() -> None:
    outside = [path for path in SOURCES if path.parent != PROJECT / "plugins" and "plugins" not in path.parts]
    assert [path.name for path in outside if packages(path) & {"datasette", "datasette_graphql"}] == []


@pytest.mark.parametrize(
    "module",
    [
        "extract",
        "settle",
        "resolve",
        "argue",
        "attest",
        "review",
        "classify",
        "flatten",
        "parse",
        "trace",
        "recognise",
        "credit",
    ],
)
def test_a_stage_in_the_middle_neither_reads_nor_writes(module: str) -> None:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert called & {"open", "print", "input"} == set()
    assert (
        methods & {"read_text", "read_bytes", "write_text", "write_bytes", "stdout", "environ", "now", "today"} == set()
    )
    assert packages(PACKAGE / f"{module}.py") & {"os", "sys", "time", "random", "pathlib", "subprocess"} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_exception_is_caught_wholesale(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {name.id for name in caught if isinstance(name, ast.Name)}
            assert node.type is not None, f"{path}:{node.lineno}"
            assert names & {"Exception", "BaseException"} == set(), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body


def test_every_row_record_has_the_columns_of_its_table(codex: Codex, rows: sqlite3.Connection) -> None:
    checked: set[str] = set()
    for table in flatten(codex):
        found = [row["name"] for row in rows.execute(f"pragma table_info({table.name})")]
        columns = tuple(row_columns(table.name, found))
        for row in table.rows:
            assert getattr(row, "_fields", None) == columns, table.name
            checked.add(type(row).__name__)
    known = {name for name, record in inspect.getmembers(records, inspect.isclass) if name.endswith("Row")}
    assert known - checked <= {"CycleRow", "ContradictionRow", "NearDuplicateRow", "SimilarClaimRow"} | PAST


def test_every_record_is_frozen() -> None:
    for name, record in inspect.getmembers(records, inspect.isclass):
        if record.__module__ == records.__name__:
            assert issubclass(record, tuple), name


QUESTIONS = sorted([*(PACKAGE / "views").glob("*.sql"), *(PACKAGE / "exports").glob("*.sql")])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: str(path.stem))
def test_every_view_and_question_opens_with_what_it_answers(question: Path) -> None:
    lines = question.read_text(encoding="utf-8").splitlines()
    first = lines[0]
    assert first.startswith("-- ")
    assert "?" in first
    assert question.stem.split("_")[0] in ("how", "what", "which", "who", "where", "when", "why")


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("documents", "reading", vocabulary.READINGS),
        ("links", "state", vocabulary.STATES),
        ("evidence", "kind", vocabulary.EVIDENCE_KINDS),
        ("changes", "kind", vocabulary.CHANGE_KINDS),
        ("problem_codes", "severity", SEVERITIES),
    ],
)
def test_the_schema_allows_the_words_of_the_vocabulary_and_no_others(
    rows: sqlite3.Connection, table: str, column: str, words: Iterable[str]
) -> None:
    schema = rows.execute("select sql from sqlite_master where name = ?", (table,)).fetchone()[0]
    [allowed] = re.findall(rf"check \({column} in \((.*?)\)\)", schema)
    assert re.findall(r"'(\w+)'", allowed) == list(words)
