"""Export: every format as a file, a folder or a stream, complete or not at all."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from build import PROJECT, main
from claimbase.export import EXPORT_FORMATS, PIECE, Format, export_to, in_pieces, reading
from claimbase.exports.codex import NotExportable

EVERY = pytest.mark.parametrize("form", list(EXPORT_FORMATS.values()), ids=lambda form: form.name)
FOLDERS = pytest.mark.parametrize(
    "form", [form for form in EXPORT_FORMATS.values() if form.files], ids=lambda form: form.name
)


def made(form: Format, database: Path) -> bytes:
    with reading(database) as connection:
        return b"".join(in_pieces(form, connection))


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@EVERY
def test_the_same_database_gives_the_same_bytes_and_is_not_written_to(form: Format, database: Path) -> None:
    before = state(database.parent)
    assert made(form, database) == made(form, database)
    assert state(database.parent) == before


@EVERY
def test_a_file_is_what_comes_out_in_pieces(form: Format, database: Path, tmp_path: Path) -> None:
    target = tmp_path / form.file_name
    assert export_to(target, form, database) == 1
    assert target.read_bytes() == made(form, database)
    assert list(tmp_path.iterdir()) == [target]


@EVERY
def test_a_base_of_nothing_but_notes_can_be_exported(form: Format, tmp_path: Path) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/note.md").write_text("A note.")
    CliRunner().invoke(main, [str(tmp_path / "kb"), "--output", str(tmp_path / "codex.db"), "--quiet"])
    result = CliRunner().invoke(main, ["export", form.name, str(tmp_path / "codex.db")])
    assert result.exit_code == 0
    assert result.stdout_bytes == made(form, tmp_path / "codex.db")


@EVERY
def test_no_piece_but_the_last_is_small(form: Format, sample_database: Path) -> None:
    with reading(sample_database) as connection:
        *pieces, _ = map(len, in_pieces(form, connection))
    assert all(size >= PIECE for size in pieces)


def test_texts_are_made_while_they_are_taken(database: Path) -> None:
    asked: list[str] = []

    def parts(connection: sqlite3.Connection) -> Iterator[str]:
        for number in range(3):
            asked.append(f"part {number}")
            yield "x" * PIECE

    with reading(database) as connection:
        pieces = in_pieces(Format("x", "x", "text/plain", "nothing", parts), connection)
        next(pieces)
        assert asked == ["part 0"]


@FOLDERS
def test_a_folder_holds_what_the_zip_file_holds(form: Format, database: Path, tmp_path: Path) -> None:
    count = export_to(tmp_path / "of/all", form, database)
    with zipfile.ZipFile(BytesIO(made(form, database))) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    written = [path for path in (tmp_path / "of/all").rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path / "of/all").as_posix(): path.read_bytes() for path in written} == held
    assert len(held) == count


@FOLDERS
def test_a_new_export_takes_the_place_of_the_old_one(form: Format, database: Path, tmp_path: Path) -> None:
    export_to(tmp_path / "all", form, database)
    before = state(tmp_path / "all")
    changed = Path(min(before))
    changed.write_bytes(b"of an older base")
    export_to(tmp_path / "all", form, database)
    assert {path: data for path, (data, _) in state(tmp_path / "all").items()} == {
        path: data for path, (data, _) in before.items()
    }


def test_a_file_that_would_be_taken_for_a_part_of_the_export_is_refused(database: Path, tmp_path: Path) -> None:
    (tmp_path / "domains").mkdir()
    stranger = tmp_path / "domains/no longer held.md"
    stranger.write_text("Of an older base.")
    (tmp_path / "notes.txt").write_text("Of no kind that matters.")
    with pytest.raises(NotExportable, match=f"^{re.escape(str(stranger))}: would be taken for a part of this export"):
        export_to(tmp_path, EXPORT_FORMATS["markdown"], database)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["domains", "no longer held.md", "notes.txt"]


def test_a_failed_export_leaves_the_old_files_and_nothing_of_its_own(database: Path, tmp_path: Path) -> None:
    broken, folder = tmp_path / "codex.db", tmp_path / "parquet"
    broken.write_bytes(database.read_bytes())
    export_to(folder, EXPORT_FORMATS["parquet"], broken)
    before = state(folder)
    with closing(sqlite3.connect(broken)) as connection:
        [page] = connection.execute("select rootpage from sqlite_master where name = 'vital_signs'").fetchone()
        [size] = connection.execute("pragma page_size").fetchone()
    with broken.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(NotExportable, match="malformed"):
        export_to(folder, EXPORT_FORMATS["parquet"], broken)
    assert state(folder) == before


@EVERY
def test_what_is_no_codex_is_refused_in_one_line(form: Format, tmp_path: Path) -> None:
    def refusal(database: Path) -> str:
        result = CliRunner().invoke(main, ["export", form.name, str(database), str(tmp_path / "out.zip")])
        assert result.exit_code == 2
        [line] = result.stderr.splitlines()
        return line.removeprefix(f"Error: {database}")

    other, text = tmp_path / "other.db", tmp_path / "notes.txt"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("create table claims (id text primary key) strict")
    text.write_text("a claim is a statement that can be wrong\n" * 40)
    assert refusal(tmp_path / "codex.db") == ": there is no such file"
    assert refusal(other) == ": this is not a codex, it lacks documents, links, problems"
    assert refusal(text) == ": file is not a database"
    assert not (tmp_path / "out.zip").exists()


@pytest.mark.parametrize(("name", "target"), [("parquet", "taken"), ("graph", "."), ("graph", "nowhere/graph.json")])
def test_a_place_that_cannot_be_written_to_is_said_to_be_so(
    name: str, target: str, database: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(NotExportable) as caught:
        export_to(tmp_path / target, EXPORT_FORMATS[name], database)
    place, _, why = str(caught.value).rpartition(": ")
    assert place == str(tmp_path / target)
    assert why in ("File exists", "Is a directory", "No such file or directory")


def test_the_command_says_how_much_it_wrote(database: Path, tmp_path: Path) -> None:
    def said(name: str, target: str) -> str:
        return CliRunner().invoke(main, ["export", name, str(database), str(tmp_path / target)]).stdout

    assert said("graph", "graph.json") == f"{tmp_path / 'graph.json'}: 1 file\n"
    assert re.fullmatch(rf"{re.escape(str(tmp_path / 'tables'))}: \d\d files\n", said("parquet", "tables"))


def test_every_format_has_a_name_of_its_own_in_one_word() -> None:
    names = [form.file_name for form in EXPORT_FORMATS.values()]
    assert len(set(names)) == len(names)
    for name, form in EXPORT_FORMATS.items():
        assert re.fullmatch("[a-z]+(-[a-z]+)*", name)
        assert re.fullmatch(r"[a-z-]+(\.[a-z]+)+", form.file_name)
        assert (form.texts is None) != (form.files is None), name
        assert form.file_name.endswith(".zip") == bool(form.files), name


def test_a_zip_file_is_not_written_to_a_terminal(database: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, terminal = pty.openpty()
    command = [sys.executable, str(PROJECT / "build.py"), "export", "markdown", str(database)]
    result = subprocess.run(command, check=False, stdout=terminal, stderr=subprocess.PIPE, text=True)  # noqa: S603
    os.close(terminal)
    os.close(ours)
    assert result.returncode == 2
    assert result.stderr == "Error: a ZIP file is nothing for a terminal: name a file or folder behind the database\n"
