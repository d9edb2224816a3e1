from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from generator import rules
from generator._errors import BuildError
from generator.layout import Layout, Method, SubAPI
from generator.walking import Document
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    an_array,
    an_object,
    an_operation,
    answer,
    content,
    parameter,
    reference,
    unshared,
)

Rule = Callable[[Document], int]

NULLABLE_TEXT = {"type": "string", "nullable": True}
TOTAL = {"data": an_array(STRING), "total_count": INTEGER}


def applied(rule: Rule, document: JSONObject) -> tuple[JSONObject, int]:
    """Apply a rule to a copy; return the copy and the rule's count."""
    document = unshared(document)
    return document, rule(document)


def applied_to_operation(rule: Rule, operation: JSONObject, method: str = "post", **parts: Any) -> tuple[Any, int]:
    """Apply a rule to a document with this operation; return what became of the operation and the count."""
    document, count = applied(rule, a_document((f"{method} /things", operation), **parts))
    return document["paths"]["/things"][method], count


def mended(rule: Rule, schema: JSONObject) -> tuple[JSONObject, int]:
    """Apply a rule to a document with this schema; return what became of the schema and the count."""
    document, count = applied(rule, a_document(schemas={"Thing": schema}))
    return document["components"]["schemas"]["Thing"], count


def untouched(rule: Rule, *schemas: JSONObject) -> bool:
    return all(mended(rule, schema) == (schema, 0) for schema in schemas)


def test_errors_lose_their_answers_and_leave_their_statuses() -> None:
    statuses = ("422", "200", "302", "404", "default", "4XX", "2XX")
    operation = an_operation("a", responses={status: answer(STRING) for status in statuses})
    found, count = applied_to_operation(rules.drop_error_responses, operation)
    assert count == 5
    assert list(found["responses"]) == ["200", "2XX"]
    assert found["x-clerk-errors"] == ["302", "404", "422"]


def test_an_operation_without_errors_says_so() -> None:
    found, count = applied_to_operation(rules.drop_error_responses, an_operation("a", STRING))
    assert (found, count) == ({**an_operation("a", STRING), "x-clerk-errors": []}, 0)


def test_a_shared_response_gets_a_name_and_stands_in_each_operation() -> None:
    operation = an_operation("a", responses={"200": {"$ref": "#/components/responses/deleted_thing"}})
    thing = an_object({"id": STRING})
    document, count = applied(
        rules.inline_shared_responses,
        a_document(
            ("get /things", operation),
            ("delete /things", operation),
            responses={"deleted_thing": answer(thing), "nothing": {"description": ""}},
        ),
    )
    named = answer({**thing, "title": "DeletedThing"})
    assert count == 2
    assert [operation["responses"]["200"] for operation in document["paths"]["/things"].values()] == [named, named]
    assert "responses" not in document["components"]


@pytest.mark.parametrize("schema", [STRING, reference("Thing"), an_object({"id": STRING}, title="Named")])
def test_a_shared_response_keeps_the_name_it_has_and_needs_none_without_an_object(schema: JSONObject) -> None:
    operation = an_operation("a", responses={"200": {"$ref": "#/components/responses/R"}})
    found, _ = applied_to_operation(rules.inline_shared_responses, operation, responses={"R": answer(schema)})
    assert found["responses"]["200"] == answer(schema)


def test_shared_responses_are_copied() -> None:
    operation = an_operation("a", responses={"200": {"$ref": "#/components/responses/R"}})
    document, _ = applied(
        rules.inline_shared_responses,
        a_document(("get /a", operation), ("get /b", operation), responses={"R": answer(STRING)}),
    )
    one, other = (item["get"]["responses"]["200"] for item in document["paths"].values())
    assert one == other
    assert one is not other


@pytest.mark.parametrize("rule", [rules.inline_shared_responses, rules.inline_shared_bodies])
def test_what_is_not_shared_stays_where_it_is(rule: Rule) -> None:
    document = {"paths": {"/a": {"post": an_operation("a", STRING, body=STRING), "get": an_operation("b")}}}
    assert applied(rule, document) == (document, 0)


