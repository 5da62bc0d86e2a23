"""Export: a database in another format, as a file, a folder or a stream."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from claimbase.exports.argdown import argdown
from claimbase.exports.bibtex import bibtex
from claimbase.exports.codex import NotExportable, open_codex
from claimbase.exports.context import claims_context
from claimbase.exports.contributors import contributors_json
from claimbase.exports.csl_json import csl_json
from claimbase.exports.files import File, zipped
from claimbase.exports.graph import graph_json
from claimbase.exports.graphml import graphml
from claimbase.exports.json_ld import json_ld
from claimbase.exports.markdown import markdown
from claimbase.exports.parquet import parquet

# Pieces of so many bytes at least are handed on, but for the last.
PIECE = 1 << 16


class Format(NamedTuple):
    """A format: what it is called on the command line, the name of its file, its media type and what it is for.

    Of `texts` and `files` it has the one: it is one text in pieces, or several files, which are a ZIP file together.
    `needs` is a package that a build and a site do without.
    """

    name: str
    file_name: str
    media_type: str
    meaning: str
    texts: Callable[[sqlite3.Connection], Iterator[str]] | None = None
    files: Callable[[sqlite3.Connection], Iterator[File]] | None = None
    needs: str | None = None


EXPORT_FORMATS = {
    form.name: form
    for form in (
        Format(
            "graph",
            "graph.json",
            "application/json",
            "claims as nodes, what leads from one to another as edges, and when they came: for web apps that draw them",
            graph_json,
        ),
        Format(
            "context",
            "claims-context.json",
            "application/json",
            "which claims there are, in a sentence each: for an agent that is about to write or answer something",
            claims_context,
        ),
        Format(
            "contributors",
            "contributors.json",
            "application/json",
            "who had which part in how many claims, of which domains, in which months",
            contributors_json,
        ),
        Format(
            "graphml",
            "claims.graphml",
            "application/graphml+xml",
            "claims and arguments as a graph: for Gephi, yEd, NetworkX and igraph",
            graphml,
        ),
        Format(
            "argdown",
            "claims.argdown",
            "text/argdown; charset=utf-8",
            "claims as statements that support and attack each other: for argument maps with Argdown",
            argdown,
        ),
        Format(
            "json-ld",
            "claims.jsonld",
            "application/ld+json",
            "claims, arguments and sources as linked data in the words of schema.org and CiTO: for RDF stores",
            json_ld,
        ),
        Format(
            "bibtex",
            "sources.bib",
            "text/x-bibtex; charset=utf-8",
            "the sources: for LaTeX and JabRef",
            bibtex,
        ),
        Format(
            "csl-json",
            "sources.csl.json",
            "application/vnd.citationstyles.csl+json",
            "the sources: for Zotero, Pandoc and citation styles",
            csl_json,
        ),
        Format(
            "parquet",
            "codex.parquet.zip",
            "application/zip",
            "every table as a Parquet file: for DuckDB, Spark, BigQuery and pandas",
            files=parquet,
            needs="pyarrow",
        ),
        Format(
            "markdown",
            "markdown.zip",
            "application/zip",
            "every document as a Markdown file with its relations written out: for editors, and to be built again",
            files=markdown,
        ),
    )
}


def in_pieces(form: Format, connection: sqlite3.Connection) -> Generator[bytes, None, None]:
    """The one file that a format is, in pieces. The same database gives the same bytes. Raises `NotExportable`.

    In memory are a piece and the longest document; the names of the files where there are several; a batch of Parquet.
    """
    if form.files:
        return _gathered(zipped(form.files(connection)))
    assert form.texts, form.name  # noqa: S101 - it has the one or the other
    return _gathered(text.encode() for text in form.texts(connection))


def export_to(target: Path, form: Format, database: Path) -> int:
    """Writes a database to a file, or a format of several files to a folder unless `target` ends in `.zip`.

    All is complete before any of it takes the place of what was there. In a folder, files of the same ending that are
    not of this export are refused, since they would be taken for a part of it. The number of files that were written.
    The database is only read, in one transaction. Raises `NotExportable`.
    """
    with reading(database) as connection:
        try:
            if form.files and target.suffix != ".zip":
                return _write_folder(form.files(connection), target)
            return _write_file(in_pieces(form, connection), target)
        except OSError as error:
            raise NotExportable(f"{target}: {error.strerror or error}") from error


@contextlib.contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a codex that is only read; what is wrong with it is `NotExportable`."""
    with contextlib.closing(open_codex(database)) as connection:
        try:
            yield connection
        except sqlite3.DatabaseError as error:
            raise NotExportable(f"{database}: {error}") from error


def _write_file(pieces: Iterable[bytes], target: Path) -> int:
    if target.is_dir():
        raise NotExportable(f"{target}: Is a directory")
    with TemporaryDirectory(prefix=".export-", dir=target.parent) as temporary:
        _write(pieces, Path(temporary) / target.name).replace(target)
    return 1


def _write_folder(files: Iterable[File], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".export-", dir=folder) as temporary:
        paths = [file.path for file in files if _write(file.pieces, Path(temporary) / file.path)]
        _refuse_strangers(folder, Path(temporary), paths)
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(temporary) / path).replace(folder / path)
    return len(paths)


def _write(pieces: Iterable[bytes], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(pieces)
    return path


def _refuse_strangers(folder: Path, temporary: Path, paths: Iterable[str]) -> None:
    known = {folder / path for path in paths}
    for ending in {path.suffix for path in known}:
        for found in sorted(folder.rglob(f"*{ending}")):
            if found not in known and temporary not in found.parents:
                raise NotExportable(
                    f"{found}: would be taken for a part of this export; remove it, or name another folder"
                )


def _gathered(parts: Iterable[bytes]) -> Generator[bytes, None, None]:
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part)
        size += len(part)
        if size >= PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)
