"""Checks of JSON values against schemas of the document, compiled on first use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from .operations import Operation, load_document
from .parts import Schema

_COMPONENTS = "#/components/schemas/"
_COMPOSED = ("allOf", "anyOf", "oneOf", "$ref")


class Violation(NamedTuple):
    """A place where a value doesn't match its schema.

    Attributes:
        rule: The keyword of the schema that is violated.
        path: The path to the value, from the root.
        names: The properties that are missing or unknown.
        message: What is wrong.
        value: The invalid value.
    """

    rule: str
    path: tuple[str | int, ...]
    names: tuple[str, ...]
    message: str
    value: Any  # any JSON value


class Checker:
    """Checks whether a value matches a schema."""

    def __init__(self, schema: Schema) -> None:
        import jsonschema_rs  # not every request has something to check

        self._validator = jsonschema_rs.Draft4Validator(_whole(schema), validate_formats=True)

    def violations(self, value: Any) -> Iterator[Violation]:  # any JSON value
        """Return the places where a value doesn't match the schema."""
        for error in self._validator.iter_errors(value):
            rule = str(error.schema_path[-1])
            yield Violation(
                rule=rule,
                path=tuple(error.instance_path),
                names=_names(rule, error.kind),
                message=error.message,
                value=error.instance,
            )


def _names(rule: str, kind: Any) -> tuple[str, ...]:  # the validator has a class for each kind
    if rule == "required":
        return (str(kind.property).strip('"'),)  # older releases put quotes around it
    return tuple(sorted(kind.unexpected)) if rule == "additionalProperties" else ()


@cache
def answer_checker(operation_id: str, status: int) -> Checker | None:
    """Return the checker of a response's JSON body, or None if it has no such body."""
    document = load_document()
    operation = document.operations[operation_id]
    if status in operation.responses:
        schema = operation.responses[status]
        return None if schema is None else Checker(translate(schema))
    return Checker(translate({"$ref": "#/components/schemas/ClerkErrors"}))


@cache
def body_checker(operation_id: str) -> Checker:
    """Return the checker of a request's body."""
    return Checker(translate(closed(load_document().operations[operation_id].body_schema)))


@cache
def parameter_checker(operation_id: str, name: str) -> Checker:
    """Return the checker of a parameter's value."""
    operation: Operation = load_document().operations[operation_id]
    parameter = operation.query.get(name) or operation.path_parameters[name]
    return Checker(translate(parameter.schema))


@cache
def header_checker(operation_id: str, name: str) -> Checker:
    """Return the checker of the value of a parameter in a header."""
    return Checker(translate(load_document().operations[operation_id].headers[name].schema))


def closed(schema: Schema) -> Schema:
    """Return a request's schema, changed so that its objects allow only the listed properties."""
    changed = dict(schema)
    if "properties" in schema:
        changed["properties"] = {name: closed(inner) for name, inner in schema["properties"].items()}
        changed.setdefault("additionalProperties", False)
    if "items" in schema:
        changed["items"] = closed(schema["items"])
    return changed


def translate(schema: Any) -> Any:  # a part of a schema can be any JSON value
    """Return an OpenAPI 3.0 schema in the terms of JSON Schema, draft 4."""
    if isinstance(schema, list):
        return [translate(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return schema
    translated = {key: _translated_part(key, value) for key, value in schema.items() if key not in _SPARE}
    if schema.get("type") == "integer" and schema.get("format") in _BITS:
        bound = 1 << _BITS[schema["format"]] - 1
        translated = {"minimum": -bound, "maximum": bound - 1, **translated}
    return _with_null(translated) if schema.get("nullable") else translated


_BITS = {"int32": 32, "int64": 64}
_SPARE = ("nullable", "discriminator", "default", "deprecated", "title", "description")


def _translated_part(key: str, value: Any) -> Any:  # a part of a schema can be any JSON value
    if key == "properties":
        return {name: translate(inner) for name, inner in value.items()}
    return value if key in ("enum", "required") else translate(value)


def _with_null(schema: Schema) -> Schema:
    if any(key in schema for key in _COMPOSED):
        return {"anyOf": [{"type": "null"}, schema]}
    if "type" not in schema:
        return schema
    changed = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema and None not in schema["enum"]:
        changed["enum"] = [*schema["enum"], None]
    return changed


def _whole(schema: Schema) -> Schema:
    """Return a translated schema with the components that it refers to, directly or by others."""
    found: Schema = {}
    ahead = _references(schema)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = _component(name)
            ahead += _references(found[name])
    return {**schema, "components": {"schemas": found}} if found else schema


def _references(part: Any) -> list[str]:  # a part of a schema can be any JSON value
    if isinstance(part, list):
        return [name for inner in part for name in _references(inner)]
    if not isinstance(part, dict):
        return []
    reference = part.get("$ref")
    if isinstance(reference, str):
        return [reference.removeprefix(_COMPONENTS)]
    return [name for inner in part.values() for name in _references(inner)]


@cache
def _component(name: str) -> Schema:
    translated: Schema = translate(load_document().parts[f"{_COMPONENTS}{name}"])
    return translated