def test_a_shared_body_stands_in_each_operation() -> None:
    operation = {**an_operation("a"), "requestBody": {"$ref": "#/components/requestBodies/B"}}
    document, count = applied(
        rules.inline_shared_bodies, a_document(("post /a", operation), requestBodies={"B": content(STRING)})
    )
    assert count == 1
    assert document["paths"]["/a"]["post"]["requestBody"] == content(STRING)
    assert "requestBodies" not in document["components"]


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


@pytest.mark.parametrize(
    ("enum", "expected"),
    [
        ({**NULLABLE_TEXT, "enum": ["a", "b"]}, {**NULLABLE_TEXT, "enum": ["a", "b", None]}),
        ({"nullable": True, "enum": [1]}, {"nullable": True, "enum": [1, None]}),
    ],
)
def test_a_nullable_enum_lists_null(enum: JSONObject, expected: JSONObject) -> None:
    assert mended(rules.add_null_to_nullable_enums, enum) == (expected, 1)


def test_other_enums_stay() -> None:
    assert untouched(
        rules.add_null_to_nullable_enums,
        {"nullable": True, "enum": ["a", None]},
        {"nullable": False, "enum": ["a"]},
        {"enum": ["a"]},
        NULLABLE_TEXT,
    )


def test_the_type_beside_an_enum_with_null_is_dropped() -> None:
    enum = {"nullable": True, "enum": ["a", None]}
    assert mended(rules.drop_type_beside_null, {"type": "string", **enum}) == (enum, 1)


def test_the_type_beside_an_enum_without_null_stays() -> None:
    assert untouched(rules.drop_type_beside_null, {"type": "string", "enum": ["a"]}, {"enum": [None]}, NULLABLE_TEXT)


def test_answers_are_opened_as_deep_as_they_go_and_requests_stay_closed() -> None:
    inner = an_object({"id": STRING})
    thing = an_object({"inner": {**inner, "additionalProperties": False}})
    closed = {"additionalProperties": False}
    request = {**an_object({"id": STRING}), **closed}
    document, count = applied(
        rules.open_responses,
        a_document(
            ("post /things", an_operation("a", an_array({"oneOf": [reference("Thing")]}), body=request)),
            ("get /things", an_operation("b", reference("Thing"))),
            schemas={"Thing": {**thing, **closed}, "Params": request},
        ),
    )
    assert count == 2
    assert document["components"]["schemas"] == {"Thing": an_object({"inner": inner}), "Params": request}
    assert document["paths"]["/things"]["post"]["requestBody"] == content(request)


@pytest.mark.parametrize("free", [True, STRING])
def test_what_is_open_stays_as_open_as_it_is(free: object) -> None:
    operation = an_operation("a", {"type": "object", "additionalProperties": free})
    assert applied_to_operation(rules.open_responses, operation) == (operation, 0)


@pytest.mark.parametrize(
    ("limit", "further", "listing"),
    [
        (INTEGER, [], {"default_limit": 10, "maximum_limit": 10, "cursor": None}),
        ({"type": "integer", "default": 20}, [], {"default_limit": 20, "maximum_limit": 20, "cursor": None}),
        ({"default": 10.0, "maximum": 500.0}, [], {"default_limit": 10, "maximum_limit": 500, "cursor": None}),
        (reference("Limit"), [], {"default_limit": 3, "maximum_limit": 9, "cursor": None}),
        (
            INTEGER,
            [parameter("starting_after")],
            {"default_limit": 10, "maximum_limit": 10, "cursor": "starting_after"},
        ),
    ],
)
def test_the_limits_of_pages_are_kept(limit: JSONObject, further: list[JSONObject], listing: JSONObject) -> None:
    parameters = [parameter("limit", schema=limit), {"$ref": "#/components/parameters/Offset"}, *further]
    found, count = applied_to_operation(
        rules.keep_page_limits,
        an_operation("a", parameters=parameters),
        schemas={"Limit": {"default": 3, "maximum": 9}},
        parameters={"Offset": parameter("offset")},
    )
    assert count == 1
    assert found["x-clerk-listing"] == listing
    assert all(type(found["x-clerk-listing"][key]) is int for key in ("default_limit", "maximum_limit"))


