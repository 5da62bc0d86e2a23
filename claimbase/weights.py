"""Weights: what each role counts, as a base itself has it in `vocabulary.WEIGHTS_FILE`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from claimbase.read_yaml import Broken, Refused, read_mapping
from claimbase.records import File, Value
from claimbase.vocabulary import ROLES

_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,9})?")


def read_weights(file: File) -> dict[str, float]:
    """The number behind each role's name, beneath whatever key; nothing where the file has none or cannot be read."""
    try:
        mapping = read_mapping(file.data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\0", "\ufffd"))
    except (Broken, Refused):
        return {}
    return dict(sorted(_weights(mapping.fields))) if mapping else {}


def _weights(fields: Mapping[str, Value]) -> Iterator[tuple[str, float]]:
    for key, value in fields.items():
        if isinstance(value, dict):
            yield from _weights(value)
        elif key.strip().lower() in ROLES and _NUMBER.fullmatch(str(value).strip()):
            yield key.strip().lower(), float(str(value))
