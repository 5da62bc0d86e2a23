"""Likeness: worked by hand at its bounds, in bases of a few claims, and against brute force."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.likeness import (
    Like,
    alike_titles,
    distinctive_words,
    line_prints,
    most_like,
    shared_prints,
    shared_words,
)
from claimbase.pipeline import read_codex
from claimbase.records import Analysis, NearDuplicateRow

FOUR = "naps restore tired minds"


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("Naps restore tired minds", "naps restore tired minds!", 1.0),
        ("Naps restore tired minds", "tired minds restore naps", 1.0),
        ("Naps restore tired minds", "Naps restore minds", 3 / 4),
        ("Naps restore tired minds", "Bridges sway", 0.0),
        ("Naps, naps, naps", "naps", 1.0),
        ("Goodhart's law", "goodharts law", 1.0),
        ("Naps", "", 0.0),
        ("", "", 1.0),
    ],
)
def test_titles_share_words_whatever_their_case_order_and_punctuation(left: str, right: str, likeness: float) -> None:
    assert shared_words(left, right) == likeness


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("One.\n\nTwo.", "One.\nTwo.\n\n\n", 1.0),
        ("  One.", "One.  ", 1.0),
        ("One.\nTwo.", "Two.\nOne.", 1.0),
        ("One.\nTwo.\nThree.", "One.\nTwo.\nFour.", 2 / 4),
        ("One.\nOne.", "One.", 1 / 2),
        ("One.", "one.", 0.0),
        ("One.", "", 0.0),
        ("", "\n\n", 1.0),
    ],
)
def test_bodies_share_lines_blank_ones_aside(left: str, right: str, likeness: float) -> None:
    assert shared_prints(line_prints(left), line_prints(right)) == likeness


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ("one two three four", "one two three four five", True),  # 4 of 5: at the bound
        ("one two three four five", "one two three four five six", True),  # 5 of 6 = 0.833, just above
        ("one two three four five six seven", "one two three four five six seven eight nine", False),  # 7 of 9 = 0.778
        ("one two three four five six seven eight x", "one two three four five six seven eight y", True),  # 8 of 10
        ("one two three four five six seven x", "one two three four five six seven y", False),  # 7 of 9
        ("one", "one two", False),
        ("one", "one", True),
        ("one", "two", False),
    ],
)
def test_the_bound_is_exact(left: str, right: str, found: bool) -> None:
    assert bool(list(alike_titles({"a": left, "b": right}, 0.8))) is found


def test_each_pair_is_named_once_the_earlier_id_first() -> None:
    titles = {"c": "Naps restore tired minds fast", "a": FOUR, "b": "Naps restore tired minds"}
    assert list(alike_titles(titles, 0.8)) == [("a", "b", 1.0), ("a", "c", 0.8)]


def test_titles_without_a_word_are_like_nothing() -> None:
    assert list(alike_titles({"a": "", "b": "", "c": "?!", "d": "?!"}, 0.8)) == []


def test_each_of_many_equal_titles_is_paired_with_the_first() -> None:
    pairs = list(alike_titles({f"c{number:02}": FOUR for number in range(100)}, 0.8))
    assert pairs == [("c00", f"c{number:02}", 1.0) for number in range(1, 100)]


# Of these 76 titles 36 hold "minds" as their rarest word, and each of the other words is in 48.
COMMON = ["tired", "rest", "early", "naps", "night", "noon", "light", "heat", "walks"]
CROWD = {f"b{number}": f"minds {' '.join(pair)}" for number, pair in enumerate(combinations(COMMON, 2))}
CROWD |= {f"c{number}": f"{' '.join(COMMON)} {number}" for number in range(40)}


def test_equal_titles_are_found_although_many_others_share_their_rarest_word() -> None:
    titles = {"a": "Tired minds rest early", "z": "minds rest early, tired", **CROWD}
    assert ("a", "z", 1.0) in alike_titles(titles, 0.8)


def test_of_a_crowd_that_shares_the_rarest_word_only_those_nearest_by_id_are_compared() -> None:
    near, far = {"b0a": "Tired minds rest early here"}, {"z": "Tired minds rest early here"}
    titles = {"a": "Tired minds rest early", **CROWD}
    assert ("a", "b0a", 0.8) in alike_titles(titles | near, 0.8)
    assert ("a", "z", 0.8) not in alike_titles(titles | far, 0.8)


def test_distinctive_words_are_the_rarest_that_another_text_shares() -> None:
    texts = {
        "a": "Melatonin shifts sleep by an hour",
        "b": "Melatonin lengthens sleep, alone",
        "c": "Sleep by the hour",
    }
    # melatonin and hour are in two texts, sleep in all three; shifts and lengthens are in one; "by" and "an" are short.
    assert distinctive_words(texts) == {
        "a": ("hour", "melatonin", "sleep"),
        "b": ("melatonin", "sleep"),
        "c": ("hour", "sleep"),
    }


def test_a_text_has_six_distinctive_words_at_the_most() -> None:
    text = "alpha bravo charlie delta echo foxtrot golf hotel"
    assert distinctive_words({"a": text, "b": text})["a"] == ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")


@pytest.mark.parametrize(("holders", "words"), [(1, ()), (2, ("siesta",)), (24, ("siesta",)), (25, ())])
def test_a_word_that_one_or_that_many_use_distinguishes_nothing(holders: int, words: tuple[str, ...]) -> None:
    assert distinctive_words({f"c{number:02}": "siesta" for number in range(holders)})["c00"] == words


SHARED = {
    "a": [("source", "paper"), ("claim", "hub"), ("word", "naps"), ("word", "rest")],
    "b": [("source", "paper")],
    "c": [("claim", "hub"), ("word", "naps"), ("word", "rest")],
    "d": [("word", "bridges")],
}


def test_every_shared_feature_counts_and_a_source_twice() -> None:
    # Four claims; every shared feature has two holders, so each weighs log(1 + 4 / 2) = 1.0986.
    assert list(most_like(SHARED, {}, 0)) == [
        ("a", Like("c", 3.296, (("claim", "hub"), ("word", "naps"), ("word", "rest")))),
        ("a", Like("b", 2.197, (("source", "paper"),))),
        ("b", Like("a", 2.197, (("source", "paper"),))),
        ("c", Like("a", 3.296, (("claim", "hub"), ("word", "naps"), ("word", "rest")))),
    ]


def test_what_fewer_share_weighs_more() -> None:
    x, y = ("claim", "x"), ("claim", "y")
    features = {"a": [x, y], "b": [x], "c": [y], "d": [y]}
    # x has two holders of four claims, y has three: log(1 + 4 / 2) and log(1 + 4 / 3).
    likes = [(like.other, like.score) for id_, like in most_like(features, {}, 0) if id_ == "a"]
    assert likes == [("b", 1.099), ("c", 0.847), ("d", 0.847)]


@pytest.mark.parametrize(("least", "others"), [(2.197, ["c", "b"]), (2.2, ["c"]), (3.295, ["c"]), (3.3, [])])
def test_those_that_share_less_than_the_least_are_not_named(least: float, others: list[str]) -> None:
    assert [like.other for id_, like in most_like(SHARED, {}, least) if id_ == "a"] == others


def test_those_set_apart_are_never_named() -> None:
    apart = {"a": frozenset({"c"}), "c": frozenset({"a"})}
    assert [(id_, like.other) for id_, like in most_like(SHARED, apart, 0)] == [("a", "b"), ("b", "a")]


def test_the_five_most_alike_are_named_by_id_where_they_are_equal() -> None:
    features = {f"c{number}": [("source", "paper")] for number in range(8)}
    assert [like.other for id_, like in most_like(features, {}, 0) if id_ == "c3"] == ["c0", "c1", "c2", "c4", "c5"]


@pytest.mark.parametrize(("holders", "found"), [(24, True), (25, False)])
def test_what_too_many_share_is_no_likeness(holders: int, found: bool) -> None:
    features = {f"c{number:02}": [("source", "paper")] for number in range(holders)}
    assert bool(list(most_like(features, {}, 0))) is found


def read(root: Path, files: dict[str, str]) -> Analysis:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_codex(root).analysis


def test_twins_say_how_far_their_bodies_have_diverged(tmp_path: Path) -> None:
    files = {
        "core/x/Rest.md": "# Rest\n\nOne.\n\nTwo.\n\nThree.",
        "domains/y/rest.md": "# Rest\n\nOne.\nTwo.\nFour.",
        "domains/z/rest.md": "# Something else\n\nFive.",
    }
    assert list(read(tmp_path, files).near_duplicates) == [
        NearDuplicateRow("rest-in-domains-y", "rest", 1, 1.0, 0.6),  # 3 of 5 lines: # Rest, One., Two.
        NearDuplicateRow("rest-in-domains-z", "rest", 1, 0.0, 0.0),
    ]


def test_claims_with_nearly_one_title_are_a_pair_and_no_twins(tmp_path: Path) -> None:
    files = {
        "domains/x/a.md": "# Naps restore tired minds\n\nOne.",
        "domains/y/b.md": "# Naps restore tired minds fast\n\nOne.",
        "domains/x/c.md": "# Naps restore very tired minds now\n\nOne.",  # 4 of 6 and 4 of 7 words
        "inbox/archive/d.md": "# Naps restore tired minds",
    }
    assert list(read(tmp_path, files).near_duplicates) == [NearDuplicateRow("a", "b", 0, 0.8, 0.333)]


def test_names_in_another_script_are_no_twins(tmp_path: Path) -> None:
    assert read(tmp_path, {"domains/x/Сон лечит.md": "", "domains/x/Мосты поют.md": ""}).near_duplicates == ()


PAPER = {"inbox/archive/2020-paper.md": "# A paper"}
FILLER = {f"domains/x/filler{number}.md": f"# Filler {number}" for number in range(6)}


def similar(root: Path, one: str, other: str) -> list[tuple[str, str, str]]:
    files = {"domains/x/one.md": f"# One\n\n{one}", "domains/x/other.md": f"# Other\n\n{other}", **PAPER, **FILLER}
    rows = read(root, files).similar_claims
    return [(row.claim, row.other, row.reason) for row in rows if row.claim in ("one", "other")]


def test_claims_that_draw_on_one_source_are_alike(tmp_path: Path) -> None:
    reason = 'both draw on "A paper"'
    assert similar(tmp_path, "See [[2020-paper]].", "As [[2020-paper]] says.") == [
        ("one", "other", reason),
        ("other", "one", reason),
    ]


def test_claims_with_two_neighbours_in_common_are_alike(tmp_path: Path) -> None:
    reason = 'both are linked with "Filler 1", "Filler 2"'
    assert similar(tmp_path, "[[filler1]] [[filler2]]", "[[filler2]] [[filler1]]") == [
        ("one", "other", reason),
        ("other", "one", reason),
    ]


def test_a_word_or_two_in_common_are_no_likeness() -> None:
    words = [("word", "naps"), ("word", "rest"), ("word", "noon")]
    assert [like.other for _, like in most_like({"a": words[:2], "b": words[:2]}, {}, 0)] == []
    assert [like.other for _, like in most_like({"a": words, "b": words}, {}, 0)] == ["b", "a"]


def test_claims_that_speak_of_three_rare_things_are_alike(tmp_path: Path) -> None:
    files = {
        "domains/x/a.md": "# Melatonin moves the siesta indoors",
        "domains/x/b.md": "---\ndescription: a siesta indoors without melatonin\n---\n# Light does it",
        **FILLER,
    }
    assert [row[:3] + row[4:] for row in read(tmp_path, files).similar_claims] == [
        ("a", 1, "b", "both speak of indoors, melatonin and 1 more"),
        ("b", 1, "a", "both speak of indoors, melatonin and 1 more"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[[filler1]]", "[[filler1]]"),
        ("[[filler1]]", "[[filler2]]"),
        ("See [[2020-paper]].", "Nothing."),
        ("See [[2020-paper]] and [[other]].", "See [[2020-paper]]."),
        ("See [[2020-paper]].", "---\n\nSee [[2020-paper]].\n\nTopics:\n- [[one]]"),
    ],
)
def test_those_that_share_little_or_are_linked_are_not_alike(tmp_path: Path, one: str, other: str) -> None:
    assert similar(tmp_path, one, other) == []


def test_near_duplicates_are_named_as_such_and_not_again_as_alike(tmp_path: Path) -> None:
    files = {f"domains/x/{id_}.md": "# Naps restore tired minds\n\nSee [[2020-paper]]." for id_ in ("a", "b")}
    analysis = read(tmp_path, {**files, **PAPER, **FILLER})
    assert [row[:2] for row in analysis.near_duplicates] == [("a", "b")]
    assert analysis.similar_claims == ()


def test_a_word_in_common_is_shown_as_the_word(tmp_path: Path) -> None:
    files = {
        "domains/x/a.md": "# Melatonin moves the siesta indoors",
        "domains/x/b.md": "# The siesta needs melatonin indoors at noon",
        "domains/x/indoors.md": "# Rest when it is hot",
        **FILLER,
    }
    assert read(tmp_path, files).similar_claims[0].reason == "both speak of indoors, melatonin and 1 more"


words = st.sampled_from([f"w{number}" for number in range(9)])
titles = st.dictionaries(st.sampled_from([f"c{number:02}" for number in range(24)]), st.lists(words).map(" ".join))


@given(titles, st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9, 1.0]))
def test_alike_titles_agree_with_brute_force(titles: dict[str, str], least: float) -> None:
    """With 24 titles no word has more than 24 holders; of equal titles the first stands for all."""
    worded = {id_: frozenset(titles[id_].split()) for id_ in sorted(titles) if titles[id_]}
    first = {words: id_ for id_, words in reversed(worded.items())}
    expected = [(first[words], id_, 1.0) for id_, words in worded.items() if first[words] != id_]
    for one, other in combinations(sorted(first.values()), 2):
        if shared_words(titles[one], titles[other]) >= least:
            expected.append((one, other, shared_words(titles[one], titles[other])))
    assert sorted(alike_titles(titles, least)) == sorted(expected)


features = st.dictionaries(
    st.sampled_from([f"c{number}" for number in range(6)]),
    st.lists(st.tuples(st.sampled_from(["source", "claim", "word"]), words), unique=True),
)


@given(features)
def test_most_like_agrees_with_brute_force(features: dict[str, list[tuple[str, str]]]) -> None:
    """With six claims at most none of the five best is left out."""
    held = Counter(feature for group in features.values() for feature in group)
    expected = {}
    in_all = next(power for power in (1, 2, 4, 8) if power >= len(features))
    for id_, other in ((id_, other) for id_ in features for other in features if id_ != other):
        shared = set(features[id_]) & set(features[other])
        if len(shared) > 2 or any(sort != "word" for sort, _ in shared):
            weights = [(2 if sort == "source" else 1, held[sort, name]) for sort, name in shared]
            expected[id_, other] = sum(weight * log(1 + in_all / holders) for weight, holders in weights)
    assert {(id_, like.other): like.score for id_, like in most_like(features, {}, 0)} == pytest.approx(
        expected, abs=1e-3
    )


def shared_lines(left: str, right: str) -> float:
    return shared_prints(line_prints(left), line_prints(right))


@given(st.text(), st.text())
def test_likeness_is_mutual_and_a_part_of_one(left: str, right: str) -> None:
    for likeness in (shared_words, shared_lines):
        assert likeness(left, right) == likeness(right, left)
        assert 0 <= likeness(left, right) <= 1
        assert likeness(left, left) == 1


@given(st.dictionaries(st.text(max_size=3), st.lists(words).map(" ".join)))
def test_distinctive_words_stand_in_their_text_and_in_another(texts: dict[str, str]) -> None:
    for id_, found in distinctive_words(texts).items():
        for word in found:
            assert sum(word in text.split() for text in texts.values()) > 1
            assert word in texts[id_].split()
