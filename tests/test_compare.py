"""Compare: what differs between two databases, each of them built from a few literal files."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from claimbase.compare import Change, Comparison, Found, LinkChange, Move, NotComparable, Renaming, Tally, compare
from claimbase.pipeline import build_database
from claimbase.write import SCHEMA_VERSION
from tests.histories import Base, claim

NAPS = "---\ntype: claim\nconfidence: likely\n---\n\n# short naps restore attention\n\nThey do.\n"
REST = "---\ntype: claim\nconfidence: proven\n---\n\n# rest breaks prevent errors\n\nSince [[naps]], they do.\n"
BEFORE = {"domains/health/naps.md": NAPS, "domains/health/rest.md": REST}


def built(folder: Path, files: Mapping[str, str]) -> Path:
    """The database of a base of these files."""
    for name, text in files.items():
        (folder / "kb" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "kb" / name).write_text(text, encoding="utf-8")
    build_database(folder / "kb", folder / "codex.db")
    return folder / "codex.db"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return built(tmp_path / "old", BEFORE)


def differing(old: Path, files: Mapping[str, str]) -> Comparison:
    """What differs from a database to that of a base of these files."""
    new = built(old.parent.parent / "new", files)
    return compare(old, new, SCHEMA_VERSION)


def test_between_a_database_and_itself_nothing_differs(database: Path) -> None:
    nothing = Comparison((), (), (), 0, (), (), (), (), (), None, None)
    assert compare(database, database, SCHEMA_VERSION) == nothing


def test_claims_come_and_go(old: Path) -> None:
    walks = NAPS.replace("short naps", "long walks")
    found = differing(old, {"domains/health/naps.md": NAPS, "domains/health/walks.md": walks})
    assert found.added == (Found("long walks restore attention", "domains/health/walks.md", "likely"),)
    assert found.removed == (Found("rest breaks prevent errors", "domains/health/rest.md", "proven"),)
    assert (found.renamed, found.edited) == ((), 0)


@pytest.mark.parametrize(
    ("path", "text", "edited"),
    [
        ("domains/sleep/naps.md", NAPS, 0),
        ("domains/health/short naps.md", NAPS, 0),
        ("domains/health/short naps.md", f"{NAPS}They really do.\n", 1),
    ],
)
def test_a_claim_is_known_again_by_its_name_its_bytes_or_its_title(
    old: Path, path: str, text: str, edited: int
) -> None:
    found = differing(old, {path: text, "domains/health/rest.md": REST})
    assert found.renamed == (Renaming("short naps restore attention", path, "domains/health/naps.md"),)
    assert (found.added, found.removed, found.edited) == ((), (), edited)


def test_a_claim_that_nothing_else_tells_is_known_again_by_its_history(tmp_path: Path) -> None:
    base = Base(tmp_path / "kb")
    base.commit({"domains/a/naps.md": claim("short naps restore attention")})
    old = built(tmp_path / "old", {"domains/a/naps.md": claim("short naps restore attention")})
    base.git("mv", "domains/a/naps.md", "domains/a/rest.md")
    base.commit({}, "Rename")
    base.commit({"domains/a/rest.md": claim("rest helps")}, "Say it otherwise")
    build_database(base.root, tmp_path / "new.db")
    found = compare(old, tmp_path / "new.db", SCHEMA_VERSION)
    assert found.renamed == (Renaming("rest helps", "domains/a/rest.md", "domains/a/naps.md"),)
    assert (found.added, found.removed) == ((), ())


def test_of_two_that_are_alike_none_is_said_to_have_been_renamed(old: Path) -> None:
    found = differing(old, {"domains/a/one.md": NAPS, "domains/a/two.md": NAPS, "domains/health/rest.md": REST})
    assert ([claim.path for claim in found.removed], found.renamed) == (["domains/health/naps.md"], ())
    assert [claim.path for claim in found.added] == ["domains/a/one.md", "domains/a/two.md"]


def test_a_twin_that_is_left_alone_is_the_claim_it_was(tmp_path: Path) -> None:
    old = built(tmp_path / "old", {"core/a/naps.md": NAPS, "domains/b/naps.md": f"{NAPS}More.\n"})
    found = differing(old, {"domains/b/naps.md": f"{NAPS}More.\n"})
    assert [claim.path for claim in found.removed] == ["core/a/naps.md"]
    assert (found.added, found.renamed, found.edited) == ((), (), 0)


@pytest.mark.parametrize(
    ("line", "new", "direction"),
    [
        ("confidence: proven", "proven", "up"),
        ("confidence: high", "likely", "same"),
        ("confidence: speculative", "speculative", "down"),
        ("confidence: fairly sure", "fairly sure", None),
        ("status: open", None, None),
    ],
)
def test_confidence_moves_up_down_or_in_no_direction(
    old: Path, line: str, new: str | None, direction: str | None
) -> None:
    found = differing(old, BEFORE | {"domains/health/naps.md": NAPS.replace("confidence: likely", line)})
    moved = Move("short naps restore attention", "domains/health/naps.md", "likely", new, direction)
    assert found.moved == (() if direction == "same" else (moved,))
    assert found.edited == 1


def test_a_renamed_claim_whose_confidence_moved_is_both(old: Path) -> None:
    found = differing(old, {"domains/health/x.md": NAPS.replace("likely", "proven"), "domains/health/rest.md": REST})
    assert [(claim.path, claim.old_path) for claim in found.renamed] == [
        ("domains/health/x.md", "domains/health/naps.md")
    ]
    assert [(move.path, move.old, move.new) for move in found.moved] == [("domains/health/x.md", "likely", "proven")]


def test_what_a_claim_is_called_how_it_stands_and_where_it_belongs_change(old: Path) -> None:
    text = NAPS.replace("type: claim", "type: claim\nstatus: retired\nagent: mara\ndomain: sleep").replace(
        "short", "10"
    )
    found = differing(old, BEFORE | {"domains/health/naps.md": text})
    title, path = "10 naps restore attention", "domains/health/naps.md"
    assert found.changed == (
        Change(title, path, "agent", None, "mara"),
        Change(title, path, "domain", "health", "sleep"),
        Change(title, path, "status", None, "retired"),
        Change(title, path, "title", "short naps restore attention", title),
    )


def test_a_link_breaks_when_what_it_led_to_goes_and_is_mended_when_it_comes_back(old: Path) -> None:
    alone = {"domains/health/rest.md": f"{REST}\nA line more.\n"}
    new = built(old.parent.parent / "new", alone)
    link = LinkChange("domains/health/rest.md", 8, "naps", "domains/health/naps.md")
    there, back = compare(old, new, SCHEMA_VERSION), compare(new, old, SCHEMA_VERSION)
    assert (there.broken, there.mended) == ((link,), ())
    assert (back.broken, back.mended) == ((), (link,))


def test_a_link_that_went_with_its_line_is_neither_broken_nor_mended(old: Path) -> None:
    found = differing(old, BEFORE | {"domains/health/rest.md": REST.replace("Since [[naps]], they", "They")})
    assert (found.broken, found.mended) == ((), ())


def test_a_link_of_a_renamed_document_is_followed(old: Path) -> None:
    found = differing(old, {"domains/health/breaks.md": REST})
    assert [(link.path, link.label) for link in found.broken] == [("domains/health/breaks.md", "naps")]


def test_problems_come_and_go_by_code_and_not_by_line(tmp_path: Path) -> None:
    old = built(tmp_path / "old", {"domains/a/naps.md": f"{NAPS}[[one]] [[two]]\n"})
    found = differing(old, {"domains/b/naps.md": f"{NAPS}Above.\n\n[[two]] [[three]] [[four]]\n"})
    assert found.problems == (Tally("dead-link", "warning", 2, 1),)


def test_both_databases_say_where_their_files_are(tmp_path: Path) -> None:
    old, new = (built(tmp_path / name, BEFORE) for name in ("old", "new"))
    build_database(tmp_path / "new/kb", new, repository="https://a.example/{path}")
    found = compare(old, new, SCHEMA_VERSION)
    assert (found.old_files, found.new_files) == (None, "https://a.example/{path}")


def test_neither_database_is_written_to(old: Path) -> None:
    new = built(old.parent.parent / "new", BEFORE)
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in (old, new)]
    compare(old, new, SCHEMA_VERSION)
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in (old, new)] == before


def test_a_database_in_a_folder_of_any_name_is_opened(old: Path) -> None:
    folder = old.parent.parent / "50% off? #1 ü"
    old.parent.rename(folder)
    assert compare(folder / "codex.db", folder / "codex.db", SCHEMA_VERSION).added == ()


def test_what_is_no_codex_is_refused_with_the_reason(old: Path, tmp_path: Path) -> None:
    other, text, absent = tmp_path / "other.db", tmp_path / "text.db", tmp_path / "absent.db"
    sqlite3.connect(other).execute("create table claims (id)").connection.close()
    text.write_text("no database, but long enough to be taken for one" * 100)
    for path, reason in (
        (absent, "there is no such file"),
        (tmp_path, "there is no such file"),
        (text, "file is not a database"),
        (other, f"its schema has version 0 and not {SCHEMA_VERSION}; build it again"),
    ):
        for pair in ((old, path), (path, old)):
            with pytest.raises(NotComparable) as error:
                compare(*pair, SCHEMA_VERSION)
            assert str(error.value) == f"{path}: {reason}"


def test_a_database_that_only_says_it_is_a_codex_is_refused_too(old: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
    connection.execute("create table claims (id)")
    connection.close()
    with pytest.raises(NotComparable, match=r"no such table: new\.documents"):
        compare(old, other, SCHEMA_VERSION)
