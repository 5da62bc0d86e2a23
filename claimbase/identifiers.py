"""Identifiers of publications, found in free text: addresses, DOIs, arXiv ids and years."""

from __future__ import annotations

import re
from typing import NamedTuple

_URL = re.compile(r"https?://[^\s<>\"'`|\[\]{}]+")
# The shape Crossref gives for modern DOIs: https://www.crossref.org/blog/dois-and-matching-regular-expressions/
_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:a-z0-9]+", re.IGNORECASE)
# Ids since 2007, and the older archive/number form: https://info.arxiv.org/help/arxiv_identifier.html
_ARXIV = re.compile(
    r"(?:arxiv[:\s./]{1,3}(?:org/)?(?:abs/|pdf/|html/)?)((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[a-z]{2})?/\d{7}))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./-])((?:1[5-9]|20)\d{2})(?![\d/]|\.\d)")
_TRAILING = ".,;:!?)"


class Identifiers(NamedTuple):
    """The first identifier of each sort in a text; `doi` in lower case, `arxiv` without its version."""

    url: str | None
    doi: str | None
    arxiv: str | None
    year: int | None


def find_identifiers(text: str | None) -> Identifiers:
    """What a text such as "Schoen et al. (2025), arXiv:2509.15541" identifies; None for each sort that is absent."""
    if not text:
        return Identifiers(None, None, None, None)
    url, doi, arxiv = _URL.search(text), _DOI.search(text), _ARXIV.search(text)
    year = _YEAR.search(_ARXIV.sub(" ", _URL.sub(" ", text)))
    return Identifiers(
        _without_trailing(url[0]) if url else None,
        doi[0].rstrip(_TRAILING).lower() if doi else None,
        arxiv[1].lower() if arxiv else None,
        int(year[1]) if year else None,
    )


def _without_trailing(url: str) -> str:
    """An address without the punctuation of the sentence it ends; a bracket that it opened itself stays."""
    while url[-1] in _TRAILING and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url
