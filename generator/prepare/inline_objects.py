"""The rules for inline objects: each gets a name, and becomes a component of that name."""

from __future__ import annotations

import json

from .._errors import BuildError
from ..document.walk import Document, Place, Schema, content_places, every_place, inner_places, operations
from ..names import pascal_case, singular


def name_inline_objects(document: Document) -> int:
    """An inline object without a title is named after its place, never `...Type0` or `...Response200`."""
    count = 0
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        count += _name_below(schema, schema.get("title") or pascal_case(name))
    for _, _, operation in operations(document):
        name = pascal_case(operation["operationId"])
        for place in content_places(operation.get("requestBody", {})):
            count += _name_below(place.schema, name)
        for response in operation["responses"].values():
            for place in content_places(response):
                count += _name(place, f"{name}Result")
    return count


def hoist_named_objects(document: Document) -> int:
    """Each named inline object becomes a component, shared by all places that have the same one."""
    schemas: dict[str, Schema] = document.setdefault("components", {}).setdefault("schemas", {})
    names = {s.get("title", pascal_case(name)): name for name, s in schemas.items() if is_model_shape(s)}
    roots = {id(schema) for schema in schemas.values()}
    bodies = {id(p.schema) for _, _, o in operations(document) for p in content_places(o.get("requestBody", {}))}
    places = [
        place
        for place in every_place(document)
        if is_model_shape(place.schema) and not place.is_part and id(place.schema) not in roots | bodies
    ]
    for place in reversed(places):  # inner objects first, so that equal outer objects compare equal
        _hoist(place, schemas, names)
    return len(places)


def is_model_shape(schema: Schema) -> bool:
    """Return whether a schema is an object with properties of its own, not a reference to one."""
    return "properties" in schema or any("properties" in member for member in schema.get("allOf", []))


def _name(place: Place, name: str) -> int:
    schema = place.schema
    named = 0
    if is_model_shape(schema) and not place.is_part and "title" not in schema:
        schema["title"] = name
        named = 1
    return named + _name_below(schema, schema.get("title", name))


def _name_below(schema: Schema, name: str) -> int:
    count = 0
    for place in inner_places(schema):
        if place.container is schema.get("properties"):
            count += _name(place, name + pascal_case(place.key))
        elif place.key == "items":
            count += _name(place, singular(name))
        elif place.is_part:
            count += _name_below(place.schema, name)
        else:
            count += _name(place, f"{name}{_distinction(place.schema)}")
    return count


def _distinction(schema: Schema) -> str:
    """Return what distinguishes a member of a union: the value of `object`, else its first property."""
    properties = schema.get("properties", {})
    kind = properties.get("object", {}).get("enum", [])
    return pascal_case(kind[0]) if len(kind) == 1 else pascal_case(next(iter(properties), "value"))


def _hoist(place: Place, schemas: dict[str, Schema], names: dict[str, str]) -> None:
    component = {key: value for key, value in place.schema.items() if key not in ("nullable", "title")}
    title = place.schema.get("title")
    if title is None:  # of what can hold objects only parameters were given no names
        names_of_properties = ", ".join(component.get("properties", component))
        raise BuildError(f"a parameter that is an object is not supported: the one with {names_of_properties}")
    if title not in names:
        key = title if title not in schemas else f"{title}.Object"
        names[title] = key
        schemas[key] = {"title": title, **component}
    elif _shape(schemas[names[title]]) != _shape(component):
        raise BuildError(f"two different objects are named {title}: give one of them another title in an overlay")
    reference = {"$ref": f"#/components/schemas/{names[title]}"}
    nullable = place.schema.get("nullable")
    place.container[place.key] = {"nullable": True, "allOf": [reference]} if nullable else reference


def _shape(schema: Schema) -> str:
    return json.dumps({key: value for key, value in schema.items() if key != "title"}, sort_keys=True)
