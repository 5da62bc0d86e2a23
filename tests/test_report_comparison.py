"""Report a comparison: what differs, for people, programs and pull requests."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claimbase.compare import Change, Comparison, Found, LinkChange, Move, Renaming, Tally
from claimbase.report_comparison import LONGEST_COMMENT, MOST_LISTED, NOTHING, report_comparison, sum_up

SAME = Comparison((), (), (), 0, (), (), (), (), (), None, None)
DIFFERENT = Comparison(
    added=(Found("long walks help", "domains/health/walks.md", None),),
    removed=(Found("naps help", "domains/health/naps.md", "likely"),),
    renamed=(Renaming("rest helps", "domains/health/rest.md", "core/rest.md"),),
    edited=1200,
    moved=(
        Move("rest helps", "domains/health/rest.md", "proven", "likely", "down"),
        Move("tea helps", "domains/health/tea.md", None, "likely", None),
    ),
    changed=(Change("rest helps", "domains/health/rest.md", "status", None, "retired"),),
    broken=(LinkChange("domains/health/tea.md", 14, "naps", "domains/health/naps.md"),),
    mended=(LinkChange("domains/health/tea.md", 15, "walks", "domains/health/walks.md"),),
    problems=(Tally("dead-link", "warning", 1, 2),),
    old_files="https://a.example/old/{path}",
    new_files=None,
)


def test_the_summary_says_how_many_of_each_and_nothing_of_what_did_not_happen() -> None:
    assert sum_up(DIFFERENT) == (
        "claims: 1 added, 1 removed, 1 renamed, 1,200 edited; confidence: 1 down, 1 otherwise; "
        "links: 1 broken, 1 mended; problems: 1 new, 2 gone"
    )
    assert sum_up(SAME._replace(edited=1)) == "claims: 1 edited"


def test_text_says_where_and_what() -> None:
    assert list(report_comparison(DIFFERENT, "text"))[1:] == [
        'domains/health/walks.md added "long walks help" (unrated)',
        'domains/health/naps.md removed "naps help" (likely)',
        "domains/health/rest.md renamed from core/rest.md",
        "domains/health/rest.md confidence proven → likely (down)",
        "domains/health/tea.md confidence unrated → likely",
        "domains/health/rest.md status none → retired",
        'domains/health/tea.md:14 broken "naps" led to domains/health/naps.md',
        'domains/health/tea.md:15 mended "walks" leads to domains/health/walks.md',
        "dead-link 1 new, 2 gone",
    ]


def test_markdown_lists_what_a_reviewer_should_see_first() -> None:
    assert list(report_comparison(DIFFERENT, "markdown"))[1:] == [
        "\n### Confidence moved (2)\n",
        "- ↓ [rest helps](<domains/health/rest.md>) `proven → likely`",
        "- · [tea helps](<domains/health/tea.md>) `unrated → likely`",
        "\n### Links broken (1)\n",
        r"- [domains/health/tea.md\:14](<domains/health/tea.md>) `naps` → `domains/health/naps.md`",
        "\n### Claims added (1)\n",
        "- [long walks help](<domains/health/walks.md>) `unrated`",
        "\n### Claims removed (1)\n",
        "- [naps help](<https://a.example/old/domains/health/naps.md>) `likely`",
        "\n### Claims renamed (1)\n",
        "- [rest helps](<domains/health/rest.md>), before `core/rest.md`",
        "\n### Claims changed (1)\n",
        "- [rest helps](<domains/health/rest.md>) status: `none` → `retired`",
        "\n### Links mended (1)\n",
        r"- [domains/health/tea.md\:15](<domains/health/tea.md>) `walks` → `domains/health/walks.md`",
        "\n### Problems by code (1)\n",
        "- `dead-link` (warning): 1 new, 2 gone",
    ]


def test_json_is_one_object_with_a_list_of_each() -> None:
    (text,) = report_comparison(DIFFERENT, "json")
    found = json.loads(text)
    assert tuple(found) == Comparison._fields
    assert found["moved"][0] == {
        "title": "rest helps",
        "path": "domains/health/rest.md",
        "old": "proven",
        "new": "likely",
        "direction": "down",
    }
    assert (found["edited"], found["old_files"]) == (1200, "https://a.example/old/{path}")


def test_where_nothing_differs_one_line_says_so() -> None:
    assert list(report_comparison(SAME, "text")) == [NOTHING]
    assert list(report_comparison(SAME, "markdown")) == [f"**{NOTHING}**"]


def test_a_long_list_is_cut_in_a_comment_and_says_by_how_much() -> None:
    claims = tuple(Found(f"claim {number}", f"{number}.md", "likely") for number in range(MOST_LISTED + 3))
    comment = list(report_comparison(SAME._replace(added=claims), "markdown"))
    assert comment[1] == f"\n### Claims added ({MOST_LISTED + 3})\n"
    assert (len(comment), comment[-1]) == (2 + MOST_LISTED + 1, "- and 3 more")
    assert len(list(report_comparison(SAME._replace(added=claims), "text"))) == 1 + len(claims)


def test_a_comment_is_no_longer_than_one_may_be() -> None:
    claims = tuple(Found("a" * 10_000, "无" * 1000 + ".md", "likely") for _ in range(MOST_LISTED))
    comment = "\n".join(report_comparison(SAME._replace(added=claims, removed=claims), "markdown"))
    assert LONGEST_COMMENT - 10_000 < len(comment) < LONGEST_COMMENT + 100
    assert comment.endswith("… and more than fits in a comment")


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\u2028", "\u202e"])
def test_no_title_writes_to_the_terminal(character: str) -> None:
    claim = Found(f"a{character}b", f"c{character}.md", f"d{character}")
    assert list(report_comparison(SAME._replace(added=(claim,)), "text"))[1:] == ['c�.md added "a�b" (d�)']


HOSTILE = (
    *("](javascript:alert(1)) [x", "<img src=x onerror=alert(1)>", "`code` ``", "`", "\\", "\\`", "![a](b)", "<!-- "),
    *("a\n\n# heading", "| a | b |", "@everyone #1", "*a* _b_ ~~c~~", "https://a.example", " ", "- ", "[^1]: x"),
    *("</a><script>", "[a]: b", "$x$", "  ", "&lt;b&gt;"),
)


def read_back(title: str) -> tuple[list[str], list[str]]:
    """The words of the links and the pieces of code that Markdown finds where a title and a status are this text."""
    change = Change(title, "a.md", "status", title, None)
    comment = "\n".join(report_comparison(SAME._replace(changed=(change,)), "markdown"))
    page = MarkdownIt("commonmark", {"html": True}).render(comment)
    assert {*re.findall(r"</?(\w+)", page)} <= {"p", "strong", "h3", "ul", "li", "a", "code"}
    assert re.findall(r'href="([^"]*)"', page) == ["a.md"]
    links, codes = re.findall(r"<a [^>]*>(.*?)</a>", page), re.findall(r"<code>(.*?)</code>", page)
    return [html.unescape(text) for text in links], [html.unescape(text) for text in codes]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text_and_nothing_else(title: str) -> None:
    links, codes = read_back(title)
    shown = title.replace("\n", "�")
    assert [text.strip() for text in links] == [shown.strip()]
    assert [text.strip() for text in codes] == [shown.strip(), "none"]


@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4).map("".join))
def test_no_pieces_together_are_more_than_text(title: str) -> None:
    links, codes = read_back(title)
    assert (len(links), len(codes)) == (1, 2)
