"""Iterates over an OpenAPI document: its operations, references and schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .._errors import BuildError
from . import files

Document = dict[str, Any]  # an OpenAPI document as JSON data, checked when it was vendored
Schema = dict[str, Any]

# OpenAPI 3.0 has no field for requests that the service sends: Clerk lists its events here, by type.
EVENTS = "x-webhooks"

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the path, the method and the operation object of every operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(document: Document, node: dict[str, Any]) -> dict[str, Any]:
    """Follow the `$ref` of a node until it leads to an object without one.

    Raises:
        BuildError: It can't be resolved: an overlay removed the target, or misspelled it.
    """
    while "$ref" in node:
        try:
            node = files.resolve(document, node["$ref"])
        except LookupError as error:
            raise BuildError(f"$ref {node['$ref']!r} can't be resolved once the overlays are applied") from error
    return node


def parameters_of(document: Document, path: str, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an operation's parameters, including those of its path, each resolved."""
    own = [resolve(document, item) for item in operation.get("parameters", [])]
    taken = {(item["name"], item["in"]) for item in own}
    shared = [resolve(document, item) for item in document["paths"][path].get("parameters", [])]
    return own + [item for item in shared if (item["name"], item["in"]) not in taken]


class Place(NamedTuple):
    """Where a schema stands: `container[key]` is the schema.

    Attributes:
        is_part: Whether the schema is part of the one around it (a member of `allOf`), not a value of its own.
    """

    container: Any
    key: Any
    is_part: bool = False

    @property
    def schema(self) -> Schema:
        """The schema at this place."""
        found: Schema = self.container[self.key]
        return found


def root_places(document: Document) -> Iterator[Place]:
    """Yield the place of every outermost schema: of components, parameters, request bodies and responses."""
    components = document.get("components", {})
    for name in components.get("schemas", {}):
        yield Place(components["schemas"], name)
    for parameter in components.get("parameters", {}).values():
        yield from _schema_in(parameter)
    for response in components.get("responses", {}).values():
        yield from content_places(response)
    for path_item in document["paths"].values():
        for parameter in path_item.get("parameters", []):
            yield from _schema_in(parameter)
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            yield from _schema_in(parameter)
        yield from content_places(operation.get("requestBody", {}))
        for response in operation["responses"].values():
            yield from content_places(response)


def content_places(body: dict[str, Any]) -> Iterator[Place]:
    """Yield the places of the schemas of a request body or a response."""
    for media_type in body.get("content", {}).values():
        yield from _schema_in(media_type)


def inner_places(schema: Schema) -> Iterator[Place]:
    """Yield the places of the schemas directly inside a schema."""
    for name in schema.get("properties", {}):
        yield Place(schema["properties"], name)
    for keyword in ("oneOf", "anyOf", "allOf"):
        for index in range(len(schema.get(keyword, []))):
            yield Place(schema[keyword], index, is_part=keyword == "allOf")
    for keyword in ("items", "not", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield Place(schema, keyword)


def every_place(document: Document) -> Iterator[Place]:
    """Yield the places of all schemas of a document, outer schemas before inner ones."""
    for root in root_places(document):
        yield root
        yield from places_inside(root.schema)


def places_inside(schema: Schema) -> Iterator[Place]:
    """Yield the places of all schemas inside a schema, without following references."""
    for place in inner_places(schema):
        yield place
        yield from places_inside(place.schema)


def reachable_schemas(document: Document, roots: Iterator[Place]) -> Iterator[Schema]:
    """Yield every schema that the roots hold or refer to, each once."""
    seen: set[int] = set()
    waiting = [place.schema for place in roots]
    while waiting:
        schema = resolve(document, waiting.pop())
        if id(schema) in seen:
            continue
        seen.add(id(schema))
        yield schema
        waiting.extend(place.schema for place in inner_places(schema))


def pointers_to(wanted: object, node: Any, way: tuple[str | int, ...] = ()) -> Iterator[str]:  # any JSON value
    """Yield the JSON pointer of every place where an object itself stands, not one that is equal to it."""
    if node is wanted:
        yield files.pointer(*way)
    if isinstance(node, dict | list):
        for token, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from pointers_to(wanted, value, (*way, token))


def _schema_in(holder: dict[str, Any]) -> Iterator[Place]:
    if "schema" in holder:
        yield Place(holder, "schema")
