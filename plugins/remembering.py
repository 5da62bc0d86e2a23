"""What Datasette asks again at every request although it cannot change: a served file's schema, and the metadata.

A page of a table asks some thirty small questions about the schema, and copies the whole metadata at each of its
permission checks. Together they took longer than the page's own queries.
"""

from __future__ import annotations

import copy
import functools
import gc
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

# The questions of Datasette's `Database` that the schema alone answers, and the metadata for two of them.
SCHEMA = (
    *("fts_table", "foreign_keys_for_table", "get_all_foreign_keys", "get_table_definition", "get_view_definition"),
    *("hidden_table_names", "label_column_for_table", "primary_keys", "table_column_details", "table_columns"),
    *("table_exists", "table_names", "view_names"),
)
# How each permission check asks for a table's name as it is spelled.
SPELLING = "select name from sqlite_master where type in ('table', 'view') and name = ? collate nocase"
# A schema has a few hundred answers; more are made by asking for the same table with other capitals.
MOST_KEPT = 2_000
# Of tables, or what was taken for one.
MOST_PERMISSIONS = 200
# Titles of what the foreign keys of a column lead to.
MOST_LABELS = 2_000

Asking: TypeAlias = Callable[..., Awaitable[Any]]
Application: TypeAlias = Callable[..., Awaitable[None]]
Kept: TypeAlias = WeakKeyDictionary[Any, dict[Any, Any]]


@hookimpl
def startup(datasette: Datasette) -> None:
    _inherit(datasette)
    if not pm.hook.get_metadata.get_hookimpls():
        rules = functools.lru_cache(MOST_PERMISSIONS)(datasette._table_permission_allows)
        datasette._table_permission_allows = rules
    for database in datasette.databases.values():
        if not database.is_mutable:
            remember_schema(database)
    datasette.expand_foreign_keys = _knowing_labels(datasette, datasette.expand_foreign_keys)
    datasette.refresh_schemas = _refreshing_what_is_new(datasette, datasette.refresh_schemas)


def _inherit(datasette: Datasette) -> None:
    """Gives databases and tables the licence and source of the whole.

    Datasette does so when it first lists a table's rows, and from then on shows them on the page of each row as well.
    """
    for database in (datasette._metadata_local.get("databases") or {}).values():
        for described in (database, *(database.get("tables") or {}).values()):
            datasette.update_with_inherited_metadata(described)


def remember_schema(database: Any) -> None:
    """Has a database that nobody writes to answer each question about its schema once for each file it serves."""
    kept: Kept = WeakKeyDictionary()
    for name in SCHEMA:
        setattr(database, name, _remembering(database, name, getattr(database, name), kept))
    execute, spell = database.execute, _remembering(database, SPELLING, database.execute, kept)

    async def execute_or_spell(sql: str, params: Any = None, *arguments: Any, **named: Any) -> Any:
        if sql == SPELLING:
            return await spell(sql, params)
        return await execute(sql, params, *arguments, **named)

    database.execute = execute_or_spell


def _remembering(database: Any, name: str, ask: Asking, kept: Kept) -> Asking:
    async def remembered(*arguments: Any) -> Any:
        answers = kept.setdefault(getattr(database, "generation", database), {})
        question = (name, arguments)
        if question not in answers:
            answer = await ask(*arguments)
            # That there is no such table is not worth keeping: there is no end of names that no table has.
            if not (answer or await _is_of_a_table(database, arguments)) or len(answers) >= MOST_KEPT:
                return answer
            answers[question] = answer
        return copy.copy(answers[question])

    return remembered


async def _is_of_a_table(database: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether a question is about a table or view that there is, so that "none" is an answer to it."""
    return bool(arguments) and arguments[0] in (*await database.table_names(), *await database.view_names())


def _knowing_labels(datasette: Datasette, look_up: Asking) -> Asking:
    """Has what foreign keys lead to looked up once for each file: a list asks for it by column and by facet."""
    kept: Kept = WeakKeyDictionary()

    async def know_or_look_up(name: str, table: str, column: str, values: list[Any]) -> dict[tuple[str, Any], Any]:
        database = datasette.databases[name]
        labels: dict[tuple[str, Any], Any] = {}
        if not database.is_mutable:
            labels = kept.setdefault(getattr(database, "generation", database), {}).setdefault((table, column), labels)
        asked = {value for value in values if value is not None}
        known = {(column, value): labels[column, value] for value in asked if (column, value) in labels}
        new = [value for value in asked if (column, value) not in known]
        found = await look_up(name, table, column, new) if new else {}
        if len(labels) + len(found) <= MOST_LABELS:
            labels.update(found)
        return known | found

    return know_or_look_up


def _refreshing_what_is_new(datasette: Datasette, refresh: Asking) -> Asking:
    """Has Datasette's list of all tables brought up to date where a file may have changed, not at each request."""
    listed: list[Any] = []

    async def refresh_what_is_new() -> None:
        served = [database for name, database in datasette.databases.items() if name != "_internal"]
        files = [getattr(database, "generation", database) for database in served]
        if files != listed or any(database.is_mutable for database in served):
            await refresh()
            listed[:] = files

    return refresh_what_is_new


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Application], Application]:
    """A server's garbage is what it makes once it serves: what was loaded before need not be looked through for it."""

    def wrap(app: Application) -> Application:
        async def freezing(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan":
                gc.collect()
                gc.freeze()
            await app(scope, receive, send)

        return freezing

    return wrap
