"""Fuzz: files of the tiny and of the sample base are changed at random, and built by the thousand.

    python -m tests.fuzz --mutants 1000000 --seed 7

Whatever the bytes, each file is one document, each reference one link, the database is sound, and a build that takes up
another comes to the rows of one that starts from nothing. What breaks this is kept, halved until it no longer breaks.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from build import PROJECT
from claimbase.discover import discover, read
from claimbase.outcome import read_outcome
from claimbase.pipeline import build_database
from claimbase.pipeline.understand import take_apart
from claimbase.problems import PROBLEM_CODES

KB = Path(__file__).parent / "kb"
# So many files at once are one base: what one of them does to another shows, and what made it so is found by halving.
IN_ONE_BASE = 1000
# What means something to one stage or another.
TOKENS = (
    *(b"---\n", b"...\n", b"\n\n", b"\r", b"\r\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc2\x85"),
    *(b"[[", b"]]", b"|", b"#", b"](", b".md", b"_map", b"%00", b"%2e%2e/", b"../", b"`", b"```\n", b"~~~\n", b"> "),
    *(b"type: claim\n", b"type: source\n", b"title: ", b"confidence: ", b"related:\n- ", b"depends_on: [", b"tags: "),
    *(
        b"created: 2026-02-00\n",
        b": ",
        b"- ",
        b"? ",
        b"&a ",
        b"*a",
        b"<<: ",
        b"!!binary ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"'",
    ),
    *(b'"', b"|\n", b">-\n", b"\t", b"@", b"%", b".nan", b"99999999999999999999", b"null", b"true", b"0x1F", b"~"),
    *(
        b"Relevant Notes:\n",
        b"## Challenges\n",
        b"### Additional Evidence (extend)\n",
        b"*Source: [[",
        b"| Added: 2026-",
    ),
    *(
        b"**Grounding:** ",
        b"### 1. ",
        b"since [[",
        b"\xe2\x80\x94 ",
        b" -- ",
        b"\xe2\x80\xae",
        b"\x1b[2J",
        b"\xe2\x80\xa8",
    ),
    *(
        "é".encode(),
        "睡".encode(),
        "👩‍🔬".encode(),
        b"<script>",
        b"'; drop table claims; --",
        b"$430M",
        b"\x0c",
        b"\x1c",
    ),
)


class Broken(AssertionError):
    """A base of mutants does not keep what every base keeps."""


class Mutant(NamedTuple):
    """A file as it was changed, at a path of the kind it had."""

    path: str
    data: bytes


def originals() -> list[tuple[str, bytes]]:
    """The files that are changed, with their paths."""
    return [(file.path, file.data) for root in (KB, PROJECT) for file in read(root, discover(root)) if file.data]


def mutate(chance: random.Random, files: Sequence[tuple[str, bytes]], number: int) -> Mutant:
    """One of the files with a few changes at random."""
    path, data = chance.choice(files)
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 8, 30))):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((1, 1, 4, 30, 300)))
        kind = chance.randrange(7)
        if kind == 0 and changed:
            changed[start % len(changed)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[start:end]
        elif kind == 2:
            changed[start:start] = changed[start:end] * chance.choice((1, 2, 40))
        elif kind == 3:
            other = chance.choice(files)[1]
            place = chance.randrange(len(other))
            changed[start:end] = other[place : place + chance.choice((5, 50, 500))]
        elif kind == 4:
            lines = bytes(changed).split(b"\n")
            chance.shuffle(lines) if chance.random() < 0.1 else lines.insert(chance.randrange(len(lines)), lines[0])
            changed = bytearray(b"\n".join(lines))
        else:
            changed[start : chance.choice((start, end))] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50))
    folder, _, name = path.rpartition("/")
    # A map or an agent's beliefs stay what they are by their names; so do a few names that many links mean.
    kept = name in ("_map.md", "beliefs.md", "identity.md") or chance.random() < 0.3
    return Mutant(f"{folder or 'notes'}/{number % 40}/{name if kept else f'{number} {name}'}", bytes(changed))


def mutants(count: int, seed: int) -> Iterator[list[Mutant]]:
    """So many mutants, as many at a time as make one base. Where two have one path, the later one is that file."""
    chance, files = random.Random(seed), originals()  # noqa: S311 - the same in every run
    for start in range(0, count, IN_ONE_BASE):
        yield [mutate(chance, files, number) for number in range(start, min(count, start + IN_ONE_BASE))]


def see(batch: Sequence[Mutant], folder: Path) -> None:
    """Builds these files twice, once upon a base of other files and once from nothing. Raises `Broken`."""
    shutil.rmtree(folder, ignore_errors=True)
    root, database = folder / "kb", folder / "codex.db"
    # A build takes up the last one where less than a fifth of all files has changed.
    lying = batch[: len(batch) * 9 // 10]
    _write(root, lying)
    build_database(root, database)
    _write(root, batch[len(lying) :])
    build_database(root, database)
    taken_up = _rows(database)
    build_database(root, database, full=True)
    _compare("rows of a build that took up another and of one from nothing", taken_up, _rows(database))
    _sound(root, database)


def _sound(root: Path, database: Path) -> None:
    """Whether a database holds what every database of these files holds."""
    files = list(read(root, [file.relative_to(root).as_posix() for file in sorted(root.rglob("*.md"))]))
    taken = {file.path: take_apart(file) for file in files}
    stated = {path: sum(r.form != "bare" for r in document.content.references) for path, (document, _) in taken.items()}
    written = {path: _wiki_links(body) for path, (_, body) in taken.items() if "`" not in body and "~~~" not in body}
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for pragma in ("integrity_check", "foreign_key_check"):
            found = [row for row in connection.execute(f"pragma {pragma}") if row != ("ok",)]
            _compare(pragma, found, [])
        sql = """
            select documents.path, count(links.id), sum(coalesce(links.field = 'body' and links.form = 'wiki', 0))
            from documents left join links on from_document = documents.id and links.form <> 'bare'
            group by documents.id
        """
        rows = connection.execute(sql).fetchall()
        _compare("documents and their references", {path: links for path, links, _ in rows}, stated)
        _compare("links as they are written", {path: wiki for path, _, wiki in rows if path in written}, written)
        digests = {file.path: hashlib.sha256(file.data).hexdigest() for file in files}
        _compare("documents of these bytes", dict(connection.execute("select path, sha256 from documents")), digests)
    _compare("codes of problems", {p.code for p in read_outcome(database).problems} - PROBLEM_CODES.keys(), set())


def _wiki_links(body: str) -> int:
    """How many links stand in a body without code, counted by other means than those that read them."""
    pieces = re.split(r"\[\[(?=[^\[\]\n]{1,1000}\]\])", body)[1:]
    return sum(bool(re.split(r"\\?\||\]\]", piece)[0].strip()) for piece in pieces)


def _write(root: Path, batch: Sequence[Mutant]) -> None:
    for mutant in batch:
        file = root / mutant.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(mutant.data)


def _rows(database: Path) -> list[str]:
    """Every row of every table, whatever pages they lie on."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return sorted(line for line in connection.iterdump() if "_fts" not in line and "sqlite_stat" not in line)


