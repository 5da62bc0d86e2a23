"""Commands: what can be asked of a database once it is built, beside serving it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from claimbase.base import NoAnswer
from claimbase.compare import NotComparable, compare
from claimbase.contract import NoContract, contract_of
from claimbase.export import EXPORT_FORMATS, export_to, in_pieces, reading
from claimbase.exports.codex import NotExportable
from claimbase.questions import read_questions
from claimbase.report_comparison import COMPARISON_FORMATS, report_comparison
from claimbase.serve import WrongName
from claimbase.terminal import BadUsage, show_any_letter
from claimbase.write import SCHEMA_VERSION


@click.command(
    epilog="\b\n" + "\n".join(f"{form.name:13}{form.file_name:20}{form.meaning}" for form in EXPORT_FORMATS.values()),
)
@click.argument("form", metavar="FORMAT", type=click.Choice(list(EXPORT_FORMATS)))
@click.argument("database", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path), required=False)
def export(form: str, database: Path, target: Path | None) -> None:
    """Write DATABASE in another FORMAT to the file or folder TARGET, or to standard output.

    Formats of several files become a folder, or a ZIP file where TARGET ends in .zip or is standard output.
    """
    chosen = EXPORT_FORMATS[form]
    if target is None and chosen.files and sys.stdout.isatty():
        raise BadUsage("a ZIP file is nothing for a terminal: name a file or folder behind the database")
    try:
        if target:
            written = export_to(target, chosen, database)
            click.echo(f"{target}: {written} {'file' if written == 1 else 'files'}")
        else:
            with reading(database) as connection:
                sys.stdout.buffer.writelines(in_pieces(chosen, connection))
    except NotExportable as error:
        raise BadUsage(str(error)) from error


@click.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.pass_obj
def contract(project: Path, database: Path, folder: Path | None) -> None:
    """Write what programs rely on into FOLDER (by default docs): columns, questions, the schema of GraphQL."""
    try:
        pages = contract_of(project, database)
    except (NoContract, WrongName) as error:
        raise BadUsage(str(error)) from error
    for name, text in pages.items():
        target = (folder or project / "docs") / name
        target.write_text(text, encoding="utf-8")
        click.echo(target)


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(COMPARISON_FORMATS), default="text", show_default=True)
def diff(old: Path, new: Path, form: str) -> None:
    """Say what differs between the databases OLD and NEW: claims, confidences, links and problems."""
    show_any_letter()
    try:
        comparison = compare(old, new, SCHEMA_VERSION)
    except NotComparable as error:
        raise BadUsage(str(error)) from error
    for line in report_comparison(comparison, form):
        click.echo(line)


@click.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--http", is_flag=True, help="Serve on a port of this machine instead of standard input and output.")
@click.option("--port", default=8002, show_default=True, help="The port to serve on, with --http.")
@click.pass_obj
def mcp(project: Path, database: Path, http: bool, port: int) -> None:
    """Serve DATABASE to assistants over the Model Context Protocol."""
    try:
        server = importlib.import_module("claimbase.serve_mcp")
    except ModuleNotFoundError as error:
        raise BadUsage("the Model Context Protocol needs the package mcp: pip install 'claimbase[mcp]'") from error
    try:
        if http:
            click.echo(f"http://{server.HOST}:{port}/mcp", err=True)
        server.serve(database, read_questions(project), SCHEMA_VERSION, port if http else None)
    except NoAnswer as error:
        raise BadUsage(str(error)) from error


COMMANDS: dict[str, click.Command] = {command.name or "": command for command in (contract, diff, export, mcp)}
