"""Rules that make a strict OpenAPI 3.0 validator read a document the way it is meant.

By the text of OpenAPI 3.0.3, `nullable` applies only to the `type` beside it: it does not add null to a composition, an
enum or a reference. And a name in `required` must be present, whether or not such a property is declared. Clerk's
documents mean both differently.

The rules are applied when a document is vendored, and again after the overlays. Each changes a document in place and
returns the number of places it changed; applying it twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable

from .walk import EVENTS, METHODS, Document, Place, Schema, every_place

__all__ = ["NULL", "is_with_null", "make_strict"]

NULL: Schema = {"type": "object", "nullable": True, "enum": [None]}
"""The schema of null, as far as OpenAPI 3.0 can express it."""

_COMPOSED = ("$ref", "allOf", "anyOf", "oneOf")


def make_strict(document: Document) -> int:
    """Apply the rules to an OpenAPI document, and return the number of places that changed."""
    if not str(document["openapi"]).startswith("3.0."):  # later versions have no `nullable`
        return 0
    return sum(_each(document, rule) for rule in (_list_null, _compose_null, _drop_undeclared))


def is_with_null(schema: Schema) -> bool:
    """Return whether a schema has the form that `_compose_null` gives it: a value or null."""
    members = schema.get("anyOf", [])
    return schema.get("nullable") is True and len(members) == 2 and members[1] == NULL


def _list_null(schema: Schema) -> int:
    """An enum with `nullable` beside it lists null."""
    if not schema.get("nullable") or "enum" not in schema or None in schema["enum"]:
        return 0
    schema["enum"].append(None)
    return 1


def _compose_null(schema: Schema) -> int:
    """A composition or reference with `nullable` beside it becomes a union of two members: itself and null."""
    if not schema.get("nullable") or is_with_null(schema) or not any(key in schema for key in _COMPOSED):
        return 0
    value = {key: part for key, part in schema.items() if key not in ("nullable", "deprecated")}
    for key in value:
        del schema[key]
    schema["anyOf"] = [value, {**NULL, "enum": [None]}]
    return 1


def _drop_undeclared(schema: Schema) -> int:
    """`required` only names declared properties: no response has been seen with any other.

    In a composition, another part may declare the property.
    """
    properties = schema.get("properties")
    if not properties or any(key in schema for key in ("allOf", "additionalProperties")):
        return 0
    required = schema.get("required", [])
    known = [name for name in required if name in properties]
    if len(known) < len(required):
        schema["required"] = known
    return len(required) - len(known)


def _each(document: Document, rule: Callable[[Schema], int]) -> int:
    return sum(rule(place.schema) for place in _places(document) if not (place.is_part and rule is _drop_undeclared))


def _places(document: Document) -> list[Place]:
    # Events are treated like the request bodies of operations.
    events = {
        event: {method: {"responses": {}, **item[method]} for method in METHODS if method in item}
        for event, item in document.get(EVENTS, {}).items()
    }
    return list(every_place({**document, "paths": {**document.get("paths", {}), **events}}))
