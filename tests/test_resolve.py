"""Resolve: each rule with what it finds and with the near miss it must not find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.pipeline.understand import take_apart
from claimbase.records import File, Link
from claimbase.resolve import resolve
from claimbase.settle import settle

FROM = "domains/sleep/from.md"


def links(files: dict[str, str]) -> list[Link]:
    documents = settle(take_apart(File(path, text.encode(), None))[0] for path, text in sorted(files.items()))
    return list(resolve(documents))


def only(text: str, files: dict[str, str], path: str = FROM) -> Link:
    """The one link of a text, among other files whose own links are left aside."""
    (link,) = [link for link in links({**files, path: text}) if link.origin.path == path]
    return link


def answer(label: str, files: dict[str, str], path: str = FROM) -> tuple[str, str | None, str | None]:
    link = only(f"[[{label}]]", files, path)
    return link.state, link.rule, link.target.path if link.target else None


DEAD = ("dead", None, None)
NAPS = {"domains/sleep/Naps help nurses.md": ""}


def resolved(rule: str, path: str) -> tuple[str, str, str]:
    return "resolved", rule, path


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("domains/sleep/Naps help nurses", FROM),
        ("domains/sleep/Naps help nurses.md", FROM),
        ("/domains/sleep/Naps help nurses", FROM),
        ("./Naps help nurses", FROM),
        ("../sleep/Naps help nurses", FROM),
        ("../../domains/sleep/Naps help nurses", "core/a/from.md"),
        ("sleep/Naps help nurses", "domains/from.md"),
        ("domains/sleep/Naps help nurses#How", FROM),
    ],
)
def test_a_path_from_the_root_or_the_folder_finds_its_file(label: str, path: str) -> None:
    assert answer(label, NAPS, path) == resolved("path", "domains/sleep/Naps help nurses.md")


@pytest.mark.parametrize(
    "label",
    ["domains/bridges/Naps help nurses", "domains/sleep/Naps help nurse", "domains/sleep"],
)
def test_a_path_that_is_not_there_finds_nothing(label: str) -> None:
    assert answer(label, NAPS) == DEAD


MAPS = {"domains/sleep/_map.md": "# Sleep", "domains/bridges/_map.md": "# Bridges", "core/_map.md": ""}


def test_a_map_is_that_of_the_same_folder() -> None:
    assert answer("_map", MAPS) == resolved("map", "domains/sleep/_map.md")
    assert answer("_map|Topics", MAPS) == resolved("map", "domains/sleep/_map.md")
    assert answer("_map", MAPS, "core/from.md") == resolved("map", "core/_map.md")


def test_the_map_of_another_folder_is_never_guessed() -> None:
    assert answer("_map", MAPS, "agents/mara/from.md") == DEAD
    assert answer("_map", MAPS, "domains/sleep/deeper/from.md") == DEAD


@pytest.mark.parametrize("label", ["_MAP", "map", "Map"])
def test_other_spellings_of_map_guess_no_better(label: str) -> None:
    assert answer(label, MAPS, "agents/mara/from.md") == DEAD


def test_the_end_of_one_path_finds_its_file() -> None:
    assert answer("bridges/_map", MAPS) == resolved("suffix", "domains/bridges/_map.md")
    assert answer("sleep/Naps help nurses.md", NAPS, "core/a/from.md") == resolved(
        "suffix", "domains/sleep/Naps help nurses.md"
    )


def test_a_relative_path_that_leads_astray_is_read_from_its_end() -> None:
    assert answer("../../Naps help nurses", NAPS) == resolved("suffix", "domains/sleep/Naps help nurses.md")


@pytest.mark.parametrize("label", ["leep/Naps help nurses", "sleep/naps help nurses.txt", "other/Naps help nurses"])
def test_what_is_no_end_of_a_path_finds_nothing(label: str) -> None:
    assert answer(label, NAPS, "core/a/from.md") == DEAD


def test_the_end_of_two_paths_finds_neither() -> None:
    files = {"domains/sleep/a/x.md": "", "core/sleep/a/x.md": ""}
    assert answer("sleep/a/x", files, "agents/mara/from.md") == DEAD
    assert answer("domains/sleep/a/x", files, "agents/mara/from.md") == resolved("path", "domains/sleep/a/x.md")


@pytest.mark.parametrize(
    "label", ["Naps help nurses", "Naps help nurses.md", "Naps help nurses|naps", "Naps help nurses#How"]
)
def test_a_file_name_finds_its_file(label: str) -> None:
    assert answer(label, NAPS) == resolved("name", "domains/sleep/Naps help nurses.md")


def test_a_name_with_dots_is_not_cut_at_a_dot() -> None:
    files = {"domains/sleep/23.5 percent nap.md": "", "domains/sleep/23.md": "", "domains/sleep/v1.0.md": ""}
    assert answer("23.5 percent nap", files) == resolved("name", "domains/sleep/23.5 percent nap.md")
    assert answer("v1.0", files) == resolved("name", "domains/sleep/v1.0.md")
    assert answer("v1.1", files) == DEAD


def test_a_name_that_holds_a_hash_is_read_whole_first() -> None:
    files = {"domains/sleep/Nap #1.md": "", "domains/sleep/Nap.md": ""}
    assert answer("Nap #1", files) == resolved("name", "domains/sleep/Nap #1.md")
    assert answer("Nap #2", files) == resolved("name", "domains/sleep/Nap.md")


@pytest.mark.parametrize("label", ["naps HELP nurses", "NAPS HELP NURSES.MD"])
def test_a_name_is_found_whatever_its_case(label: str) -> None:
    assert answer(label, NAPS) == resolved("case", "domains/sleep/Naps help nurses.md")


def test_the_exact_case_goes_first() -> None:
    files = {"domains/sleep/REM.md": "", "domains/sleep/Rem.md": ""}
    assert answer("Rem", files) == resolved("name", "domains/sleep/Rem.md")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("naps-help-nurses", "Naps help nurses"),
        ("Naps help nurses", "naps-help-nurses"),
        ("430m is spent", "$430M is spent"),
        ("$430M is spent", "430m-is-spent"),
        ("Goodharts law", "Goodhart’s law"),
        ("Traume ordnen", "Träume ordnen"),
        ("Naps -- help, nurses!", "Naps help nurses"),
    ],
)
def test_a_slug_finds_every_spelling_of_its_name(label: str, name: str) -> None:
    assert answer(label, {f"domains/sleep/{name}.md": ""}) == resolved("slug", f"domains/sleep/{name}.md")


@pytest.mark.parametrize("label", ["naps-help-nurse", "napshelpnurses", "naps help nurses too", "!!!", "睡眠"])
def test_another_slug_finds_nothing(label: str) -> None:
    assert answer(label, NAPS) == DEAD


def test_a_folder_stands_for_its_map() -> None:
    assert answer("bridges", MAPS) == resolved("folder", "domains/bridges/_map.md")
    assert answer("Bridges#Open", MAPS) == resolved("folder", "domains/bridges/_map.md")


def test_a_folder_without_a_map_stands_for_nothing() -> None:
    assert answer("roads", {"domains/roads/a.md": ""}) == DEAD
    assert answer("domains", MAPS) == DEAD


def test_a_file_called_like_a_folder_goes_before_its_map() -> None:
    assert answer("bridges", {**MAPS, "domains/sleep/Bridges.md": ""}) == resolved("case", "domains/sleep/Bridges.md")


TITLED = {
    "domains/sleep/short.md": (
        '---\ntitle: "Short nights cost much"\naliases: [brief nights, "$3 nights"]\n---\n# A night cut short\n'
    ),
    "entities/sleep/dl.md": "---\nname: Drowsy Labs\n---\n# Drowsy Labs, a company\n",
    "domains/sleep/one.md": "---\naliases: only one\n---\n",
}


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("Short nights cost much", "domains/sleep/short.md"),
        ("short-nights-cost-much", "domains/sleep/short.md"),
        ("A night cut short", "domains/sleep/short.md"),
        ("Brief nights", "domains/sleep/short.md"),
        ("3 nights", "domains/sleep/short.md"),
        ("Drowsy Labs", "entities/sleep/dl.md"),
        ("Drowsy Labs, a company", "entities/sleep/dl.md"),
        ("only one", "domains/sleep/one.md"),
    ],
)
def test_a_title_a_name_a_heading_and_an_alias_find_their_file(label: str, path: str) -> None:
    assert answer(label, TITLED) == resolved("title", path)


@pytest.mark.parametrize("label", ["Short nights cost", "brief night", "A night", "Drowsy"])
def test_a_part_of_a_title_finds_nothing(label: str) -> None:
    assert answer(label, TITLED) == DEAD


BELIEFS = {
    "agents/mara/beliefs.md": "# What Mara believes\n\n### 1. A tired mind errs\n\n### Rest is work\n\n#### Deeper\n"
}


@pytest.mark.parametrize("label", ["A tired mind errs", "a-tired-mind-errs"])
def test_the_heading_of_a_belief_finds_it(label: str) -> None:
    link = only(f"[[{label}]]", BELIEFS)
    assert (link.state, link.rule, link.target and link.target.name) == ("resolved", "belief", "beliefs")
    assert link.belief == "agents-mara-beliefs--a-tired-mind-errs"


@pytest.mark.parametrize("label", ["A tired mind", "1. A tired mind errs", "Rest is work", "Deeper", "tired mind errs"])
def test_another_heading_finds_no_belief(label: str) -> None:
    assert answer(label, BELIEFS) == DEAD


def test_a_heading_behind_a_belief_does_not_hide_it() -> None:
    assert only("[[A tired mind errs#Grounding]]", BELIEFS).belief == "agents-mara-beliefs--a-tired-mind-errs"


def test_headings_of_other_documents_are_no_beliefs() -> None:
    assert answer("A tired mind errs", {"agents/mara/notes.md": "### 1. A tired mind errs"}) == DEAD


LONG = {"domains/sleep/one two three four five six.md": "", "domains/sleep/x.md": "---\ntitle: a b c d e f g\n---\n"}


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("one two three four five", "domains/sleep/one two three four five six.md"),
        ("One-two-three-four-FIVE", "domains/sleep/one two three four five six.md"),
        ("a b c d e", "domains/sleep/x.md"),
        ("a b c d e f", "domains/sleep/x.md"),
    ],
)
def test_five_first_words_find_the_one_name_that_opens_with_them(label: str, path: str) -> None:
    assert answer(label, LONG) == resolved("prefix", path)


@pytest.mark.parametrize(
    "label",
    ["one two three four", "two three four five six", "one two three four fiv", "one two three four six", "a b c d"],
)
def test_four_words_other_words_and_half_words_find_nothing(label: str) -> None:
    assert answer(label, LONG) == DEAD


def test_five_words_that_open_two_names_find_neither() -> None:
    assert answer("one two three four five", {**LONG, "core/a/one two three four five seven.md": ""}) == DEAD


def test_the_whole_name_goes_before_its_continuations() -> None:
    files = {**LONG, "core/a/one two three four five.md": ""}
    assert answer("one two three four five", files) == resolved("name", "core/a/one two three four five.md")


def test_five_words_find_twins_as_their_name_would() -> None:
    files = {"domains/sleep/a b c d e f.md": "", "core/x/a b c d e f.md": ""}
    assert answer("a b c d e", files) == resolved("prefix", "domains/sleep/a b c d e f.md")


def test_five_words_that_open_name_and_title_of_one_document_are_not_ambiguous() -> None:
    files = {"domains/sleep/a-b-c-d-e-f.md": "# A b c d e g"}
    assert answer("a b c d e", files) == resolved("prefix", "domains/sleep/a-b-c-d-e-f.md")


def test_five_words_that_open_the_titles_of_two_files_of_one_name_find_neither() -> None:
    files = {
        "agents/mara/identity.md": "# The one who sleeps best is Mara",
        "agents/otto/identity.md": "# The one who sleeps best is Otto",
    }
    assert answer("The one who sleeps best", files) == DEAD


TWINS = {
    "core/coordination/Rest.md": "---\ndomain: coordination\ncreated: 2026-02-01\n---\n",
    "domains/sleep/Rest.md": "---\ndomain: sleep\ncreated: 2026-01-01\n---\n",
    "domains/bridges/Rest.md": "---\ndomain: bridges\ncreated: 2026-03-01\n---\n",
}


@pytest.mark.parametrize(
    ("path", "text", "target"),
    [
        ("domains/sleep/from.md", "", "domains/sleep/Rest.md"),
        ("core/coordination/from.md", "", "core/coordination/Rest.md"),
        ("core/other/from.md", "", "core/coordination/Rest.md"),
        ("domains/other/from.md", "---\ndomain: bridges\n---\n", "domains/bridges/Rest.md"),
        ("agents/mara/from.md", "---\ndomain: coordination\n---\n", "core/coordination/Rest.md"),
    ],
)
def test_of_twins_the_nearer_is_meant(path: str, text: str, target: str) -> None:
    link = only(f"{text}[[Rest]]", TWINS, path)
    assert (link.state, link.rule, link.target and link.target.path) == ("resolved", "name", target)


@pytest.mark.parametrize(
    ("path", "candidates"),
    [
        ("agents/mara/from.md", ("core/coordination/Rest.md", "domains/bridges/Rest.md", "domains/sleep/Rest.md")),
        ("domains/other/from.md", ("domains/bridges/Rest.md", "domains/sleep/Rest.md")),
    ],
)
def test_where_no_twin_is_nearer_the_canonical_one_is_taken_and_the_link_is_ambiguous(
    path: str, candidates: tuple[str, ...]
) -> None:
    link = only("[[rest]]", TWINS, path)
    assert (link.state, link.rule) == ("ambiguous", "case")
    assert link.target is not None
    assert link.target.path == "domains/sleep/Rest.md"
    assert link.candidates == candidates


def test_having_no_domain_is_nothing_in_common() -> None:
    files = {"rituals/Rest.md": "", "domains/sleep/Rest.md": ""}
    assert answer("Rest", files, "agents/mara/from.md")[0] == "ambiguous"


@pytest.mark.parametrize(
    ("key", "state", "target"),
    [
        ("competitors", "resolved", "entities/sleep/nap.md"),
        ("parent", "resolved", "entities/sleep/nap.md"),
        ("claims_extracted", "resolved", "domains/sleep/nap.md"),
        ("target_claim", "resolved", "domains/sleep/nap.md"),
    ],
)
def test_a_field_finds_only_what_it_may_refer_to(key: str, state: str, target: str) -> None:
    files = {"entities/sleep/nap.md": "", "domains/sleep/nap.md": "", "inbox/archive/nap.md": ""}
    link = only(f"---\n{key}: nap\n---\n", files, "inbox/queue/from.md")
    assert (link.state, link.target and link.target.path) == (state, target)


@pytest.mark.parametrize("key", ["competitors", "claims_extracted", "target_claim"])
def test_a_field_finds_nothing_of_another_kind(key: str) -> None:
    assert only(f"---\n{key}: '[[nap]]'\n---\n", {"agents/mara/nap.md": ""}, "inbox/queue/from.md").state == "dead"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("---\nchallenged_by: Those who nap may be those who can\n---\n", "prose"),
        ("---\nrelated: a thought\n---\n", "prose"),
        ("---\nrelated: half-life\n---\n", "dead"),
        ("---\nrelated: thought.md\n---\n", "dead"),
        ("---\nrelated: '[[a thought]]'\n---\n", "dead"),
        ("---\nclaims_extracted: a thought\n---\n", "dead"),
        ("---\nrelated: Naps help nurse\n---\n", "dead"),
        ("[[a thought]]", "dead"),
    ],
)
def test_words_that_name_nothing_are_prose_where_prose_may_stand(text: str, state: str) -> None:
    link = only(text, NAPS)
    assert (link.state, link.rule, link.target) == (state, None, None)


BARE = "Relevant Notes:\n- {}"


@pytest.mark.parametrize(
    ("bullet", "rule"),
    [
        ("Naps help nurses", "name"),
        ("naps help nurses", "case"),
        ("naps-help-nurses", "slug"),
        ("Naps help nurses — on the ward", "name"),
        ("Naps help nurses -- on - the -- ward", "name"),
        ("Naps help nurses: on the ward", "name"),
        ("[ ] Naps help nurses", "name"),
    ],
)
def test_a_bare_bullet_is_read_where_it_matches_a_name(bullet: str, rule: str) -> None:
    link = only(BARE.format(bullet), NAPS)
    assert (link.state, link.rule, link.reference.form) == ("resolved", rule, "bare")


@pytest.mark.parametrize(
    "bullet",
    ["Naps help nurse", "See Naps help nurses", "one two three four five", "core", "A tired mind errs", "nothing"],
)
def test_a_bare_bullet_that_matches_no_name_is_no_reference(bullet: str) -> None:
    assert [
        link
        for link in links({**NAPS, **LONG, **MAPS, **BELIEFS, "agents/z.md": BARE.format(bullet)})
        if link.reference.form == "bare"
    ] == []


def test_a_title_with_a_dash_goes_before_the_words_in_front_of_it() -> None:
    files = {"domains/sleep/timing -- not dose.md": "", "domains/sleep/timing.md": ""}
    link = only(BARE.format("timing -- not dose -- the hour"), files)
    assert link.target is not None
    assert link.target.name == "timing -- not dose"


def test_a_title_with_a_dash_in_the_list_of_a_source_is_tried_whole() -> None:
    files = {"domains/sleep/timing -- not dose.md": "", "domains/sleep/timing.md": ""}
    link = only("---\nclaims_extracted: [timing -- not dose]\n---\n", files, "inbox/archive/s.md")
    assert link.target is not None
    assert link.target.name == "timing -- not dose"


def test_a_suggestion_is_never_followed() -> None:
    link = only("[[Naps help nurse]]", NAPS)
    assert (link.state, link.target, link.suggestion) == ("dead", None, "Naps help nurses")


def test_a_document_may_refer_to_itself() -> None:
    assert answer("from", {}) == resolved("name", FROM)


def test_links_come_in_the_order_of_their_references() -> None:
    found = links({FROM: "[[b]] [[a]]\n\nRelevant Notes:\n- nothing\n- from\n[[c]]"})
    assert [link.reference.label for link in found] == ["b", "a", "from", "c"]


@pytest.mark.parametrize(
    "bullet",
    [
        pytest.param("a" * 1_000_000, id="letters"),
        pytest.param("a" + " " * 1_000_000 + "b", id="spaces"),
        pytest.param("a - " * 250_000, id="dashes"),
        pytest.param("a: " * 250_000, id="colons"),
    ],
)
def test_a_bullet_of_any_length_is_looked_up_in_one_go(bullet: str) -> None:
    assert links({FROM: BARE.format(bullet)}) == []


_NAMES = st.sampled_from(
    ["nap", "Nap", "nap's", "a b c d e f", "a b c d e", "a b c d e g", "_map", "beliefs", "x.y", "睡"]
)
_FOLDERS = st.sampled_from(["domains/a", "domains/b", "core/a", "agents/m", "entities/a", "inbox/archive", "x"])
_FILES = st.lists(st.tuples(_FOLDERS, _NAMES).map(lambda parts: f"{parts[0]}/{parts[1]}.md"), unique=True, max_size=8)


@given(_FILES, st.lists(st.one_of(_NAMES, _FOLDERS, st.tuples(_FOLDERS, _NAMES).map("/".join)), max_size=6), _FOLDERS)
def test_there_is_a_link_for_every_reference(files: list[str], labels: list[str], folder: str) -> None:
    path = f"{folder}/origin.md"
    found = links({**dict.fromkeys(files, "# h"), path: "\n".join(f"see [[{label}]]" for label in labels)})
    assert [link.reference.label for link in found] == labels
    for link in found:
        assert (link.target is None) == (link.rule is None) == (link.state == "dead")


@given(_FILES)
def test_every_document_is_found_by_its_path_and_by_its_name_from_beside_it(files: list[str]) -> None:
    for path in files:
        assert answer(path, dict.fromkeys(files, "# h"), "elsewhere/origin.md") == resolved("path", path)
        folder, _, name = path.rpartition("/")
        state, rule, target = answer(name, dict.fromkeys(files, "# h"), f"{folder}/origin.md")
        assert (state, target) == ("resolved", path)
        assert rule in ("name", "map")
