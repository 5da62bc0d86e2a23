"""Analyse: what follows from the argument as a whole, worked by hand on bases of a few claims."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.analyse import analyse
from claimbase.argue import argue
from claimbase.attest import attest
from claimbase.pairs import Before, compare_words
from claimbase.pipeline import read_codex
from claimbase.pipeline.understand import take_apart
from claimbase.records import Analysis, Codex, CycleRow, Document, File, MetricRow, SimilarClaimRow
from claimbase.resolve import resolve
from claimbase.settle import settle
from claimbase.survey import bonds_of

PAPER = "inbox/archive/2020-paper.md"


def read(root: Path, claims: dict[str, str], others: dict[str, str] | None = None) -> Codex:
    """A base of claims, each by its name and its text with or without front matter, and of other files by path."""
    for path, text in {**{f"domains/sleep/{name}.md": text for name, text in claims.items()}, **(others or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read_codex(root)


def front(*rows: str) -> str:
    return "\n".join(["---", *rows, "---", ""])


def measures(codex: Codex) -> dict[str, MetricRow]:
    return {row.claim: row for row in codex.analysis.metrics}


DIAMOND = {
    "top": front("confidence: likely", "depends_on: [left, right]"),
    "left": front("confidence: proven", "depends_on: [ground]"),
    "right": front("confidence: likely", "depends_on: [ground]"),
    "ground": front("confidence: speculative"),
}
RING = {
    "a": front("confidence: likely", "depends_on: [b]"),
    "b": front("confidence: proven", "depends_on: [c]"),
    "c": front("confidence: experimental", "depends_on: [a, outside]"),
    "outside": front("confidence: speculative") + "[[2020-paper]]",
}


def test_a_claim_is_no_stronger_than_the_weakest_two_steps_down(tmp_path: Path) -> None:
    rows = measures(read(tmp_path, DIAMOND))
    weak = {id_: (row.weakest_claim, row.weakest_confidence, row.overrated) for id_, row in rows.items()}
    assert weak == {
        "ground": (None, None, 0),
        "left": ("ground", "speculative", 1),
        "right": ("ground", "speculative", 1),
        "top": ("ground", "speculative", 1),
    }
    assert [(id_, row.rests_on, row.carries, row.falling_claims) for id_, row in rows.items()] == [
        ("ground", 0, 2, 3),
        ("left", 1, 1, 1),
        ("right", 1, 1, 1),
        ("top", 2, 0, 0),
    ]


def test_a_claim_rated_as_its_weakest_premise_is_not_overrated(tmp_path: Path) -> None:
    files = {"a": front("confidence: likely", "depends_on: [b, c]"), "b": front("confidence: likely"), "c": "Text."}
    assert [(row.weakest_claim, row.overrated) for row in measures(read(tmp_path, files)).values()] == [
        ("b", 0),
        (None, 0),
        (None, 0),
    ]


def test_an_unrated_premise_passes_on_what_it_rests_on(tmp_path: Path) -> None:
    files = {
        "a": front("confidence: likely", "depends_on: [unrated]"),
        "unrated": front("depends_on: [weak]"),
        "weak": front("confidence: medium"),
        "z": front("confidence: likely", "depends_on: [open]"),
        "open": "Text.",
    }
    rows = measures(read(tmp_path, files))
    assert (rows["a"].weakest_claim, rows["a"].weakest_confidence, rows["a"].overrated) == ("weak", "experimental", 1)
    assert (rows["unrated"].weakest_claim, rows["unrated"].overrated) == ("weak", 0)
    assert (rows["z"].weakest_claim, rows["z"].overrated) == (None, 0)


def test_a_circle_is_named_and_its_premise_outside_weakens_all_of_it(tmp_path: Path) -> None:
    codex = read(tmp_path, RING, {PAPER: "Text."})
    rows = measures(codex)
    assert list(codex.analysis.cycles) == [
        CycleRow(1, 1, "a", None, None),
        CycleRow(2, 1, "b", None, None),
        CycleRow(3, 1, "c", None, None),
    ]
    assert [(id_, row.cycle, row.weakest_claim, row.falling_claims, row.depth) for id_, row in rows.items()] == [
        ("a", 1, "outside", 2, 3),
        ("b", 1, "outside", 2, 2),
        ("c", 1, "outside", 2, 1),
        ("outside", None, None, 3, 0),
    ]


def test_within_a_circle_a_claim_is_no_premise_of_itself(tmp_path: Path) -> None:
    rows = measures(read(tmp_path, {**RING, "c": front("confidence: experimental", "depends_on: [a]")}))
    assert [(id_, rows[id_].weakest_claim, rows[id_].overrated, rows[id_].depth) for id_ in "abc"] == [
        ("a", "c", 1, None),
        ("b", "c", 1, None),
        ("c", "a", 0, None),
    ]


def test_beliefs_and_positions_fall_with_the_claims_they_rest_on(tmp_path: Path) -> None:
    others = {
        "agents/mara/beliefs.md": "### 1. Rest is work\n**Grounding:** [[naps]]\n### 2. All is well\n",
        "agents/mara/positions/paid naps.md": front("depends_on: [Rest is work]"),
    }
    rows = measures(read(tmp_path, {"naps": front("depends_on: [rest]"), "rest": ""}, others))
    falling = {id_: (row.falling_claims, row.falling_beliefs, row.falling_positions) for id_, row in rows.items()}
    assert falling == {"naps": (0, 1, 1), "rest": (1, 1, 1)}


def test_a_circle_may_lead_through_beliefs_and_positions(tmp_path: Path) -> None:
    others = {
        "agents/mara/beliefs.md": "### 1. Rest is work\n**Grounding:** [[paid naps]]\n",
        "agents/mara/positions/paid naps.md": front("depends_on: [Rest is work]"),
    }
    assert list(read(tmp_path, {"naps": ""}, others).analysis.cycles) == [
        CycleRow(1, 1, None, "agents-mara-beliefs--rest-is-work", None),
        CycleRow(2, 1, None, None, "agents-mara-positions-paid-naps"),
    ]


def test_degrees_count_arguments_and_mentions_count_links(tmp_path: Path) -> None:
    files = {
        "a": front("supports: [b]", "challenges: [b, c]", "related: [d]") + "See [[b]], [[b]] and [[a]].",
        "b": front("supported_by: [a]"),
        "c": front("supports: [a]"),
        "d": "",
    }
    rows = measures(read(tmp_path, files, {"maps/all.md": "- [[a]]"}))
    degrees = [
        (row.supports, row.supported_by, row.challenges, row.challenged_by, row.related) for row in rows.values()
    ]
    assert degrees == [(1, 1, 2, 0, 1), (0, 1, 0, 1, 0), (1, 0, 0, 1, 0), (0, 0, 0, 0, 1)]
    assert [(row.neighbours, row.mentions) for row in rows.values()] == [(3, 3), (1, 4), (1, 1), (1, 1)]


def test_the_claim_that_all_link_to_is_central_and_one_is_the_average(tmp_path: Path) -> None:
    rows = measures(read(tmp_path, {"hub": "", "a": "[[hub]]", "b": "[[hub]]", "c": "[[hub]] [[a]]"}))
    assert sum(row.centrality for row in rows.values()) == pytest.approx(4, abs=1e-3)
    assert sorted(rows, key=lambda id_: -rows[id_].centrality) == ["hub", "a", "b", "c"]


def ages(codex: Codex) -> dict[str, int | None]:
    return {row.claim: row.age for row in codex.analysis.metrics}


def test_age_is_counted_to_the_newest_date_of_any_claim_or_source(tmp_path: Path) -> None:
    files = {
        "day": front("created: 2026-03-02"),
        "month": front("created: 2026-03"),  # its first day
        "year": front("created: 2026"),  # its first day
        "again": front("created: 2020-01-01", "last_evaluated: 2026-04-01"),
        "soon": front("created: 2026-03-12", "last_evaluated: soon"),
        "zero": front("created: 2026-02-00"),
        "never": "",
    }
    others = {PAPER: front("date: 2026-04-11"), "maps/all.md": front("created: 2027-01-01")}
    assert ages(read(tmp_path, files, others)) == {
        "again": 10,
        "day": 40,
        "month": 41,
        "never": None,
        "soon": 30,
        "year": 100,
        "zero": 69,
    }


def test_where_nothing_is_dated_nothing_has_an_age(tmp_path: Path) -> None:
    assert ages(read(tmp_path, {"a": "", "b": front("created: 0000-00-00")})) == {"a": None, "b": None}


def signs(codex: Codex, domain: str | None) -> dict[str, float]:
    return {row.measure: row.value for row in codex.analysis.vital_signs if row.domain == domain}


TWO_DOMAINS = {
    "domains/sleep/a.md": front("confidence: likely", "last_evaluated: 2026-03-31", "depends_on: [b]")
    + "[[2020-paper]]",
    "domains/sleep/b.md": front("confidence: speculative", "created: 2026-03-01", "challenged_by: [some doubt it]"),
    "domains/sleep/c.md": "Text.",
    "domains/bridges/d.md": front("confidence: proven", "created: 2026-01-30", "challenges: [b]"),
    PAPER: front("date: 2026-03-01"),
    "inbox/archive/1999-unread.md": front("date: 1999-01-01"),
}


def test_the_vital_signs_of_the_whole_and_of_each_domain(tmp_path: Path) -> None:
    """Two arguments: a rests on b, d challenges b. Three claims are rated and dated: 0, 30 and 60 days ago."""
    codex = read(tmp_path, {}, TWO_DOMAINS)
    assert signs(codex, None) == {
        "claims": 4,
        "linkage_density": 1.0,  # a 1, b 2, c 0, d 1
        "orphan_ratio": 0.25,  # c
        "sourced_share": 0.25,  # a
        "challenged_share": 0.25,  # b
        "proven_share": 0.3333,
        "likely_share": 0.3333,
        "experimental_share": 0,
        "speculative_share": 0.3333,
        "overrated_share": 0.3333,  # a
        "median_age": 30,
        "evidence_age": 30,  # the paper; nothing draws on the other
    }
    assert signs(codex, "sleep") == {
        "claims": 3,
        "linkage_density": 1.0,
        "orphan_ratio": 0.3333,
        "sourced_share": 0.3333,
        "challenged_share": 0.3333,
        "proven_share": 0,
        "likely_share": 0.5,
        "experimental_share": 0,
        "speculative_share": 0.5,
        "overrated_share": 0.5,
        "median_age": 15,
        "evidence_age": 30,
    }
    assert signs(codex, "bridges") == {
        "claims": 1,
        "linkage_density": 1.0,
        "orphan_ratio": 0,
        "sourced_share": 0,
        "challenged_share": 0,
        "proven_share": 1,
        "likely_share": 0,
        "experimental_share": 0,
        "speculative_share": 0,
        "overrated_share": 0,
        "median_age": 60,
    }


def test_what_cannot_be_measured_has_no_sign(tmp_path: Path) -> None:
    assert signs(read(tmp_path, {}, {"README.md": "No claims yet."}), None) == {"claims": 0}
    assert sorted(signs(read(tmp_path, {"a": "", "b": ""}), None)) == [
        "challenged_share",
        "claims",
        "linkage_density",
        "orphan_ratio",
        "sourced_share",
    ]


def test_a_claim_without_a_domain_counts_for_the_whole_only(tmp_path: Path) -> None:
    rows = read(tmp_path, {}, {"core/a.md": front("confidence: likely")}).analysis.vital_signs
    assert {row.domain for row in rows} == {None}


names = st.sampled_from([f"claim {letter}" for letter in "abcdefgh"])
relations = st.sampled_from(["supports", "supported_by", "challenges", "challenged_by", "depends_on", "related"])
rated = st.sampled_from(["", "proven", "likely", "experimental", "speculative"])
bases = st.dictionaries(names, st.tuples(rated, st.dictionaries(relations, st.lists(names, max_size=3))), min_size=1)


def documents_of(base: dict[str, tuple[str, dict[str, list[str]]]]) -> list[Document]:
    texts = {
        name: front(f"confidence: {confidence}", "created: 2026-01-01", *(f"{key}: {fields[key]}" for key in fields))
        for name, (confidence, fields) in base.items()
    }
    return list(
        settle(take_apart(File(f"domains/x/{name}.md", text.encode(), None))[0] for name, text in texts.items())
    )


def analysis_of(documents: list[Document]) -> Analysis:
    links = resolve(documents)
    return analyse(documents, argue(links), bonds_of(links, attest(documents, links)))


@given(bases, st.randoms(use_true_random=False))
def test_the_order_of_the_documents_changes_nothing(
    base: dict[str, tuple[str, dict[str, list[str]]]], chance: Random
) -> None:
    documents = documents_of(base)
    analysis = analysis_of(documents)
    chance.shuffle(documents)
    assert analysis_of(documents) == analysis


@given(bases)
def test_contradictions_agree_with_brute_force(base: dict[str, tuple[str, dict[str, list[str]]]]) -> None:
    stated = [
        (target, key, name) if key.endswith("_by") else (name, key, target)
        for name, (_, fields) in base.items()
        for key, targets in fields.items()
        for target in targets
        if target in base and target != name
    ]
    supports = {(one, other) for one, key, other in stated if key in ("supports", "supported_by")}
    expected = set()
    for one, key, other in stated:
        if key in ("challenges", "challenged_by"):
            if (one, other) in supports or (other, one) in supports:
                expected.add((one.replace(" ", "-"), other.replace(" ", "-"), "mixed", 1))
            if {base[one][0], base[other][0]} <= {"likely", "proven"}:
                expected.add((one.replace(" ", "-"), other.replace(" ", "-"), "rated", 1))
    assert [row[1:] for row in analysis_of(documents_of(base)).contradictions] == sorted(expected)


def alike(analysis: Analysis) -> defaultdict[str, list[SimilarClaimRow]]:
    found: defaultdict[str, list[SimilarClaimRow]] = defaultdict(list)
    for row in analysis.similar_claims:
        found[row.claim].append(row)
    return found


@given(bases, bases)
def test_a_claim_that_is_not_likened_again_is_like_the_same_claims(
    was: dict[str, tuple[str, dict[str, list[str]]]], now: dict[str, tuple[str, dict[str, list[str]]]]
) -> None:
    before, documents = analysis_of(documents_of(was)), documents_of(was | now)
    links = resolve(documents)
    bonds = bonds_of(links, attest(documents, links))
    after = analyse(documents, argue(links), bonds)
    held = {id_: holding for id_, holding in before.holdings.items() if holding}
    known = Before(lambda: held, before.near_duplicates, frozenset(), compare_words(documents))
    again = analyse(documents, argue(links), bonds, known)
    assert {id_: alike(after)[id_] for id_ in again.likened} == {id_: alike(again)[id_] for id_ in again.likened}
    for id_ in after.holdings.keys() - again.likened:
        assert alike(after)[id_] == alike(before)[id_]
    assert {id_: holding for id_, holding in {**held, **again.holdings}.items() if holding} == after.holdings
