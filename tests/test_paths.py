"""Paths: any file name there may be is text that can be stored, and no other is the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimbase.paths import printable


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a/b.md", "a/b.md"),
        ("Träume 睡眠.md", "Träume 睡眠.md"),
        ("a\\b.md", "a\\b.md"),
        ("\udcff.md", "\\udcff.md"),
        ("\\udcff.md", "\\\\udcff.md"),
        ("\\\udcff.md", "\\\\\\udcff.md"),
        ("ä\\x\udcff.md", "ä\\\\x\\udcff.md"),
    ],
)
def test_a_path_is_shown_as_text(path: str, shown: str) -> None:
    assert printable(path) == shown


@given(st.sets(st.text(st.sampled_from("\\udcf\udcff\udcfeä.")), max_size=8))
def test_no_two_paths_are_shown_alike(paths: set[str]) -> None:
    shown = {printable(path) for path in paths}
    assert len(shown) == len(paths)
    assert [text for text in shown if text.encode().decode() != text] == []
