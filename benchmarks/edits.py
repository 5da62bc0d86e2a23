"""Edits: the small changes between two builds, each with a question to the database that shows whether it arrived."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

_IN_BODY = "select count(*) from documents_fts where documents_fts match ?"
_CONFIDENCE = re.compile(r"^confidence: (\w+)$", re.MULTILINE)


class Proof(NamedTuple):
    """A query and its parameters, whose answer is not 0 where an edit has arrived."""

    sql: str
    parameters: tuple[str, ...]


def change_body(base: Path, number: int) -> Proof:
    """Adds a sentence to the body of a claim."""
    path, mark = whole_claim(base, number), f"novumbody{number}"
    _rewrite(base / path, lambda text: text.replace("\n\n---\n", f" One thing is new: {mark}.\n\n---\n", 1))
    return Proof(_IN_BODY, (mark,))


def change_confidence(base: Path, number: int) -> Proof:
    """Rates a claim otherwise."""
    path = whole_claim(base, number)
    before = _CONFIDENCE.search((base / path).read_text(encoding="utf-8"))
    new = "speculative" if before and before[1] != "speculative" else "likely"
    _rewrite(base / path, lambda text: _CONFIDENCE.sub(f"confidence: {new}", text, count=1))
    return Proof("select count(*) from claims where path = ? and confidence = ?", (path, new))


def add_link(base: Path, number: int) -> Proof:
    """Links a claim to another."""
    path, mark = whole_claim(base, number), f"novumlink{number}"
    other = Path(whole_claim(base, number + 7)).stem
    _rewrite(base / path, lambda text: text.replace("Notes:\n", f"Notes:\n- [[{other}]] — {mark}\n", 1))
    return Proof("select count(*) from links where reason like ?", (f"%{mark}%",))


def add_file(base: Path, number: int) -> Proof:
    """Adds a claim."""
    path, mark = whole_claim(base, number), f"novumfile{number}"
    text = (base / path).read_text(encoding="utf-8")
    title = f"A claim that was added under the name of {mark}"
    text = re.sub(r"^# .*$", f"# {title}", re.sub(r"^title: .*\n", "", text, flags=re.M), count=1, flags=re.M)
    (base / path).with_name(f"{title}.md").write_text(text, encoding="utf-8")
    return Proof(_IN_BODY, (mark,))


def whole_claim(base: Path, number: int) -> str:
    """The path of a claim without a fault; numbers that differ a little give claims far apart."""
    paths = sorted(path for path in base.glob("domains/*/*.md") if path.stem != "_map")
    for step in range(len(paths)):
        path = paths[(number * 7919 + step) % len(paths)]
        if _is_whole(path.read_bytes()):
            return path.relative_to(base).as_posix()
    raise ValueError(f"{base}: no claim without a fault")


def _is_whole(text: bytes) -> bool:
    return (
        text.startswith(b"---\ntype: claim\n")
        and b"\n---\n\n# " in text
        and b"\n\n---\n\nRelevant Notes:\n- [[" in text
        and b"\r" not in text
        and bool(_CONFIDENCE.search(text.decode()))
    )


def _rewrite(file: Path, change: Callable[[str], str]) -> None:
    before = file.read_text(encoding="utf-8")
    after = change(before)
    if after == before:
        raise ValueError(f"{file.name}: the edit changes nothing")
    file.write_text(after, encoding="utf-8")
