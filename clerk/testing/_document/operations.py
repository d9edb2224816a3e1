"""The API's corrected document: its operations, with their parameters, bodies and responses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Schema = dict[str, Any]  # a schema holds JSON values
_METHODS = ("get", "put", "post", "delete", "patch")
BodyKind = Literal["none", "json", "form", "multipart"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query, the headers or the path.

    Attributes:
        name: Its name.
        schema: What it may be.
        required: Whether it must be given.
        repeated: Whether an array is sent as several parameters of the same name.
    """

    name: str
    schema: Schema
    required: bool
    repeated: bool


@dataclass(frozen=True)
class Operation:
    """An operation of the API.

    Attributes:
        id: The document's `operationId`.
        method: The HTTP method.
        path: The path below the API's root, with parameters in braces.
        query: The query parameters by name.
        headers: The parameters in headers by name, in lower case.
        path_parameters: The path parameters by name.
        body_kind: The format of the body.
        body_schema: The schema of the body.
        body_required: Whether a body is required.
        responses: HTTP status -> schema of the JSON body, or None if there is none.
        status: The status of a successful response.
        media_type: The media type of a successful response.
        needs_key: Whether it needs a key.
        takes_machine_key: Whether it accepts a machine's key.
        deprecated: Whether the document marks it as deprecated.
    """

    id: str
    method: str
    path: str
    query: dict[str, Parameter]
    headers: dict[str, Parameter]
    path_parameters: dict[str, Parameter]
    body_kind: BodyKind
    body_schema: Schema
    body_required: bool
    responses: dict[int, Schema | None]
    status: int
    media_type: str | None
    needs_key: bool
    takes_machine_key: bool
    deprecated: bool

    @property
    def answer_schema(self) -> Schema | None:
        """The schema of a successful response's JSON body."""
        return self.responses[self.status] if self.media_type == "application/json" else None

    def declared(self, *statuses: int) -> int:
        """Return the first of some statuses that the document has here, or simply the first one."""
        return next((status for status in statuses if status in self.responses), statuses[0])


@dataclass
class Node:
    """A place in the tree of paths.

    Attributes:
        fixed: The places that follow by a fixed segment.
        free: The place that follows by a parameter.
        operations: Method -> operation of the path that ends here.
    """

    fixed: dict[str, Node] = field(default_factory=dict)
    free: Node | None = None
    operations: dict[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """The document.

    Attributes:
        raw: The document as JSON.
        operations: Its operations by id, in its order.
        routes: The tree of their paths.
    """

    raw: dict[str, Any]  # the document holds JSON values
    operations: dict[str, Operation]
    routes: Node

    def resolve(self, value: Schema) -> Schema:
        """Follow a reference into the document's components, if the value is one."""
        return _resolve(self.raw, value)

    def flat(self, schema: Schema) -> Schema:
        """Return an object schema with its references and `allOf` resolved."""
        schema = self.resolve(schema)
        if "allOf" not in schema:
            return schema
        merged: Schema = {key: value for key, value in schema.items() if key != "allOf"}
        for part in map(self.flat, schema["allOf"]):
            for key, value in part.items():
                if key == "properties":
                    merged[key] = {**merged.get(key, {}), **value}
                elif key == "required":
                    merged[key] = [*merged.get(key, []), *value]
                else:
                    merged.setdefault(key, value)
        return merged

    def route(self, path: str) -> tuple[Node, list[str]] | None:
        """Return the place that a path leads to, and its path parameters as they were sent."""
        return _walk(self.routes, path.split("/")[1:])


@cache
def load_document() -> Document:
    """Return the document that comes with the package."""
    text = files("clerk_generated").joinpath("corrected_document.json").read_bytes()
    raw = json.loads(text)
    operations = {operation.id: operation for operation in _operations(raw)}
    routes = Node()
    for operation in operations.values():
        node = routes
        for segment in operation.path.split("/")[1:]:
            node = _step(node, segment)
        node.operations[operation.method] = operation
    return Document(raw, operations, routes)


def _step(node: Node, segment: str) -> Node:
    if not segment.startswith("{"):
        return node.fixed.setdefault(segment, Node())
    if node.free is None:
        node.free = Node()
    return node.free


def _walk(node: Node, segments: list[str]) -> tuple[Node, list[str]] | None:
    if not segments:
        return (node, []) if node.operations else None
    segment, rest = segments[0], segments[1:]
    if segment in node.fixed and (found := _walk(node.fixed[segment], rest)):
        return found
    if segment and node.free is not None and (found := _walk(node.free, rest)):
        return found[0], [segment, *found[1]]
    return None


def _operations(raw: Schema) -> Iterator[Operation]:
    for path, item in raw["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(raw, path, method, item[method])


def _operation(raw: Schema, path: str, method: str, declared: Schema) -> Operation:
    answers = declared["responses"].items()
    responses = {int(status.replace("XX", "00")): _resolve(raw, one) for status, one in answers if status != "default"}
    status = min(responses)
    parameters = [_resolve(raw, parameter) for parameter in declared.get("parameters", [])]
    body = _resolve(raw, declared.get("requestBody", {}))
    contents: dict[str, Schema] = body.get("content", {})
    media_type = _first(contents)
    return Operation(
        id=declared["operationId"],
        method=method.upper(),
        path=path,
        query={p["name"]: _parameter(p) for p in parameters if p["in"] == "query"},
        headers={p["name"].lower(): _parameter(p) for p in parameters if p["in"] == "header"},
        path_parameters={p["name"]: _parameter(p) for p in parameters if p["in"] == "path"},
        body_kind=_BODY_KINDS.get(media_type, "json") if media_type else "none",
        body_schema=contents[media_type].get("schema", {}) if media_type else {},
        body_required=body.get("required", False),
        responses={status: _json_schema(answer) for status, answer in responses.items()},
        status=status,
        media_type=_first(responses[status].get("content", {})) or None,
        needs_key=declared.get("security", raw["security"]) != [],
        takes_machine_key=declared.get("x-clerk-credential") == "machine_secret_key",
        deprecated=declared.get("deprecated", False),
    )


_BODY_KINDS: dict[str, BodyKind] = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}


def _first(contents: Schema) -> str:
    """Return the content type that counts where there are several: JSON, or else the first; empty if there is none."""
    return "application/json" if "application/json" in contents else next(iter(contents), "")


def _parameter(declared: Schema) -> Parameter:
    return Parameter(
        name=declared["name"],
        schema=declared.get("schema", {}),
        required=declared.get("required", False),
        repeated=declared.get("explode", True),
    )


def _json_schema(response: Schema) -> Schema | None:
    content = response.get("content", {}).get("application/json", {})
    schema: Schema | None = content.get("schema")
    return schema


def _resolve(raw: Schema, value: Schema) -> Schema:
    while "$ref" in value:
        found: Schema = raw
        for segment in value["$ref"].removeprefix("#/").split("/"):
            found = found[segment]
        value = found
    return value
