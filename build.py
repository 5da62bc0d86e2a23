"""Build codex.db from a folder of Markdown claims, and serve it."""

from __future__ import annotations

import gc
import io
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from claimbase.analyse import analyse
from claimbase.argue import argue
from claimbase.attest import attest
from claimbase.check import check
from claimbase.classify import classify
from claimbase.discover import NothingToRead, discover, read
from claimbase.extract import extract
from claimbase.flatten import flatten
from claimbase.parse import parse
from claimbase.records import Codex, Document, File
from claimbase.report import FORMATS, BadBaseline, fails, new_problems, read_baseline, report, summary
from claimbase.resolve import resolve
from claimbase.review import review
from claimbase.serve import WrongName, command, serve
from claimbase.settle import settle
from claimbase.spread import spread
from claimbase.texts import Texts
from claimbase.write import NotWritable, replacing, write

PROJECT = Path(__file__).resolve().parent


def take_apart(file: File) -> tuple[Document, str]:
    """A file as a document with all that it holds for the others, and its body."""
    page = parse(file)
    document = classify(page)
    return document._replace(content=extract(page, document)), page.body


def take_in(root: Path, progress: bool) -> Iterator[tuple[Document, str]]:
    """Every file of a knowledge base, read and taken apart, by as many processes as there are processors."""
    paths = discover(root)
    taken = spread(partial(_take_all, root), paths)
    with click.progressbar(taken, len(paths), "Reading", file=sys.stderr, hidden=not progress) as documents:
        yield from documents


def _take_all(root: Path, paths: Sequence[str]) -> list[tuple[Document, str]]:
    return [take_apart(file) for file in read(root, paths)]


def understand(taken: Iterable[Document]) -> Codex:
    """The knowledge base that documents make together: resolved, analysed and reviewed."""
    documents = settle(taken)
    links = resolve(documents)
    arguments, evidence = argue(links), attest(documents, links)
    analysis = analyse(documents, links, arguments, evidence)
    return Codex(documents, links, arguments, evidence, analysis, review(documents, links, evidence, analysis))


def read_codex(root: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder, and nothing written."""
    return understand(document for document, _ in take_in(root, progress))


def build_database(root: Path, output: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder, and its database in place of the old one once it is complete and sound."""
    with replacing(output) as temporary, Texts(temporary) as texts:
        codex = understand(texts.keep(take_in(root, progress)))
        write(temporary, flatten(codex), texts)
        check(temporary)
    return codex


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
        codex = read_codex(root, progress) if checking else build_database(root, output, progress)
    except (NothingToRead, NotWritable, WrongName, BadBaseline) as error:
        raise BadUsage(str(error)) from error
    problems = codex.problems if known is None else new_problems(codex.problems, known)
    if form or checking:
        for line in report(problems, form or "text"):
            click.echo(line)
    if not quiet:
        for line in summary(codex, time.perf_counter() - started):
            click.echo(line, err=True)
    if strict and fails(problems, ("error",) if known is None else ("error", "warning")):
        sys.exit(1)
    if server:
        sys.exit(serve(server))


if __name__ == "__main__":
    main()
