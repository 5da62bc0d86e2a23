"""Generate a knowledge base that is like real ones in size, links and dirt. The same seed gives the same bytes.

python -m benchmarks.generate FOLDER --files 10000 [--seed 1] [--history]
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import click

DOMAINS = ("health", "energy", "cities", "oceans", "finance", "language", "machines", "memory")
CONFIDENCES = ("proven", "likely", "likely", "likely", "experimental", "experimental", "speculative")
LINKS_A_FILE = 6
DIRTY_SHARE = 0.02
SOURCE_SHARE = 0.4
_VOCABULARY = 20_000
_CONSONANTS, _VOWELS = "bdfgklmnprstv", "aeio"
_SYLLABLES = [consonant + vowel for consonant in _CONSONANTS for vowel in _VOWELS]


class Words:
    """Invented words drawn as in real texts: the n-th most common is 1/n as common as the first (Zipf 1935)."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(_VOCABULARY)})
        chance.shuffle(self._words)
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def take(self, number: int) -> list[str]:
        return self._chance.choices(self._words, cum_weights=self._weights, k=number)

    def sentence(self) -> str:
        return " ".join(self.take(self._chance.randint(8, 24))).capitalize() + "."


class Plan(NamedTuple):
    """A file to be written: where, and by which name others link to it."""

    path: str
    title: str
    domain: str


def generate(files: int, seed: int) -> Iterator[tuple[str, str]]:
    """The paths and texts of a base of so many files: claims with prose titles, and the sources they draw on."""
    chance = random.Random(seed)  # noqa: S311 - no secret, only the same numbers every time
    words = Words(chance)
    sources = [_source_plan(chance, words, number) for number in range(int(files * SOURCE_SHARE))]
    claims = [_claim_plan(chance, words, number) for number in range(files - len(sources))]
    for number, plan in enumerate(claims):
        text = _claim(chance, words, plan, claims[:number] or claims, sources)
        yield plan.path, _soil(chance, text) if chance.random() < DIRTY_SHARE else text
    for plan in sources:
        yield plan.path, _source(chance, words, plan, claims)


def write_base(folder: Path, files: int, seed: int) -> list[str]:
    """Writes a generated base under a folder; the paths of its files in the order they were written."""
    written = []
    for path, text in generate(files, seed):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    return written


def _claim_plan(chance: random.Random, words: Words, number: int) -> Plan:
    domain = DOMAINS[min(int(chance.expovariate(0.5)), len(DOMAINS) - 1)]
    title = " ".join([*words.take(chance.randint(7, 15)), str(number)])
    return Plan(f"domains/{domain}/{title}.md", title, domain)


def _source_plan(chance: random.Random, words: Words, number: int) -> Plan:
    day = f"{chance.randint(2018, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    title = " ".join(words.take(6))
    return Plan(f"inbox/archive/{day}-{title.replace(' ', '-')}-{number}.md", title, chance.choice(DOMAINS))


def _claim(chance: random.Random, words: Words, plan: Plan, known: list[Plan], sources: list[Plan]) -> str:
    linked = [_preferred(chance, known) for _ in range(LINKS_A_FILE)]
    source = chance.choice(sources) if sources else plan
    paragraphs = "\n\n".join(" ".join(words.sentence() for _ in range(chance.randint(3, 6))) for _ in range(4))
    return f"""---
type: claim
domain: {plan.domain}
description: "{words.sentence()}"
confidence: {chance.choice(CONFIDENCES)}
source: "{source.title}, {chance.randint(1990, 2026)}"
created: 2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}
depends_on:
  - "{linked[0].title}"
supports: ["[[{linked[1].title}]]"]
---

# {plan.title}

Since [[{linked[2].title}]], {words.sentence()}

{paragraphs}

## Challenges

{words.sentence()}

---

Relevant Notes:
- [[{linked[3].title}]] — {words.sentence()}
- [[{linked[4].title}]] — {words.sentence()}

Topics:
- [[{linked[5].title}]]
"""


def _source(chance: random.Random, words: Words, plan: Plan, claims: list[Plan]) -> str:
    extracted = "\n".join(f"  - {_preferred(chance, claims).title}" for _ in range(2))
    paragraphs = "\n\n".join(" ".join(words.sentence() for _ in range(6)) for _ in range(12))
    return f"""---
type: source
title: "{plan.title}"
author: "{" ".join(words.take(2)).title()}"
url: https://example.org/{plan.title.replace(" ", "-")}
date: {plan.path.split("/")[-1][:10]}
domain: {plan.domain}
status: processed
claims_extracted:
{extracted}
---

{paragraphs}
"""


def _preferred(chance: random.Random, known: list[Plan]) -> Plan:
    """A claim to link to: the older, the likelier, so that some are linked to by many."""
    return known[int(len(known) * chance.random() ** 2)]


def _soil(chance: random.Random, text: str) -> str:
    """One of the faults that real files have."""
    faults = (
        lambda: text.replace("created: 2026-", "created: 2026-00-", 1),
        lambda: text.replace("confidence:", "confidence: moderate\nconfidence:", 1),
        lambda: text.replace("[[", "[[no such ", 1),
        lambda: text.replace("---\n\n#", "\n#", 1),
        lambda: text.replace("\n", "\r\n"),
        lambda: text.replace('description: "', 'description: "unclosed: ', 1).replace(
            '."\nconfidence', ".\nconfidence", 1
        ),
    )
    return chance.choice(faults)()


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--files", default=1000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--history", is_flag=True, help="Commit the files to git, a hundred at a time.")
def main(folder: Path, files: int, seed: int, history: bool) -> None:
    """Write a generated knowledge base of so many FILES into FOLDER."""
    written = write_base(folder, files, seed)
    if history:
        _commit(folder, written)


def _commit(folder: Path, paths: list[str]) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=Generator", "-c", "user.email=generator@example.org")
        subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)  # noqa: S603, S607

    git("init", "--quiet")
    for start in range(0, len(paths), 100):
        git("add", "--", *paths[start : start + 100])
        git(
            "commit",
            "--quiet",
            "--message",
            f"Add files {start + 1} to {start + 100}",
            "--date",
            "2026-01-01T00:00:00Z",
        )


if __name__ == "__main__":
    main()
