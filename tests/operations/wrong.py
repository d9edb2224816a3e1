"""Values of types that a parameter does not take."""

from __future__ import annotations

from typing import Any

from tests.operations.arguments import Argument
from tests.operations.document import JSONDict, Operation
from tests.operations.shapes import Anything, Array, FreeObject, Object, OneOf, Scalar, Shape, shape_of

WRONG_FOR_TEXT: list[Any] = [5, True, b"bytes", ["a list"], object()]
WRONG: dict[str, list[Any]] = {
    "string": WRONG_FOR_TEXT,
    "integer": ["5", 1.5, True, [5]],
    "number": ["5", True, [5]],
    "boolean": ["true", 1, 0, "yes"],
    "moment": [1.5, True, b"bytes", ["a list"], object()],
    "array": ["text", 5, {"a": 1}, b"bytes", object()],
    "object": ["text", 5, ["a list"], object()],
    "file": [5, object(), ["a list"], {"a": 1}],
    "anything": [object(), {"a set"}, b"bytes", {"key": object()}, {1: "a key that is no text"}, [b"bytes"]],
}


def wrong_values(operation: Operation, argument: Argument) -> list[Any]:
    """Return values that an argument of the operation must be refused with."""
    if argument.location == "path":
        # None for the parameter that only the second operation of a method has calls the first.
        is_further = operation.id == "CreateSessionTokenFromTemplate" and argument.name == "template_name"
        return [*WRONG_FOR_TEXT, *([] if is_further else [None])]
    if argument.location == "file":
        return [*WRONG["file"], None]
    if argument.location == "query":
        (schema,) = (found.schema for found in operation.query_parameters if found.name == argument.name)
        return [*_wrong_in_query(schema), None]
    assert operation.body is not None
    if argument.location == "whole":
        return _wrong_in_body(shape_of(operation.body.schema))
    if argument.location in ("form", "header"):
        return [*WRONG_FOR_TEXT, None]
    body = shape_of(operation.body.schema)
    assert isinstance(body, Object)
    return _wrong_in_body(body.properties[argument.name])


def _wrong_in_query(schema: JSONDict) -> list[Any]:
    if schema.get("x-clerk-timestamp") == "milliseconds":
        return WRONG["moment"]
    if schema["type"] == "array":
        return [*WRONG["array"], *([value] for value in _wrong_in_query(schema["items"]))]
    return WRONG[schema["type"]]


def _wrong_in_body(shape: Shape) -> list[Any]:
    match shape:
        case Scalar():
            return WRONG["moment" if shape.schema.get("format") == "date-time" else shape.kind]
        case Array():
            return [*WRONG["array"], *([value] for value in _wrong_in_body(shape.items))]
        case Object() | OneOf():
            return WRONG["object"]
        case FreeObject():
            return [*WRONG["object"], {"key": object()}, {1: "a key that is no text"}]
        case Anything():
            return WRONG["anything"]
