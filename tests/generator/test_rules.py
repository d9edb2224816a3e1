from __future__ import annotations

import copy

import pytest

from generator.prepare import rules
from generator.prepare.layout import Layout, MethodEntry, SubAPIEntry
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    an_array,
    an_object,
    an_operation,
    answer,
    parameter,
    reference,
)
from tests.support.rules import applied, mended, untouched

NULLABLE_TEXT = {"type": "string", "nullable": True}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_unions_that_only_require_are_dropped(keyword: str) -> None:
    thing = an_object({"a": STRING, "b": STRING})
    union = {keyword: [{"required": ["a"]}, {"required": ["b"]}]}
    assert mended(rules.drop_required_only_unions, {**thing, **union}) == (thing, 1)


def test_unions_that_say_more_stay() -> None:
    assert untouched(
        rules.drop_required_only_unions,
        {"anyOf": [{"required": ["a"]}, {"required": ["b"], "type": "object"}]},
        {"oneOf": [reference("A"), reference("B")]},
        {"oneOf": []},
    )


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf", "allOf"])
def test_the_type_beside_a_composition_is_dropped(keyword: str) -> None:
    composed = {"nullable": True, keyword: [reference("A")]}
    assert mended(rules.drop_type_beside_references, {"type": "object", **composed}) == (composed, 1)


def test_the_type_of_anything_else_stays() -> None:
    assert untouched(
        rules.drop_type_beside_references,
        {"type": "object"},
        {"type": "object", "allOf": []},
        an_object({"a": STRING}, allOf=[reference("A")]),
        {"type": "string", "oneOf": [STRING]},
        {"oneOf": [reference("A")]},
    )


def test_null_beside_a_reference_gets_a_composition_around_it() -> None:
    beside = {**reference("A"), "nullable": True, "deprecated": True}
    composed = {"nullable": True, "deprecated": True, "allOf": [reference("A")]}
    assert mended(rules.keep_facts_beside_references, beside) == (composed, 1)


def test_references_without_null_stay() -> None:
    assert untouched(
        rules.keep_facts_beside_references,
        reference("Thing"),
        {**reference("Thing"), "nullable": False},
        NULLABLE_TEXT,
    )


def test_the_null_of_a_component_moves_to_its_references() -> None:
    thing = an_object({"id": STRING})
    holder = an_object({"one": reference("Thing"), "many": an_array(reference("Thing")), "other": reference("Other")})
    schemas = {"Thing": {**thing, "nullable": True}, "Holder": holder, "Other": thing}
    document, count = applied(rules.move_null_to_references, a_document(schemas=schemas))
    null = {**reference("Thing"), "nullable": True}
    assert count == 1
    assert document["components"]["schemas"] == {
        "Thing": thing,
        "Holder": an_object({"one": null, "many": an_array(null), "other": reference("Other")}),
        "Other": thing,
    }


def test_a_part_of_a_composition_is_never_null() -> None:
    schemas = {"Thing": an_object({"id": STRING}, nullable=True), "Whole": {"allOf": [reference("Thing"), STRING]}}
    document, _ = applied(rules.move_null_to_references, a_document(schemas=schemas))
    assert document["components"]["schemas"]["Whole"] == schemas["Whole"]


def test_components_without_properties_keep_their_null() -> None:
    assert untouched(rules.move_null_to_references, NULLABLE_TEXT)


def test_the_type_beside_an_enum_with_null_is_dropped() -> None:
    enum = {"nullable": True, "enum": ["a", None]}
    assert mended(rules.drop_type_beside_null, {"type": "string", **enum}) == (enum, 1)


def test_the_type_beside_an_enum_without_null_stays() -> None:
    assert untouched(rules.drop_type_beside_null, {"type": "string", "enum": ["a"]}, {"enum": [None]}, NULLABLE_TEXT)


@pytest.mark.parametrize("default", ["a", False, 0, None])
def test_defaults_are_dropped(default: object) -> None:
    assert mended(rules.drop_defaults, {**STRING, "default": default}) == (STRING, 1)


def test_a_property_named_default_is_no_default() -> None:
    assert untouched(rules.drop_defaults, an_object({"default": STRING}))


def test_the_schemas_of_a_whole_document_are_mended() -> None:
    def a_whole(schema: JSONObject) -> JSONObject:
        operation = an_operation("a", schema, body=an_array(schema), parameters=[parameter("q", schema=schema)])
        return a_document(
            ("post /things", operation),
            schemas={"Thing": an_object({"a": schema, "b": {"allOf": [schema]}})},
            parameters={"P": parameter("p", schema=schema)},
        )

    assert applied(rules.drop_defaults, a_whole({**STRING, "default": "a"})) == (a_whole(STRING), 6)


@pytest.mark.parametrize(
    ("member", "beside", "expected"),
    [
        ({"properties": {"a": STRING}}, {"required": ["a"]}, {"properties": {"a": STRING}, "required": ["a"]}),
        (an_object({"a": STRING}, "a"), {"nullable": True}, {"nullable": True, **an_object({"a": STRING}, "a")}),
        (
            an_object({"a": STRING, "b": STRING}, "a", "b"),
            an_object({"b": INTEGER, "c": STRING}, "b", "c"),
            an_object({"a": STRING, "b": INTEGER, "c": STRING}, "a", "b", "c"),
        ),
        ({"title": "Inner", "type": "object"}, {"title": "Outer"}, {"title": "Outer", "type": "object"}),
    ],
)
def test_a_composition_of_one_becomes_one_object(member: JSONObject, beside: JSONObject, expected: JSONObject) -> None:
    assert mended(rules.merge_members, {**beside, "allOf": [member]}) == (expected, 1)


def test_other_compositions_stay() -> None:
    assert untouched(
        rules.merge_members,
        {"allOf": [reference("Thing")], "nullable": True},
        {"allOf": [an_object({"a": STRING}), {"required": ["a"]}]},
        {"oneOf": [an_object({"a": STRING})]},
    )


def test_the_rules_make_the_effective_document_and_leave_the_corrected_one_alone() -> None:
    layout = Layout((SubAPIEntry("things", (MethodEntry("get", ("GetThing",)),)),))
    thing = an_object({"id": {**STRING, "default": "a"}}, additionalProperties=False)
    responses = {"200": answer(thing), "404": answer(STRING)}
    document = a_document(("get /things/{id}", an_operation("GetThing", responses=responses, tags=["Things"])))
    before = copy.deepcopy(document)

    effective, counts = rules.effective_document(document, layout)

    assert document == before
    assert effective["components"] == {"schemas": {"GetThingResult": an_object({"id": STRING}, title="GetThingResult")}}
    assert effective["paths"]["/things/{id}"]["get"] == {
        "operationId": "get_thing",
        "responses": {"200": answer(reference("GetThingResult"))},
        "tags": ["things"],
        "x-clerk-errors": ["404"],
        "x-clerk-operation": "GetThing",
    }
    assert {name: count for name, count in counts.items() if count} == {
        "drop_error_responses": 1,
        "open_responses": 1,
        "drop_defaults": 1,
        "name_inline_objects": 1,
        "hoist_named_objects": 1,
        "place_operations": 1,
    }


def test_every_rule_says_what_it_mends_and_is_counted() -> None:
    _, counts = rules.effective_document(a_document(), Layout(()))
    assert list(counts) == [*(rule.__name__ for rule in rules.RULES), "place_operations"]
    assert all(rule.__doc__ for rule in rules.RULES)
