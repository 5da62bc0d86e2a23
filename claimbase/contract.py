"""Contract: what programs rely on (columns, questions, the schema of GraphQL), written down as pages of `docs/`."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from claimbase.addresses import DATABASE
from claimbase.serve import command

_PARAMETER = re.compile(r"(?<![\w:]):(\w+)")
_WRITTEN = """Written by `build.py contract`; what may change in which version is said in the
[changelog](../CHANGELOG.md)."""
_SCHEMA = f"""# Tables and views

{_WRITTEN}

Every table and view is `/codex/NAME`, with `.json` or `.csv` behind it for programs. What a column refers to is a row's
key there; types are SQLite's, and a view's column that is worked out has none.
"""
_QUERIES = f"""# Questions

{_WRITTEN}

Every question is `/codex/NAME`, with `.json` or `.csv` behind it for programs, and takes its parameters in the address:
`/codex/claims_by.json?domain=health&limit=10`. A parameter that is left out is empty. The SQL is on the page of each.
"""


class NoContract(ValueError):
    """There is nothing to write down, for the database is none of ours or cannot be served; the message says why."""


def parameters(sql: str) -> list[str]:
    """The names of the parameters of a query, in the order in which it first asks for them."""
    return list(dict.fromkeys(_PARAMETER.findall(sql)))


def contract_of(project: Path, database: Path) -> dict[str, str]:
    """The pages by their file names. They are the same for every database of one version. Raises `NoContract`."""
    described = yaml.safe_load((project / "metadata.yml").read_text(encoding="utf-8"))["databases"][DATABASE]
    asked = project / "plugins" / "pages" / "data"
    try:
        with contextlib.closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            relations, columns = (
                connection.execute((asked / name).read_text(encoding="utf-8")).fetchall()
                for name in ("relations.sql", "columns_of.sql")
            )
            questions = list(_questions(connection, described["queries"]))
    except sqlite3.Error as error:
        raise NoContract(f"{database}: {error}") from error
    return {
        "schema.md": "\n".join([_SCHEMA, *_schema(relations, columns, described["tables"])]) + "\n",
        "queries.md": "\n".join([_QUERIES, *questions]) + "\n",
        "schema.graphql": _graphql(project, database),
    }


def _schema(relations: Iterable[Any], columns: Iterable[Any], described: dict[str, Any]) -> Iterator[str]:
    columns_of = {name: list(group) for name, group in groupby(columns, key=lambda column: column["relation"])}
    for kind, of_kind in groupby(relations, key=lambda relation: relation["type"]):
        yield f"## {kind.capitalize()}s\n"
        for name in (relation["name"] for relation in of_kind):
            told = described[name]
            yield f"### {name}\n\n{told['description']}\n\n| column | type | | what it holds |\n|---|---|---|---|"
            for column in columns_of[name]:
                holds = told["columns"][column["name"]]
                yield f"| `{column['name']}` | {column['type']} | {_constraint(column)} | {holds} |"
            yield ""


def _constraint(column: Any) -> str:
    state = "key" if column["key"] else "always given" if column["required"] else ""
    leads = f"refers to [{column['refers_to']}](#{column['refers_to']})" if column["refers_to"] else ""
    return ", ".join(filter(None, (state, leads)))


def _questions(connection: sqlite3.Connection, queries: dict[str, dict[str, str]]) -> Iterator[str]:
    # What a search finds does not matter here, only which columns it would have.
    connection.create_function("escape_fts", 1, lambda _: '""', deterministic=True)
    for name, query in queries.items():
        given = parameters(query["sql"])
        columns = connection.execute(query["sql"], dict.fromkeys(given, "")).description
        yield f"## {name}\n\n{query['title']}. {query['description']}\n"
        yield f"- parameters: {', '.join(f'`{parameter}`' for parameter in given) or 'none'}"
        yield f"- columns: {', '.join(f'`{column}`' for column, *_ in columns)}\n"


def _graphql(project: Path, database: Path) -> str:
    """The schema in GraphQL's own language, as the site itself tells it."""
    words = [*command(project, database, "127.0.0.1", 0), "--get", "/graphql/codex.graphql"]
    told = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 - our own words, no shell
    if told.returncode:
        raise NoContract(f"{database}: the site cannot serve it: {told.stderr.strip().splitlines()[-1]}")
    return told.stdout
