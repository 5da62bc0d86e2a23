"""Nesting: a claim with all that hangs on it in one GraphQL query, beside the tables that the library offers.

What can be asked for is written down in `graphql/graph.graphql`, which says where each answer comes from. A question of
`graphql/questions/` is asked once for all values of a level: it gets the `keys` of what it is about, and answers with
rows that say which `key` they belong to and, where it is told in pages, in which `place` of how many in `total`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import graphene
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import sqlite_timelimit
from datasette_graphql.utils import PageInfo
from graphql import GraphQLError, Undefined, parse, value_from_ast_untyped
from graphql.language import (
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
)

from claimbase.addresses import DATABASE
from claimbase.vocabulary import CONFIDENCES, EVIDENCE_KINDS, RELATIONS

USUAL_FIRST = 10
USUAL_SECONDS = 1.0

_FOLDER = Path(__file__).parent / "graphql"
_GRAPH = parse((_FOLDER / "graph.graphql").read_text(encoding="utf-8"))
_OBJECTS = [node for node in _GRAPH.definitions if isinstance(node, ObjectTypeDefinitionNode)]
_QUESTIONS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("questions/*.sql"))}
_PAGE = "select * from (\n{}\n) where place = 1 or place > :after and place <= :last order by key, place"
_LARGEST = 2**31 - 1
_ALL = ""  # the key of what is asked about the base as a whole

Row: TypeAlias = dict[str, Any]
Resolver: TypeAlias = Callable[..., Any]


class Question(NamedTuple):
    """What is asked of the database about many keys at once, with the parameters that are the same for all of them."""

    sql: str
    parameters: tuple[tuple[str, Any], ...] = ()


Answers: TypeAlias = dict[Question, dict[Any, list[Row]]]


class Reading:
    """What one request reads: questions that come up at the same time go to the database together, and none twice.

    `seconds` is how long all of it may take.
    """

    def __init__(self, database: Database, seconds: float) -> None:
        self._database = database
        self._deadline = time.monotonic() + seconds
        self._limit = database.ds.setting("sql_time_limit_ms")
        self._gathered: dict[Question, dict[Any, None]] | None = None
        self._answering: dict[tuple[Question, Any], asyncio.Task[Answers]] = {}
        self._next: asyncio.Task[Answers] | None = None

    async def ask(self, question: Question, key: Any) -> list[Row]:
        """The rows that answer a question about one key."""
        task = self._answering.get((question, key))
        if task is None:
            if self._gathered is None or self._next is None:
                self._gathered = {}
                self._next = asyncio.create_task(self._answer(self._gathered))
            self._gathered.setdefault(question, {})[key] = None
            task = self._answering[question, key] = self._next
        answers = await asyncio.shield(task)
        return answers[question].get(key, [])

    async def _answer(self, gathered: dict[Question, dict[Any, None]]) -> Answers:
        self._gathered = None
        try:
            answers: Answers = await self._database.execute_fn(partial(_read, gathered, self._limit, self._deadline))
        except sqlite3.OperationalError as error:
            if str(error) != "interrupted":
                raise
            raise GraphQLError("This takes too long: narrow it down, or ask for less with a lower `first`.") from error
        return answers


def _read(
    gathered: dict[Question, dict[Any, None]], limit: int, deadline: float, connection: sqlite3.Connection
) -> Answers:
    answers: Answers = {}
    for question, keys in gathered.items():
        found: dict[Any, list[Row]] = {}
        parameters = dict(question.parameters) | {"keys": json.dumps(list(keys))}
        left = max(1, int(1000 * (deadline - time.monotonic())))
        with sqlite_timelimit(connection, min(limit, left)):
            for row in connection.execute(question.sql, parameters):
                found.setdefault(row["key"], []).append(dict(row))
        answers[question] = found
    return answers


class Page(NamedTuple):
    """A piece of a list: its rows, the cursor behind the last of them, whether there are more, and how many in all."""

    rows: list[Row]
    end: str | None
    more: bool
    total: Callable[[], int | Awaitable[int]]


def cursor(*parts: Any) -> str:
    """A text that says where a list is to go on, of use to nobody but the same list."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(after: str, *kinds: Any) -> list[Any]:
    """What a cursor was made from. Raises GraphQLError for what is no cursor of such parts."""
    try:
        told = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        told = None
    fits = isinstance(told, list) and len(told) == len(kinds) and all(map(isinstance, told, kinds))
    if not fits or any(isinstance(part, int) and not 0 <= part <= _LARGEST for part in told):
        raise GraphQLError("`after` is no cursor of this list: give it the `endCursor` that its last page told.")
    return told


