"""Identifiers: what a line of free text identifies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.identifiers import Identifiers, find_identifiers


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("Schoen et al. (2025), arXiv:2509.15541", "2509.15541"),
        ("arXiv: 2509.15541v2", "2509.15541"),
        ("arxiv 2509.1554", "2509.1554"),
        ("https://arxiv.org/abs/2509.15541v2", "2509.15541"),
        ("https://arxiv.org/pdf/2509.15541.pdf", "2509.15541"),
        ("arxiv:hep-th/9901001", "hep-th/9901001"),
        ("arXiv:math.GT/0309136", "math.gt/0309136"),
        ("https://example.org/2509.15541", None),
        ("version 2509.15541", None),
        ("the arxiv in 2509", None),
    ],
)
def test_arxiv_ids_are_found_without_their_version(text: str, arxiv: str | None) -> None:
    assert find_identifiers(text).arxiv == arxiv


def test_the_address_of_an_arxiv_page_in_html_holds_its_id() -> None:
    assert find_identifiers("https://arxiv.org/html/2411.06211v1").arxiv == "2411.06211"


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("doi:10.1234/Traum.2023.7", "10.1234/traum.2023.7"),
        ("https://doi.org/10.5555/night.2025.3.", "10.5555/night.2025.3"),
        ("(10.1016/S0140-6736(20)30183-5)", "10.1016/s0140-6736(20)30183-5"),
        ("see 10.1000/182, p. 3", "10.1000/182"),
        ("10.5 percent / year", None),
        ("110.1234/x", None),
    ],
)
def test_dois_are_found_in_lower_case(text: str, doi: str | None) -> None:
    assert find_identifiers(text).doi == doi


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("at https://example.org/a?b=c#d.", "https://example.org/a?b=c#d"),
        ("<http://example.org>", "http://example.org"),
        ("[x](https://example.org/a)", "https://example.org/a"),
        ('"https://example.org/a", said', "https://example.org/a"),
        ("https://one.org and https://two.org", "https://one.org"),
        ("example.org", None),
        ("ftp://example.org", None),
    ],
)
def test_the_first_address_is_found_without_the_sentence_around_it(text: str, url: str | None) -> None:
    assert find_identifiers(text).url == url


def test_an_address_keeps_the_bracket_it_opened() -> None:
    assert find_identifiers("https://example.org/Nap_(sleep)").url == "https://example.org/Nap_(sleep)"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Okafor et al. (2026)", 2026),
        ("Okafor 1998, p. 12", 1998),
        ("2026-02-14", 2026),
        ("Malleus 1486 or 1502", 1502),
        ("arXiv:2009.15541", None),
        ("https://example.org/2024/a", None),
        ("10.1234/night.2024.3", None),
        ("20265 nights", None),
        ("in 2199", None),
        ("2024.5", None),
    ],
)
def test_a_year_is_one_that_is_no_part_of_something_else(text: str, year: int | None) -> None:
    assert find_identifiers(text).year == year


@pytest.mark.parametrize("text", [None, "", "a talk at the tram stop"])
def test_nothing_is_identified_by_nothing(text: str | None) -> None:
    assert find_identifiers(text) == Identifiers(None, None, None, None)


@given(st.text(alphabet="arxiv:/.10hps(2)49-, "))
def test_any_text_is_searched(text: str) -> None:
    found = find_identifiers(text)
    assert found.year is None or 1500 <= found.year < 2100
    assert found.url is None or found.url in text
