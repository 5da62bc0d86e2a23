"""Build codex.db from a folder of Markdown claims, and serve it."""

from __future__ import annotations

import gc
import io
import sys
import time
from pathlib import Path

import click

from claimbase.discover import NothingToRead
from claimbase.pipeline import build_database, check_codex
from claimbase.report import FORMATS, BadBaseline, fails, new_problems, read_baseline, report, summary
from claimbase.serve import WrongName, command, serve
from claimbase.write import NotWritable

PROJECT = Path(__file__).resolve().parent


def show_any_letter() -> None:
    """Lets a path be printed whose letters the terminal does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class BadUsage(click.ClickException):
    """What was asked for cannot be done: one line, exit code 2."""

    exit_code = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("root", type=click.Path(path_type=Path), default=PROJECT)
@click.option("--output", type=click.Path(path_type=Path), default=Path("codex.db"), help="The database to write.")
@click.option("--full", is_flag=True, help="Parse and write everything anew, whatever has changed.")
@click.option("--serve", "serving", is_flag=True, help="Serve the database once it is built.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on.")
@click.option("--port", default=8001, show_default=True, help="The port to serve on.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a problem is an error; with --baseline, or a warning.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Leave out the problems in this JSON report.")
@click.option("--check", "checking", is_flag=True, help="Report the problems and write nothing.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Report the problems in this form.")
@click.option("--quiet", is_flag=True, help="Say nothing that was not asked for.")
def main(
    root: Path,
    output: Path,
    full: bool,
    serving: bool,
    host: str,
    port: int,
    strict: bool,
    baseline: Path | None,
    checking: bool,
    form: str | None,
    quiet: bool,
) -> None:
    """Flatten the Markdown knowledge base under ROOT (by default this folder) into a SQLite database."""
    started = time.perf_counter()
    gc.disable()  # records refer to each other in one direction only, so there is nothing to collect
    show_any_letter()
    if checking and serving:
        raise BadUsage("--check writes nothing that --serve could serve")
    try:
        server = command(PROJECT, output, host, port) if serving else None
        known = read_baseline(baseline) if baseline else None
        progress = not quiet and sys.stderr.isatty()
        outcome = check_codex(root, progress) if checking else build_database(root, output, full, progress)
    except (NothingToRead, NotWritable, WrongName, BadBaseline) as error:
        raise BadUsage(str(error)) from error
    problems = outcome.problems if known is None else new_problems(outcome.problems, known)
    if form or checking:
        for line in report(problems, form or "text"):
            click.echo(line)
    if not quiet:
        for line in summary(outcome, time.perf_counter() - started):
            click.echo(line, err=True)
    if strict and fails(problems, ("error",) if known is None else ("error", "warning")):
        sys.exit(1)
    if server:
        sys.exit(serve(server))


if __name__ == "__main__":
    main()
