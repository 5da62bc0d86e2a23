"""Build codex.db from a folder of Markdown claims, and serve it."""

from __future__ import annotations

import contextlib
import gc
import importlib
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

from claimbase.discover import NothingToRead
from claimbase.pipeline import build_database, check_codex, looks
from claimbase.records import Problem, Stamp
from claimbase.report import FORMATS, BadBaseline, Key, fails, new_problems, read_baseline, report, summary
from claimbase.repository import NoAddress, file_address
from claimbase.serve import WrongName, command, serving
from claimbase.terminal import BadUsage, one_line, show_any_letter
from claimbase.watch import changes
from claimbase.write import NotWritable

PROJECT = Path(__file__).resolve().parent
# Why a build may not come about: one line for whoever asked for it.
REFUSALS = (NothingToRead, NotWritable)


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
OTHERS = ("contract", "diff", "export", "mcp")


class Commands(DefaultGroup):  # type: ignore[misc] # the library has no types
    """The build, and other commands, which are loaded only when they are asked for."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of a name; None where it is rather that of a folder to build."""
        if name in OTHERS:
            return importlib.import_module("claimbase.commands").COMMANDS[name]
        return super().get_command(context, name)


@click.group(cls=Commands, default=BUILD, default_if_no_args=True, add_help_option=False)
@click.pass_context
def main(context: click.Context) -> None:
    """Build, unless another command is named."""
    context.obj = PROJECT


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
