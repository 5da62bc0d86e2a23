"""Paths: file names as text that any program can store."""

from __future__ import annotations


def printable(path: str) -> str:
    """The path as text that any program can store: bytes that are no UTF-8 become `\\udcNN` escapes.

    Where there are such, or what looks like them, backslashes are doubled, so that no two paths come out as one.
    """
    if path.isascii() and "\\udc" not in path:
        return path
    escaped = path.encode("utf-8", "backslashreplace").decode("utf-8")
    if "\\udc" not in escaped:
        return path
    return path.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")
