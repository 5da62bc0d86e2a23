"""What the documents promise is so: their commands, options, links, examples and numbers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from datasette.app import Datasette

from build import PROJECT, build, main
from claimbase.export import EXPORT_FORMATS
from claimbase.pipeline import read_codex
from claimbase.serve import command

README = (PROJECT / "README.md").read_text(encoding="utf-8")
DEPLOY = (PROJECT / "docs/deploy.md").read_text(encoding="utf-8")
PAGES = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").glob("*.md"))]


def test_every_option_of_the_command_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"--[a-z-]+", "\n".join(re.findall(r"^\| `--.*", README, re.MULTILINE))))
    options = {name for option in build.params if isinstance(option, click.Option) for name in option.opts}
    assert documented == {name for name in options if name.startswith("--")}


def test_the_commands_of_the_readme_build_serve_and_test_with_files_that_exist() -> None:
    first, second, own = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert shlex.split(first)[-3:] == [".venv/bin/python", "build.py", "--serve"]
    assert shlex.split(second)[-3:] == [".venv/bin/python", "-m", "pytest"]
    assert shlex.split(own) == [".venv/bin/python", "build.py", "path/to/your/codex", "--serve"]


def test_serving_uses_files_that_exist(tmp_path: Path) -> None:
    words = command(PROJECT, tmp_path / "codex.db", "127.0.0.1", 8001)
    places = [words[words.index(option) + 1] for option in ("--metadata", "--template-dir", "--plugins-dir")]
    assert all(Path(place).exists() for place in places)


def test_the_example_claim_of_the_readme_is_read_without_a_fault(tmp_path: Path) -> None:
    [example] = re.findall(r"```markdown\n(.*?)```", README, re.DOTALL)
    for name in ("rest breaks prevent errors on long shifts", "sleep pressure builds with waking hours"):
        target = tmp_path / "domains/health" / f"{name}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("")
    (tmp_path / "domains/health/caffeine masks sleep pressure.md").write_text("")
    (tmp_path / "domains/health/naps.md").write_text(example)
    codex = read_codex(tmp_path)
    [naps] = [document for document in codex.documents if document.name == "naps"]
    assert naps.title == "short naps restore attention"
    assert {link.state for link in codex.links} == {"resolved", "prose"}
    assert [problem.code for problem in codex.problems if problem.path == naps.path] == ["unsourced"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#?]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or target.startswith("/") or (page.parent / target).exists(), target


def test_there_are_as_many_questions_as_the_changelog_says() -> None:
    metadata = yaml.safe_load((PROJECT / "metadata.yml").read_text(encoding="utf-8"))
    assert len(metadata["databases"]["codex"]["queries"]) == 41
    assert "Forty-one questions" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_help_says_what_every_option_does() -> None:
    answer = CliRunner().invoke(main, ["--help"]).output
    assert all(option.help for option in build.params if isinstance(option, click.Option))
    assert "Flatten the Markdown knowledge base" in answer


def test_the_commands_that_compare_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (PROJECT / "docs/compare.md").read_text(encoding="utf-8")
    [example], [workflow] = (re.findall(rf"```{name}\n(.*?)```", text, re.DOTALL) for name in ("sh", "yaml"))
    steps = yaml.safe_load(workflow)["jobs"]["diff"]["steps"]
    [steps_that_compare] = [step["run"] for step in steps if step.get("name") == "Compare"]
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new", "path/to/the/old/codex", "path/to/the/new/codex"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.md").write_text("Sound." if "old" in name else "[[nowhere]]")
    for script, answer in (
        (example, "problems: 1 new\ndead-link 1 new, 0 gone\n"),
        (
            steps_that_compare,
            "**problems: 1 new**\n\n### Problems by code (1)\n\n- `dead-link` (warning): 1 new, 0 gone\n",
        ),
    ):
        written = script.replace("$FILES", "https://a.example").replace(" > comment.md", "")
        commands = [line.split("build.py ")[1] for line in written.splitlines() if "build.py " in line]
        results = [CliRunner().invoke(main, shlex.split(command)) for command in commands]
        assert [result.exit_code for result in results] == [0, 0, 0]
        assert results[-1].stdout == answer


EXPORTS = (PROJECT / "docs/exports.md").read_text(encoding="utf-8")


def test_every_export_is_documented_as_it_is_listed_elsewhere() -> None:
    rows = re.findall(r"^\| `.*", EXPORTS, re.MULTILINE)
    assert rows == [
        f"| `{form.name}` | `/export/{form.file_name}` | {form.meaning} |" for form in EXPORT_FORMATS.values()
    ]


def test_the_commands_that_export_run(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [script] = re.findall(r"```sh\n(.*?)```", EXPORTS, re.DOTALL)
    commands = [shlex.split(line)[2:] for line in script.splitlines()]
    assert [words[1] for words in commands] == list(EXPORT_FORMATS)
    [again] = re.findall(r"^python (build\.py export .*)$", DEPLOY, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "codex.db").write_bytes(database.read_bytes())
    for words in [*commands, shlex.split(again)[1:]]:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith(words[-1].rstrip("/") + ": ")
    assert {path.name for path in tmp_path.iterdir()} == {"codex.db", *(words[-1].rstrip("/") for words in commands)}


async def test_every_feed_that_is_documented_answers(past: Datasette) -> None:
    text = (PROJECT / "docs/history.md").read_text(encoding="utf-8")
    feeds = re.findall(r"^(/changes\.atom\S*)", text, re.MULTILINE)
    assert len(feeds) == 6
    for feed in feeds:
        assert (await past.client.get(feed)).status_code == 200, feed
