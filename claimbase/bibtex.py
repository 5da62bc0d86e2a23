"""BibTeX: entries that any reader of it takes apart as they were put together: https://tug.org/bibtex/"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SPECIAL = re.compile(r"[\\{}$&#^_%~]")
# BibTeX counts braces before it looks at what stands before them, so that an escaped one alone would end nothing.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def entry(key: str, fields: Mapping[str, str]) -> str:
    """A `@misc` entry with those of the fields that say something; they are TeX already."""
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def tex(text: str | None) -> str:
    """A text on one line as TeX prints it; control characters, which TeX does not take, count as white space."""
    plain = " ".join(_NO_TEXT.sub(" ", text or "").split())
    return _SPECIAL.sub(lambda found: _TEX.get(found[0], f"\\{found[0]}"), plain)


def as_it_is(text: str | None) -> str:
    """A text whose capitals and commas mean nothing to BibTeX: a title, or an author in one piece."""
    return f"{{{tex(text)}}}" if text else ""
