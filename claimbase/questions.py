"""Questions: what the site asks of a database and says of its tables, read from where the site has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from claimbase.addresses import DATABASE

_PARAMETER = re.compile(r":([a-z_]+)")


class Question(NamedTuple):
    """A canned query: what it answers, its SQL, and the names of what it may be given, all of them text."""

    title: str
    description: str
    sql: str
    parameters: tuple[str, ...]


class Described(NamedTuple):
    """What is said of a table or view, and of each of its columns."""

    description: str
    columns: Mapping[str, str]


class Questions(NamedTuple):
    """What the base is called, its canned queries and tables by their names, and the lists of pages as `page/list`."""

    title: str
    description: str
    licence: str | None
    canned: Mapping[str, Question]
    tables: Mapping[str, Described]
    pages: Mapping[str, str]
    former: str


def read_questions(project: Path) -> Questions:
    """What `metadata.yml` and the pages of the site in this folder ask, as they ask it."""
    metadata: dict[str, Any] = yaml.safe_load((project / "metadata.yml").read_text(encoding="utf-8"))
    codex = metadata["databases"][DATABASE]
    plugins = project / "plugins"
    return Questions(
        title=metadata["title"],
        description=metadata["description"],
        licence=metadata.get("license"),
        canned={name: _question(query) for name, query in codex["queries"].items()},
        tables={name: Described(table["description"], table["columns"]) for name, table in codex["tables"].items()},
        pages={
            f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
            for path in sorted((plugins / "pages").glob("*/*.sql"))
        },
        former=(plugins / "former.sql").read_text(encoding="utf-8"),
    )


def _question(query: Mapping[str, str]) -> Question:
    parameters = tuple(dict.fromkeys(_PARAMETER.findall(query["sql"])))
    return Question(query["title"], query["description"], query["sql"], parameters)
