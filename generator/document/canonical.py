"""The canonical form of an OpenAPI document: its facts, in one order, without a sentence of its authors.

Each kind of OpenAPI object has a table of the fields that are facts, in the order in which they are written, with the
function that copies each. Fields in no table (descriptions, summaries, examples, titles, contact, licence, external
documents, most extensions) are dropped. Names that the API has chosen, such as those of properties, are never looked up
in a table, so a property called ``description`` or ``title`` is kept.

Maps are sorted by name. So are lists whose order means nothing (``required``, ``enum``, tags, parameters), but not
lists whose order may mean something (unions, servers, security).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .files import resolve
from .walk import EVENTS, METHODS

__all__ = ["canonical", "path_items"]

Node = Any  # any value of a document: validation checks what belongs where
Copier = Callable[[Node], Node]


# Copiers. A value of the wrong type is copied as it is: the validation that follows reports it.


def _data(node: Node) -> Node:
    """A value that is not an OpenAPI object: a scalar, a default, a constant."""
    if isinstance(node, dict):
        return {name: _data(node[name]) for name in sorted(node)}
    return [_data(item) for item in node] if isinstance(node, list) else node


def _empty(_node: Node) -> str:
    """A text that OpenAPI requires, but that says nothing about the API."""
    return ""


def _set(node: Node) -> Node:
    """A list whose order and repetitions mean nothing."""
    if not isinstance(node, list):
        return node
    unique = {_rank(item): item for item in map(_data, node)}
    return [unique[rank] for rank in sorted(unique)]


def _rank(value: Node) -> tuple[int, float, str]:
    """Numbers by size, then texts, then the rest, null last."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, value, ""
    if isinstance(value, str):
        return 1, 0, value
    return 3 if value is None else 2, 0, json.dumps(value, sort_keys=True)


def _list_of(copy: Copier) -> Copier:
    return lambda node: [copy(item) for item in node] if isinstance(node, list) else node


def _map_of(copy: Copier) -> Copier:
    """A map from names that the API chose."""
    return lambda node: {name: copy(node[name]) for name in sorted(node)} if isinstance(node, dict) else node


def _patterned_map_of(copy: Copier) -> Copier:
    """A map whose names follow a pattern, so that extensions can stand among them."""
    return lambda node: _map_of(copy)(_without_extensions(node))


def _without_extensions(node: Node) -> Node:
    return {name: node[name] for name in node if not name.startswith("x-")} if isinstance(node, dict) else node


def _object(fields: Mapping[str, Copier]) -> Copier:
    """An OpenAPI object: only the fields in the table are copied."""
    return lambda node: (
        {name: copy(node[name]) for name, copy in fields.items() if name in node} if isinstance(node, dict) else node
    )


def _or_reference(copy: Copier) -> Copier:
    """An object or a reference to one."""
    return lambda node: {"$ref": node["$ref"]} if isinstance(node, dict) and "$ref" in node else copy(node)


def _schema(node: Node) -> Node:
    return _object(_SCHEMA)(node)


def _header(node: Node) -> Node:
    return _or_reference(_object(_HEADER))(node)


def _path_item(node: Node) -> Node:
    return _object(_PATH_ITEM)(node)


