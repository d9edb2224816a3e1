"""Null and `required` are written so that OpenAPI 3.0 understands them."""

from __future__ import annotations

import copy

import pytest

from generator.document.strict import NULL, make_strict
from generator.prepare import rules
from tests.support.openapi import JSONObject, a_document, an_object, reference

STRING: JSONObject = {"type": "string"}


def strict(schema: JSONObject, version: str = "3.0.3") -> tuple[JSONObject, int]:
    """Apply the rules to a document with one component more; return that, and how many places changed."""
    document = a_document(schemas={"Thing": STRING, "Other": STRING, "A": copy.deepcopy(schema)})
    document["openapi"] = version
    count = make_strict(document)
    assert make_strict(document) == 0
    changed: JSONObject = document["components"]["schemas"]["A"]
    return changed, count


@pytest.mark.parametrize(
    "value",
    [
        {"allOf": [reference("Thing")]},
        {"type": "object", "allOf": [reference("Thing"), an_object({"a": STRING}, "a")]},
        {"oneOf": [reference("Thing"), reference("Other")], "discriminator": {"propertyName": "object"}},
        {"anyOf": [reference("Thing"), NULL]},
        reference("Thing"),
    ],
)
def test_null_beside_a_composition_becomes_a_member(value: JSONObject) -> None:
    expected = {"nullable": True, "anyOf": [value, NULL]}
    if value.get("anyOf"):
        expected = {"nullable": True, **value}
    assert strict({"nullable": True, **value}) == (expected, 0 if value.get("anyOf") else 1)
    assert strict({"nullable": False, **value})[1] == strict(value)[1] == 0
    document = a_document(schemas={"A": copy.deepcopy(expected)})
    assert rules.gather_null(document) == 1
    gathered = {"nullable": True, **(value["anyOf"][0] if value.get("anyOf") else value)}
    assert document["components"]["schemas"]["A"] == gathered


def test_what_is_inside_is_made_strict_too() -> None:
    inner = {"nullable": True, "allOf": [reference("Thing")]}
    found, count = strict({"nullable": True, "oneOf": [an_object({"a": inner}), reference("Other")]})
    assert count == 2
    assert found["anyOf"][0]["oneOf"][0]["properties"]["a"]["anyOf"][1] == NULL


@pytest.mark.parametrize(("enum", "count"), [(["a", "b"], 1), (["a", "b", None], 0)])
def test_a_nullable_enum_lists_null(enum: list[str | None], count: int) -> None:
    expected = {"type": "string", "nullable": True, "enum": ["a", "b", None]}
    assert strict({"type": "string", "nullable": True, "enum": enum}) == (expected, count)
    assert strict({"type": "string", "enum": enum})[1] == 0


def test_required_names_of_no_property_are_dropped() -> None:
    schema = an_object({"a": STRING, "b": STRING}, "c", "a", "d")
    assert strict(schema) == (an_object({"a": STRING, "b": STRING}, "a"), 2)


@pytest.mark.parametrize(
    "schema",
    [
        an_object({"a": STRING}, "a"),
        an_object({"a": STRING}),
        {"type": "object", "required": ["a"]},
        an_object({}, "a"),
        {**an_object({"a": STRING}, "b"), "additionalProperties": True},
        {"allOf": [reference("Thing")], "properties": {"a": STRING}, "required": ["inherited"]},
        {"allOf": [reference("Thing"), an_object({"a": STRING}, "inherited")]},
    ],
)
def test_other_required_names_stay(schema: JSONObject) -> None:
    assert strict(schema) == (schema, 0)


def test_later_versions_of_openapi_have_no_nullable() -> None:
    schema = {"nullable": True, "allOf": [reference("Thing")]}
    assert strict(schema, "3.1.0") == (schema, 0)


def test_events_are_made_strict_too() -> None:
    schema = {"nullable": True, "allOf": [reference("Thing")]}
    body: JSONObject = {"content": {"application/json": {"schema": schema}}}
    document: JSONObject = {"openapi": "3.0.3", "x-webhooks": {"user.created": {"post": {"requestBody": body}}}}
    assert make_strict(document) == 1
    assert body["content"]["application/json"]["schema"]["anyOf"][1] == NULL
