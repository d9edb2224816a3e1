"""Writes the code that makes the request of an operation: its path, and the encoders of its parameters."""

from __future__ import annotations

from .._errors import BuildError
from .annotation import literal
from .blueprint import Operation, Type, Value


def path_template(operation: Operation) -> str:
    """Write the path of an operation, with the Python names of its parameters."""
    path = operation.path
    for value in operation.path_parameters:
        path = path.replace(f"{{{value.wire_name}}}", f"{{{value.name}}}")
    return literal(path)


def path_encoder(value: Value) -> str:
    """Write the encoder of a path parameter."""
    if value.prefix:
        return f"encode.prefixed({literal(value.prefix)})"
    if value.type.kind in ("list", "union"):
        raise _unsupported(value, value.type, "in the path")
    encoder = _query_expression(value, value.type, "in the path")
    return "encode.path_segment" if encoder == "encode.query_text" else f"encode.segment({encoder})"


def query_encoder(value: Value) -> str:
    """Write the encoder of a query parameter, or of a text field of a form."""
    if value.milliseconds:
        return "encode.query_milliseconds"
    return _query_expression(value, value.type, "in a query or a form")


def is_part(value: Value) -> bool:
    """Return whether a property of a multipart body is sent as a file or JSON, not as text."""
    return bool(value.type.holds & {"any", "dict", "file", "model", "object"})


def part_encoder(value: Value) -> str:
    """Write the encoder of a part of a multipart body that is a file or JSON."""
    kind = value.type.item if value.type.kind == "list" and value.type.item is not None else value.type
    if "file" in kind.holds and kind.kind != "file":
        raise _unsupported(value, kind, "that holds files")
    encoder = "encode.upload" if kind.kind == "file" else f"encode.json_part({_body_expression(value, kind)})"
    return encoder if kind is value.type else f"encode.parts({encoder})"


def _query_expression(value: Value, kind: Type, where: str) -> str:
    if kind.kind == "list" and kind.item is not None and kind.item.kind != "list":
        return f"encode.{'joined' if value.joined else 'repeated'}({_query_expression(value, kind.item, where)})"
    if kind.kind == "union":
        return _either(kind, [_query_expression(value, member, where) for member in kind.members])
    functions = {
        "date": "query_date",
        "datetime": "query_datetime",
        "text": "query_text",
        "enum": "query_text" if kind.is_text else "query_integer",
        "integer": "query_integer",
        "number": "query_number",
        "boolean": "query_boolean",
    }
    if kind.kind not in functions:
        raise _unsupported(value, kind, where)
    return f"encode.{functions[kind.kind]}"


def _either(kind: Type, encoders: list[str]) -> str:
    words = (_WORDS[member.kind] if member.kind != "enum" or member.is_text else "an int" for member in kind.members)
    expected = " or ".join(dict.fromkeys(words))
    return f"encode.either({literal(expected)}, {', '.join(dict.fromkeys(encoders))})"


def _unsupported(value: Value, kind: Type, where: str) -> BuildError:
    return BuildError(f"{value.wire_name}: {_WORDS[kind.kind]} {where} is not supported: change it in an overlay")


_WORDS = {
    "any": "a value of any type",
    "boolean": "a bool",
    "date": "a date",
    "datetime": "a point in time",
    "dict": "a dict",
    "enum": "a string",
    "file": "a file",
    "integer": "an int",
    "list": "a list",
    "model": "a dict or a model",
    "number": "a number",
    "object": "a dict or a model",
    "text": "a string",
    "union": "a value of several types",
}


def header_encoder(value: Value) -> str:
    """Write the encoder of a parameter that goes into a header."""
    return f"encode.header({_query_expression(value, value.type, 'in a header')})"


def body_encoder(value: Value) -> str:
    """Write the encoder of a property of a body."""
    encoder = _body_encoder(value)
    is_never_null = value.required and not value.type.nullable and value.type.kind != "any"
    return f"encode.not_null({encoder})" if is_never_null else encoder


def _body_encoder(value: Value) -> str:
    if value.milliseconds:
        return "encode.milliseconds"
    return _body_expression(value, value.type)


def _body_expression(value: Value, kind: Type) -> str:
    if kind.kind == "list" and kind.item is not None:
        return f"encode.each({_body_expression(value, kind.item)})"
    if kind.kind == "union" and kind.is_involved:
        return _either(kind, [_body_expression(value, member) for member in kind.members])
    functions = {
        "any": "json_value",
        "boolean": "boolean",
        "date": "calendar_date",
        "datetime": "rfc3339",
        "dict": "json_object",
        "enum": "text" if kind.is_text else "integer",
        "integer": "integer",
        "model": "json_object",
        "number": "number",
        "object": "json_object",
        "union": "json_object",
        "text": "text",
    }
    if kind.kind not in functions:
        raise _unsupported(value, kind, "in a JSON body")
    return f"encode.{functions[kind.kind]}"


def given_of(operation: Operation) -> str:
    """Write the dict of all arguments of a function in an endpoint module."""
    if not operation.path_parameters:
        return "given" if operation.keywords else "{}"
    items = [f"{literal(value.name)}: {value.name}" for value in operation.path_parameters]
    return f"{{{', '.join([*items, '**given'] if operation.keywords else items)}}}"


def wire_names(operation: Operation) -> dict[str, str]:
    """Return the names in the API of the keyword parameters that have another name in Python."""
    return {value.name: value.wire_name for value in operation.keywords if value.name != value.wire_name}
