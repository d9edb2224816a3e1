"""What to call an operation with, and what of it has to go on the wire, by the corrected document alone."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import clerk
from tests.operations.document import DOCUMENT, JSONDict, MethodName, Operation, Parameter, python_name, resolve
from tests.operations.shapes import Anything, Array, FreeObject, Object, OneOf, Scalar, Shape, shape_of
from tests.operations.synthesis import UNKNOWN_VALUE
from tests.support.samples import sample

SEGMENTS = ("{0} a/b?c#%é日", "..", "a%2Fb;=&+")
MILLISECONDS = 1738326896789
MOMENT = datetime(2025, 1, 31, 14, 34, 56, 789000, timezone(timedelta(hours=2)))
MOMENT_IN_UTC = datetime(2025, 1, 31, 12, 34, 56, 789000, UTC)
RFC3339 = "2025-01-31T12:34:56.789Z"
PICTURE = b"\x89PNG\r\n\x1a\n\x00\xff"


@dataclass(frozen=True)
class Argument:
    """One argument.

    Attributes:
        keyword: The parameter's name in Python.
        value: What is given.
        location: `path`, `query`, `header`, `body` for a property of the body, `whole` for the body itself, `form` or
            `file`.
        name: The name on the wire.
        wire: What has to be there: text for a path, a header and a form, a list of texts for a query, JSON data, or a
            file's name, content and content type.
        required: Whether the operation wants it.
    """

    keyword: str
    value: Any  # whatever a parameter takes
    location: str
    name: str
    wire: Any  # depends on the location
    required: bool


def arguments(operation: Operation, variant: int, folder: Path) -> list[Argument]:
    """Make a value for every parameter of an operation.

    Args:
        operation: The operation.
        variant: Which of the values that a parameter takes. The first is one that the document's bounds allow.
        folder: Where files to send may be put.
    """
    return [
        *(_path_argument(parameter, variant) for parameter in operation.path_parameters),
        *(_query_argument(parameter, variant) for parameter in operation.query_parameters),
        *_body_arguments(operation, variant, folder),
        *(_header_argument(parameter, variant) for parameter in operation.header_parameters),
    ]


def only_required(given: list[Argument]) -> list[Argument]:
    return [argument for argument in given if argument.required]


def call_arguments(
    given: list[Argument], place: MethodName | None = None, *, by_keyword: bool = False
) -> tuple[list[Any], dict[str, Any]]:
    """Sort arguments into those by position and those by keyword, as a sub-API's method or an endpoint module has them.

    Args:
        given: The arguments.
        place: The sub-API's method; None for an endpoint module.
        by_keyword: Whether path parameters are given by keyword too.
    """
    positional = [argument.value for argument in given if argument.location == "path" and not by_keyword]
    named = [argument for argument in given if argument.location != "path" or by_keyword]
    return positional, {keyword_in(place, argument): argument.value for argument in named}


def keyword_in(place: MethodName | None, argument: Argument) -> str:
    """The keyword of an argument in a sub-API's method, or in an endpoint module."""
    return argument.keyword if place is None else place.parameter_names.get(argument.name, argument.keyword)


def _path_argument(parameter: Parameter, variant: int) -> Argument:
    value = SEGMENTS[variant].format(parameter.name)
    if value == "..":
        value = f"{parameter.prefix}.{parameter.name}.."
    wire = value if value.startswith(parameter.prefix) else parameter.prefix + value
    return Argument(parameter.keyword, value, "path", parameter.name, wire, required=True)


def _query_argument(parameter: Parameter, variant: int) -> Argument:
    value, wire = _query_value(parameter.schema, variant)
    if parameter.joined:
        wire = [",".join(wire)]
    return Argument(parameter.keyword, value, "query", parameter.name, wire, parameter.required)


def _header_argument(parameter: Parameter, variant: int) -> Argument:
    value = ("a-b_1", UNKNOWN_VALUE, "a b, c: d")[variant]
    return Argument(parameter.keyword, value, "header", parameter.name, value, parameter.required)


