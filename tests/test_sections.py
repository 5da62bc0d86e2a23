"""Sections: where a line stands, what that says of its links, and what speaks against a document in words."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.inline import find_references
from claimbase.sections import Objection, objections, placed_lines, relation_of


def said(body: str, first: int = 1) -> list[Objection]:
    return list(objections(placed_lines(dedent(body), first)))


def texts(body: str) -> list[str]:
    return [objection.text for objection in said(body)]


def places(body: str) -> list[tuple[str | None, str | None]]:
    return [(place.section, place.relation) for _, place in placed_lines(dedent(body), 1)]


@pytest.mark.parametrize(
    ("section", "relation"),
    [
        ("Challenges", "challenged_by"),
        ("CHALLENGES", "challenged_by"),
        ("Challenges considered", "challenged_by"),
        ("Challenges & Limitations", None),
        ("Challenges and limitations", "challenged_by"),
        ("Counter-evidence", "challenged_by"),
        ("Counterevidence", "challenged_by"),
        ("Counterargument", "challenged_by"),
        ("The strongest counterarguments", "challenged_by"),
        ("Evidence", "evidence"),
        ("Additional Evidence (challenge)", None),
        ("Relevant Notes", "related"),
        ("Related claims", "related"),
        ("Relevant Entities", "associated"),
        ("Topics", "map"),
        ("Grounding", "depends_on"),
        ("Depends on positions", "carries"),
        ("Challenging times", None),
        ("A challenge", None),
        ("Limitations", None),
        ("Evidence and method", None),
        ("", None),
    ],
)
def test_a_heading_says_what_the_links_below_it_mean(section: str, relation: str | None) -> None:
    assert relation_of(section) == relation


@pytest.mark.parametrize("section", ["Counter-arguments", "Counter-argument", "Counter argument"])
def test_a_counterargument_may_be_hyphenated_as_counter_evidence_may(section: str) -> None:
    assert relation_of(section) == "challenged_by"


def test_each_paragraph_and_each_bullet_is_an_objection_of_its_own() -> None:
    body = """\
    Naps help.

    ## Challenges

    They may
    not.

    - Not at night
    - Not for all,
      least of all at noon
    * [ ] Not yet
    """
    assert said(body, first=8) == [
        Objection(12, "Challenges", "They may not."),
        Objection(15, "Challenges", "Not at night"),
        Objection(16, "Challenges", "Not for all, least of all at noon"),
        Objection(18, "Challenges", "Not yet"),
    ]


def test_a_smaller_heading_belongs_to_the_challenges_above_it() -> None:
    body = """\
    ## Challenges
    ### Night shifts
    They may not.
    #### In winter
    Least of all then.
    ### Evidence
    None yet.
    ## Method
    We asked.
    """
    assert said(body) == [
        Objection(3, "Night shifts", "They may not."),
        Objection(5, "In winter", "Least of all then."),
    ]


def test_a_heading_of_the_same_size_ends_the_challenges() -> None:
    assert texts("### Challenges\nIt may not.\n### Method\nWe asked.") == ["It may not."]
    assert texts("### Challenges\nIt may not.\n## Method\nWe asked.") == ["It may not."]


def test_a_rule_ends_the_challenges() -> None:
    assert texts("## Challenges\nIt may not.\n\n---\n\nWe asked.") == ["It may not."]


def test_a_label_within_the_challenges_ends_them_for_its_bullets_only() -> None:
    body = """\
    ## Challenges
    It may not.

    Relevant Notes:
    - naps help

    Nor may this.
    """
    assert texts(body) == ["It may not.", "Nor may this."]


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        ("extend", "### Additional Evidence (extend)"),
        ("confirm", "### Additional Evidence (confirm)"),
        ("challenge", "### Additional Evidence (challenge)"),
        ("challenge", "### From the tram stop (challenge)"),
    ],
)
def test_an_evidence_block_among_the_challenges_is_evidence_and_no_objection(kind: str, block: str) -> None:
    body = f"## Challenges\nIt may not.\n\n{block}\n*Source: [[2026-talk]] | Added: 2026-03-11*\n\nAt the tram stop."
    assert texts(body) == ["It may not."], kind


@pytest.mark.parametrize(
    ("body", "objection"),
    [
        ("**Challenges considered:** some do well.", Objection(1, "Challenges considered", "some do well.")),
        ("**Challenges considered**: some do well.", Objection(1, "Challenges considered", "some do well.")),
        ("Challenges considered: some do well.", Objection(1, "Challenges considered", "some do well.")),
        ("**Counterargument** some do well.", Objection(1, "Counterargument", "some do well.")),
        ("The counterargument: some do well.", Objection(1, "The counterargument", "some do well.")),
        ("**Counterargument 2:** some do well.", Objection(1, "Counterargument 2", "some do well.")),
        ("**Counterargument:**\n- some do well", Objection(2, "Counterargument", "some do well")),
        ("**Counterargument:**\n\n- some do well", Objection(3, "Counterargument", "some do well")),
        (
            "**Challenges considered:** some do well.\n\nMore text.",
            Objection(1, "Challenges considered", "some do well."),
        ),
    ],
)
def test_a_label_opens_an_objection(body: str, objection: Objection) -> None:
    assert said(body) == [objection]


@pytest.mark.parametrize(
    "body",
    [
        "- **Counterargument:** some do well.",
        "**Evidence:** some do well.",
        "**Grounding:**\n- some do well",
        "challenges: some do well.",
        "**Challenges considered:**",
        "**Challenges considered:** see [[night shifts]].",
        "**Challenges considered:** see inbox/archive/2020-a-paper.md.",
        "**Challenges considered:** see [a paper](2020-a-paper.md).",
    ],
)
def test_what_is_no_objection_in_words(body: str) -> None:
    assert texts(body) == []


def test_a_sentence_is_no_label() -> None:
    assert texts("This is no counterargument: all do well.") == []


def test_a_labelled_paragraph_is_kept_whole() -> None:
    assert texts("**Challenges considered:** some do\nvery well.") == ["some do very well."]


def test_a_labelled_paragraph_with_a_link_is_no_objection_in_words() -> None:
    assert texts("**Challenges considered:** some do well,\nas [[night shifts]] says.") == []


def test_a_label_within_bold_text_leaves_no_stray_mark() -> None:
    assert texts("**Counterargument: some** do well.") == ["some do well."]


def test_each_item_of_a_numbered_list_is_an_objection_of_its_own() -> None:
    assert texts("## Challenges\n1. Not at night\n2. Not at noon") == ["Not at night", "Not at noon"]


@pytest.mark.parametrize(
    "link", ["[[night shifts]]", "[n](night-shifts.md)", "domains/sleep/night-shifts.md", "[[night shifts|them]]"]
)
def test_a_paragraph_with_a_link_is_no_objection_in_words(link: str) -> None:
    assert texts(f"## Challenges\nIt may\nnot, as {link}\nshows.\n\nNor ever.") == ["Nor ever."]


@pytest.mark.parametrize(
    "text", ["See https://example.org/a.md there.", "See [a](https://example.org).", "[1] says no."]
)
def test_a_link_out_of_the_base_is_a_part_of_the_words(text: str) -> None:
    assert texts(f"## Challenges\n{text}") == [text]


def test_code_among_the_challenges_is_no_objection() -> None:
    assert texts("## Challenges\n```\nnot this\n```\nIt may not.\n\n~~~\nnor [[this]]\n~~~") == ["It may not."]
    assert texts("```\n## Challenges\n```\nIt helps.") == []


@pytest.mark.parametrize("text", ["Writing `[[naps]]` is no link.", "Two brackets [[ are odd."])
def test_what_only_looks_like_a_link_is_a_part_of_the_words(text: str) -> None:
    assert texts(f"## Challenges\n{text}") == [text]


@pytest.mark.parametrize(("text", "objection"), [("**No one\nasked.** So.", "**No one asked.** So."), ("** 1", "** 1")])
def test_bold_words_across_two_lines_keep_both_their_marks(text: str, objection: str) -> None:
    assert texts(f"## Challenges\n{text}") == [objection]


def test_code_parts_two_objections() -> None:
    assert texts("## Challenges\nIt may not.\n```\ncode\n```\nNor ever.") == ["It may not.", "Nor ever."]


def test_a_link_across_two_lines_is_no_objection_in_words() -> None:
    assert texts("## Challenges\nIt may not, as [[night\nshifts]] shows.") == []


def test_an_objection_of_any_length_is_cut() -> None:
    assert [len(text) for text in texts("## Challenges\n" + "no " * 5_000)] == [4_000]


def test_a_label_holds_for_its_bullets_and_a_heading_until_the_next() -> None:
    body = """\
    # Naps
    Topics:
    - one
      more

    - two
    Prose.
    ## Evidence
    Text.
    """
    assert places(body) == [
        ("Naps", None),
        *[("Topics", "map")] * 5,
        ("Naps", None),
        *[("Evidence", "evidence")] * 2,
        ("Evidence", "evidence"),
    ]


pieces = st.sampled_from(
    [
        "## Challenges",
        "### Night shifts",
        "## Method",
        "**Challenges considered:** some",
        "**Counterargument**",
        "Relevant Notes:",
        "- a bullet",
        "  more",
        "words",
        "see [[night shifts]] there",
        "see [n](a.md)",
        "see a/b.md",
        "---",
        "```",
        "",
    ]
)


@given(st.lists(pieces, max_size=12), st.integers(1, 50))
def test_no_objection_holds_a_link_and_each_names_the_line_it_opens_on(rows: list[str], first: int) -> None:
    for objection in said("\n".join(rows), first):
        assert find_references(objection.text) == []
        assert objection.text.split(" ")[0] in rows[objection.line - first]


@given(st.text(st.sampled_from("#-:` \n[]()aZ1.md|\t")).map(lambda text: f"## Challenges\n{text}"))
def test_any_body_is_read_and_its_objections_stand_in_order(body: str) -> None:
    found = said(body)
    numbers = [objection.line for objection in found]
    assert numbers == sorted(set(numbers))
    assert all(1 < number <= body.count("\n") + 1 for number in numbers)
    assert all(objection.text == objection.text.strip() != "" for objection in found)
