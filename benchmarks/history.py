"""History: a past in git for a generated base, at whose end stand the files as they are. The same every time."""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

FILES_A_COMMIT = 100
EDITS_A_HUNDRED_FILES = 4
_START = 1_767_225_600  # 2026-01-01T00:00:00Z
_STEP = 3_800
_ZONES = ("+0000", "+0000", "+0100", "-0500")
_AGENTS = ("Rio", "Mara", "Juno", "Otto")
_CONFIDENCE = re.compile(r"^confidence: (proven|likely|experimental|speculative)$", re.MULTILINE)
_WEAKER = {"proven": "likely", "likely": "experimental", "experimental": "speculative", "speculative": "experimental"}


class Step(NamedTuple):
    """What one commit does to one file: the name it had before, if another, and its new text; no text removes it."""

    path: str
    text: bytes | None
    before: str | None = None


class Commit(NamedTuple):
    """A commit to be made: what it says and what it does. A side commit is merged in the one after it."""

    subject: str
    body: str
    steps: list[Step]
    merged: bool = False


def write_history(folder: Path, paths: list[str], seed: int) -> int:
    """Commits the files of a folder as if they had grown there; how many commits that took.

    Each commit adds a hundred files, and up to four after it change the confidence or body of earlier ones, rename or
    remove them. At the end the work tree is clean.
    """
    _git(folder, "init", "--quiet", "--initial-branch", "main")
    number = 0
    with tempfile.TemporaryFile() as stream:
        for commit in _commits(folder, paths, random.Random(seed)):  # noqa: S311 - the same numbers every time
            for piece in _pieces(commit, number):
                stream.write(piece)
                number += 1
        stream.seek(0)
        _git(folder, "-c", "core.compression=1", "fast-import", "--quiet", "--depth=4", stream=stream)
    _git(folder, "reset", "--quiet")
    return number


def _git(folder: Path, *words: str, stream: IO[bytes] | None = None) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, stdin=stream)  # noqa: S603, S607 - our own words


def _commits(folder: Path, paths: list[str], chance: random.Random) -> Iterator[Commit]:
    waiting: list[Step] = []
    sources = [path for path in paths if path.startswith("inbox/")] or paths
    batches = _batches(chance, paths)
    for number, batch in enumerate(batches):
        adding = []
        for path in batch:
            first, later = _life(chance, path, (folder / path).read_bytes())
            adding += first
            waiting += later
        source = sources[int(len(sources) * chance.random())]
        subject = f"{_AGENTS[number % len(_AGENTS)].lower()}: extract claims from {source.rpartition('/')[2]}"
        yield Commit(subject, f"- Source: {source}\n- Claims: {len(adding)}, Entities: 0", adding)
        yield from _edits(chance, waiting, everything=number == len(batches) - 1)


def _batches(chance: random.Random, paths: list[str]) -> list[list[str]]:
    """The files that came together: a hundred of the same folders, as a commit is mostly about one subject."""
    ordered = sorted(paths, key=lambda path: path.rpartition("/")[0])
    batches = [ordered[start : start + FILES_A_COMMIT] for start in range(0, len(ordered), FILES_A_COMMIT)]
    return chance.sample(batches, len(batches))


def _edits(chance: random.Random, waiting: list[Step], everything: bool) -> Iterator[Commit]:
    """Commits that take up what waits to be changed, in the order it came, and leave about half for later."""
    for left in range(EDITS_A_HUNDRED_FILES, 0, -1):
        share = len(waiting) if everything and left == 1 else len(waiting) // (left + (0 if everything else 4))
        steps = [waiting.pop(0) for _ in range(share)]
        if steps:
            subject = f"auto-fix: mend and enrich {len(steps)} files"
            yield Commit(subject, f"- Enrichments: {len(steps)}", steps, merged=chance.random() < 0.2)


def _life(chance: random.Random, path: str, text: bytes) -> tuple[list[Step], list[Step]]:
    """How a file came to be what it is: what its first commit does, and what later ones do."""
    fate = chance.random()
    if fate < 0.01:
        removed = f"{path[:-3]} first attempt.md"
        return [Step(path, text), Step(removed, text)], [Step(removed, None)]
    if fate < 0.02:
        before = f"{path[:-3]} renamed.md"
        return [Step(before, text)], [Step(path, text, before)]
    if fate < 0.04:
        weaker = _CONFIDENCE.sub(lambda match: f"confidence: {_WEAKER[match[1]]}", text.decode(), count=1).encode()
        return [Step(path, weaker)], [Step(path, text)] if weaker != text else []
    if fate < 0.5:
        shorter = b"\n\n".join(text.split(b"\n\n")[:-2]) + b"\n"
        return [Step(path, shorter)], [Step(path, text)]
    return [Step(path, text)], []


def _pieces(commit: Commit, number: int) -> Iterator[bytes]:
    """A commit in the words of `git fast-import`; one on a branch of its own is followed by its merge."""
    agent = _AGENTS[number % len(_AGENTS)]
    trailer = f"Pentagon-Agent: {agent} <{'HEADLESS' if number % 3 else 'PIPELINE'}>"
    message = f"{commit.subject}\n\n{commit.body}\n\n{trailer}\n"
    if not commit.merged or number == 0:
        yield _commit("refs/heads/main", agent, number, message) + _changes(commit.steps)
        return
    branch = f"refs/heads/side-{number}"
    yield _commit(branch, agent, number, message, f"from :{number}\n") + _changes(commit.steps)
    merging = f"Merge pull request '{commit.subject}' (#{number}) from side-{number} into main\n"
    yield (
        _commit("refs/heads/main", agent, number + 1, merging, f"from :{number}\nmerge :{number + 1}\n")
        + _changes(commit.steps)
        + f"reset {branch}\nfrom {'0' * 40}\n\n".encode()
    )


def _commit(branch: str, agent: str, number: int, message: str, ancestry: str = "") -> bytes:
    """A commit's head. Authors live in several zones, and some wrote long before they were merged."""
    zone = _ZONES[number % len(_ZONES)]
    committed = _START + number * _STEP
    authored = committed - (number * 7919) % 90_000
    who = f"{agent} <{agent.lower()}@example.org>"
    data = message.encode()
    head = f"commit {branch}\nmark :{number + 1}\nauthor {who} {authored} {zone}\ncommitter {who} {committed} {zone}\n"
    return f"{head}data {len(data)}\n".encode() + data + f"\n{ancestry}".encode()


def _changes(steps: list[Step]) -> bytes:
    lines = []
    for step in steps:
        if step.before:
            lines.append(f'R "{step.before}" "{step.path}"\n'.encode())
        if step.text is None:
            lines.append(f"D {step.path}\n".encode())
        else:
            lines.append(f"M 100644 inline {step.path}\ndata {len(step.text)}\n".encode() + step.text + b"\n")
    return b"".join(lines) + b"\n"
