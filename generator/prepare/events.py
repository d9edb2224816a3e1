"""Turns the webhooks' document into that of an API: each event becomes an operation that returns it.

This way the same rules, descriptions and templates serve both: an event is decoded like a response.
"""

from __future__ import annotations

import copy
from typing import Any

from .._errors import BuildError
from ..document.walk import EVENTS, METHODS, Document, Schema, content_places, resolve
from ..names import pascal_case
from .layout import Layout, MethodEntry, SubAPIEntry

SUB_API = "events"


def as_operations(corrected: Document, version: str) -> tuple[Document, Layout]:
    """Turn the events of a document into operations.

    Args:
        corrected: The corrected document of the webhooks.
        version: Its version.

    Returns:
        The document, and a layout with a method for each event, called as the event's class.

    Raises:
        BuildError: An event has no usable name, or doesn't have the form that Clerk's events have.
    """
    document = copy.deepcopy(corrected)
    schemas: dict[str, Schema] = document.setdefault("components", {}).setdefault("schemas", {})
    paths: dict[str, Any] = {}
    for name, item in document.pop(EVENTS).items():
        class_name = pascal_case(name)
        if class_name in schemas:
            raise BuildError(f"{name}: there is a schema {class_name} already: give it a `title` in an overlay")
        paths[f"/{name}"] = {"post": _operation(class_name)}
        schemas[class_name] = _event(document, name, item)
    document.update(paths=paths, info={**document["info"], "version": version})
    methods = tuple(MethodEntry(class_name, (class_name,)) for class_name in map(pascal_case, corrected[EVENTS]))
    return document, Layout((SubAPIEntry(SUB_API, methods),))


def _operation(class_name: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{class_name}"}}}
    return {"operationId": class_name, "responses": {"200": {"description": "", "content": content}}}


def _event(document: Document, name: str, item: dict[str, Any]) -> Schema:
    """Return an event's schema: the common properties, its own data, and its type as a constant."""
    places = [place for method in METHODS for place in content_places(item.get(method, {}).get("requestBody", {}))]
    if len(places) != 1:
        raise BuildError(f"{name}: an event must be one request with one body")
    merged = _merged(document, places[0].schema)
    if not {"type", "data"} <= merged["properties"].keys():
        raise BuildError(f"{name}: an event must have a `type` and `data`")
    merged["properties"]["type"] = {**merged["properties"]["type"], "enum": [name]}
    return merged


def _merged(document: Document, schema: Schema) -> Schema:
    """Merge the parts of a composition."""
    schema = resolve(document, schema)
    parts = [*(_merged(document, part) for part in schema.get("allOf", [])), schema]
    properties: dict[str, Schema] = {}
    for part in parts:
        properties.update(copy.deepcopy(part.get("properties", {})))
    required = dict.fromkeys(name for part in parts for name in part.get("required", []))
    return {"type": "object", "required": sorted(required), "properties": properties}


__all__ = ["SUB_API", "as_operations"]
