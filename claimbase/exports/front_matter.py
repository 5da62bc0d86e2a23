"""Front matter: values as YAML that is read as the same values, by `read_yaml` and by others."""

from __future__ import annotations

import re
from collections.abc import Mapping

from claimbase.records import Value

# A word or a few, or a day: as people write them. What other readers take for something else is quoted.
_PLAIN = re.compile(r"[A-Za-z](?:[\w ./()-]*[\w.)])?|\d{4}-\d\d-\d\d", re.ASCII)
_NO_TEXT = re.compile(r"null|true|false|yes|no|on|off|y|n", re.IGNORECASE)
# What YAML does not take as it is, or takes for the end of a line: https://yaml.org/spec/1.1/#c-printable
_ESCAPED = re.compile('[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|["\\\\]')
# A longer key has to be announced.
_LONGEST_KEY = 1000


def front_matter(fields: Mapping[str, Value]) -> str:
    """The lines between the fences, one a key or an item of its list."""
    return "".join(_member(key, value) for key, value in fields.items())


def _member(key: str, value: Value) -> str:
    if len(key) > _LONGEST_KEY:
        return f"? {_text(key)}\n: {_inline(value)}\n"
    if isinstance(value, list) and value:
        return f"{_text(key)}:\n" + "".join(f"- {_inline(item)}\n" for item in value)
    return f"{_text(key)}: {_inline(value)}\n"


def _inline(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(map(_pair, value, value.values()))}}}"
    return _text(value)


def _pair(key: str, value: Value) -> str:
    return f"{'? ' if len(key) > _LONGEST_KEY else ''}{_text(key)}: {_inline(value)}"


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _NO_TEXT.fullmatch(text):
        return text
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\{found[0]}" if found[0] in '"\\' else f"\\u{code:04x}"
