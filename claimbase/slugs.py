"""Slugs: the form of a name that survives case, punctuation and the spelling of apostrophes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

MARKDOWN_ENDINGS = (".md", ".markdown")

# These vanish instead of splitting a word: "$430M" is `430m`, "Goodhart's" is `goodharts`.
_VANISHING = re.compile("['’‘`´$€£¥₿]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
_SLUG_WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=1 << 15)
def slugify(name: str) -> str:
    """The slug of a name: lower-case ASCII letters and digits, words joined by a hyphen; may be empty."""
    return "-".join(_SLUG_WORD.findall(_plain(name).lower()))


def words_of(text: str) -> list[str]:
    """The words of a text in any script, in lower case and without accents and apostrophes."""
    return _WORD.findall(_plain(text).casefold())


def key_of(name: str) -> str:
    """A name as it compares with others: its slug, or its words where it is written in a script that has none."""
    return slugify(name) or "-".join(words_of(name))


def strip_ending(name: str) -> str:
    """A file name without its literal `.md`: "23.5 percent.md" is "23.5 percent", "23.5 percent" stays."""
    for ending in MARKDOWN_ENDINGS:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def is_markdown(name: str) -> bool:
    return name.lower().endswith(MARKDOWN_ENDINGS)


def digest(text: str) -> str:
    """Eight characters that tell a text from others where a slug cannot."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _plain(text: str) -> str:
    """The text without apostrophes, currency signs and accents."""
    text = _VANISHING.sub("", text)
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
