"""Terminal: text of others as it may be printed on one."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text without control characters, which a file name or label may use to rewrite a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
