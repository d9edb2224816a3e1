"""Sample JSON values, made from a schema alone; they are always the same."""

from __future__ import annotations

import re
from typing import Any

from .operations import Document
from .parts import Schema

_MILLISECONDS = 1_738_326_896_789
_TEXTS = {
    "binary": "binary",
    "date": "2025-01-31",
    "date-time": "2025-01-31T12:34:56.789Z",
    "email": "someone@example.com",
    "uri": "https://example.com/",
}
# Tried one after the other if a schema has a pattern; `{}` stands for the prefix that the pattern starts with.
_PATTERN_TEXTS = ("oauth_google", "from_oauth_google", "{}_" + "0" * 27, "{}_" + "0" * 32, "0", "sample", "en-US")


def sample(schema: Schema, document: Document) -> Any:  # a schema can describe any JSON value
    """Make a value that a schema allows.

    Whatever may be null is null, an object has its required properties, and an array has one item.

    Args:
        schema: The schema.
        document: The document that its references point into.
    """
    return _Sampler(document).value(schema, "value")


class _Sampler:
    def __init__(self, document: Document) -> None:
        self._document = document

    def value(self, schema: Schema, name: str) -> Any:  # a schema can describe any JSON value
        if schema.get("nullable"):
            return None
        schema = self._flat(schema)
        if schema.get("nullable"):
            return None
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type", "object" if "properties" in schema else "string"):
            case "object":
                return self._object(schema)
            case "array":
                return [self.value(schema["items"], name)]
            case "boolean":
                return False
            case "integer" | "number":
                return _number(schema, name)
            case _:
                return _string(schema, name)

    def _flat(self, schema: Schema) -> Schema:
        schema = self._document.flat(schema)
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                first = self._document.flat(schema[keyword][0])
                required = [*schema.get("required", []), *first.get("required", [])]
                return {**schema, **first, "required": required}
        return schema

    def _object(self, schema: Schema) -> dict[str, Any]:  # a schema can describe any JSON value
        properties = schema.get("properties", {})
        # The document requires some properties without saying what they are; those of Clerk are flags.
        undeclared: Schema = {"type": "boolean"}
        return {name: self.value(properties.get(name, undeclared), name) for name in schema.get("required", [])}


def _number(schema: Schema, name: str) -> float:
    if name.endswith("_at"):
        return _MILLISECONDS
    lowest: int = schema.get("minimum", 1)
    return lowest


def _string(schema: Schema, name: str) -> str:
    if "pattern" in schema:
        prefix = "".join(re.findall(r"^\^\(?([a-z]+)", schema["pattern"]))
        texts = [text.format(prefix) for text in _PATTERN_TEXTS]
        return next(text for text in texts if re.search(schema["pattern"], text))
    return _TEXTS.get(schema.get("format", ""), name)
