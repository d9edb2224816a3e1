"""Python code that makes the request of an operation: its path, and the encoders of its parameters."""

from __future__ import annotations

from .._errors import BuildError
from .annotation import literal
from .blueprint import Operation, Type, Value


def path_template(operation: Operation) -> str:
    """Write the path of an operation with its parameters' names in Python."""
    path = operation.path
    for value in operation.path_parameters:
        path = path.replace(f"{{{value.wire_name}}}", f"{{{value.name}}}")
    return literal(path)


def path_encoder(value: Value) -> str:
    """Write the encoder of a path parameter."""
    return f"encode.prefixed({literal(value.prefix)})" if value.prefix else "encode.path_segment"


def query_encoder(value: Value) -> str:
    """Write the encoder of a query parameter, or of a text field of a multipart body."""
    if value.milliseconds:
        return "encode.query_milliseconds"
    function = f"encode.{_query_function(value.type.item or value.type)}"
    if value.type.kind != "list":
        return function
    return f"encode.{'joined' if value.joined else 'repeated'}({function})"


def _query_function(kind: Type) -> str:
    functions = {
        "text": "query_text",
        "enum": "query_text" if kind.is_text else "query_integer",
        "integer": "query_integer",
        "number": "query_number",
        "boolean": "query_boolean",
    }
    if kind.kind not in functions:
        raise BuildError(f"a query parameter of the type {kind.kind} has no template")
    return functions[kind.kind]


def header_encoder(value: Value) -> str:
    """Write the encoder of a parameter that goes into a header."""
    kind = value.type.item or value.type
    function = f"encode.{_query_function(kind)}"
    return f"encode.header{'_list' if value.type.kind == 'list' else ''}({function})"


def body_encoder(value: Value) -> str:
    """Write the encoder of a property of a body."""
    encoder = _body_encoder(value)
    is_never_null = value.required and not value.type.nullable and value.type.kind != "any"
    return f"encode.not_null({encoder})" if is_never_null else encoder


def _body_encoder(value: Value) -> str:
    if value.milliseconds:
        return "encode.milliseconds"
    if value.type.kind == "list" and value.type.item is not None:
        return f"encode.each(encode.{_body_function(value.type.item)})"
    return f"encode.{_body_function(value.type)}"


def _body_function(kind: Type) -> str:
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
        raise BuildError(f"a body's property of the type {kind.kind} has no template")
    return functions[kind.kind]


def given_of(operation: Operation) -> str:
    """Write all arguments of an endpoint module's function by name."""
    if not operation.path_parameters:
        return "given" if operation.keywords else "{}"
    items = [f"{literal(value.name)}: {value.name}" for value in operation.path_parameters]
    return f"{{{', '.join([*items, '**given'] if operation.keywords else items)}}}"


def wire_names(operation: Operation) -> dict[str, str]:
    """Return the names on the wire of the keyword parameters that are called otherwise in Python."""
    return {value.name: value.wire_name for value in operation.keywords if value.name != value.wire_name}
