"""Converts OpenAPI 3.1 to 3.0, which is all the rest of the generator knows: Clerk may switch any day.

Whatever both versions can express is written the way of 3.0: null among types, constants, exclusive bounds as numbers,
keywords beside a reference, binary content. Anything else is refused, with its name and place.
"""

from __future__ import annotations

from typing import Any

from .._errors import BuildError
from .files import pointer
from .walk import Document, Schema, root_places

_VERSION = "3.0.3"
_BEYOND = (
    *("$defs", "contains", "contentSchema", "dependentRequired", "dependentSchemas", "else", "if", "maxContains"),
    *("minContains", "patternProperties", "prefixItems", "propertyNames", "then", "unevaluatedItems"),
    "unevaluatedProperties",
)
_BINARY = {"base64": "byte", "base64url": "byte"}

Location = tuple[str | int, ...]


def is_31(document: Document) -> bool:
    """Return whether a document is OpenAPI 3.1."""
    return str(document.get("openapi", "")).startswith("3.1.")


def as_30(document: Document) -> Document:
    """Convert an OpenAPI 3.1 document to 3.0.

    Args:
        document: The document in canonical form; it is changed in place.

    Returns:
        The same document.

    Raises:
        BuildError: It uses something that 3.0 does not have; one line that says what and where.
    """
    if document.get("components", {}).get("pathItems"):
        raise BuildError(
            f"{pointer('components', 'pathItems')}: shared path items are OpenAPI 3.1; 3.0 has nothing like them"
        )
    document["openapi"] = _VERSION
    document.pop("jsonSchemaDialect", None)
    places = {id(node): way for way, node in _ways(document)}
    for root in list(root_places(document)):
        way = (*places.get(id(root.container), ()), root.key)
        root.container[root.key] = _schema(root.schema, way)
    return document


def _ways(node: Any, way: Location = ()) -> list[tuple[Location, Any]]:  # any JSON value
    """Find the location of each object and list, for messages."""
    found: list[tuple[Location, Any]] = [(way, node)] if isinstance(node, dict | list) else []
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for token, value in inner:
        found += _ways(value, (*way, token))
    return found


def _schema(node: Any, way: Location) -> Schema:  # any JSON value
    if node is True:
        return {}
    if not isinstance(node, dict):
        raise BuildError(f"{pointer(*way)}: the schema {node!r} is OpenAPI 3.1; 3.0 has nothing like it")
    for name in _BEYOND:
        if name in node:
            raise BuildError(f"{pointer(*way)}: `{name}` is OpenAPI 3.1; 3.0 has nothing like it")
    schema = {name: _inner(name, value, (*way, name)) for name, value in node.items()}
    _types(schema, way)
    _values(schema)
    _unions(schema)
    if "$ref" in schema and len(schema) > 1:
        schema["allOf"] = [{"$ref": schema.pop("$ref")}, *schema.get("allOf", [])]
    return schema


def _inner(name: str, value: Any, way: Location) -> Any:  # any JSON value
    if name == "properties":
        return {key: _schema(inner, (*way, key)) for key, inner in value.items()}
    if name in ("allOf", "anyOf", "oneOf"):
        return [member if _is_null(member) else _schema(member, (*way, index)) for index, member in enumerate(value)]
    if name in ("items", "not") or (name == "additionalProperties" and isinstance(value, dict)):
        return _schema(value, way)
    return value


def _types(schema: Schema, way: Location) -> None:
    types = schema.get("type")
    if types == "null":
        types = ["null"]
    if not isinstance(types, list):
        return
    others = [kind for kind in types if kind != "null"]
    if len(others) != 1:
        said = " or ".join(types)
        raise BuildError(f"{pointer(*way)}: `type` is {said}: OpenAPI 3.0 allows one type, with or without null")
    schema["type"] = others[0]
    if "null" in types:
        schema["nullable"] = True


def _values(schema: Schema) -> None:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if None in schema.get("enum", []):
        schema["nullable"] = True
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), int | float) and not isinstance(schema[exclusive], bool):
            schema[bound], schema[exclusive] = schema[exclusive], True
    media_type, encoding = schema.pop("contentMediaType", None), schema.pop("contentEncoding", None)
    if (media_type or encoding) and "format" not in schema:
        schema["format"] = _BINARY.get(encoding, "binary")


def _unions(schema: Schema) -> None:
    """A union with null as a member becomes nullable."""
    for keyword in ("anyOf", "oneOf"):
        members = schema.get(keyword, [])
        left = [member for member in members if not _is_null(member)]
        if len(left) < len(members):
            schema["nullable"] = True
            del schema[keyword]
            schema["allOf" if len(left) == 1 else keyword] = left


def _is_null(member: Any) -> bool:  # any JSON value
    return isinstance(member, dict) and member.get("type") in ("null", ["null"]) and len(member) == 1


__all__ = ["as_30", "is_31"]
