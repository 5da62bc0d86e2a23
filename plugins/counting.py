"""Counting: what a search or a filter leaves of a table is found the short way, and counted in as few passes as can be.

Datasette looks up each row that the index of words names, with its whole body: once for the rows it shows, once for
their number and once for each facet. Of a large base a common word leaves most; then going through a narrow index, row
by row, takes a tenth of the time, and one pass through an index that holds all facets counts them all.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from functools import partial
from itertools import groupby
from math import sqrt
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database, QueryInterrupted, Results
from datasette.facets import ColumnFacet
from datasette.utils import await_me_maybe, escape_sqlite, path_with_added_args, path_with_removed_args
from datasette.utils.asgi import Request

from claimbase.addresses import DATABASE

Facet: TypeAlias = dict[str, Any]
Columns: TypeAlias = tuple[str, ...]
Execute: TypeAlias = Callable[..., Awaitable[Results]]

# The columns of each index of a table, in their order.
_INDEXES = """
select indexes.name, columns.name
from pragma_index_list(:table) as indexes
join pragma_index_info(indexes.name) as columns
where not indexes.partial
order by indexes.name, columns.seqno
"""
_KNOWN: WeakKeyDictionary[Any, dict[tuple[str, ...], Columns]] = WeakKeyDictionary()

# How Datasette narrows a table down to what was searched for, and from which share of its rows on that is a detour:
# where an order or a filter of the reader's may leave no narrow index to go through, and for facets, which have one.
_NARROWING = re.compile(r"rowid in \((select rowid from .+)\)")
BROAD, BROAD_FOR_FACETS = 1 / 8, 1 / 25
# The first rows in a table's own order are soon met in its index where many match: five steps cost what one look does.
_STEPS = 5
# The arguments that Datasette takes as an order or a filter, beside those that are called like a column.
_ORDERS_AND_FILTERS = frozenset({"_sort", "_sort_desc", "_through", "_where"})


class Counted(NamedTuple):
    """The number of rows that a search leaves of a table of a build, and how Datasette will ask for it."""

    build: Any
    sql: str
    params: dict[str, Any]
    rows: int
    table_rows: int

    def in_facets(self, sql: str) -> str:
        """How facets ask for the rows that Datasette asks for so: of few rows, each is looked up."""
        return sql.replace("+rowid in", "rowid in") if self.rows <= self.table_rows * BROAD_FOR_FACETS else sql


_COUNTED: ContextVar[Counted | None] = ContextVar("counted", default=None)


@hookimpl(hookwrapper=True)
def filters_from_request(request: Request, database: str, table: str, datasette: Datasette) -> Any:
    """Has the rows of a broad search found through an index instead of one by one."""
    outcome = yield
    if database == DATABASE:
        found_in = partial(_weighed, datasette.get_database(database), table, _is_search_alone(request.args))
        outcome.force_result([partial(found_in, filters) for filters in outcome.get_result()])


def _is_search_alone(arguments: Iterable[str]) -> bool:
    """Whether nothing but the words decides which rows there are, and the table itself in which order."""
    return all(name.startswith("_") and name not in _ORDERS_AND_FILTERS for name in arguments)


def is_broad(matches: int, rows: int, alone: bool) -> bool:
    """Whether so many matches in a table are found sooner by going through an index than by looking each up."""
    return matches > (sqrt(rows * _STEPS) if alone else rows * BROAD)


async def _weighed(database: Database, table: str, alone: bool, filters: Any) -> Any:
    arguments = await await_me_maybe(filters)
    rows = (database.cached_table_counts or {}).get(table)
    search = _NARROWING.fullmatch("".join(arguments.where_clauses))
    if search and rows:
        found = await database.execute(f"select count(*) from ({search[1]})", arguments.params)  # noqa: S608
        matches = found.rows[0][0]
        if is_broad(matches, rows, alone):
            # The plus keeps SQLite from starting at the rows that were found, since they are no longer a bare column.
            arguments.where_clauses = [f"+{search[0]}"]
        sql = f"select count(*) from {escape_sqlite(table)} where {arguments.where_clauses[0]} "  # noqa: S608
        _COUNTED.set(Counted(_build(database), sql, arguments.params, matches, rows))
    return arguments


@hookimpl
def startup(datasette: Datasette) -> None:
    if DATABASE in datasette.databases:
        database = datasette.databases[DATABASE]
        database.execute = _telling(database, database.execute)


def _telling(database: Database, execute: Execute) -> Execute:
    async def tell_or_execute(sql: str, params: Any = None, *arguments: Any, **named: Any) -> Results:
        counted = _COUNTED.get()
        if counted and (_build(database), sql, params) == counted[:3]:
            return Results([(counted.rows,)], False, [("count(*)",)])
        return await execute(sql, params, *arguments, **named)

    return tell_or_execute


class ColumnsTogether(ColumnFacet):  # type: ignore[misc] # Datasette has no types
    """The facets that the metadata lists for a table, counted together; those that a reader adds, one by one."""

    _together: Columns = ()

    async def facet_results(self) -> tuple[list[Facet], list[str]]:
        listed = [entry["config"]["simple"] for entry in super().get_configs() if _is_listed(entry)]
        self._together = await _indexed(self.ds.get_database(self.database), self.table or "", listed)
        found: list[Facet] = []
        late: list[str] = []
        try:
            if self._together:
                counts = await self._counts(self._together)
                found = [await self._facet(column, counts[column]) for column in listed]
        except QueryInterrupted:
            late = listed
        others, too_late = await super().facet_results()
        return [*found, *others], [*late, *too_late]

    def get_configs(self) -> list[dict[str, Any]]:
        """The facets that are yet to be counted."""
        return [entry for entry in super().get_configs() if not (_is_listed(entry) and self._together)]

    async def _counts(self, columns: Columns) -> dict[str, list[tuple[Any, int]]]:
        """The most frequent values of each column with their numbers of rows: one more than are shown, if there is."""
        names, counted = ", ".join(map(escape_sqlite, columns)), _COUNTED.get()
        asked = counted.in_facets(self.sql) if counted else self.sql
        most = self.get_facet_size() + 1
        sums = "\nunion all\n".join(
            f"select * from (select {place}, {name}, sum(number) from counted where {name} is not null "  # noqa: S608
            f"group by {name} order by 3 desc, 2 limit {most})"
            for place, name in enumerate(map(escape_sqlite, columns))
        )
        sql = (
            f"with counted as materialized (select {names}, count(*) as number from ({asked}) "  # noqa: S608
            f"group by {names})\n{sums}"
        )
        # As long as they might take one by one.
        limit = len(columns) * self.ds.setting("facet_time_limit_ms")
        rows = await self.ds.execute(self.database, sql, self.params, truncate=False, custom_time_limit=limit)
        counts: dict[str, list[tuple[Any, int]]] = {column: [] for column in columns}
        for place, value, number in rows.rows:
            counts[columns[place]].append((value, number))
        return counts

    async def _facet(self, column: str, counts: list[tuple[Any, int]]) -> Facet:
        """A facet as Datasette's own class describes it."""
        shown = counts[: self.get_facet_size()]
        origin = self.ds.absolute_url(self.request, "/")[:-1]
        labels = await self.ds.expand_foreign_keys(self.database, self.table, column, [value for value, _ in shown])
        return {
            "name": column,
            "type": self.type,
            "hideable": False,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet": column})),
            "results": [
                self._choice(origin, column, value, labels.get((column, value), value), number)
                for value, number in shown
            ],
            "truncated": len(counts) > len(shown),
        }

    def _choice(self, origin: str, column: str, value: Any, label: Any, number: int) -> dict[str, Any]:
        key = f"{column}__exact" if column.startswith("_") else column
        selected = (key, str(value)) in self.get_querystring_pairs()
        path = (
            path_with_removed_args(self.request, {key: str(value)})
            if selected
            else path_with_added_args(self.request, {key: value})
        )
        url = f"{origin}{self.ds.urls.path(path)}"
        return {"value": value, "label": label, "count": number, "toggle_url": url, "selected": selected}


def _build(database: Database) -> Any:
    """What stands for the file that a database serves here and now."""
    return getattr(database, "generation", database)


def _is_listed(entry: dict[str, Any]) -> bool:
    return entry["source"] == "metadata" and "simple" in entry["config"]


async def _indexed(database: Database, table: str, columns: list[str]) -> Columns:
    """Columns in the order of an index that holds just these, looked up once for each file that is served.

    None at all where there is no such index.
    """
    known = _KNOWN.setdefault(_build(database), {})
    asked = (table, *sorted(columns))
    if asked not in known:
        rows = (await database.execute(_INDEXES, {"table": table})).rows
        indexes = [tuple(name for _, name in group) for _, group in groupby(rows, key=itemgetter(0))]
        known[asked] = next((index for index in indexes if len(index) > 1 and sorted(index) == sorted(columns)), ())
    return known[asked]


@hookimpl(hookwrapper=True)
def register_facet_classes() -> Any:
    outcome = yield
    outcome.force_result(
        [[ColumnsTogether if known is ColumnFacet else known for known in classes] for classes in outcome.get_result()]
    )