def _compare(what: str, found: object, expected: object) -> None:
    if found == expected:
        return
    if isinstance(found, list) and isinstance(expected, list):
        found, expected = sorted(set(found) - set(expected))[:3], sorted(set(expected) - set(found))[:3]
    elif isinstance(found, dict) and isinstance(expected, dict):
        differing = [key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)][:3]
        found, expected = {k: found.get(k) for k in differing}, {k: expected.get(k) for k in differing}
    raise Broken(f"{what}: {found!r:.600} instead of {expected!r:.600}")


def fault(batch: Sequence[Mutant], folder: Path) -> Exception | None:
    """What these files break, if anything: whatever a build raises is a finding here."""
    try:
        see(batch, folder)
    except Exception as error:
        return error
    return None


def fewest(batch: Sequence[Mutant], folder: Path) -> Sequence[Mutant]:
    """Those of the files that still break something: halves, and then smaller parts, are left out while they can be."""
    size = len(batch) // 2
    while size:
        start = 0
        while start < len(batch) and len(batch) > 1:
            rest = [*batch[:start], *batch[start + size :]]
            if rest and fault(rest, folder):
                batch = rest
            else:
                start += size
        size //= 2
    return batch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", type=Path, default=Path("findings"), help="where files that break something are kept")
    asked = parser.parse_args()
    os.environ["GIT_CEILING_DIRECTORIES"] = str(KB.parent)
    findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, batch in enumerate(mutants(asked.mutants, asked.seed)):
            found = fault(batch, Path(folder) / "base")
            if found:
                findings += 1
                few = fewest(batch, Path(folder) / "base")
                _write(asked.keep / str(number), few)
                print(f"{type(found).__name__}: {found}\n  {len(few)} files in {asked.keep / str(number)}")  # noqa: T201
            if sys.stderr.isatty():
                print(f"\r{(number + 1) * IN_ONE_BASE:,} mutants", end="", file=sys.stderr)  # noqa: T201
    print(f"{asked.mutants:,} mutants, {findings} findings")  # noqa: T201
    sys.exit(min(findings, 1))


if __name__ == "__main__":
    main()
