"""Extract: every reference as it was written, what it means by where it stands, and the reason beside it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.pipeline.understand import take_apart
from claimbase.records import File, Reference

CLAIM = "domains/sleep/a claim.md"
SOURCE = "inbox/archive/a source.md"
MAP = "domains/sleep/_map.md"


def references(text: str, path: str = CLAIM) -> list[Reference]:
    document, _ = take_apart(File(path, text.encode(), None))
    return list(document.content.references)


def labels(text: str, path: str = CLAIM) -> list[str]:
    return [reference.label for reference in references(text, path)]


def relations(text: str, path: str = CLAIM) -> list[tuple[str, str]]:
    return [(reference.relation, reference.label) for reference in references(text, path)]


@pytest.mark.parametrize(
    ("text", "label", "display", "form"),
    [
        ("see [[Naps help]] now", "Naps help", None, "wiki"),
        ("[[Naps help|naps]]", "Naps help", "naps", "wiki"),
        ("[[ Naps help | naps ]]", "Naps help", "naps", "wiki"),
        ("[[Naps help#How]]", "Naps help#How", None, "wiki"),
        ("[[Naps help#How|naps]]", "Naps help#How", "naps", "wiki"),
        ("[[Naps help|]]", "Naps help", None, "wiki"),
        ("[[naps-help.md]]", "naps-help.md", None, "wiki"),
        ("[[domains/sleep/naps]]", "domains/sleep/naps", None, "wiki"),
        ("[[_map]]", "_map", None, "wiki"),
        ("![[Naps help]]", "Naps help", None, "wiki"),
        ("| [[Naps help\\|naps]] | x |", "Naps help", "naps", "wiki"),
        ("[[$430M -- so much?]]", "$430M -- so much?", None, "wiki"),
        ("[naps](naps-help.md)", "naps-help.md", "naps", "markdown"),
        ("[](naps-help.md)", "naps-help.md", None, "markdown"),
        ("[naps](../Naps%20help%20%28much%29.md)", "../Naps help (much).md", "naps", "markdown"),
        ("[n](Tr%C3%A4ume.md)", "Träume.md", "n", "markdown"),
        ("[n](<Naps help.md>)", "Naps help.md", "n", "markdown"),
        ('[n](naps.md "a title")', "naps.md", "n", "markdown"),
        ("[n](naps.md#how)", "naps.md", "n", "markdown"),
        ("![n](naps.md)", "naps.md", "n", "markdown"),
        ("as inbox/archive/2026-a.md says", "inbox/archive/2026-a.md", None, "path"),
        ("inbox/archive/2026-a.md.", "inbox/archive/2026-a.md", None, "path"),
        ("**inbox/archive/2026-a.md**", "inbox/archive/2026-a.md", None, "path"),
        ('"inbox/archive/2026-a.md"', "inbox/archive/2026-a.md", None, "path"),
        ("inbox/archive/träume_1.2.md", "inbox/archive/träume_1.2.md", None, "path"),
    ],
)
def test_every_form_of_a_reference(text: str, label: str, display: str | None, form: str) -> None:
    (found,) = references(text)
    assert (found.label, found.display, found.form) == (label, display, form)
    assert (found.relation, found.field, found.line, found.asserted) == ("mentions", "body", 1, True)


@pytest.mark.parametrize(
    "text",
    [
        "`[[a]]` and ``[[b]]``",
        "```\n[[a]]\ninbox/archive/a.md\n```",
        "~~~\n[a](a.md)\n~~~",
        "[a](https://example.org/a.md)",
        "https://example.org/a/b.md",
        "[a](a.txt) and [b](#part)",
        "notes.md alone is no path",
        "inbox/archive/a.mdx and inbox/archive/a.md/b",
        "[[]] [[ ]] [[|x]]",
        "[[a\nb]]",
        "[a] and [b][c]",
        "`inbox/archive/a.md`",
        "no reference at all",
        "",
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert references(text) == []


def test_a_path_in_brackets_is_a_reference() -> None:
    assert labels("It is known (inbox/archive/2026-a.md).") == ["inbox/archive/2026-a.md"]


@pytest.mark.parametrize("address", ["https://example.org/a?p=b/c.md", "https://example.org/a%20b/c.md"])
def test_no_part_of_an_address_is_a_path(address: str) -> None:
    assert labels(address) == []


def test_a_markdown_link_may_hold_brackets() -> None:
    assert labels("[n](naps_(long).md)") == ["naps_(long).md"]


def test_references_of_a_line_come_from_left_to_right() -> None:
    assert labels("[[b]] [x](a.md) [[a]] c/d.md [[b]]") == ["b", "a.md", "a", "c/d.md", "b"]


def test_front_matter_comes_first_and_every_reference_knows_its_line() -> None:
    text = "---\nrelated:\n  - one\n\n  - two\nsupports: [three]\n---\n\n# T\n\n[[four]]\n```\n\n```\n[[five]]\n"
    assert [(found.label, found.field, found.line) for found in references(text)] == [
        ("three", "supports", 6),
        ("one", "related", 3),
        ("two", "related", 5),
        ("four", "body", 11),
        ("five", "body", 15),
    ]


@pytest.mark.parametrize(
    ("key", "relation"),
    [
        ("depends_on", "depends_on"),
        ("supports", "supports"),
        ("supported_by", "supported_by"),
        ("challenges", "challenges"),
        ("challenged_by", "challenged_by"),
        ("related", "related"),
        ("related_claims", "related"),
        ("reweave_edges", "related"),
        ("claims", "concerns"),
        ("claims_extracted", "extracted"),
        ("enrichments_applied", "enriched"),
        ("parent", "associated"),
        ("parent_entity", "associated"),
        ("competitors", "associated"),
        ("founders", "associated"),
    ],
)
def test_a_key_of_the_front_matter_is_a_relation(key: str, relation: str) -> None:
    (found,) = references(f"---\n{key}: [x]\n---\n", SOURCE)
    assert (found.relation, found.label, found.form, found.field, found.asserted) == (relation, "x", "value", key, True)


@pytest.mark.parametrize("key", ["domain", "tags", "built_on", "author", "title", "secondary_domains", "sourcer"])
def test_other_keys_are_no_references(key: str) -> None:
    assert references(f"---\n{key}: '[[x]]'\n---\n") == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("naps-help", ["naps-help"]),
        ("Naps help, and so do nights", ["Naps help, and so do nights"]),
        ('"[[Naps help]]"', ["Naps help"]),
        ('"[[Naps help|naps]] and [[Nights]]"', ["Naps help", "Nights"]),
        ("[[Naps help]]", ["Naps help"]),
        ("[a, b]", ["a", "b"]),
        ("[{slug: naps-help, title: Naps help, domain: sleep}]", ["naps-help"]),
        ("[{title: Naps help, domain: sleep}]", ["Naps help"]),
        ("[{slug: '', title: Naps help}]", ["Naps help"]),
        ("[430, a]", ["430", "a"]),
        ("[]", []),
        ("0", []),
        ("", []),
        ("''", []),
        ("['', null, a]", ["a"]),
        ("{}", []),
    ],
)
def test_shapes_of_a_list_of_relations(value: str, found: list[str]) -> None:
    assert labels(f"---\nrelated: {value}\n---\n") == found


def test_a_title_with_a_colon_that_yaml_takes_for_a_mapping_is_one_label() -> None:
    assert labels("---\nrelated:\n  - Naps: a study\n---\n") == ["Naps: a study"]


def test_a_count_is_no_list_of_claims() -> None:
    assert references("---\nclaims_extracted: 0\n---\n", SOURCE) == []


def test_no_count_is_a_list_of_claims() -> None:
    assert references("---\nclaims_extracted: 2\nenrichments: 3\n---\n", SOURCE) == []


def test_a_link_without_quotes_keeps_its_label() -> None:
    (found,) = references("---\nrelated: [[Naps help|naps]]\n---\n")
    assert (found.label, found.display) == ("Naps help", "naps")


@pytest.mark.parametrize(
    ("item", "label", "reason"),
    [
        ("naps-help.md — the ward's numbers", "naps-help.md", "the ward's numbers"),
        ("naps-help -- the ward's numbers", "naps-help", "the ward's numbers"),
        ("Naps help (co-source, with the diary)", "Naps help", "co-source, with the diary"),
        ("Naps help (extend)", "Naps help", "extend"),
        ("Naps help (in general)", "Naps help (in general)", None),
        ("twenty-minute naps - a study", "twenty-minute naps - a study", None),
        ("[[Naps help]] — the numbers", "Naps help", "the numbers"),
    ],
)
def test_a_list_of_a_source_has_remarks_behind_its_names(item: str, label: str, reason: str | None) -> None:
    (found,) = references(f'---\nclaims_extracted: ["{item}"]\n---\n', SOURCE)
    assert (found.label, found.reason) == (label, reason)


@pytest.mark.parametrize(
    ("item", "relation", "reason"),
    [
        ("Naps help|supports|2026-03-03", "supports", "2026-03-03"),
        ("Naps help|challenges|", "challenges", None),
        ("Naps help|unheard_of|2026-03-03", "related", "2026-03-03"),
    ],
)
def test_an_edge_of_a_pipeline_says_its_relation(item: str, relation: str, reason: str | None) -> None:
    (found,) = references(f'---\nreweave_edges: ["{item}"]\n---\n')
    assert (found.label, found.relation, found.reason) == ("Naps help", relation, reason)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("inbox/archive/2026-a.md", ["inbox/archive/2026-a.md"]),
        ("Okafor 2026 (see inbox/archive/2026-a.md)", ["inbox/archive/2026-a.md"]),
        ("[Okafor 2026, inbox/archive/2026-a.md]", ["inbox/archive/2026-a.md"]),
        ("'[[Okafor 2026]]'", []),
        ("Okafor 2026", []),
    ],
)
def test_free_text_of_a_source_is_no_reference_but_a_path_in_it_is(source: str, found: list[str]) -> None:
    assert relations(f"---\nsource: {source}\n---\n") == [("evidence", label) for label in found]


@pytest.mark.parametrize(
    ("bullet", "reason"),
    [
        ("- [[x]] -- why it bears", "why it bears"),
        ("- [[x]] — why it bears", "why it bears"),
        ("- [[x]] – why it bears", "why it bears"),
        ("- [[x]] - why it bears", "why it bears"),
        ("- [[x]]: why it bears", "why it bears"),
        ("- [[x]]— why it bears", "why it bears"),
        ("- [[x]] because -- so", "because -- so"),
        ("- [[x]], which bears", "which bears"),
        ("- [[x]] — a - b -- c", "a - b -- c"),
        ("* [[x]] — why it bears", "why it bears"),
        ("  + [[x]] — why it bears", "why it bears"),
        ("- [ ] [[x]] — why it bears", "why it bears"),
        ("- [[x|label]] — why it bears", "why it bears"),
        ("- [x](x.md) — why it bears", "why it bears"),
        ("- [[x]]", None),
        ("- [[x]]  ", None),
    ],
)
def test_the_text_behind_the_link_of_a_bullet_is_its_reason(bullet: str, reason: str | None) -> None:
    (found,) = references(f"Relevant Notes:\n{bullet}")
    assert (found.relation, found.reason, found.section) == ("related", reason, "Relevant Notes")


def test_a_dash_alone_is_no_reason() -> None:
    (found,) = references("Relevant Notes:\n- [[x]] —")
    assert found.reason is None


def test_a_title_may_hold_a_separator() -> None:
    (found,) = references("Relevant Notes:\n- [[timing -- not dose]] -- the hour counts")
    assert (found.label, found.reason) == ("timing -- not dose", "the hour counts")


def test_the_reason_of_a_bold_link_is_the_text_alone() -> None:
    (found,) = references("Relevant Notes:\n- **[[x]]** — why it bears")
    assert found.reason == "why it bears"


def test_only_the_link_that_leads_a_bullet_has_its_reason() -> None:
    found = references("Relevant Notes:\n- see [[x]] — or not\n- [[y]] — unlike [[z]]")
    assert [(reference.label, reference.reason) for reference in found] == [
        ("x", None),
        ("y", "unlike [[z]]"),
        ("z", None),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Since [[a]], it follows.", [("premise", "a")]),
        ("It holds, since [[a]] and [[b]], all the same.", [("premise", "a"), ("premise", "b")]),
        ("Since [[a]], [[b]], and [[c]], so [[d]].", [*[("premise", x) for x in "abc"], ("mentions", "d")]),
        ("Since [[a|label]], it follows.", [("premise", "a")]),
        ("since  [[a]]", [("premise", "a")]),
        ("Since then [[a]] holds.", [("mentions", "a")]),
        ("Sincerely, [[a]]", [("mentions", "a")]),
        ("Unlike [[a]], since so.", [("mentions", "a")]),
        ("- since [[a]], so", [("premise", "a")]),
    ],
)
def test_since_makes_a_premise(text: str, found: list[tuple[str, str]]) -> None:
    assert relations(text) == found


def test_a_premise_is_read_off_and_a_bullet_is_asserted() -> None:
    found = references("Since [[a]], so.\n\nRelevant Notes:\n- [[b]]")
    assert [(reference.label, reference.asserted) for reference in found] == [("a", False), ("b", True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## Evidence\nSee [[a]].", [("evidence", "a")]),
        ("## Challenges\n- [[a]] — no\n\nAlso [[b]].", [("challenged_by", "a"), ("challenged_by", "b")]),
        ("## Counter-evidence\n[[a]]", [("challenged_by", "a")]),
        ("### Challenges considered:\n[[a]]", [("challenged_by", "a")]),
        ("**Counterargument:** [[a]] says no.", [("challenged_by", "a")]),
        ("**Counterargument** [[a]] says no.", [("challenged_by", "a")]),
        ("**Counterargument**: [[a]] says no.", [("challenged_by", "a")]),
        ("**Grounding:**\n- [[a]]", [("depends_on", "a")]),
        ("**Depends on positions:** [[a]]", [("carries", "a")]),
        ("Topics:\n- [[a]]\n- [[b]]", [("map", "a"), ("map", "b")]),
        ("Topics: [[a]]", [("map", "a")]),
        ("**Topics:**\n\n- [[a]]", [("map", "a")]),
        ("## Relevant Notes\n- [[a]]", [("related", "a")]),
        ("## Relevant Notes\n[[a]] stands in prose.", [("mentions", "a")]),
        ("## Relevant Entities\n- [[a]]", [("associated", "a")]),
        ("## Something else\n- [[a]]", [("mentions", "a")]),
        ("## Challenges\n[[a]]\n## Next\n[[b]]", [("challenged_by", "a"), ("mentions", "b")]),
        ("Topics:\n- [[a]]\n\nProse [[b]].\n- [[c]]", [("map", "a"), ("mentions", "b"), ("mentions", "c")]),
        ("Topics:\n- [[a]]\n---\n- [[b]]", [("map", "a"), ("mentions", "b")]),
        (
            "Relevant Notes:\n- [[a]]\n  and [[b]]\nTopics:\n- [[c]]",
            [("related", "a"), ("mentions", "b"), ("map", "c")],
        ),
        ("```\n## Challenges\n```\n[[a]]", [("mentions", "a")]),
    ],
)
def test_headings_and_labels_say_what_the_links_below_them_mean(text: str, found: list[tuple[str, str]]) -> None:
    assert relations(text) == found


def test_a_deeper_heading_does_not_end_a_section() -> None:
    assert relations("## Challenges\n### The first\n[[a]]") == [("challenged_by", "a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## Challenges\nMany doubt it.", [(2, "Challenges", "Many doubt it.")]),
        (
            "## Challenges\nMany\ndoubt it.\n\nSo do I.",
            [(2, "Challenges", "Many doubt it."), (5, "Challenges", "So do I.")],
        ),
        ("## Challenges\n- One\n- Two\n  goes on", [(2, "Challenges", "One"), (3, "Challenges", "Two goes on")]),
        ("## Challenges\n### The first\nMany doubt it.", [(3, "The first", "Many doubt it.")]),
        ("## Counter-evidence\nNone was seen.", [(2, "Counter-evidence", "None was seen.")]),
        ("**Counterargument:** some doubt.", [(1, "Counterargument", "some doubt.")]),
        ("**Counterargument** some doubt.", [(1, "Counterargument", "some doubt.")]),
        ("**Challenges considered:** some do well.", [(1, "Challenges considered", "some do well.")]),
        ("## The strongest counterarguments\nMany.", [(2, "The strongest counterarguments", "Many.")]),
        ("## Challenges\n[[a]] doubts it.", []),
        ("## Challenges\n\n## Next\nText.", []),
        ("## Challenges\n---\nText.", []),
        ("## Challenging times\nText.", []),
        ("The counterargument is this.", []),
        ("```\n## Challenges\nText.\n```", []),
    ],
)
def test_an_objection_in_words_is_worth_as_much_as_a_link(text: str, found: list[tuple[int, str, str]]) -> None:
    said = [reference for reference in references(text) if reference.form == "prose"]
    assert [(reference.line, reference.section, reference.label) for reference in said] == found
    assert {reference.relation for reference in said} <= {"challenged_by"}


def test_an_objection_keeps_its_code() -> None:
    assert labels("## Challenges\nIt sets `rem` to 3.") == ["It sets `rem` to 3."]


def test_the_paragraph_below_a_bold_label_is_its_section() -> None:
    assert labels("**Counterargument**\nMany doubt it.") == ["Many doubt it."]


@pytest.mark.parametrize(
    ("text", "beliefs"),
    [
        ("[[o]]\n### 1. One\n[[a]]\n### 2. Two\n[[b]]\n## End\n[[c]]", [None, "one", "two", None]),
        ("### 1. One\n#### Deeper\n[[a]]\n### Not numbered\n[[b]]", ["one", None]),
        ("### 1. One\n```\n### 2. Two\n```\n[[a]]", ["one"]),
    ],
)
def test_references_of_beliefs_know_their_belief(text: str, beliefs: list[str | None]) -> None:
    assert [reference.belief for reference in references(text, "agents/mara/beliefs.md")] == beliefs


@pytest.mark.parametrize("path", [MAP, "maps/everything.md"])
def test_bullets_of_a_map_are_membership(path: str) -> None:
    found = relations("# Sleep\n\n[[a]] leads.\n\n- [[b]] — first\n* [[c]]", path)
    assert found == [("mentions", "a"), ("map", "b"), ("map", "c")]


def test_the_source_line_of_a_block_is_evidence() -> None:
    text = "### Additional Evidence (extend)\n*Source: [[2026-a]] | Added: 2026-03-11*\n\nAs [[b]] says."
    assert relations(text) == [("evidence", "2026-a"), ("mentions", "b")]


@pytest.mark.parametrize(
    ("line", "label", "form"),
    [
        ("*Source: 2026-a | Added: 2026-03-11*", "2026-a", "value"),
        ("*Source: a talk at the tram stop | Added: 2026-03-11*", "a talk at the tram stop", "value"),
        ("*Source: inbox/archive/2026-a.md*", "inbox/archive/2026-a.md", "path"),
        ("*Source: [2026-a] | Added: 2026*", "2026-a", "value"),
    ],
)
def test_a_source_line_without_brackets_is_evidence_too(line: str, label: str, form: str) -> None:
    (found,) = references(line)
    assert (found.relation, found.label, found.form, found.asserted) == ("evidence", label, form, True)


def test_bare_bullets_are_read_under_relevant_notes_only() -> None:
    text = "- zero\n\nRelevant Notes:\n- one\n- two — with a remark\nprose\n- three\nTopics:\n- four"
    assert [(found.label, found.form) for found in references(text)] == [
        ("one", "bare"),
        ("two — with a remark", "bare"),
    ]


@pytest.mark.parametrize("label", ["## Relevant Notes", "**Relevant Notes**:", "## Relevant notes"])
def test_bare_bullets_are_read_under_every_spelling_of_relevant_notes(label: str) -> None:
    assert labels(f"{label}\n- one") == ["one"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("[[" * 500_000, id="[["),
        pytest.param("[[a " * 250_000, id="[[a"),
        pytest.param("[[a]] " * 150_000, id="[[a]]"),
        pytest.param("since [[a]] " + "[[b]], " * 30_000, id="since"),
        pytest.param("](" * 500_000 + ".md", id="]("),
        pytest.param("[](" + ".md#" * 250_000, id="[](.md#"),
        pytest.param("[](" + " " * 1_000_000 + "a.md", id="[]( and spaces"),
        pytest.param("[](" + "a.md " * 200_000, id="[](a.md"),
        pytest.param("a/" * 500_000, id="a/"),
        pytest.param("a/" * 500_000 + "b.md", id="a/b.md"),
        pytest.param(".md/" * 250_000, id=".md/"),
        pytest.param("a/" + "b.md" * 250_000 + "c", id="a/b.mdb.md"),
        pytest.param("`" * 1_000_000, id="backticks"),
        pytest.param("- " * 500_000, id="bullets"),
        pytest.param("*Source: " + "a" * 1_000_000, id="source"),
        pytest.param("A" + " b" * 500_000 + ":", id="label"),
    ],
)
def test_a_line_of_any_length_is_searched_in_one_go(line: str) -> None:
    assert len(references(f"[[first]] a.md ource:\n{line}")) >= 1


def test_a_list_item_of_many_spaces_is_read_in_one_go() -> None:
    assert len(references(f'---\nclaims_extracted: ["a{" " * 60_000}b"]\n---\n', SOURCE)) == 1


_WORDS = st.sampled_from(["nap", "night", "a -- b", "x/y", "23.5", "Träume", "$4", "z.md"])
_LINKS = st.one_of(
    _WORDS.map(lambda word: f"[[{word}]]"),
    _WORDS.map(lambda word: f"[[{word}|label]]"),
    _WORDS.map(lambda word: f"![[{word}]]"),
    st.sampled_from(["[t](a.md)", "[](../b%20c.md)"]),
)
_TEXTS = st.sampled_from(["", "text ", "- ", "since ", "| ", "**Grounding:** ", "> ", "a, ", "Topics: ", "*Source: "])


@given(st.lists(st.one_of(st.tuples(_TEXTS, st.lists(_LINKS, max_size=4)), st.just(("## Challenges", []))), max_size=8))
def test_there_are_as_many_references_as_links_are_written(rows: list[tuple[str, list[str]]]) -> None:
    body = "\n".join(text + " and ".join(links) for text, links in rows)
    written = sum(len(links) for _, links in rows)
    assert len([found for found in references("# T\n\n" + body) if found.form in ("wiki", "markdown")]) == written


@given(st.lists(st.tuples(_TEXTS, _LINKS), max_size=8))
def test_references_stand_on_the_lines_they_name(rows: list[tuple[str, str]]) -> None:
    text = "---\ntype: claim\n---\n\n" + "\n".join(part + link for part, link in rows)
    for found in references(text):
        line = text.split("\n")[found.line - 1]
        assert found.label.split("/")[-1].removesuffix(".md") in line.replace("%20", " ")


@given(st.text())
def test_any_body_is_searched(body: str) -> None:
    for found in references(f"[[x]] a.md\n\nRelevant Notes:\n{body}"):
        assert found.label.strip()
        assert found.line >= 1


@given(st.recursive(st.one_of(st.none(), st.integers(), st.text(max_size=8)), st.lists, max_leaves=6))
def test_any_shape_of_a_relation_is_read(value: object) -> None:
    for key in ("related", "claims_extracted", "source"):
        for found in references(f"---\n{key}: {json.dumps(value)}\n---\n", SOURCE):
            assert found.label.strip()


@pytest.mark.parametrize(
    "answer", ["Counter: [[a]] holds.", "**Response:** so [[a]].", "Our reply, in short: see [[a]]."]
)
def test_what_answers_an_objection_does_not_speak_against_the_claim(answer: str) -> None:
    (found,) = [found for found in references(f"## Challenges\nSome doubt it. {answer}") if found.label == "a"]
    assert found.relation == "mentions"


def test_a_challenge_by_link_keeps_the_words_it_stands_in() -> None:
    (found,) = references("## Challenges\n**Cost:** trials in [[a]] cost much.")
    assert (found.relation, found.reason) == ("challenged_by", "**Cost:** trials in [[a]] cost much.")


@pytest.mark.parametrize("text", ["None identified.", "- none", "TBD", "<!-- to do -->", "n/a"])
def test_that_there_is_no_objection_is_none(text: str) -> None:
    assert references(f"## Challenges\n{text}") == []


def test_a_list_that_says_there_is_no_challenge_is_none() -> None:
    assert references("---\nchallenged_by: [none]\n---\n") == []


def test_a_premise_may_begin_on_the_line_above() -> None:
    (found,) = references("All is well, since\n[[a]], so be it.")
    assert (found.relation, found.asserted) == ("premise", False)


@pytest.mark.parametrize("text", ["Since\n\n[[a]], so.", "# Since\n[[a]], so.", "Ever since.\n[[a]], so."])
def test_what_only_stands_below_since_is_no_premise(text: str) -> None:
    assert [found.relation for found in references(text)] == ["mentions"]


def test_a_challenge_document_that_names_no_target_challenges_what_it_links_to() -> None:
    (found,) = references("---\ntype: challenge\n---\nAgainst [[a]].", "challenges/not-so.md")
    assert (found.relation, found.asserted) == ("challenges", False)
    named = references("---\ntype: challenge\ntarget_claim: b\n---\nAs [[a]] says.", "challenges/not-so.md")
    assert [(found.label, found.relation) for found in named] == [("b", "challenges"), ("a", "mentions")]
