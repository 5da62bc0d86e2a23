"""Weigh: how much one GraphQL request asks for, found out before anything of it is answered.

A request is weighed by what it could return at most: each field once for every value it is asked of, and a list is as
long as its `first` says. So an alias or a fragment that repeats a list costs as much as writing it again.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import mean
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    get_named_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    parse,
)
from graphql.execution.values import get_argument_values

from claimbase.pitfalls import pitfalls

MOST_BYTES = 50_000  # of a request, as it is sent
MOST_TOKENS = 1_000  # of a query: its names, signs and values
DEEPEST = 24  # selections within each other, those of fragments included
LARGEST_PAGE = 1_000  # entries of one list
MOST_VALUES = 20_000  # that an answer could hold
MOST_LISTS = 100  # of tables in a request: each of them is a request of its own to Datasette
SECONDS = 2.0  # for all of a request

# A list that is told whole is short; a long text weighs as much as so many values.
_USUAL_LENGTH = 5
_LONG = frozenset({"body", "front_matter", "frontMatter"})
_LONG_WEIGHT = 20
# What is asked of lists in a table that the library answers a page of ten of, where nobody says how many.
_TABLE_FIRST = 10


def weigh(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> int:
    """How many values the answer could hold. Raises GraphQLError for what is more than one request may ask for.

    The document is valid and its variables are as they are handed to the resolvers.
    """
    scale = _Scale(schema, document, variables, MOST_VALUES, introspection_limit(schema))
    scale.add(operation.selection_set, schema.query_type, 1, 1)
    return round(scale.values)


@lru_cache(8)
def introspection_limit(schema: GraphQLSchema) -> int:
    """What a tool's question for the whole schema weighs, and half as much again."""
    document = parse(get_introspection_query(input_value_deprecation=True, schema_description=True))
    scale = _Scale(schema, document, {}, MOST_VALUES, None)
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    scale.add(operation.selection_set, schema.query_type, 1, 1)
    return round(scale.introspected * 1.5)


class _Scale:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: dict[str, Any],
        most: int,
        most_introspected: int | None,
    ) -> None:
        self.values = self.introspected = 0.0
        self._schema, self._variables = schema, variables
        self._most, self._most_introspected = most, most_introspected
        self._lengths = _lengths(schema)
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def add(self, selections: SelectionSetNode, owner: Any, times: float, depth: int) -> None:
        """Adds what a selection asks of so many values of a type."""
        if depth > DEEPEST:
            raise GraphQLError(
                f"This asks for more than {DEEPEST} levels within each other: ask for what is nested by its id.",
                [selections],
            )
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                self._add_field(selection, owner, times, depth)
            elif isinstance(selection, FragmentSpreadNode):
                self._count(selection, owner, times)
                fragment = self._fragments[selection.name.value]
                on = self._schema.get_type(fragment.type_condition.name.value)
                self.add(fragment.selection_set, on, times, depth + 1)
            elif isinstance(selection, InlineFragmentNode):
                self.add(selection.selection_set, owner, times, depth + 1)

    def _add_field(self, node: FieldNode, owner: Any, times: float, depth: int) -> None:
        name = node.name.value
        field = self._field(owner, name)
        self._count(node, owner, times * (_LONG_WEIGHT if name in _LONG else 1))
        asked = {} if field is None else get_argument_values(field, node, self._variables)
        for told in pitfalls(owner.name, name, asked):
            raise GraphQLError(told, [node])
        if field and node.selection_set:
            length = self._length(node, owner, field, asked)
            self.add(node.selection_set, get_named_type(field.type), times * length, depth + 1)

    def _field(self, owner: Any, name: str) -> GraphQLField | None:
        if name == "__schema":
            return GraphQLField(self._schema.get_type("__Schema"))  # type: ignore[arg-type]
        if name == "__type":
            return GraphQLField(self._schema.get_type("__Type"))  # type: ignore[arg-type]
        return owner.fields.get(name) if is_object_type(owner) else None

    def _length(self, node: FieldNode, owner: Any, field: GraphQLField, asked: dict[str, Any]) -> float:
        """How many values a field has at most for one value of its owner."""
        name = node.name.value
        if "first" in field.args:
            first = asked.get("first")
            first = _TABLE_FIRST if first is None else first
            if not 1 <= first <= LARGEST_PAGE:
                told = f"`first` is {first}, and has to be from 1 to {LARGEST_PAGE}: page on with `after`."
                raise GraphQLError(told, [node])
            return int(first)
        if owner.name.startswith("__"):
            return self._lengths.get(name, 1)
        if name in ("nodes", "edges") or not _is_list(field.type):
            return 1
        return _USUAL_LENGTH

    def _count(self, node: Any, owner: Any, values: float) -> None:
        if getattr(owner, "name", "").startswith("__"):
            self.introspected += values
            if self._most_introspected is not None and self.introspected > self._most_introspected:
                raise GraphQLError("This asks more about the schema than all of it: ask once.", [node])
            return
        self.values += values
        if self.values > self._most:
            told = (
                f"The answer could hold more than {self._most:,} values, a body counted as {_LONG_WEIGHT}: give the "
                "lists a lower `first`, nest fewer of them, or send several requests."
            )
            raise GraphQLError(told, [node])


def _is_list(kind: Any) -> bool:
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)


@lru_cache(8)
def _lengths(schema: GraphQLSchema) -> dict[str, float]:
    """How long the lists of a schema that tells of itself are, on average."""
    types = list(schema.type_map.values())

    def usual(name: str) -> int:
        counts = [len(getattr(kind, name)) for kind in types if getattr(kind, name, None)]
        return round(mean(counts)) if counts else 1

    fields_of = [kind.fields for kind in types if isinstance(kind, GraphQLObjectType)]
    arguments = [len(field.args) for fields in fields_of for field in fields.values()]
    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": usual("fields"),
        "inputFields": usual("fields"),
        "enumValues": usual("values"),
        "args": max(1, round(mean(arguments))),
        # Most types wrap no other.
        "ofType": 1 / 3,
    }
