"""Bodies become HTML that leads where the database says and runs nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from claimbase.addresses import page_of
from plugins.rendering import LONGEST_BODY, Heading, around, render, set_out, shown_url


class Seen(HTMLParser):
    """The tags of a page with their attributes, as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def link(label: str, to: str | None, kind: str = "claim", state: str = "resolved") -> dict[str, Any]:
    return {"label": label, "state": state, "to_document": to, "to_kind": kind, "to_title": f"Title of {to}"}


LINKS = [
    link("naps", "naps"),
    link("a paper", "2020-a-paper", "source"),
    link("twins", "twins", state="ambiguous"),
    link("nowhere", None, state="dead"),
    link("../x/some file.md", "naps"),
]


def test_a_wiki_link_leads_to_its_page() -> None:
    html = render("See [[a paper]].", LINKS)
    assert '<a class="resolved" href="/codex/sources/2020-a-paper" title="Title of 2020-a-paper"' in html
    assert ">a paper</a>" in html


def test_a_mere_file_name_shows_the_title_of_what_it_leads_to() -> None:
    assert ">Title of naps</a>" in render("See [[naps]].", LINKS)
    assert ">see-there</a>" in render("See [[naps|see-there]].", LINKS)


def test_a_wiki_link_shows_its_label() -> None:
    assert ">short naps</a>" in render("See [[naps|short naps]].", LINKS)


def test_a_link_in_a_table_may_escape_its_bar() -> None:
    html = render("| a |\n|---|\n| [[naps\\|short]] |", LINKS)
    assert "/codex/claims/naps" in html
    assert ">short</a>" in html


def test_a_link_to_a_heading_leads_to_it() -> None:
    html = render("See [[twins#What they say]].", [link("twins#What they say", "twins")])
    assert 'href="/codex/claims/twins#in-what-they-say"' in html
    assert ">Title of twins § What they say</a>" in html


def test_only_a_link_out_of_the_base_asks_not_to_be_followed() -> None:
    assert 'rel="noopener nofollow"' in render("[there](https://example.org)", LINKS)
    assert "rel=" not in render("[[naps]] and [a file](../x/some%20file.md)", LINKS)


def test_a_link_that_shows_the_title_does_not_say_it_again() -> None:
    assert "title=" not in render("[[naps]]", LINKS)


def test_a_footnote_stands_below_and_leads_back() -> None:
    html = render("Said.[^1] And [^none].\n\n[^1]: By *whom*: [[a paper]].", LINKS)
    assert '<sup><a href="#fn1" id="fnref1"' in html
    assert '<li id="fn1"' in html
    assert "<em>whom</em>: <a" in html
    assert "[^none]" in html


def test_a_footnote_that_nothing_refers_to_stands_below_too() -> None:
    html = render("Said.\n\n[^1]: By whom.", LINKS)
    assert '<li id="fn1"' in html
    assert "By whom." in html


LONG = "word " * 100


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        ("Before.\n- Since [[naps]], *all* is well.\nAfter.", "Since naps, all is well."),
        ("## On [[x|others]] and [[naps|short naps]]", "On others and short naps"),
        ("It is said in inbox/naps.md too", "It is said in inbox/naps.md too"),
        (f"{LONG}[[naps]] {LONG}", f"… {'word ' * 23}naps{' word' * 47} …"),
        ("Nothing of the kind", ""),
        (None, ""),
    ],
)
def test_a_link_is_quoted_with_the_words_around_it(passage: str | None, words: str) -> None:
    assert around(passage, "naps") == words


def test_a_dead_link_is_text_and_no_anchor() -> None:
    html = render("See [[nowhere]] and [[never heard of]].", LINKS)
    assert "<a" not in html
    assert html.count('class="dead"') == 2


def test_an_ambiguous_link_says_so() -> None:
    assert 'class="ambiguous"' in render("[[twins]]", LINKS)


def test_a_markdown_link_to_a_file_leads_to_its_page() -> None:
    assert 'href="/codex/claims/naps"' in render("[x](../x/some%20file.md)", LINKS)


@pytest.mark.parametrize("code", ["`[[naps]]`", "```\n[[naps]]\n```"])
def test_code_is_left_alone(code: str) -> None:
    html = render(code, LINKS)
    assert "[[naps]]" in html
    assert "<a" not in html


def test_tables_and_lists_are_drawn() -> None:
    assert "<table>" in render("| a | b |\n|---|---|\n| 1 | 2 |", [])
    assert "<li>one</li>" in render("- one\n- two", [])


def test_a_heading_that_repeats_the_title_is_left_out() -> None:
    assert "<h2" not in render("# Short naps restore attention\n\nText.", [], "short naps restore attention")
    assert "<h2" in render("# Another heading\n\nText.", [], "short naps restore attention")


