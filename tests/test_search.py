"""Search on the site marks what it found, and trusts no text."""

from __future__ import annotations

from plugins.search import marked


def test_found_words_are_marked_and_everything_else_is_escaped() -> None:
    assert marked("a ⟪nap⟫ <script>") == "a <mark>nap</mark> &lt;script&gt;"
    assert marked("⟪<b>⟫") == "<mark>&lt;b&gt;</mark>"
    assert marked("⟪ never closed") == "⟪ never closed"
