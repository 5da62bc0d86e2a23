"""Reach: which documents a change can reach, and that it reaches no others."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from claimbase.commits import read_commit
from claimbase.discover import discover, look
from claimbase.memory import Memory
from claimbase.pipeline import build_database
from claimbase.pipeline.take_in import take_in
from claimbase.reach import Base, argue_alike, reached, retitled, tell_alike, was_and_is
from claimbase.records import NO_PAST, NO_PROVENANCE, Document, Edit, Past, Recounted
from claimbase.settle import settle

NAP, NIGHT, QUEUE = "domains/sleep/naps.md", "domains/sleep/nights.md", "domains/trust/queues.md"
TRIAL, LETTER = "inbox/archive/2024-a-trial.md", "inbox/archive/2025-a-letter.md"
FILES = {
    NAP: "---\nconfidence: likely\nsource: see 10.1000/trial\n---\n[[nights]]\n",
    NIGHT: "---\nconfidence: likely\n---\n[[wanted]], [[_map]]\n",
    QUEUE: "---\nsupports: [nights are short]\n---\nNothing.\n",
    TRIAL: "---\ndoi: 10.1000/trial\nenrichments: [naps]\n---\n",
    LETTER: "---\nurl: https://example.org/letter\n---\nDear all,\n",
    "foundations/rest/naps.md": "---\ncreated: 2031\n---\n[[_map]]\n",
    "domains/sleep/_map.md": "# Sleep\n",
    "foundations/rest/_map.md": "# Rest\n",
}


def by_path(documents: list[Document]) -> dict[str, Document]:
    return {document.path: document for document in settle(documents)}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def heads(tmp_path: Path, changes: dict[str, str | None]) -> tuple[Memory, dict[str, Document], dict[str, Document]]:
    """What is remembered of the base above, before and after files were written or, where there is None, deleted."""
    root = tmp_path / "kb"
    write(root, FILES)
    build_database(root, tmp_path / "codex.db")
    memory = Memory(tmp_path / "codex.db", root)
    write(root, {path: text for path, text in changes.items() if text is not None})
    for path in [path for path, text in changes.items() if text is None]:
        (root / path).unlink()
    taken = [item.document for item in take_in(root, look(root, discover(root)))]
    return memory, by_path(list(memory.heads().values())), by_path(taken)


@pytest.mark.parametrize(
    ("changes", "those"),
    [
        ({QUEUE: FILES[QUEUE] + "And [[naps]].\n"}, set()),
        ({NIGHT: FILES[NIGHT].replace("likely", "proven")}, set()),
        ({NAP: FILES[NAP].replace("likely", "proven")}, {TRIAL}),
        ({NIGHT: FILES[NIGHT].replace("---\n[[", "title: Dark\n---\n[[")}, {NAP, QUEUE, TRIAL}),
        ({"domains/x/wanted.md": ""}, {NIGHT}),
        ({"domains/x/nights.md": ""}, {NAP, QUEUE, TRIAL}),
        ({"domains/x/nights are shorter.md": ""}, {QUEUE}),
        ({"domains/sleep/_map.md": "# Sleeping\n"}, {NIGHT}),
        ({"domains/sleep/_map.md": None}, {NIGHT}),
        ({"domains/trust/_map.md": ""}, set()),
        ({NIGHT: None}, {NAP, QUEUE, TRIAL}),
        ({NAP: None}, {TRIAL, "foundations/rest/naps.md"}),
        ({TRIAL: None}, {NAP}),
        ({TRIAL: FILES[TRIAL].replace("10.1000/trial", "10.1000/other")}, {NAP}),
        ({LETTER: FILES[LETTER].replace("https://example.org/letter", "https://doi.org/10.1000/trial")}, {NAP}),
        ({LETTER: FILES[LETTER] + "Yours.\n"}, set()),
    ],
)
def test_a_change_reaches_whoever_depends_on_it(
    tmp_path: Path, changes: dict[str, str | None], those: set[str]
) -> None:
    memory, before, after = heads(tmp_path, changes)
    changed = {path for path, text in changes.items() if text is not None}
    with contextlib.closing(sqlite3.connect(tmp_path / "codex.db")) as connection:
        base = Base(after, NO_PAST, NO_PROVENANCE)
        assert reached(before, base, changed, connection, memory.asking) == those | changes.keys()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({NAP: FILES[NAP] + "More.\n"}, set()),
        ({NAP: FILES[NAP].replace("---\n[[", "description: brief\n---\n[[")}, set()),
        ({NIGHT: "---\ntitle: Dark\n---\n"}, {"nights"}),
        ({NIGHT: None, "domains/x/new.md": ""}, {"nights", "new"}),
        ({LETTER: FILES[LETTER] + "# Dear"}, {"2025-a-letter"}),
    ],
)
def test_what_goes_by_other_titles_is_told(tmp_path: Path, changes: dict[str, str | None], told: set[str]) -> None:
    _, before, after = heads(tmp_path, changes)
    assert retitled(was_and_is(before, after)) == told


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({NAP: FILES[NAP] + "More.\n"}, True),
        ({NAP: FILES[NAP].replace("likely", "proven")}, True),
        ({NAP: FILES[NAP].replace("---\n[[", "description: brief\n---\n[[")}, False),
        ({NIGHT: None}, False),
        ({LETTER: FILES[LETTER] + "# Dear"}, False),
    ],
)
def test_claims_argue_alike_where_they_are_called_and_worded_as_before(
    tmp_path: Path, changes: dict[str, str | None], alike: bool
) -> None:
    _, before, after = heads(tmp_path, changes)
    assert argue_alike(was_and_is(before, after)) == alike


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({NAP: FILES[NAP].replace("likely", "proven")}, True),
        ({NAP: FILES[NAP] + "And [[nights]].\n"}, True),
        ({NAP: FILES[NAP].replace("---\n[[", "attribution: {extractor: [{handle: rio}]}\n---\n[[")}, False),
        ({NAP: FILES[NAP].replace("---\n[[", "agent: rio\n---\n[[")}, False),
        ({NAP: FILES[NAP].replace("---\n[[", "title: Napping\n---\n[[")}, True),
        ({LETTER: FILES[LETTER] + "Yours.\n"}, True),
        ({LETTER: FILES[LETTER].replace("---\n", "---\nprocessed_by: rio\n", 1)}, False),
        ({"domains/x/new.md": ""}, False),
        ({"domains/sleep/new.md": ""}, True),
        ({"domains/sleep/new.md": "---\nattribution: {extractor: [{handle: rio}]}\n---\n"}, False),
        ({"domains/sleep/new.md": "---\nagent: rio\n---\n"}, False),
        ({"domains/sleep/new.md": "---\nsecondary_domains: [dreams]\n---\n"}, False),
        ({"domains/sleep/_map.md": None}, False),
        ({"agents/rio/new.md": "---\ntype: claim\n---\n", "agents/rio/old.md": "---\ntype: claim\n---\n"}, False),
        ({NIGHT: None}, True),
        ({QUEUE: None}, False),
    ],
)
def test_a_claim_that_says_something_else_names_nobody_else(
    tmp_path: Path, changes: dict[str, str | None], alike: bool
) -> None:
    _, before, after = heads(tmp_path, changes)
    assert tell_alike(was_and_is(before, after), Base(after, NO_PAST, NO_PROVENANCE)) == alike


@pytest.mark.parametrize(
    ("edit", "alike"),
    [
        (Edit("created", QUEUE), True),
        (Edit("deleted", "domains/sleep/new.md"), False),
        (Edit("renamed", "domains/sleep/newer.md", "domains/sleep/new.md"), False),
    ],
)
def test_a_claim_that_comes_where_a_commit_tells_of_it_has_a_past(tmp_path: Path, edit: Edit, alike: bool) -> None:
    _, before, after = heads(tmp_path, {"domains/sleep/new.md": ""})
    commit = read_commit("c", (), b"")._replace(edits=(edit,))
    past = Past(recounted=Recounted(commits={"c": commit}))
    assert tell_alike(was_and_is(before, after), Base(after, past, NO_PROVENANCE)) == alike
