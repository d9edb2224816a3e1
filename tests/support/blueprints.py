"""Blueprints of small documents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.code import parse
from generator.code.blueprint import Blueprint, Body, Model, Operation, Type, Value
from generator.code.operations import draw
from generator.document.walk import operations
from generator.names import snake_case
from generator.prepare import layout, rules
from generator.prepare.layout import Layout, MethodEntry, SubAPIEntry
from tests.support.openapi import JSONObject, a_document, an_object, an_operation, unshared

TEXT = Type("text")
USER, ROLE = Type("model", name="User"), Type("model", name="Role")
USERS = Type("list", item=USER)
EITHER = Type("union", members=(USER, ROLE))
TAGGED = Type("union", members=(USER, ROLE), tags=(("object", (("role", "Role"), ("user", "User"))), ("type", ())))
KIND = Type("enum", values=("a", "b"), name="Kind")
LEVEL = Type("enum", values=(1, 2), name="Level")
CONSTANT = Type("enum", values=("a",))


def nullable(kind: Type) -> Type:
    return replace(kind, nullable=True)


def a_value(kind: Type, name: str = "thing", *, required: bool = True, milliseconds: bool = False) -> Value:
    return Value(name, name, kind, required, milliseconds=milliseconds)


def an_operation_of(**fields: Any) -> Operation:
    """Return an operation of a blueprint that is nothing but what is said of it."""
    values: dict[str, Any] = {
        "id": "GetThing",
        "module": "get_thing",
        "sub_api": "things",
        "method": "GET",
        "path": "/things",
        "path_parameters": (),
        "query_parameters": (),
        "header_parameters": (),
        "body": Body(),
        "answer_kind": "nothing",
        "answer": None,
        "page_key": "data",
        "listing": None,
        "send_paginated": False,
        "unwrap": None,
        "credential": "secret_key",
        "errors": (),
        "deprecated": False,
        "summary": "",
        "description": "",
    }
    return Operation(**{**values, **fields})


def an_enum(*values: str | int | None, **fields: Any) -> JSONObject:
    return {"type": "integer" if isinstance(values[0], int) else "string", "enum": [*values], **fields}


def drawn(document: JSONObject, *sub_apis: SubAPIEntry) -> Blueprint:
    """Draw the blueprint of a document; without a layout, all operations stand in the sub-API `things`."""
    document = unshared(document)
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    client_layout = Layout(
        sub_apis or (SubAPIEntry("things", tuple(MethodEntry(snake_case(name), (name,)) for name in ids)),)
    )
    layout.check(client_layout, document)
    effective, _ = rules.effective_document(document, client_layout)
    return draw(effective, parse.parse(effective, parse.config(Path("unused"))), client_layout)


def operation_of(returns: JSONObject | None = None, *, method: str = "post", **fields: Any) -> Operation:
    """Draw a document of one operation."""
    document = a_document((f"{method} /things", an_operation("CreateThing", returns, **fields)))
    [operation] = drawn(document).operations
    return operation


def models_of(schema: JSONObject, **schemas: JSONObject) -> dict[str, Model]:
    """Draw a document that answers with a schema; return its models by name."""
    return drawn(a_document(("get /thing", an_operation("GetThing", schema)), schemas=schemas)).by_name


def property_of(schema: JSONObject, *required: str, **schemas: JSONObject) -> Value:
    """Draw a document that answers with an object that has one property, `value`."""
    models = models_of(an_object({"value": schema}, *required, title="Holder"), **schemas)
    [value] = models["Holder"].properties
    return value


__all__ = [
    "CONSTANT",
    "EITHER",
    "KIND",
    "LEVEL",
    "ROLE",
    "TAGGED",
    "TEXT",
    "USER",
    "USERS",
    "a_value",
    "an_enum",
    "an_operation_of",
    "drawn",
    "models_of",
    "nullable",
    "operation_of",
    "property_of",
]
