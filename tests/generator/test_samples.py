from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from generator._errors import BuildError
from generator.build import corrected_document
from generator.document.walk import content_places, operations, resolve
from tests.support.samples import Mode, sample

ROOT = Path(__file__).parents[2]
NOTHING: dict[str, Any] = {}  # a document of no use to a schema without references


@pytest.fixture(scope="module")
def corrected() -> dict[str, Any]:
    return corrected_document(ROOT)


@pytest.mark.parametrize("mode", ["all", "required"])
def test_samples_of_all_answers_and_bodies_are_valid(corrected: dict[str, Any], mode: Mode) -> None:
    samples = 0
    faults: list[str] = []
    for path, method, operation in operations(corrected):
        bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for name, body in bodies.items():
            for place in content_places(resolve(corrected, body)):
                samples += 1
                schema = {"allOf": [place.schema], "components": corrected["components"]}
                validator = OAS30Validator(schema, format_checker=OAS30Validator.FORMAT_CHECKER)
                errors = validator.iter_errors(sample(place.schema, corrected, mode=mode))
                faults.extend(f"{method} {path} {name} {error.json_path}: {error.message}" for error in errors)
    assert samples > 1000
    assert faults == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "boolean"}, True),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 7, "maximum": 9}, 7),
        ({"type": "integer", "minimum": 7, "exclusiveMinimum": True}, 8),
        ({"type": "integer", "maximum": 0}, 0),
        ({"type": "integer", "x-clerk-timestamp": "milliseconds"}, 1738326896789),
        ({"type": "number"}, 0.5),
        ({"type": "string"}, "value"),
        ({"type": "string", "minLength": 8}, "valuexxx"),
        ({"type": "string", "maxLength": 3}, "val"),
        ({"type": "string", "format": "date"}, "2025-01-31"),
        ({"type": "string", "format": "no such format"}, "value"),
        ({"type": "string", "nullable": True, "enum": [None, "a"]}, "a"),
        ({}, "value"),
        ({"properties": {"updated_at": {"type": "integer"}}}, {"updated_at": 1738326896789}),
        ({"type": "object"}, {}),
        ({"type": "object", "additionalProperties": True}, {}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key": 1}),
        ({"type": "object", "required": ["undeclared"]}, {"undeclared": "undeclared"}),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, [True, True]),
        ({"allOf": [{"properties": {"a": {}}}], "properties": {"b": {}}}, {"a": "a", "b": "b"}),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 1),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {}}}, {"a": "a"}),
    ],
)
def test_all(schema: dict[str, Any], value: object) -> None:
    made = sample(schema, NOTHING)
    assert made == value
    assert type(made) is type(value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"properties": {"a": {}, "b": {}}, "required": ["b"]}, {"b": "b"}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {}),
        ({"type": "array", "items": {}}, []),
        ({"type": "array", "minItems": 1, "items": {}}, ["value"]),
        (
            {
                "oneOf": [{"properties": {"kind": {"enum": ["a"]}}}, {"properties": {"kind": {"enum": ["b"]}}}],
                "discriminator": {"propertyName": "kind"},
            },
            {"kind": "a"},
        ),
    ],
)
def test_required(schema: dict[str, Any], value: object) -> None:
    assert sample(schema, NOTHING, mode="required") == value


@pytest.mark.parametrize(
    "pattern",
    [
        r"^user_\w{27}$",
        r"^(ak|api_key)_[0-9A-Fa-f]{32}$",
        r"^[^_][^a][A-Za-z0-9_-]*$",
        r"^oauth_(?:(?:token_)|(?:custom_))?[a-z]+?$",
        r"^(\S(.*\S)?)?$",
        r"^\d+\s\D\W$",
    ],
)
def test_pattern(pattern: str) -> None:
    assert re.search(pattern, sample({"type": "string", "pattern": pattern}, NOTHING))


@pytest.mark.parametrize("pattern", ["[^a-c]", "(", r"a\bb"])
def test_pattern_beyond_it_is_named(pattern: str) -> None:
    with pytest.raises(BuildError, match=re.escape(f"id: no text made for the pattern {pattern}")):
        sample({"properties": {"id": {"type": "string", "pattern": pattern}}}, NOTHING)


def test_schema_inside_itself_ends_where_it_may() -> None:
    reference = {"$ref": "#/node"}
    node = {"properties": {"parent": reference, "children": {"type": "array", "items": reference}, "id": {}}}
    assert sample(reference, {"node": node}) == {"children": [], "id": "id"}


@pytest.mark.parametrize("inner", [{"$ref": "#/node"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/node"}}])
def test_schema_that_requires_itself_is_named(inner: dict[str, Any]) -> None:
    node = {"properties": {"parent": inner}, "required": ["parent"]}
    with pytest.raises(BuildError, match="parent: its schema requires itself"):
        sample({"$ref": "#/node"}, {"node": node})


def test_same_sample_every_time(corrected: dict[str, Any]) -> None:
    user = {"$ref": "#/components/schemas/User"}
    assert sample(user, corrected) == sample(user, corrected)
