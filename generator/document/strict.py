"""Rules by which a validator that takes OpenAPI 3.0 at its word agrees with what a document means.

By the text of OpenAPI 3.0.3, `nullable` says something about the `type` beside it and about nothing else: null is no
member of a composition, of an enum or of a reference because of it. And a name in `required` has to be there, whether
or not a property of that name is declared. Both are written otherwise in Clerk's documents.

These rules apply when a document is vendored, and again when the overlays are applied. Each changes a document in
place and returns in how many places; a second time it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from .walk import EVENTS, METHODS, Document, Place, Schema, every_place

__all__ = ["NULL", "is_with_null", "make_strict"]

NULL: Schema = {"type": "object", "nullable": True, "enum": [None]}
"""The schema of null, as OpenAPI 3.0 can write it."""

_COMPOSED = ("$ref", "allOf", "anyOf", "oneOf")


def make_strict(document: Document) -> int:
    """Apply the rules to an OpenAPI document, and return in how many places it changed."""
    if not str(document["openapi"]).startswith("3.0."):  # later versions have no `nullable`
        return 0
    return sum(_each(document, rule) for rule in (_list_null, _compose_null, _drop_undeclared))


def is_with_null(schema: Schema) -> bool:
    """Tell whether a schema is one that `_compose_null` has made: of a value and null."""
    members = schema.get("anyOf", [])
    return schema.get("nullable") is True and len(members) == 2 and members[1] == NULL


def _list_null(schema: Schema) -> int:
    """An enum with `nullable` beside it lists null."""
    if not schema.get("nullable") or "enum" not in schema or None in schema["enum"]:
        return 0
    schema["enum"].append(None)
    return 1


def _compose_null(schema: Schema) -> int:
    """A composition or a reference with `nullable` beside it becomes one member of two, and null the other."""
    if not schema.get("nullable") or is_with_null(schema) or not any(key in schema for key in _COMPOSED):
        return 0
    value = {key: part for key, part in schema.items() if key not in ("nullable", "deprecated")}
    for key in value:
        del schema[key]
    schema["anyOf"] = [value, {**NULL, "enum": [None]}]
    return 1


def _drop_undeclared(schema: Schema) -> int:
    """`required` names no property that is not declared: no answer was ever seen to have one.

    In a composition, the property may be declared in another part.
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
    # What the service sends is walked through as what it receives.
    events = {
        event: {method: {"responses": {}, **item[method]} for method in METHODS if method in item}
        for event, item in document.get(EVENTS, {}).items()
    }
    return list(every_place({**document, "paths": {**document.get("paths", {}), **events}}))