class Sort(NamedTuple):
    """An order of claims: by a value that none of them lacks, then by their ids."""

    value: str
    descending: bool
    meaning: str


_RANK = "(select ifnull(max(rank), 0) from confidences where confidences.id = claims.confidence)"
SORTS = {
    "newest": Sort("ifnull(claims.created, '')", True, "the newest first, those without a date last"),
    "oldest": Sort("ifnull(claims.created, '~')", False, "the oldest first, those without a date last"),
    "title": Sort("claims.title", False, "by title, capitals before small letters"),
    "confidence": Sort(_RANK, True, "the surest first, those that state no confidence last"),
    "mentions": Sort("metrics.mentions", True, "those that most links of other documents lead to first"),
    "falling": Sort("metrics.falling_claims", True, "those with which most other claims fall first"),
}
# A condition that nobody asks for is left out, so that an index serves those that are asked for.
_CONDITIONS = {
    "domain": "claims.domain = :domain",
    "confidence": "claims.confidence in (select value from json_each(:confidence))",
    "agent": "claims.agent = :agent",
    "tag": "claims.id in (select document from document_tags where tag = :tag)",
    "words": "claims.rowid in (select rowid from claims_fts where claims_fts match escape_fts(:words))",
}


def claims_question(asked: dict[str, Any], sort: Sort, behind: bool) -> str:
    """The SQL for the ids of the claims that fulfil the conditions asked for, `behind` a `:value` and `:id` or not."""
    conditions = [condition for name, condition in _CONDITIONS.items() if name in asked]
    if behind:
        further = "<" if sort.descending else ">"
        conditions.append(f"({sort.value} {further} :value or {sort.value} = :value and claims.id > :id)")
    where = f"where {' and '.join(conditions)}\n" if conditions else ""
    return (
        f"select '{_ALL}' as key, claims.id, {sort.value} as value\n"
        f"from claims join metrics on metrics.claim = claims.id\n{where}"
        f"order by {sort.value} {'desc' if sort.descending else 'asc'}, claims.id limit :limit offset :offset"
    )


def claims_count(asked: dict[str, Any]) -> str:
    """The SQL for the number of claims that fulfil the conditions asked for."""
    conditions = [condition for name, condition in _CONDITIONS.items() if name in asked]
    where = f" where {' and '.join(conditions)}" if conditions else ""
    return f"select '{_ALL}' as key, count(*) as total from claims{where}"  # noqa: S608 - our own words


def camel(column: str) -> str:
    """The name of a column's field: `created_precision` is `createdPrecision`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), column)


def snake(field: str) -> str:
    """The column of a field: `createdPrecision` is `created_precision`."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", field)


def _words(name: str, meaning: str | None, words: dict[str, str]) -> Any:
    def told(word: Any) -> str | None:
        return words[word.value] if word else meaning

    return graphene.Enum(name, [(word, word) for word in words], description=told)


_WORDS = {
    "Confidence": {word: meaning for word, (_, meaning) in CONFIDENCES.items()},
    "Relation": {word: relation.meaning for word, relation in RELATIONS.items()},
    "EvidenceKind": EVIDENCE_KINDS,
    "ClaimSort": {word: sort.meaning for word, sort in SORTS.items()},
}
_SCALARS = {
    "ID": graphene.ID,
    "String": graphene.String,
    "Int": graphene.Int,
    "Float": graphene.Float,
    "Boolean": graphene.Boolean,
}


class Kind(NamedTuple):
    """The table whose rows the values of a type are, and what is read of a row before more is asked for."""

    table: str
    key: str
    columns: tuple[str, ...]


