"""The corrected document as others read it: a stranger's validator of OpenAPI 3.0 takes every right answer.

What `clerk.testing` validates with, and what the other tests make of the document, is this project's reading of it;
this is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker

from generator.document.strict import is_with_null
from generator.document.walk import every_place
from tests.operations.answers import answer_of, follow, json_operations
from tests.operations.document import DOCUMENT, JSONDict, Operation, operation, resolve
from tests.operations.shapes import Object
from tests.operations.synthesis import Made, Recipe, make, member_number, noted

RECIPES = {
    "all properties": Recipe(length=lambda: 2),
    "only required": Recipe(optional=lambda: False),
    "nulls": Recipe(null=lambda: True),
    "empty lists": Recipe(length=lambda: 0),
}


def answer_validator(called: Operation) -> Any:  # the validators are made by a function, without types
    content = called.content(called.success_status)
    assert content is not None
    schema = {"allOf": [content[1]], "components": DOCUMENT["components"]}
    return OAS30ReadValidator(schema, format_checker=oas30_format_checker)


def recipes(operation_id: str) -> Iterator[tuple[str, Recipe]]:
    """Each way of an answer, with each member of its unions."""
    for mode, recipe in RECIPES.items():
        for number in range(answer_of(operation_id).variations):
            yield f"{mode}, member {number}", replace(recipe, member=member_number(number))


def completed(made: Made) -> Any:  # a JSON value
    """A value with what is needed though no property is required: the tags of unions, one of several properties."""
    for node in made.nodes:
        value = follow(made.value, node.steps)
        if not isinstance(value, dict) or not isinstance(node.shape, Object):
            continue
        if node.union is not None and node.union.tag is not None:
            tags = [tag for tag, name in node.union.mapping.items() if name == node.shape.name]
            value.setdefault(node.union.tag, tags[0])
        for part in node.shape.parts:
            ways = [set(way["required"]) for way in part.get("anyOf", []) if set(way) == {"required"}]
            if ways and not any(way <= value.keys() for way in ways):
                value |= {name: make(node.shape.properties[name], Recipe()).value for name in ways[0]}
    return made.value


@pytest.mark.parametrize("operation_id", json_operations())
def test_right_answers_are_right(operation_id: str) -> None:
    called, answer = operation(operation_id), answer_of(operation_id)
    assert answer.shape is not None
    validator = answer_validator(called)
    for name, recipe in recipes(operation_id):
        with noted(name):
            value = completed(make(answer.shape, recipe))
            body = value if is_bare(called) else answer.body(value)
            assert [f"{list(error.path)}: {error.message}"[:300] for error in validator.iter_errors(body)] == []


def is_bare(called: Operation) -> bool:
    """Tell whether the document says that an answer is an array, where a page with the total may come as well."""
    content = called.content(called.success_status)
    return content is not None and resolve(content[1]).get("type") == "array"


@pytest.mark.parametrize(
    ("name", "schema"),
    [("beside allOf", {"nullable": True, "allOf": [{"type": "string"}]}), ("enum", {"nullable": True, "enum": ["a"]})],
)
def test_the_validator_takes_openapi_at_its_word(name: str, schema: JSONDict) -> None:
    """What it would say, were null written as Clerk writes it."""
    assert list(OAS30ReadValidator(schema).iter_errors(None))


def test_no_schema_says_null_without_effect() -> None:
    for place in every_place(DOCUMENT):
        schema = place.schema
        if schema.get("nullable") and not is_with_null(schema):
            assert "type" in schema or schema.keys() == {"nullable"}, schema
            assert not schema.keys() & {"$ref", "allOf", "anyOf", "oneOf"}, schema
            assert None in schema.get("enum", [None]), schema
