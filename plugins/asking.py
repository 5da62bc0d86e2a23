"""Asking: the manners of GraphQL. Whatever is wrong with a request is answered in JSON, with what is to be done.

The library has the schema; its own address answers faults with pages, with 500 or not at all, and bounds little of what
is asked. So the address is ours: a request is read, understood and weighed before any of it is answered.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from weakref import WeakKeyDictionary

import datasette_graphql
from datasette import Forbidden, Response, hookimpl
from datasette.app import Datasette
from datasette.utils import tilde_encode
from datasette.utils.asgi import Request
from datasette_graphql import check_permissions
from datasette_graphql.utils import DatabaseSchema, schema_for_database
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    get_operation_ast,
    is_object_type,
    parse,
    print_schema,
    validate,
)
from graphql.execution.values import get_variable_values

from claimbase.addresses import DATABASE
from claimbase.once import Once
from claimbase.weigh import MOST_BYTES, MOST_LISTS, MOST_TOKENS, SECONDS, weigh

PATH = "/graphql"
MOST_ERRORS = 5
_LONGEST_ADDRESS = 20_000  # of a question to a table, as the library spells it
_KEPT = 256  # queries that need not be understood again
_ROOM, _LARGEST_KEPT = 16_000_000, 100_000  # for answers that need not be made again, and for one of them

# Which columns hold numbers of rows where that is another than `id`.
_NUMBERS = {"claim_arguments": ("argument",)}
_STATIC = Path(datasette_graphql.__file__).parent / "static"
_SCRIPTS = ("react.", "react-dom.", "graphiql.")
_FINDING = (Path(__file__).parent / "graphql/examples.sql").read_text(encoding="utf-8")
_EXAMPLES = sorted((Path(__file__).parent / "graphql/examples").glob("*.graphql"))
_METHODS = "GET, HEAD, POST, OPTIONS"
_HOW = f'POST {{"query": "{{ … }}"}} to {PATH} with Content-Type: application/json'


class Refused(Exception):
    """A request that is not answered: with this status, for these reasons."""

    def __init__(self, status: int, *errors: GraphQLError | str, **headers: str) -> None:
        super().__init__(*map(str, errors))
        self.status, self.headers = status, headers
        self.errors = [GraphQLError(error) if isinstance(error, str) else error for error in errors]


class Asked(NamedTuple):
    """A request as it was sent."""

    query: str
    variables: dict[str, Any]
    operation: str | None


async def read_request(request: Request) -> Asked:
    """What a request asks for, however it was sent. Raises Refused for what cannot be understood."""
    if request.method in ("GET", "HEAD"):
        variables = request.args.get("variables") or "{}"
        told = {"query": request.args.get("query"), "operationName": request.args.get("operationName")}
        return _asked(told | {"variables": _json(variables, "`variables`")})
    if request.method != "POST":
        raise Refused(405, f"{request.method} is not for {PATH}: {_HOW}.", Allow=_METHODS)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/graphql-response+json"):
        raise Refused(415, f"A question comes as application/json, not as {kind or 'nothing'}: {_HOW}.")
    return _asked(_json(await _body(request), "The body"))


async def _body(request: Request) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await request.receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            raise Refused(413, f"The body is larger than {MOST_BYTES:,} bytes: ask for less, or in several requests.")
    return bytes(body)


def _json(text: str | bytes, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        told = str(error) if text else "it is empty"
        raise Refused(400, f"{what} is no JSON ({told}): {_HOW}.") from error


def _asked(told: Any) -> Asked:
    if not isinstance(told, dict):
        raise Refused(400, f"The body is no JSON object; several questions are several requests: {_HOW}.")
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Refused(400, "There is half a character in it (a lone surrogate): send whole ones.") from error
    query, variables, operation = told.get("query"), told.get("variables") or {}, told.get("operationName") or None
    if not isinstance(query, str) or not query.strip():
        raise Refused(400, f"There is no `query`: {_HOW}.")
    if not isinstance(variables, dict):
        raise Refused(400, '`variables` is no JSON object: give one such as {"id": "…"}.')
    if operation is not None and not isinstance(operation, str):
        raise Refused(400, "`operationName` is no text: give the name of one operation of the query.")
    return Asked(query, variables, operation)


@functools.lru_cache(_KEPT)
def understand(schema: GraphQLSchema, query: str) -> DocumentNode:
    """A query as a valid document. Raises Refused for any other."""
    try:
        document = parse(query, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
        errors = validate(schema, document, max_errors=MOST_ERRORS)
    except GraphQLError as error:
        raise Refused(400, error) from error
    except RecursionError as error:
        raise Refused(400, "The query is nested too deeply.") from error
    if any("aborted" in error.message for error in errors):
        raise Refused(400, "The query repeats itself too often to be understood: ask for each field once.")
    if errors:
        raise Refused(400, *errors)
    return document


def operation_of(schema: GraphQLSchema, document: DocumentNode, asked: Asked) -> OperationDefinitionNode:
    """The operation that is asked for, weighed with its variables. Raises Refused for one that cannot be answered."""
    operation = get_operation_ast(document, asked.operation)
    if operation is None:
        named = ", ".join(node.name.value for node in _operations(document) if node.name)
        told = f"one of {named}" if named else "none of them has a name"
        raise Refused(400, f"`operationName` has to say which operation is asked for: {told}.")
    variables = get_variable_values(schema, operation.variable_definitions or (), asked.variables, MOST_ERRORS)
    if isinstance(variables, list):
        raise Refused(400, *variables)
    try:
        weigh(schema, document, operation, variables)
    except GraphQLError as error:
        raise Refused(400, error) from error
    return operation


def _operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


async def answer(datasette: Datasette, database: str, asked: Asked) -> ExecutionResult:
    """What a request gets, perhaps with errors. Raises Refused for one that is not answered at all."""
    schema = (await schema_of(datasette, database)).schema.graphql_schema
    document = understand(schema, asked.query)
    operation_of(schema, document, asked)
    context = {
        "time_started": time.monotonic(),
        "time_limit_ms": SECONDS * 1000,
        "num_queries_executed": 0,
        "num_queries_limit": MOST_LISTS,
    }
    result = execute(
        schema,
        document,
        context_value=context,
        variable_values=asked.variables,
        operation_name=asked.operation,
    )
    return result if isinstance(result, ExecutionResult) else await result


class Tables:
    """A Datasette as the library sees it: what it refuses is heard, and the pages of a table fit together.

    The library takes whatever comes back for rows. Datasette puts rows that are equal in a sort in the order of their
    keys from the second page on; on the first they come as they like, and some of them never.
    """

    def __init__(self, datasette: Datasette) -> None:
        self._datasette = datasette

    def __getattr__(self, name: str) -> Any:
        return getattr(self._datasette, name)

    @property
    def client(self) -> Tables:
        return self

    async def get(self, path: str) -> Any:
        """What Datasette answers to the library. Raises GraphQLError where it is no answer."""
        address, _, query = path.partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True))
        if len(query) > _LONGEST_ADDRESS:
            raise GraphQLError("What is asked of a table is too long: give `filter` and `where` less to compare with.")
        sort, keys = await self._order(address, asked)
        if "_next" not in asked and sort and keys:
            first = "$null" if sort == "_sort" else tilde_encode(_HIGHEST)
            asked["_next"] = ",".join([first, *(_LOWEST_NUMBER if key is int else "" for key in keys)])
        elif "_next" in asked and not _is_cursor(asked["_next"], bool(sort), keys):
            raise GraphQLError("`after` is no cursor of this list: give it the `endCursor` that its last page told.")
        response = await self._datasette.client.get(f"{address}?{urlencode(asked)}")
        if response.status_code != 200:
            raise GraphQLError(_reason(response))
        return response

    async def _order(self, address: str, asked: dict[str, str]) -> tuple[str | None, list[type]]:
        """How a table is sorted, by `_sort`, `_sort_desc` or its keys alone, and what its keys are; a view has none."""
        name, table = address.removesuffix(".json").strip("/").split("/")
        usual = {f"_{key}": value for key, value in self._datasette.table_metadata(name, table).items()}
        given = asked if asked.keys() & {"_sort", "_sort_desc"} else usual
        sort = next((key for key in ("_sort", "_sort_desc") if given.get(key)), None)
        columns = await self._datasette.get_database(name).table_column_details(table)
        return sort, [int if column.type.lower() == "integer" else str for column in columns if column.is_pk]


def _is_cursor(text: str, sorted_: bool, keys: list[type]) -> bool:
    """Whether Datasette could have told a cursor for a table in such an order."""
    parts = text.split(",")
    if not keys:
        return text.isdecimal()
    numbers = [part for part, key in zip(parts[-len(keys) :], keys, strict=False) if key is int]
    return len(parts) == len(keys) + sorted_ and all(re.fullmatch(r"-?\d{1,18}", number) for number in numbers)


# Below and above whatever a column holds, as far as SQLite compares it with a text.
_LOWEST_NUMBER, _HIGHEST = "-9223372036854775808", "\U0010ffff"


def _reason(response: Any) -> str:
    told = response.json() if response.headers.get("content-type", "").startswith("application/json") else {}
    if told.get("title") == "SQL Interrupted":
        return "A list of a table took too long: narrow it down with `filter`, or ask for less with a lower `first`."
    return f"A list of a table cannot be told: {str(told.get('error') or response.status_code).rstrip('.')}."


_SCHEMAS: WeakKeyDictionary[Datasette, dict[str, tuple[Any, DatabaseSchema]]] = WeakKeyDictionary()
_ONCE = Once()


async def schema_of(datasette: Datasette, name: str) -> DatabaseSchema:
    """The schema for a database, made again when its tables are others than before."""
    database = datasette.get_database(name)
    generation = getattr(database, "generation", None)
    shape = generation.shape if generation else (await database.execute("pragma schema_version")).first()[0]
    kept = _SCHEMAS.setdefault(datasette, {})
    await _ONCE.wait((id(datasette), name), SECONDS)
    if name not in kept or kept[name][0] != shape:
        with _ONCE.making((id(datasette), name)):
            # A thread has a loop of its own, so that others are answered while classes are made for every table.
            making = schema_for_database(Tables(datasette), name)
            made = await asyncio.to_thread(asyncio.run, making)
            make_room_for_numbers(made.schema.graphql_schema)
            kept[name] = shape, made
    return kept[name][1]


def make_room_for_numbers(schema: GraphQLSchema) -> None:
    """Has numbers of rows told as texts: GraphQL's whole numbers end at 2^31, those of rows far behind it."""
    types: dict[str, Any] = schema.type_map
    rows = types["Query"].fields
    for name, kind in types.items():
        for column in _NUMBERS.get(name, ("id",)):
            field = kind.fields.get(column) if is_object_type(kind) else None
            if field and field.type is GraphQLInt:
                field.type = GraphQLID
                types[f"{name}Filter"].fields[column].type = types["StringOperations"]
                if column in rows[f"{name}_row"].args:
                    rows[f"{name}_row"].args[column].type = GraphQLID