class Graph:
    """The types of `graph.graphql`, with answers from a Datasette's database."""

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette
        self._types: dict[str, Any] = dict(_SCALARS)
        self._kinds = {node.name.value: kind for node in _OBJECTS if (kind := _kind(node))}
        for node in _GRAPH.definitions:
            if isinstance(node, EnumTypeDefinitionNode):
                self._types[node.name.value] = _words(node.name.value, _said(node), _WORDS[node.name.value])
        for node in _OBJECTS:
            self._add(node)

    def query(self) -> list[tuple[str, Any]]:
        """The fields of Query by their names."""
        [query] = [node for node in _OBJECTS if node.name.value == "Query"]
        return [(field.name.value, self._field(query, field)) for field in query.fields]

    def _add(self, node: ObjectTypeDefinitionNode) -> None:
        name = node.name.value
        if name == "Query":
            return
        meaning = _said(node) or self._metadata(name).get("description")
        fields = {f"{field.name.value}_": self._field(node, field) for field in node.fields}
        meta = type("Meta", (), {"name": name, "description": meaning})
        self._types[name] = type(name, (graphene.ObjectType,), {**fields, "Meta": meta})
        nodes = graphene.NonNull(graphene.List(graphene.NonNull(self._types[name])))
        listed = {
            "nodes": graphene.Field(nodes, resolver=lambda page, _: page.rows),
            "pageInfo": graphene.Field(graphene.NonNull(PageInfo), resolver=_page_info),
            "totalCount": graphene.Int(required=True, resolver=lambda page, _: page.total()),
        }
        self._types[f"{name}List"] = type(f"{name}List", (graphene.ObjectType,), listed)

    def _metadata(self, name: str) -> dict[str, Any]:
        kind = self._kinds.get(name)
        return (self._datasette.table_metadata(DATABASE, kind.table) or {}) if kind else {}

    def _field(self, owner: ObjectTypeDefinitionNode, field: FieldDefinitionNode) -> Any:
        name, told = field.name.value, _directive(field)
        arguments = {
            argument.name.value: graphene.Argument(
                self._type(argument.type),
                default_value=value_from_ast_untyped(argument.default_value) if argument.default_value else Undefined,
            )
            for argument in field.arguments
        }
        if told and told[0] in ("page", "ids", "claims"):
            arguments |= {
                "first": graphene.Int(default_value=USUAL_FIRST, description="How many at most, 1 to 1,000."),
                "after": graphene.String(description="The `endCursor` of the page before."),
            }
        column = snake(name)
        return graphene.Field(
            self._type(field.type),
            args=arguments,
            name=name,
            description=_said(field) or self._metadata(owner.name.value).get("columns", {}).get(column),
            resolver=self._resolver(owner, field, column),
        )

    def _type(self, node: TypeNode) -> Any:
        if isinstance(node, NonNullTypeNode):
            return graphene.NonNull(self._type(node.type))
        if isinstance(node, ListTypeNode):
            return graphene.List(self._type(node.type))
        name = _innermost(node)
        # A field may lead to a type that is further down.
        return self._types.get(name) or partial(self._types.__getitem__, name)

    def _resolver(self, owner: ObjectTypeDefinitionNode, field: FieldDefinitionNode, column: str) -> Resolver:
        at_top = owner.name.value == "Query"
        directive, told = _directive(field) or ("", {})
        names = [argument.name.value for argument in field.arguments]
        leads_to = _innermost(field.type)
        if directive == "claims":
            return self._claims
        if directive == "rows":
            return self._rows(told["of"], names, told.get("column"), at_top)
        if directive in ("page", "ids"):
            node = leads_to.removesuffix("List") if directive == "ids" else None
            fixed = {name: value for name, value in told.items() if name != "of"}
            return self._pages(told["of"], names, fixed, node, at_top)
        if directive == "late":
            return self._late(self._kinds[owner.name.value], column)
        if leads_to in self._kinds:
            return self._by_key(leads_to, None if at_top else told.get("column", column))
        return lambda row, _: row[column]

    def _reading(self, info: Any) -> Reading:
        context = {} if info.context is None else info.context
        if "reading" not in context:
            seconds = context["time_limit_ms"] / 1000 if "time_limit_ms" in context else USUAL_SECONDS
            context["reading"] = Reading(self._datasette.get_database(DATABASE), seconds)
        reading: Reading = context["reading"]
        return reading

    def _by_key(self, name: str, column: str | None) -> Resolver:
        """Finds the value of a type whose key stands in a column, or is the field's `id` where there is no row."""
        question = _rows_of(self._kinds[name])

        async def find(info: Any, key: Any) -> Row | None:
            return next(iter(await self._reading(info).ask(question, key)), None)

        def resolve(row: Row | None, info: Any, **asked: Any) -> Awaitable[Row | None] | None:
            key = row[column] if row and column else asked.get("id")
            return None if key is None else find(info, key)

        return resolve

    def _late(self, kind: Kind, column: str) -> Resolver:
        question = _rows_of(kind._replace(columns=(column,)))

        async def resolve(row: Row, info: Any) -> Any:
            return (await self._reading(info).ask(question, row[kind.key]))[0][column]

        return resolve

    def _rows(self, name: str, arguments: list[str], column: str | None, at_top: bool) -> Resolver:
        """Finds a whole list, or one column of it."""

        async def resolve(row: Row, info: Any, **asked: Any) -> list[Any]:
            question = _question(_QUESTIONS[name], dict.fromkeys(arguments) | asked)
            rows = await self._reading(info).ask(question, _ALL if at_top else row["id"])
            return [found[column] for found in rows] if column else rows

        return resolve

    def _pages(
        self, name: str, arguments: list[str], fixed: dict[str, Any], node: str | None, at_top: bool
    ) -> Resolver:
        """Finds a page of a list, whose rows are those of the question or, of a type, those it tells the keys of."""
        sql, count = _PAGE.format(_QUESTIONS[name]), _QUESTIONS.get(f"{name}_count")

        async def resolve(row: Row, info: Any, first: int | None, after: str | None = None, **asked: Any) -> Page:
            first = USUAL_FIRST if first is None else first
            reading, key = self._reading(info), _ALL if at_top else row["id"]
            parameters = dict.fromkeys(arguments) | fixed | asked
            [start] = [0] if after is None else read_cursor(after, int)
            window = {"after": start, "last": start + first + 1}
            rows = await reading.ask(_question(sql, parameters | window), key)
            # The first of all is always there, to tell of how many.
            shown = [found for found in rows if found["place"] > start]
            more = len(shown) > first

            async def counted() -> int:
                [told] = await reading.ask(_question(count or "", parameters), key)
                return int(told["total"])

            def told() -> int:
                return int(rows[0]["total"]) if rows else 0

            shown = shown[:first]
            end = cursor(shown[-1]["place"]) if shown else None
            nodes = await self._all(reading, node, shown) if node else shown
            return Page(nodes, end, more, counted if count else told)

        return resolve

    async def _claims(self, _: None, info: Any, **asked: Any) -> Page:
        told = {name: value for name, value in asked.items() if value is not None}
        first, offset, after = told.pop("first", USUAL_FIRST), told.pop("offset", 0), told.pop("after", None)
        reading, word = self._reading(info), _bindable(told.pop("sort", "newest"))
        if offset < 0:
            raise GraphQLError(f"`offset` is {offset}, and has to be 0 or more.")
        window: dict[str, Any] = {"limit": first + 1, "offset": offset}
        if after is not None:
            sort, window["value"], window["id"] = read_cursor(after, str, str | int, str)
            if offset or sort != word:
                raise GraphQLError("`after` goes with the `sort` of the page that told it, and without an `offset`.")
        sql = claims_question(told, SORTS[word], after is not None)
        rows = await reading.ask(_question(sql, told | window), _ALL)

        async def count() -> int:
            return int((await reading.ask(_question(claims_count(told), told), _ALL))[0]["total"])

        shown = rows[:first]
        end = cursor(word, shown[-1]["value"], shown[-1]["id"]) if shown else None
        return Page(await self._all(reading, "Claim", shown), end, len(rows) > first, count)

    async def _all(self, reading: Reading, name: str, keys: list[Row]) -> list[Row]:
        question = _rows_of(self._kinds[name])
        found = await asyncio.gather(*(reading.ask(question, row["id"]) for row in keys))
        return [row for rows in found for row in rows]