def test_headings_can_be_linked_to_and_none_is_of_the_pages_own_rank() -> None:
    html = render("# One\n\n## One\n\n### Two & *three*\n", [])
    assert re.findall('<(h.) id="([^"]+)"', html) == [("h2", "in-one"), ("h2", "in-one--2"), ("h3", "in-two-three")]


def test_a_long_body_has_a_table_of_contents_and_a_short_one_has_none() -> None:
    body = "## One\n\n## See [[naps|short naps]]\n\n## `code`\n\n### Deep\n"
    html, contents = set_out(body, LINKS)
    assert contents == (
        Heading(2, "in-one", "One"),
        Heading(2, "in-see-naps-short-naps", "See short naps"),
        Heading(2, "in-code", "code"),
        Heading(3, "in-deep", "Deep"),
    )
    assert [f'id="{heading.id}"' in html for heading in contents] == [True] * 4
    assert set_out("## One\n\n## Two\n", []).contents == ()


def test_a_markdown_link_to_a_file_that_is_missing_is_dead_and_no_anchor() -> None:
    missing = {"label": "gone.md", "state": "dead", "to_document": None, "to_kind": None, "to_title": None}
    html = render("See [this](gone.md) and [that](https://a.example/).", [missing])
    assert '<span class="dead" title="nothing in the base is called this">this</span>' in html
    assert 'href="https://a.example/"' in html


def test_a_callout_is_marked_and_keeps_its_words() -> None:
    html = render("> [!warning] Mind the gap\n> It is wide.\n", [])
    assert '<blockquote class="callout warning">' in html
    assert "<strong>Mind the gap</strong><br>\nIt is wide." in html
    assert "<strong>Note</strong>" in render("> [!note]\n> Text.\n", [])


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            "![a *chart*](https://example.org/a.png)",
            '<a href="https://example.org/a.png" rel="noopener nofollow">a *chart*</a>',
        ),
        ("![](https://example.org/a.png)", '<a href="https://example.org/a.png" rel="noopener nofollow">image</a>'),
        ("![a chart](charts/a.png)", "<p>a chart</p>"),
        ("![<b>](javascript:alert(1))", "![&lt;b&gt;](javascript:alert(1))"),
    ],
)
def test_an_image_is_a_link_to_it_and_loads_nothing(body: str, html: str) -> None:
    assert html in render(body, [])
    assert "<img" not in render(body, [])


def test_a_wide_table_can_be_moved_by_keyboard() -> None:
    html = render("| a |\n|---|\n| b |", [])
    assert '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>' in html
    assert "</table></div>" in html


def test_an_ordinary_quotation_is_no_callout() -> None:
    assert "<blockquote>" in render("> [link] text\n", [])


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//elsewhere.example)",
        "![x](https://elsewhere.example/pixel.png)",
        "[[<script>alert(1)</script>]]",
        '[[x" onmouseover="alert(1)]]',
        "<https://a.example/><svg onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(hostile: str) -> None:
    seen = Seen()
    seen.feed(str(render(hostile, [])))
    assert {tag for tag, _ in seen.tags} <= {"a", "code", "p", "span"}
    assert {name for _, attributes in seen.tags for name in attributes} <= {"class", "href", "rel", "title"}
    assert all(attributes.get("href", "https://").startswith("https://") for _, attributes in seen.tags)


def test_the_same_body_with_other_links_leads_elsewhere() -> None:
    for _ in range(2):
        assert "/codex/claims/naps" in render("See [[naps]].", LINKS)
        assert "/codex/sources/naps" in render("See [[naps]].", [link("naps", "naps", "source")])
        assert "<a" not in render("See [[naps]].", [])


@pytest.mark.parametrize(
    "bomb",
    [
        "|x" * LONGEST_BODY,
        "[" * 100_000,
        "[[" * 50_000,
        "[[x|" * 20_000,
        "![" * 50_000,
        "^[" * 50_000,
        "[" * 50_000 + "]" * 50_000,
        ">" * 300 + "a\n" + "a\n" * 90_000,
        "text\n\n" + " > " * 10_000,
    ],
)
def test_a_body_that_would_take_long_is_shown_as_it_is(bomb: str) -> None:
    html = render(bomb, [])
    assert html.startswith("<pre>")
    assert html.count("<") == 2


@pytest.mark.parametrize(
    ("kind", "address"),
    [("claim", "/codex/claims/x"), ("source", "/codex/sources/x"), ("map", "/codex/documents/x")],
)
def test_each_kind_has_its_page(kind: str, address: str) -> None:
    assert page_of(kind, "x") == address


def test_only_web_addresses_become_links() -> None:
    assert shown_url("https://a.example/?x=1&y=2") == (
        '<a href="https://a.example/?x=1&amp;y=2" rel="noopener nofollow">https://a.example/?x=1&amp;y=2</a>'
    )
    assert shown_url("javascript:alert(1)") == "javascript:alert(1)"
    assert shown_url(None) == ""