@pytest.mark.parametrize(
    "parameters",
    [
        [],
        [parameter("limit")],
        [parameter("offset")],
        [parameter("limit", "path"), parameter("offset")],
    ],
)
def test_what_does_not_page_has_no_limits(parameters: list[JSONObject]) -> None:
    operation = an_operation("a", parameters=parameters)
    assert applied_to_operation(rules.keep_page_limits, operation) == (operation, 0)


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
    "schema",
    [
        an_object({"id": STRING}, "id"),
        an_array(STRING),
        reference("Thing"),
        {"allOf": [an_object({"a": STRING}), reference("Thing")]},
    ],
)
def test_a_body_that_must_hold_something_is_required(schema: JSONObject) -> None:
    operation = an_operation("a", body=schema)
    found, count = applied_to_operation(
        rules.require_bodies, operation, schemas={"Thing": an_object({"id": STRING}, "id")}
    )
    assert (found["requestBody"], count) == ({**content(schema), "required": True}, 1)


@pytest.mark.parametrize(
    "operation",
    [
        an_operation("a"),
        an_operation("a", body=an_object({"id": STRING})),
        an_operation("a", body={"allOf": [an_object({"id": STRING})]}),
        {**an_operation("a"), "requestBody": {"content": {"application/octet-stream": {}}}},
        {**an_operation("a"), "requestBody": {**content(an_object({"id": STRING}, "id")), "required": True}},
    ],
)
def test_other_bodies_are_as_required_as_they_were(operation: JSONObject) -> None:
    assert applied_to_operation(rules.require_bodies, operation) == (operation, 0)


def test_required_names_of_no_property_are_dropped() -> None:
    schema = an_object({"a": STRING, "b": STRING}, "c", "a", "d")
    assert mended(rules.drop_unknown_required, schema) == (an_object({"a": STRING, "b": STRING}, "a"), 2)


def test_required_names_of_properties_stay() -> None:
    assert untouched(
        rules.drop_unknown_required,
        an_object({"a": STRING}, "a"),
        an_object({"a": STRING}),
        {"type": "object", "required": ["a"]},
        an_object({}, "a"),
        {"allOf": [reference("Thing")], "properties": {"a": STRING}, "required": ["inherited"]},
        {"allOf": [reference("Thing"), an_object({"a": STRING}, "inherited")]},
    )


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


@pytest.mark.parametrize(
    ("schema", "key", "items"),
    [
        (an_array(INTEGER), "data", INTEGER),
        (an_object(TOTAL), "data", STRING),
        (an_object({"tokens": an_array(INTEGER), "total_count": INTEGER}), "tokens", INTEGER),
        ({"oneOf": [an_array(STRING), an_object(TOTAL)]}, "data", STRING),
        (reference("List"), "things", STRING),
        ({"oneOf": [an_array(STRING), reference("List")]}, "things", STRING),
    ],
)
def test_a_get_that_lists_answers_with_the_array(schema: JSONObject, key: str, items: JSONObject) -> None:
    schemas = {"List": an_object({"things": reference("Things"), "total_count": INTEGER}), "Things": an_array(STRING)}
    operation = an_operation("a", schema)
    found, count = applied_to_operation(rules.unwrap_pages, operation, "get", schemas=schemas)
    assert count == 1
    assert found == {**an_operation("a", an_array(items)), "x-clerk-page": key}


@pytest.mark.parametrize(
    "schema",
    [
        STRING,
        an_object({"id": STRING}),
        an_object({**TOTAL, "id": STRING}),
        an_object({**TOTAL, "more": an_array(STRING)}),
        an_object({"data": STRING, "total_count": INTEGER}),
        {"oneOf": [an_array(STRING), an_object({"id": STRING})]},
        {"oneOf": [an_object({"id": STRING})]},
    ],
)
def test_a_get_that_does_not_list_answers_as_before(schema: JSONObject) -> None:
    operation = an_operation("a", schema)
    assert applied_to_operation(rules.unwrap_pages, operation, "get") == (operation, 0)


def test_only_a_get_lists() -> None:
    operation = an_operation("a", an_array(STRING))
    assert applied_to_operation(rules.unwrap_pages, operation, "post") == (operation, 0)


def test_the_rules_make_the_effective_document_and_leave_the_corrected_one_alone() -> None:
    layout = Layout((SubAPI("things", (Method("get", ("GetThing",)),)),))
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


def test_an_operation_without_a_place_is_refused() -> None:
    document = a_document(("get /things", an_operation("ListThings")))
    with pytest.raises(BuildError, match="operation ListThings has no place"):
        rules.place_operations(document, Layout(()))
