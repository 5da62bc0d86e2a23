"""A base whose every field says something that some format takes for a command."""

from __future__ import annotations

from pathlib import Path

from claimbase.exports.front_matter import front_matter
from claimbase.records import Fields

NASTY = {
    "quotes": 'He said "no" and \'yes\', `code` and "',
    "braces": r"{open \{ }} closed} {",
    "brackets": "[[link]] [x]: <y> ]]> ]: (z) [a](b)",
    "lines": "one\ntwo\r\nthree\n\n---\nfour",
    "controls": "bell \x07 zero \x00 escape \x1b delete \x7f C1 \x9b end",
    "directions": "\u202eright to left\u202c \u200f mark \ufeff of order",
    "emoji": "👩‍🔬 🏳️‍🌈 \U0001f600 \U0010fffd",
    "xml": "<b>&amp; &lt; ]]> <!-- --> <?php ?> &#0;</title>",
    "tex": r"50% of $x_1^2$ & #1 ~ \alpha \ \\ @misc{a, title = {b}}, {",
    "yaml": "- a: b # c | > & * ! % @ ` ' null ~ :",
    "argdown": "=== x === // no /* no */ .~. :x: #tag @[a] **b** __c__ -- (1) +> [b] {a: b}",
    "accents": "Žluťoučký kůň, naïve, Ünïcode, 漢字, a\u00a0space",
    "ends": "\ufffe \uffff \u2028 \u2029 \x85 end",
    "spaces": "two  spaces\tand\ttabs",
    "long": "very long " * 500 + "end",
}


def write_nasty_base(folder: Path) -> None:
    """A claim and a source for each nasty text, which stands in all their fields; each claim argues with the next."""
    names = list(NASTY)
    for name, following in zip(names, [*names[1:], names[0]], strict=True):
        text = NASTY[name]
        claim: Fields = {
            **dict.fromkeys(("title", "description", "source", "scope", "sourcer", "status"), text),
            "confidence": "likely",
            "created": "2026-02-14",
            "challenged_by": [f"[[claim-{following}]]", f"{text} is an objection in so many words"],
            "supports": [f"claim-{following}"],
            "depends_on": [f"claim-{following}"],
            "related": [f"claim-{following}"],
        }
        source: Fields = {
            **dict.fromkeys(("title", "author", "format", "notes"), text),
            "url": f"https://a.example/{text}",
            "date": "2025-03",
            "claims_extracted": [f"claim-{name}"],
        }
        _write(folder / f"domains/nasty/claim-{name}.md", claim, text)
        _write(folder / f"inbox/archive/source-{name}.md", source, text)


def _write(path: Path, fields: Fields, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"---\n{front_matter(fields)}---\n\n{body}\n".encode())


def on_one_line(text: str) -> str:
    """A text as formats give it back that know no other white space than a single one between words."""
    return " ".join(text.split())
