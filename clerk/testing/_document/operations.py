"""The API's corrected document: its operations, with their parameters, bodies and responses."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from .parts import Parts, Schema

_METHODS = ("get", "put", "post", "delete", "patch")
BodyKind = Literal["none", "json", "form", "multipart"]


class Parameter(NamedTuple):
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


class Operation(NamedTuple):
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


class Node:
    """A place in the tree of paths.

    Attributes:
        fixed: The places that follow by a fixed segment.
        free: The place that follows by a parameter.
        path: The path that ends here, or None.
    """

    def __init__(self) -> None:
        self.fixed: dict[str, Node] = {}
        self.free: Node | None = None
        self.path: str | None = None


class Operations(Mapping[str, Operation]):
    """The operations by id, in the order of the document, each read when it is first asked for.

    Args:
        parts: The document.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._read: dict[str, Operation] = {}
        self._at: dict[str, dict[str, Operation]] = {}

    def at(self, path: str) -> dict[str, Operation]:
        """Return the operations of a path by their methods."""
        if path not in self._at:
            item = self._parts[f"#/paths/{path}"]
            found = [_operation(self._parts, path, method, item[method]) for method in _METHODS if method in item]
            self._read.update((operation.id, operation) for operation in found)
            self._at[path] = {operation.method: operation for operation in found}
        return self._at[path]

    def __getitem__(self, operation_id: str) -> Operation:
        if operation_id not in self._read and (
            path := self._parts.find("#/paths", f'"operationId":{json.dumps(operation_id)}')
        ):
            self.at(path)
        return self._read[operation_id]

    def __iter__(self) -> Iterator[str]:
        return (operation.id for path in self._parts.names("#/paths") for operation in self.at(path).values())

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Document(NamedTuple):
    """The document.

    Attributes:
        parts: The text of the document.
        operations: Its operations.
        routes: The tree of their paths.
    """

    parts: Parts
    operations: Operations
    routes: Node

    def resolve(self, value: Schema) -> Schema:
        """Follow a reference into the document's components, if the value is one."""
        return _resolve(self.parts, value)

    def whole(self) -> dict[str, Any]:  # the document holds JSON values
        """Return the whole document as JSON."""
        read: dict[str, Any] = json.loads(self.parts.text)
        return read

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

    def route(self, path: str) -> tuple[dict[str, Operation], list[str]] | None:
        """Return the operations that a path leads to, by method, and its path parameters as they were sent."""
        found = _walk(self.routes, path.split("/")[1:])
        return found and (self.operations.at(found[0]), found[1])


@cache
def load_document() -> Document:
    """Return the document that comes with the package."""
    text = pkgutil.get_data("clerk_generated", "corrected_document.json")
    assert text is not None  # the loader of the package can read its files
    parts, routes = Parts(text), Node()
    for path in parts.names("#/paths"):
        node = routes
        for segment in path.split("/")[1:]:
            node = _step(node, segment)
        node.path = path
    return Document(parts, Operations(parts), routes)


def _step(node: Node, segment: str) -> Node:
    if not segment.startswith("{"):
        return node.fixed.setdefault(segment, Node())
    if node.free is None:
        node.free = Node()
    return node.free


def _walk(node: Node, segments: list[str]) -> tuple[str, list[str]] | None:
    if not segments:
        return None if node.path is None else (node.path, [])
    segment, rest = segments[0], segments[1:]
    if segment in node.fixed and (found := _walk(node.fixed[segment], rest)):
        return found
    if segment and node.free is not None and (found := _walk(node.free, rest)):
        return found[0], [segment, *found[1]]
    return None


def _operation(parts: Parts, path: str, method: str, declared: Schema) -> Operation:
    answers = declared["responses"].items()
    responses = {
        int(status.replace("XX", "00")): _resolve(parts, one) for status, one in answers if status != "default"
    }
    status = min(responses)
    parameters = [_resolve(parts, parameter) for parameter in declared.get("parameters", [])]
    body = _resolve(parts, declared.get("requestBody", {}))
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
        needs_key=declared.get("security", parts["#/security"]) != [],
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


def _resolve(parts: Parts, value: Schema) -> Schema:
    while "$ref" in value:
        value = parts[value["$ref"]]
    return value
