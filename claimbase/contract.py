"""Contract: what programs rely on (columns, questions, the schema of GraphQL), written down as pages of `docs/`."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"(?<![\w:]):(\w+)")


def parameters(sql: str) -> list[str]:
    """The names of the parameters of a query, in the order in which it first asks for them."""
    return list(dict.fromkeys(_PARAMETER.findall(sql)))