def _reply(told: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = told if isinstance(told, str) else json.dumps(told)
    return Response(text, status, dict(headers or {}), content_type="application/json; charset=utf-8")


def _reported(error: GraphQLError) -> dict[str, Any]:
    """An error as it is told: what is a fault of ours goes to the log in full, and to nobody else."""
    fault = error.original_error
    if isinstance(fault, AssertionError):
        # The library's limits are assertions: so many lists, so long.
        told = f"{str(fault).partition(' - ')[0]}. A table's list in a list is asked for row by row: lower `first`, or "
        return dict(error.formatted) | {"message": f"{told}ask `claimList` and its like, which ask once for a level."}
    if fault is None or isinstance(fault, GraphQLError):
        return dict(error.formatted)
    traceback.print_exception(fault, file=sys.stderr)
    told = f"This could not be answered, by a fault of the server ({type(fault).__name__}): leave this field out."
    return dict(error.formatted) | {"message": told}


async def view(datasette: Datasette, request: Request) -> Response:
    """Answers a question, or shows the explorer to a browser that asks none."""
    if request.method == "OPTIONS":
        return _reply({}, headers={"Allow": _METHODS})
    try:
        database = await _database(datasette, request)
        if request.method in ("GET", "HEAD") and _wants_page(request):
            return await _explorer(datasette, request, database)
        if request.url_vars.get("sdl") or request.args.get("schema"):
            schema = await schema_of(datasette, database)
            return Response.text(print_schema(schema.schema.graphql_schema))
        asked = await read_request(request)
        kept = _KEPT_ANSWERS.get(_name_of(datasette, database, asked))
        if kept is not None:
            return _reply(kept)
        result = await answer(datasette, database, asked)
    except Refused as refused:
        told = {"errors": [error.formatted for error in refused.errors]}
        return _reply(told, refused.status, refused.headers)
    if result.errors:
        errors = [_reported(error) for error in result.errors[:MOST_ERRORS]]
        return _reply({"errors": errors, "data": result.data}, 400)
    text = json.dumps({"data": result.data})
    _KEPT_ANSWERS.keep(_name_of(datasette, database, asked), text)
    return _reply(text)


class Answers:
    """Answers by what was asked of which file, `room` characters at most; the one longest not asked for goes first."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, name: Hashable | None) -> str | None:
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)

    def keep(self, name: Hashable | None, text: str) -> None:
        """Keeps an answer that has a name, unless it is long."""
        if name is None or len(text) > _LARGEST_KEPT:
            return
        self._room += len(self._kept.pop(name, "")) - len(text)
        self._kept[name] = text
        while self._room < 0:
            self._room += len(self._kept.popitem(last=False)[1])


_KEPT_ANSWERS = Answers(_ROOM)


def _name_of(datasette: Datasette, database: str, asked: Asked) -> Hashable | None:
    """What an answer is kept under; None where it may be another next time, as SQL of the reader's own makes it."""
    build = datasette.get_database(database).hash
    if build is None or "where" in asked.query:
        return None
    return id(datasette), build, asked.query, asked.operation, json.dumps(asked.variables, sort_keys=True)


async def _database(datasette: Datasette, request: Request) -> str:
    """The name of the database that is asked, which is the only one unless the address names it."""
    try:
        name: str = datasette.get_database(request.url_vars.get("database")).name
    except KeyError as error:
        raise Refused(404, f"There is no such database: ask {PATH}/{DATABASE}.") from error
    try:
        await check_permissions(request, datasette, name)
    except Forbidden as error:
        raise Refused(403, f"You may not read the database {name}.") from error
    return name


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.args.get("schema")


async def _explorer(datasette: Datasette, request: Request, database: str) -> Response:
    offered = await examples(datasette) if database == DATABASE else []
    files = sorted(path.name for path in _STATIC.iterdir())
    scripts = [name for name in files if name.endswith(".js")]
    told = {
        "database": request.url_vars.get("database"),
        "graphiql_css": [name for name in files if name.endswith(".css")],
        "graphiql_js": [name for start in _SCRIPTS for name in scripts if name.startswith(start)],
        "graphql_path": datasette.urls.path(PATH),
        "examples": offered,
        "chosen": request.args.get("operationName") or (offered[0].name if offered else None),
    }
    return Response.html(await datasette.render_template("graphiql.html", told, request=request))


class Example(NamedTuple):
    """A query that shows what can be asked for, with variables that find something in this very base."""

    name: str
    title: str
    query: str
    variables: dict[str, Any]

    @property
    def address(self) -> str:
        asked = {"query": self.query, "variables": json.dumps(self.variables, indent=2), "operationName": self.name}
        return "?" + urlencode(asked)


async def examples(datasette: Datasette) -> list[Example]:
    """The documented queries, in their order."""
    row = (await datasette.get_database(DATABASE).execute(_FINDING)).first()
    found = dict(row) if row else {}
    if found:
        found["words"] = max(re.findall(r"\w+", found["title"]), key=len, default="")
    return [_example(path, found) for path in _EXAMPLES]


def _example(path: Path, found: dict[str, Any]) -> Example:
    query = path.read_text(encoding="utf-8")
    [operation] = _operations(parse(query))
    names = [definition.variable.name.value for definition in operation.variable_definitions or ()]
    title = query.partition("\n")[0].removeprefix("# ")
    variables = {name: found[name] for name in names if found.get(name)}
    return Example(operation.name.value if operation.name else title, title, query, variables)


@hookimpl(tryfirst=True)
def register_routes() -> list[tuple[str, Any]]:
    """Ours come before those of the library, which has the same."""
    return [
        (rf"^{PATH}$", view),
        (rf"^{PATH}/(?P<database>[^/]+)\.(?P<sdl>graphql)$", view),
        (rf"^{PATH}/(?P<database>[^/]+)$", view),
    ]


@hookimpl
def skip_csrf(scope: dict[str, Any]) -> bool | None:
    """Nothing can be changed by asking, so a forged question does no harm."""
    return True if scope["path"].startswith(PATH) else None
