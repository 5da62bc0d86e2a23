"""Place: every claim once, at a place of its own, whatever the order they come in."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from claimbase.classify import classify
from claimbase.parse import parse
from claimbase.place import GAP, SPACE, place
from claimbase.records import ArgumentRow, Codex, Document, File

NAMES = st.lists(st.sampled_from([f"{letter}{number}" for letter in "abc" for number in range(30)]), unique=True)


def claim(name: str) -> Document:
    return classify(parse(File(f"domains/{name[0]}/{name}.md", b"", None)))


def argue(pairs: list[tuple[str, str]]) -> list[ArgumentRow]:
    edges = sorted({(one, "supports", other) for one, other in pairs if one != other})
    return [ArgumentRow(number, *edge, 1, 1) for number, edge in enumerate(edges, 1)]


@given(NAMES, st.data())
def test_every_claim_has_one_place_that_no_other_has(names: list[str], data: st.DataObject) -> None:
    some = st.sampled_from(names) if names else st.nothing()
    pairs = data.draw(st.lists(st.tuples(some, some), max_size=60)) if names else []
    rows = place([claim(name) for name in names], argue(pairs))
    assert [row.claim for row in rows] == sorted(names)
    assert len({(row.x, row.y) for row in rows}) == len(names)


@given(NAMES, st.randoms(use_true_random=False))
def test_the_order_of_claims_and_arguments_plays_no_part(names: list[str], chance: random.Random) -> None:
    claims, arguments = [claim(name) for name in names], argue(list(pairwise(names)))
    expected = place(claims, arguments)
    chance.shuffle(claims)
    chance.shuffle(arguments)
    assert place(claims, arguments) == expected


def test_the_most_argued_about_stands_in_the_middle_of_its_domain() -> None:
    names = [f"a{number}" for number in range(19)]
    rows = {row.claim: row for row in place(map(claim, names), argue([(name, "a7") for name in names]))}
    assert (rows["a7"].x, rows["a7"].y) == (0, 0)
    assert max(abs(row.x) for row in rows.values()) <= 2 * SPACE


def test_domains_keep_apart() -> None:
    names = [f"{letter}{number}" for letter in "abcd" for number in range(40)]
    rows = place(map(claim, names), [])
    for one in rows:
        for other in rows:
            if one.claim[0] != other.claim[0]:
                assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= (GAP - 2) ** 2


def test_hundreds_of_domains_each_have_a_region() -> None:
    claims = [claim("x")._replace(id=f"c{number}", domain=f"d{number % 300}") for number in range(900)]
    assert len({(row.x, row.y) for row in place(claims, [])}) == 900


def test_a_claim_without_an_argument_is_on_the_map_too(codex: Codex) -> None:
    claims = {document.id for document in codex.documents if document.kind == "claim"}
    assert {row.claim for row in codex.analysis.places} == claims


def test_the_map_of_the_tiny_base_is_the_same_every_time(codex: Codex, tmp_path: Path) -> None:
    claims = [document for document in codex.documents if document.kind == "claim"]
    assert place(reversed(claims), codex.arguments[::-1]) == codex.analysis.places