_SERVER = {
    "url": _data,
    "variables": _map_of(_object({"enum": _set, "default": _data})),
}
_XML: dict[str, Copier] = dict.fromkeys(("name", "namespace", "prefix", "attribute", "wrapped"), _data)
_SCHEMA: dict[str, Copier] = {
    "$ref": _data,
    "type": _set,
    "nullable": _data,
    "format": _data,
    "contentMediaType": _data,
    "contentEncoding": _data,
    "contentSchema": _schema,
    "enum": _set,
    "const": _data,
    "default": _data,
    "pattern": _data,
    "minLength": _data,
    "maxLength": _data,
    "minimum": _data,
    "exclusiveMinimum": _data,
    "maximum": _data,
    "exclusiveMaximum": _data,
    "multipleOf": _data,
    "readOnly": _data,
    "writeOnly": _data,
    "deprecated": _data,
    "prefixItems": _list_of(_schema),
    "items": _schema,
    "unevaluatedItems": _schema,
    "contains": _schema,
    "minContains": _data,
    "maxContains": _data,
    "minItems": _data,
    "maxItems": _data,
    "uniqueItems": _data,
    "minProperties": _data,
    "maxProperties": _data,
    "required": _set,
    "dependentRequired": _map_of(_set),
    "properties": _map_of(_schema),
    "patternProperties": _map_of(_schema),
    "propertyNames": _schema,
    "additionalProperties": _schema,
    "unevaluatedProperties": _schema,
    "dependentSchemas": _map_of(_schema),
    "discriminator": _object({"propertyName": _data, "mapping": _data}),
    "allOf": _list_of(_schema),
    "anyOf": _list_of(_schema),
    "oneOf": _list_of(_schema),
    "not": _schema,
    "if": _schema,
    "then": _schema,
    "else": _schema,
    "xml": _object(_XML),
    "$defs": _map_of(_schema),
}
_ENCODING = {
    "contentType": _data,
    "style": _data,
    "explode": _data,
    "allowReserved": _data,
    "headers": _map_of(_header),
}
_CONTENT = _map_of(_object({"schema": _schema, "encoding": _map_of(_object(_ENCODING))}))
_HEADER: dict[str, Copier] = {
    "required": _data,
    "deprecated": _data,
    "allowEmptyValue": _data,
    "style": _data,
    "explode": _data,
    "allowReserved": _data,
    "schema": _schema,
    "content": _CONTENT,
}
_PARAMETER = _or_reference(_object({"name": _data, "in": _data, **_HEADER}))
_REQUEST_BODY = _or_reference(_object({"required": _data, "content": _CONTENT}))
_LINK = _or_reference(
    _object(
        {
            "operationRef": _data,
            "operationId": _data,
            "parameters": _data,
            "requestBody": _data,
            "server": _object(_SERVER),
        }
    )
)
_RESPONSE = _or_reference(
    _object(
        {
            "description": _empty,
            "headers": _map_of(_header),
            "content": _CONTENT,
            "links": _map_of(_LINK),
        }
    )
)
_CALLBACK = _or_reference(_patterned_map_of(_path_item))
_SECURITY = _list_of(_map_of(_set))
_OPERATION = {
    "operationId": _data,
    "x-speakeasy-group": _data,
    "x-speakeasy-name-override": _data,
    "tags": _set,
    "deprecated": _data,
    "security": _SECURITY,
    "servers": _list_of(_object(_SERVER)),
    "parameters": _list_of(_PARAMETER),
    "requestBody": _REQUEST_BODY,
    "responses": _patterned_map_of(_RESPONSE),
    "callbacks": _map_of(_CALLBACK),
}
_PATH_ITEM: dict[str, Copier] = {
    "$ref": _data,
    "servers": _list_of(_object(_SERVER)),
    "parameters": _list_of(_PARAMETER),
    **dict.fromkeys(METHODS, _object(_OPERATION)),
}
_FLOW = _object(
    {
        "authorizationUrl": _data,
        "tokenUrl": _data,
        "refreshUrl": _data,
        "scopes": _map_of(_empty),
    }
)
_SECURITY_SCHEME = _or_reference(
    _object(
        {
            "type": _data,
            "name": _data,
            "in": _data,
            "scheme": _data,
            "bearerFormat": _data,
            "openIdConnectUrl": _data,
            "flows": _object(dict.fromkeys(("implicit", "password", "clientCredentials", "authorizationCode"), _FLOW)),
        }
    )
)
_COMPONENTS = {
    "securitySchemes": _map_of(_SECURITY_SCHEME),
    "parameters": _map_of(_PARAMETER),
    "headers": _map_of(_header),
    "requestBodies": _map_of(_REQUEST_BODY),
    "responses": _map_of(_RESPONSE),
    "schemas": _map_of(_schema),
    "links": _map_of(_LINK),
    "callbacks": _map_of(_CALLBACK),
    "pathItems": _map_of(_path_item),
}
_DOCUMENT = {
    "openapi": _data,
    "jsonSchemaDialect": _data,
    "info": _object({"title": _data, "version": _data}),
    "servers": _list_of(_object(_SERVER)),
    "security": _SECURITY,
    "tags": lambda node: _sorted_tags(_list_of(_object({"name": _data}))(node)),
    "paths": _patterned_map_of(_path_item),
    EVENTS: _patterned_map_of(_path_item),
    "components": _object(_COMPONENTS),
}


def _sorted_tags(tags: Node) -> Node:
    return sorted(tags, key=lambda tag: str(tag.get("name"))) if _all_mappings(tags) else tags


def _all_mappings(node: Node) -> bool:
    return isinstance(node, list) and all(isinstance(item, dict) for item in node)


def canonical(document: dict[str, Any]) -> dict[str, Any]:
    """Reduce an OpenAPI document to its facts in canonical order.

    Args:
        document: An OpenAPI 3.0 or 3.1 document; it is not changed.

    Returns:
        A new document, valid if the given one is. Documents that differ only in descriptions, or in an order that means
        nothing, give the same result. So does the result itself.
    """
    result: dict[str, Any] = _object(_DOCUMENT)(document)
    for _, item in path_items(result):
        for holder in (item, *(item[method] for method in METHODS if isinstance(item.get(method), dict))):
            if _all_mappings(holder.get("parameters")):
                holder["parameters"].sort(key=lambda parameter: _parameter_rank(parameter, result))
    return result


def _parameter_rank(parameter: dict[str, Any], document: dict[str, Any]) -> tuple[str, str, str]:
    declared = parameter
    if "$ref" in parameter:
        try:
            declared = resolve(document, parameter["$ref"])
        except LookupError:
            declared = {}
    return str(declared.get("in")), str(declared.get("name")), str(parameter.get("$ref"))


def path_items(document: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Find every path item of a document: of its paths, its events, its components and its callbacks.

    Args:
        document: An OpenAPI document.

    Yields:
        The names that lead from the root to a path item, and the path item.
    """
    components = _mapping(document.get("components"))
    for place, items in (
        (("paths",), document.get("paths")),
        ((EVENTS,), document.get(EVENTS)),
        (("components", "pathItems"), components.get("pathItems")),
        *(
            (("components", "callbacks", name), callback)
            for name, callback in _mapping(components.get("callbacks")).items()
        ),
    ):
        for name, item in _mapping(items).items():
            if isinstance(item, dict):
                yield from _with_callbacks((*place, name), item)


def _with_callbacks(place: tuple[str, ...], item: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    yield place, item
    for method in METHODS:
        for name, callback in _mapping(_mapping(item.get(method)).get("callbacks")).items():
            for expression, called in _mapping(callback).items():
                if isinstance(called, dict):
                    yield from _with_callbacks((*place, method, "callbacks", name, expression), called)


def _mapping(node: Node) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}
