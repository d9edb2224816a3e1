"""Blueprints of small documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.code import operations as drawing
from generator.code import parse
from generator.code.blueprint import Blueprint, Model, Operation, Value
from generator.document.walk import operations
from generator.names import snake_case
from generator.prepare import layout, rules
from generator.prepare.layout import Layout, Method, SubAPI
from tests.support.openapi import JSONObject, a_document, an_object, an_operation, unshared


def an_enum(*values: str | int | None, **fields: Any) -> JSONObject:
    return {"type": "integer" if isinstance(values[0], int) else "string", "enum": [*values], **fields}


def drawn(document: JSONObject, *sub_apis: SubAPI) -> Blueprint:
    """Draw the blueprint of a document; without a layout, all operations stand in the sub-API `things`."""
    document = unshared(document)
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    plan = Layout(sub_apis or (SubAPI("things", tuple(Method(snake_case(name), (name,)) for name in ids)),))
    layout.check(plan, document)
    effective, _ = rules.effective_document(document, plan)
    return drawing.draw(effective, parse.parse(effective, parse.config(Path("unused"))), plan)


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


__all__ = ["an_enum", "drawn", "models_of", "operation_of", "property_of"]
