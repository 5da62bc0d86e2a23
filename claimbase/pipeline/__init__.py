"""Pipeline: from a folder of Markdown to a database, whole or for what has changed since the last build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from claimbase.discover import IGNORE_FILE, NothingToRead, discover, look
from claimbase.git import head_log
from claimbase.memory import Forgotten, Known, Memory
from claimbase.outcome import outcome_of, read_outcome
from claimbase.paths import printable
from claimbase.pipeline.build_anew import build_anew
from claimbase.pipeline.look_around import look_around, read_past
from claimbase.pipeline.renew import renew
from claimbase.pipeline.take_in import changes_since, take_in
from claimbase.pipeline.understand import understand
from claimbase.records import UNSEEN, Codex, Outcome, Stamp
from claimbase.update import Crowded
from claimbase.vocabulary import WEIGHTS_FILE
from claimbase.write import alone

# Beyond this part of all files, writing everything anew is the quicker way.
_MOST_CHANGED = 0.2


def read_codex(root: Path, progress: bool = False) -> Codex:
    """The knowledge base under a folder; nothing is written."""
    paths = discover(root)
    past = read_past(root, paths, look_around(root))
    return understand((taken.document for taken in take_in(root, look(root, paths), progress)), past)


def check_codex(root: Path, progress: bool = False) -> Outcome:
    """What a knowledge base comes to; nothing is written."""
    return outcome_of(read_codex(root, progress))


def looks(root: Path) -> dict[str, Stamp]:
    """How all that a build reads looks from outside; nothing where there is no file to read."""
    try:
        return look(root, [*discover(root), IGNORE_FILE, WEIGHTS_FILE, *map(str, head_log(root))])
    except NothingToRead:
        return {}


def build_database(
    root: Path, output: Path, full: bool = False, progress: bool = False, repository: str | None = None
) -> Outcome:
    """The database of the base under a folder, in place of the old one once it is complete and sound.

    Where the old one is of the same base and program, only what has changed since is parsed and written again.
    `repository` is the address of any of the base's files on the web, as `file_address` gives it.
    """
    with alone(output):
        memory = Memory(output, root, repository)
        stamps, around = look(root, discover(root)), look_around(root)
        known = {} if full else memory.known()
        if not known or _most_differ(stamps, known):
            build_anew(root, output, stamps, around, memory, progress)
            return read_outcome(output)
        changes = changes_since(root, stamps, known)
        try:
            if changes.changed or changes.gone or around.mark != memory.mark():
                renew(root, output, stamps, around, changes, memory)
            elif changes.touched:
                memory.change({}, (), changes.touched)
                memory.belong()
        except (Forgotten, Crowded):
            build_anew(root, output, stamps, around, memory, progress)
        return read_outcome(output)


def _most_differ(stamps: Mapping[str, Stamp], known: Mapping[str, Known]) -> bool:
    """Whether so many files are new, gone or of another size that writing everything anew is the quicker way."""
    there = {printable(path): stamp for path, stamp in stamps.items()}
    sizes = {path: stamp.size for path, stamp in there.items()}
    was = {path: before.stamp.size for path, before in known.items() if before.stamp != UNSEEN}
    differing = sum(sizes.get(path) != size for path, size in was.items()) + len(sizes.keys() - known.keys())
    return differing > _MOST_CHANGED * len(stamps)
