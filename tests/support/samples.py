"""A JSON value that a schema allows: the same one every time.

Examples and tests answer requests with it. OpenAPI 3.0's `$ref`, `allOf`, `oneOf`, `anyOf`, `enum`, `format`,
`pattern`, lengths and bounds are heeded; of a union the first member is taken, and nothing is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Literal

from generator._errors import BuildError
from generator.document.walk import Document, Schema, resolve

_parser: Any = import_module("re._parser")  # no public module says what a pattern consists of

__all__ = ["Mode", "sample"]

Mode = Literal["all", "required"]

_FORMATS = {
    "binary": "binary",
    "date": "2025-01-31",
    "date-time": "2025-01-31T12:34:56.789Z",
    "email": "someone@example.com",
    "uri": "https://example.com/",
}
_MILLISECONDS = 1738326896789
_CATEGORIES = {"WORD": "a", "DIGIT": "1", "SPACE": " ", "NOT_WORD": "-", "NOT_DIGIT": "a", "NOT_SPACE": "a"}


def sample(schema: Schema, document: Document, *, mode: Mode = "all") -> Any:  # a schema can describe any JSON value
    """Make a value that a schema allows.

    Args:
        schema: A schema of an OpenAPI 3.0 document.
        document: The document, which the schema's references lead into.
        mode: `all`: every property and an item in every array; `required`: no more than the schema requires. A
            property that contains its own schema again is left out where it may be.

    Returns:
        A JSON value.

    Raises:
        BuildError: No value was found; the message says for which property or pattern.
    """
    return _Sampler(document, mode).value(schema, "value")


class _Sampler:
    def __init__(self, document: Document, mode: Mode) -> None:
        self._document = document
        self._mode = mode
        self._open: list[int] = []

    def value(self, schema: Schema, name: str) -> Any:  # a schema can describe any JSON value
        """Make a value for what is called `name`: a property's name, or that of the array around it."""
        target = resolve(self._document, schema)
        if id(target) in self._open:
            raise _EndlessError(f"{name}: its schema requires itself")
        self._open.append(id(target))
        try:
            return self._flat_value(_flat(target, self._document), name)
        finally:
            self._open.pop()

    def _flat_value(self, schema: Schema, name: str) -> Any:  # a schema can describe any JSON value
        if "enum" in schema:
            return next(value for value in schema["enum"] if value is not None)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema, name)
        if kind == "boolean":
            return True
        return _string(schema, name) if kind == "string" else _number(schema, name)

    def _object(self, schema: Schema) -> dict[str, Any]:
        required = schema.get("required", [])
        properties: dict[str, Schema] = schema.get("properties", {})
        value = {name: name for name in required if name not in properties}
        for name, inner in properties.items():
            if name not in required and self._mode == "required":
                continue
            try:
                value[name] = self.value(inner, name)
            except _EndlessError:
                if name in required:
                    raise
        if not properties and self._mode == "all" and isinstance(schema.get("additionalProperties"), dict):
            value["key"] = self.value(schema["additionalProperties"], "key")
        return value

    def _array(self, schema: Schema, name: str) -> list[Any]:
        length = schema.get("minItems", 0)
        if self._mode == "all":
            length = max(length, 1)
        try:
            return [self.value(schema["items"], name) for _ in range(length)]
        except _EndlessError:
            if schema.get("minItems", 0):
                raise
            return []


class _EndlessError(BuildError):
    """A schema that contains itself."""


def _flat(schema: Schema, document: Document) -> Schema:
    """Take `allOf` and the first member of unions into the schema itself."""
    flat = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf", "discriminator")}
    for part in _parts(schema):
        _merge(flat, _flat(resolve(document, part), document))
    tag = schema.get("discriminator")
    if tag:
        _merge(flat, {"required": [tag["propertyName"]]})
    return flat


def _parts(schema: Schema) -> Iterable[Schema]:
    yield from schema.get("allOf", [])
    for keyword in ("anyOf", "oneOf"):
        yield from schema.get(keyword, [])[:1]


def _merge(schema: Schema, part: Schema) -> None:
    for key, value in part.items():
        if key == "properties":
            schema[key] = {**schema.get(key, {}), **value}
        elif key == "required":
            schema[key] = [*schema.get(key, []), *value]
        else:
            schema[key] = value


def _number(schema: Schema, name: str) -> float:
    if name.endswith("_at") or schema.get("x-clerk-timestamp") == "milliseconds":
        return _MILLISECONDS
    step = 1 if schema["type"] == "integer" else 0.5
    lowest: float = schema.get("minimum", step)
    highest: float | None = schema.get("maximum")
    if schema.get("exclusiveMinimum"):
        lowest += step
    return lowest if highest is None else min(lowest, highest)


def _string(schema: Schema, name: str) -> str:
    if "pattern" in schema:
        return _matching(schema["pattern"], name)
    text = _FORMATS.get(schema.get("format", ""), name)
    text = text.ljust(schema.get("minLength", 0), "x")
    return text[: schema.get("maxLength", len(text))]


def _matching(pattern: str, name: str) -> str:
    try:
        text = _text_of(_parser.parse(pattern))
    except (re.error, KeyError) as error:
        raise BuildError(f"{name}: no text made for the pattern {pattern}: {error}") from error
    if not re.search(pattern, text):
        raise BuildError(f"{name}: no text made for the pattern {pattern}")
    return text


def _text_of(parts: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_TEXTS[str(kind)](argument) for kind, argument in parts)


def _repeated(argument: tuple[int, Any, Any]) -> str:
    least, most, parts = argument
    return _text_of(parts) * max(least, min(1, int(most)))


# What Python's own parser calls the parts of a pattern, and a text for each.
_TEXTS: dict[str, Callable[[Any], str]] = {  # each part has arguments of its own kind
    "ANY": lambda _: "a",
    "AT": lambda _: "",
    "BRANCH": lambda argument: _text_of(argument[1][0]),
    "CATEGORY": lambda category: _CATEGORIES[str(category).removeprefix("CATEGORY_")],
    "IN": lambda members: _text_of(members[:1]),
    "LITERAL": chr,
    "MAX_REPEAT": _repeated,
    "MIN_REPEAT": _repeated,
    "NOT_LITERAL": lambda letter: "b" if letter == ord("a") else "a",
    "RANGE": lambda ends: chr(ends[0]),
    "SUBPATTERN": lambda argument: _text_of(argument[-1]),
}
