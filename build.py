"""Build codex.db from a folder of Markdown claims, and serve it."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple

import click
from click_default_group import DefaultGroup

from claimbase.base import NoAnswer
from claimbase.compare import NotComparable, compare
from claimbase.contract import NoContract, contract_of
from claimbase.discover import NothingToRead
from claimbase.export import EXPORT_FORMATS, export_to, in_pieces, reading
from claimbase.exports.codex import NotExportable
from claimbase.pipeline import build_database, check_codex, looks
from claimbase.questions import read_questions
from claimbase.records import Problem, Stamp
from claimbase.report import FORMATS, BadBaseline, Key, fails, new_problems, read_baseline, report, summary
from claimbase.report_comparison import COMPARISON_FORMATS, report_comparison
from claimbase.repository import NoAddress, file_address
from claimbase.serve import WrongName, command, serving
from claimbase.terminal import one_line
from claimbase.watch import changes
from claimbase.write import SCHEMA_VERSION, NotWritable

PROJECT = Path(__file__).resolve().parent
# Why a build may not come about: one line for whoever asked for it.
REFUSALS = (NothingToRead, NotWritable)


def show_any_letter() -> None:
    """Lets a path be printed whose letters the terminal does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class BadUsage(click.ClickException):
    """What was asked for cannot be done: one line, exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        return one_line(self.message)


class Order(NamedTuple):
    """What was asked for: which base goes into which database, and how much is said about it."""

    root: Path
    output: Path
    repository: str | None
    full: bool
    checking: bool
    form: str | None
    known: Counter[Key] | None
    quiet: bool


# No word: any that stood here could not be the name of a folder to build.
BUILD = ""


@click.group(cls=DefaultGroup, default=BUILD, default_if_no_args=True, add_help_option=False)
def main() -> None:
    """Build, unless another command is named."""


@main.command(
    BUILD,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Other commands: `diff OLD NEW` says what differs between two databases; `export FORMAT DATABASE` writes "
    "one in another format; `mcp DATABASE` serves it to assistants; `contract DATABASE` writes down what programs "
    "rely on.",
)
@click.argument("root", type=click.Path(path_type=Path), default=PROJECT)
@click.option("--output", type=click.Path(path_type=Path), default=Path("codex.db"), help="The database to write.")
@click.option("--repo-url", help="Where the base is on the web, so that claims lead to their files.")
@click.option("--full", is_flag=True, help="Parse and write everything anew, whatever has changed.")
@click.option("--watch", "watching", is_flag=True, help="Go on, and build again whenever a file changes.")
@click.option("--serve", "serving_", is_flag=True, help="Serve the database once it is built.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", default=8001, show_default=True, help="The port to serve on.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a problem is an error; with --baseline, or a warning.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Leave out the problems in this JSON report.")
@click.option("--check", "checking", is_flag=True, help="Report the problems and write nothing.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Report the problems in this form.")
@click.option("--quiet", is_flag=True, help="Say nothing that was not asked for.")
def build(
    root: Path,
    output: Path,
    repo_url: str | None,
    full: bool,
    watching: bool,
    serving_: bool,
    host: str,
    port: int,
    strict: bool,
    baseline: Path | None,
    checking: bool,
    form: str | None,
    quiet: bool,
) -> None:
    """Flatten the Markdown knowledge base under ROOT (by default this folder) into a SQLite database."""
    gc.disable()  # records refer to each other in one direction only, so there is next to nothing to collect
    show_any_letter()
    if checking and (serving_ or watching):
        raise BadUsage("--check writes nothing that could be served or kept up to date")
    try:
        server = command(PROJECT, output, host, port) if serving_ else None
        known = read_baseline(baseline) if baseline else None
        seen = looks(root) if watching else None
        repository = file_address(repo_url) if repo_url else None
        order = Order(root, output, repository, full, checking, form, known, quiet)
        problems = carry_out(order)
    except (*REFUSALS, WrongName, BadBaseline, NoAddress) as error:
        raise BadUsage(str(error)) from error
    if strict and fails(problems, ("error",) if known is None else ("error", "warning")):
        sys.exit(1)
    if server or watching:
        sys.exit(stay(order, server, seen))


@main.command(
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


@main.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=PROJECT / "docs")
def contract(database: Path, folder: Path) -> None:
    """Write what programs rely on into FOLDER (by default docs): columns, questions, the schema of GraphQL."""
    try:
        pages = contract_of(PROJECT, database)
    except (NoContract, WrongName) as error:
        raise BadUsage(str(error)) from error
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)


@main.command()
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


@main.command()
@click.argument("database", type=click.Path(path_type=Path))
@click.option("--http", is_flag=True, help="Serve on a port of this machine instead of standard input and output.")
@click.option("--port", default=8002, show_default=True, help="The port to serve on, with --http.")
def mcp(database: Path, http: bool, port: int) -> None:
    """Serve DATABASE to assistants over the Model Context Protocol."""
    try:
        server = importlib.import_module("claimbase.serve_mcp")
    except ModuleNotFoundError as error:
        raise BadUsage("the Model Context Protocol needs the package mcp: pip install 'claimbase[mcp]'") from error
    try:
        if http:
            click.echo(f"http://{server.HOST}:{port}/mcp", err=True)
        server.serve(database, read_questions(PROJECT), SCHEMA_VERSION, port if http else None)
    except NoAnswer as error:
        raise BadUsage(str(error)) from error


def carry_out(order: Order) -> Sequence[Problem]:
    """Builds, or only checks, and says what came of it; the problems that are not known yet."""
    started = time.perf_counter()
    progress = not order.quiet and sys.stderr.isatty()
    if order.checking:
        outcome = check_codex(order.root, progress)
    else:
        outcome = build_database(order.root, order.output, order.full, progress, order.repository)
    problems = outcome.problems if order.known is None else new_problems(outcome.problems, order.known)
    if order.form or order.checking:
        for line in report(problems, order.form or "text"):
            click.echo(line)
    if not order.quiet:
        for line in summary(outcome, time.perf_counter() - started):
            click.echo(line, err=True)
    return problems


def stay(order: Order, server: list[str] | None, seen: Mapping[str, Stamp] | None) -> int:
    """Serves, watches for files that look other than they were `seen`, or both, until it is stopped; the exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), serving(server) if server else nullcontext() as process:
        if process and seen is None:
            return process.wait()
        for _ in changes(partial(looks, order.root), seen or {}, lambda: process is None or process.poll() is None):
            try:
                carry_out(order._replace(full=False))
            except REFUSALS as error:
                click.echo(f"Error: {one_line(str(error))}", err=True)
            gc.collect()
        return process.returncode if process else 0
    return 0


if __name__ == "__main__":
    main()