def _query_value(schema: JSONDict, variant: int) -> tuple[Any, list[str]]:
    if schema["type"] == "array":
        pairs = [_query_value(resolve(schema["items"]), number) for number in range(2)]
        return [value for value, _ in pairs], [text for _, texts in pairs for text in texts]
    if schema.get("x-clerk-timestamp") == "milliseconds":
        return (MILLISECONDS, MOMENT, "2025-01-31T14:34:56.789+02:00")[variant], [str(MILLISECONDS)]
    if schema["type"] == "boolean":
        return variant != 1, ["true" if variant != 1 else "false"]
    if schema["type"] == "integer":
        number = (schema.get("maximum", 7), 0, -1)[variant]
        return number, [str(number)]
    enum = schema.get("enum", ["a&b=c +é/?#%20"])
    text = (enum[0], UNKNOWN_VALUE, " ")[variant]
    return text, [text]


def _body_arguments(operation: Operation, variant: int, folder: Path) -> list[Argument]:
    if operation.body is None:
        return []
    body = operation.body
    shape = shape_of(body.schema)
    if not isinstance(shape, Object):
        value, wire = json_argument(shape, variant)
        return [Argument("body", value, "whole", "body", wire, body.required)]
    if body.media_type == "multipart/form-data":
        return [_form_argument(name, inner, name in shape.required, variant, folder) for name, inner in _typed(shape)]
    return [_property_argument(name, inner, name in shape.required, variant) for name, inner in _typed(shape)]


def _typed(shape: Object) -> list[tuple[str, Shape]]:
    return list(shape.properties.items())


def _property_argument(name: str, shape: Shape, required: bool, variant: int) -> Argument:
    value, wire = json_argument(shape, variant)
    return Argument(python_name(name), value, "body", name, wire, required)


def _form_argument(name: str, shape: Shape, required: bool, variant: int, folder: Path) -> Argument:
    if not (isinstance(shape, Scalar) and shape.schema.get("format") == "binary"):
        return Argument(python_name(name), f"{name} é", "form", name, f"{name} é", required)
    if variant == 0:
        return Argument(python_name(name), PICTURE, "file", name, (None, PICTURE, "image/png"), required)
    if variant == 1:
        path = folder / "a picture.jpg"
        path.write_bytes(PICTURE)
        return Argument(python_name(name), path, "file", name, (path.name, PICTURE, "image/png"), required)
    given = ("logo.svg", io.BytesIO(b"<svg/>"), "image/svg+xml")
    return Argument(python_name(name), given, "file", name, ("logo.svg", b"<svg/>", "image/svg+xml"), required)


def json_argument(shape: Shape, variant: int) -> tuple[Any, Any]:
    """Make a value for a property of a body, and the JSON data that has to come of it."""
    match shape:
        case Anything():
            free = {"claim": ["text", variant, None, {"nested": True}]}
            return free, free
        case Scalar():
            return _scalar_argument(shape, variant)
        case FreeObject():
            inner = "text" if shape.values else {"nested": [1, None, {"Kept-As It Is": "é"}]}
            return {"key": inner}, {"key": inner}
        case Array():
            pairs = [json_argument(shape.items, number) for number in (range(2) if variant else [0])]
            return [value for value, _ in pairs], [wire for _, wire in pairs]
        case Object():
            return _object_argument(shape, variant)
        case OneOf():
            return _object_argument(shape.members[variant % len(shape.members)], variant)


def _object_argument(shape: Object, variant: int) -> tuple[Any, JSONDict]:
    wire = {
        name: json_argument(inner, 0)[1]
        for name, inner in shape.properties.items()
        if name in shape.required or variant != 2
    }
    # from_dict is Any's here, since only the document knows which model it is.
    return (getattr(clerk.models, shape.name).from_dict(wire) if variant == 1 else wire), wire


def _scalar_argument(shape: Scalar, variant: int) -> tuple[Any, Any]:
    if shape.schema.get("format") == "date-time":
        return (RFC3339, MOMENT_IN_UTC, MILLISECONDS)[variant], RFC3339
    value = _allowed(shape) if variant == 0 else _bare(shape, variant)
    return value, value


def _allowed(shape: Scalar) -> Any:  # a JSON value
    if shape.kind == "string" and not shape.schema.keys() & {"enum", "pattern", "format"}:
        return "é\N{SNOWMAN}".ljust(shape.schema.get("minLength", 0), "x")[: shape.schema.get("maxLength")]
    return sample(shape.schema, DOCUMENT)


def _bare(shape: Scalar, variant: int) -> Any:  # a JSON value
    values = {"string": ("", UNKNOWN_VALUE), "integer": (0, 2**53), "number": (0, -0.5), "boolean": (False, True)}
    return values[shape.kind][variant - 1]
