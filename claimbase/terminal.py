"""Terminal: what is said on one, and how text of others may be."""

from __future__ import annotations

import io
import sys

import click


def one_line(text: str) -> str:
    """The text without control characters, which a file name or label may use to rewrite a terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def show_any_letter() -> None:
    """Lets a path be printed whose letters the terminal does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class BadUsage(click.ClickException):
    """What was asked for cannot be done: one line, exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        return one_line(self.message)
