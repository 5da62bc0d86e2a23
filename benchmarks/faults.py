"""Faults: what goes wrong in the files of real bases, each as a function that spoils a good text.

A fault that has nothing to spoil in a text leaves it as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_BLOCK = "### Additional Evidence (extend)\n*Source: a talk at the harbour | Added: 2026-03-02*\n\nPasted too high.\n"
_BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"


def _instead(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def _instead_of_line(key: str, line: str) -> Callable[[str], str]:
    pattern = re.compile(rf"^{key}:.*$", re.MULTILINE)
    return lambda text: pattern.sub(line, text, count=1)


def _bold_lines_for_front_matter(text: str) -> str:
    head, fence, body = text.removeprefix("---\n").partition("\n---\n")
    if not fence:
        return text
    lines = [line for line in head.split("\n") if re.match(r"(type|domain|confidence|source|created): ", line)]
    bold = "\n".join(f"**{key.capitalize()}**: {value}" for key, _, value in (line.partition(": ") for line in lines))
    return f"{bold}\n\n{body.lstrip()}"


def _bare_bullets(text: str) -> str:
    return re.sub(r"^- \[\[([^\]|#]+)\]\] —", r"- \1 —", text, flags=re.MULTILINE)


FAULTS: dict[str, Callable[[str], str]] = {
    "a month that is 0": lambda text: re.sub(r"^((?:created|date): \d{4})-\d\d-\d\d$", r"\1-00-14", text, flags=re.M),
    "a day that is 0": lambda text: re.sub(r"^((?:created|date): \d{4}-\d\d)-\d\d$", r"\1-00", text, flags=re.M),
    "30 February": _instead_of_line("created", "created: 2026-02-30"),
    "a confidence that is none": _instead_of_line("confidence", "confidence: moderate"),
    "a confidence of the old scale": _instead_of_line("confidence", "confidence: high"),
    "no confidence": _instead_of_line("confidence", "confidence:"),
    "a key that stands twice": _instead("confidence:", "confidence:\nconfidence:"),
    "a list that stands twice": _instead("\nsupports:\n", "\nsupports: []\nsupports:\n"),
    "a misspelt link": lambda text: re.sub(r"\[\[(\w+) \w+ ", r"[[\1 ", text, count=1),
    "a link to what is not written": _instead("- [[", "- [[a page that nobody has written yet]] — wanted\n- [["),
    "bullets without brackets": _bare_bullets,
    "no closing fence": _instead("\n---\n\n", "\n\n"),
    "three dots for the closing fence": _instead("\n---\n\n", "\n...\n\n"),
    "an evidence block in the front matter": _instead("\n---\n\n", f"\n{_BLOCK}---\n\n"),
    "bold lines for front matter": _bold_lines_for_front_matter,
    "a rule for front matter": lambda text: (
        "---\n\n" + text.partition("\n---\n")[2].lstrip() if "\n---\n" in text else text
    ),
    "a mark of the byte order": lambda text: "\ufeff" + text,
    "line ends of another system": lambda text: text.replace("\n", "\r\n"),
    "a tab in the front matter": _instead("domain: ", "domain:\t"),
    "tabs that indent a list": lambda text: text.replace("\n  - ", "\n\t- "),
    "a quotation mark that is not closed": lambda text: re.sub(r'^(description: ".*)"$', r"\1", text, flags=re.M),
    "a colon in plain text": lambda text: re.sub(r'^(description|title): "(.*)"$', r"\1: note: \2", text, flags=re.M),
    "anchors in anchors": _instead("domain: ", f"{_BOMB}domain: "),
    "nested lists": _instead("domain: ", f"nested: {'[' * 40}{']' * 40}\ndomain: "),
    "words that YAML takes for values": _instead("domain: ", "checked: no\nread_at: 12:30\nshelf: 0755\ndomain: "),
    "a number for a list": _instead_of_line("tags", "tags: 0"),
    "a source that is a mapping": lambda text: re.sub(r'^source: (".*")$', r"source: {name: \1}", text, flags=re.M),
    "a type nobody has seen": _instead_of_line("type", "type: hunch"),
    "a type of another folder": _instead_of_line("type", "type: source"),
    "a domain that is not the folder": _instead_of_line("domain", "domain: elsewhere"),
    "a heading that is not the name": lambda text: re.sub(r"^# .*$", "# Draft", text, count=1, flags=re.M),
    "evidence without brackets": lambda text: re.sub(r"\*Source: \[\[(.*?)\]\]", r"*Source: \1", text),
    "evidence without a heading": lambda text: re.sub(r"^### Additional Evidence.*\n", "", text, flags=re.M),
}


def spoil(chance: random.Random, text: str) -> str:
    """The text with one fault that it can have."""
    for fault in chance.sample(list(FAULTS.values()), len(FAULTS)):
        spoilt = fault(text)
        if spoilt != text:
            return spoilt
    return text
