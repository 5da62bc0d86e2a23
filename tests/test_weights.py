"""Weights: what each role counts, whatever shape a base gives that in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.records import File
from claimbase.vocabulary import ROLES
from claimbase.weights import read_weights


def weights(text: str | bytes) -> dict[str, float]:
    return read_weights(
        File("schemas/contribution-weights.yaml", text if isinstance(text, bytes) else text.encode(), None)
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("role_weights:\n  sourcer: 0.15\n  extractor: 0.40\n", {"extractor": 0.4, "sourcer": 0.15}),
        ("# first a remark\nreviewer: 2\n", {"reviewer": 2.0}),
        ('Reviewer : "0.5"\n', {"reviewer": 0.5}),
        ("a: {b: {c: {challenger: 1}}}", {"challenger": 1.0}),
        ("\ufeffreviewer: 1\r\nsourcer: 2\r\n", {"reviewer": 1.0, "sourcer": 2.0}),
        ("reviewer: .inf\nsourcer: -1\nextractor: 1e9\nchallenger: [1]\nsynthesizer: many\n", {}),
        ("someone: 0.5\n", {}),
        ("- a\n- list\n", {}),
        ("reviewer: [1\n", {}),
        ("a: &a [1]\nb: *a\n", {}),
        ("[" * 100_000, {}),
        (b"\xff\xfe\x00", {}),
        ("", {}),
    ],
)
def test_weights_are_numbers_behind_the_names_of_roles(text: str | bytes, found: dict[str, float]) -> None:
    assert weights(text) == found


@given(st.binary())
def test_any_bytes_give_weights_or_none(data: bytes) -> None:
    assert set(weights(data)) <= set(ROLES)