def _page_info(page: Page, _: Any) -> dict[str, Any]:
    return {"endCursor": page.end, "hasNextPage": page.more}


def _question(sql: str, parameters: dict[str, Any]) -> Question:
    """A question with its parameters as SQLite takes them, and null for those that nobody gave."""
    wanted = dict.fromkeys(re.findall(r":([a-z]\w*)", sql)) | parameters
    wanted.pop("keys", None)
    return Question(sql, tuple((name, _bindable(value)) for name, value in sorted(wanted.items())))


def _bindable(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps([_bindable(one) for one in value])
    return getattr(value, "value", value)


def _rows_of(kind: Kind) -> Question:
    columns = ", ".join(kind.columns)
    return Question(
        f"select {kind.key} as key, {columns} from {kind.table} "  # noqa: S608 - our own names
        f"where {kind.key} in (select value from json_each(:keys))"
    )


def _kind(node: ObjectTypeDefinitionNode) -> Kind | None:
    """The table that a type is `@of`, if it is."""
    directive, told = _directive(node) or ("", {})
    if directive != "of":
        return None
    key = told.get("key", "id")
    plain = [snake(field.name.value) for field in node.fields if _directive(field) is None]
    return Kind(told["table"], key, tuple(dict.fromkeys([key, *plain])))


def _directive(node: Any) -> tuple[str, dict[str, Any]] | None:
    """The directive of a type or field, with its arguments: there is one at most."""
    for directive in node.directives:
        told = {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments}
        return directive.name.value, told
    return None


def _said(node: Any) -> str | None:
    return node.description.value if node.description else None


def _innermost(node: TypeNode) -> str:
    while isinstance(node, (ListTypeNode, NonNullTypeNode)):
        node = node.type
    assert isinstance(node, NamedTypeNode)  # noqa: S101 - nothing else is a type
    return node.name.value


@hookimpl
def graphql_extra_fields(datasette: Datasette, database: str) -> list[tuple[str, Any]]:
    return Graph(datasette).query() if database == DATABASE else []
