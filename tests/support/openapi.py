"""Minimal OpenAPI documents, in vendored form, of a few words each.

Extensions are given as keywords with underscores: `x_clerk_name="id"`.
"""

from __future__ import annotations

import json
from typing import Any

JSONObject = dict[str, Any]  # JSON of any shape

STRING: JSONObject = {"type": "string"}
INTEGER: JSONObject = {"type": "integer"}


def content(schema: JSONObject, media_type: str = "application/json") -> JSONObject:
    """Return the part of a body or an answer that says what it holds."""
    return {"content": {media_type: {"schema": schema}}}


def answer(schema: JSONObject, media_type: str = "application/json") -> JSONObject:
    return {"description": "", **content(schema, media_type)}


def an_object(properties: JSONObject, *required: str, **fields: Any) -> JSONObject:
    """Return the schema of an object; `required` names the properties that must be there."""
    return {"type": "object", "properties": properties, **({"required": [*required]} if required else {}), **fields}


def an_array(items: JSONObject, **fields: Any) -> JSONObject:
    return {"type": "array", "items": items, **fields}


def reference(name: str) -> JSONObject:
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str, place: str = "query", schema: JSONObject = STRING, **fields: Any) -> JSONObject:
    required = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, "schema": schema, **required, **_fields(fields)}


def an_operation(
    operation_id: str, returns: JSONObject | None = None, *, body: JSONObject | None = None, **fields: Any
) -> JSONObject:
    """Return an operation.

    Args:
        operation_id: Its id.
        returns: The schema of its answer; without one it answers with nothing.
        body: The schema of its JSON body.
        **fields: More of its fields; `responses` replaces the one that is made here.
    """
    responses = {"200": answer(returns)} if returns is not None else {"204": {"description": ""}}
    request = {"requestBody": content(body)} if body is not None else {}
    return {"operationId": operation_id, **request, "responses": responses, **_fields(fields)}


def _fields(keywords: JSONObject) -> JSONObject:
    return {name.replace("_", "-") if name.startswith("x_") else name: value for name, value in keywords.items()}


def a_document(
    *operations: tuple[str, JSONObject], schemas: JSONObject | None = None, **components: JSONObject
) -> JSONObject:
    """Return a document.

    Args:
        *operations: Method and path as in "get /things", and the operation.
        schemas: Its named schemas.
        **components: Its other components, by kind.
    """
    paths: JSONObject = {}
    for place, operation in operations:
        method, path = place.split()
        assert method not in paths.setdefault(path, {}), f"two operations for {place}"
        paths[path][method] = operation
    return {
        "openapi": "3.0.3",
        "info": {"title": "", "version": "2025-11-10"},
        "paths": paths,
        "components": {"schemas": schemas or {}, **components},
    }


def a_small_api() -> JSONObject:
    """Return a document with a bit of everything that the generator has a kind of file for."""
    kind = {"type": "string", "enum": ["big", "small"]}
    part = an_object({"kind": kind}, "kind")
    thing = an_object({"id": STRING, "parts": an_array(reference("Part"))}, "id")
    params = an_object({"name": STRING, "parts": an_array(reference("Part"))}, "name")
    paging = [parameter("limit", schema=INTEGER), parameter("offset", schema=INTEGER)]
    return a_document(
        ("get /things", an_operation("ListThings", an_array(reference("Thing")), parameters=paging)),
        ("post /things", an_operation("CreateThing", reference("Thing"), body=params)),
        ("get /things/{id}", an_operation("GetThing", reference("Thing"), parameters=[parameter("id", "path")])),
        schemas={"Part": part, "Thing": thing},
    )


def unshared(document: JSONObject) -> JSONObject:
    """Return a copy in which no object stands at two places, as in a document that was read from a file."""
    copied: JSONObject = json.loads(json.dumps(document))
    return copied


__all__ = [
    "INTEGER",
    "STRING",
    "JSONObject",
    "a_document",
    "a_small_api",
    "an_array",
    "an_object",
    "an_operation",
    "answer",
    "content",
    "parameter",
    "reference",
    "unshared",
]
