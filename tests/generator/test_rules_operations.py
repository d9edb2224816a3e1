from __future__ import annotations

import pytest

from generator._errors import BuildError
from generator.prepare import narrowing, rules
from generator.prepare.layout import Layout
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
)
from tests.support.rules import Rule, applied, applied_to_operation

TOTAL = {"data": an_array(STRING), "total_count": INTEGER}


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


def test_an_operation_without_a_place_is_refused() -> None:
    document = a_document(("get /things", an_operation("ListThings")))
    with pytest.raises(BuildError, match="operation ListThings is in no sub-API"):
        rules.place_operations(document, Layout(()))


@pytest.mark.parametrize(
    ("status", "name"),
    [("202", "GetThingAcceptedResult"), ("299", "GetThingStatus299Result"), ("2XX", "GetThingOtherResult")],
)
def test_the_objects_of_further_answers_are_named_after_their_statuses(status: str, name: str) -> None:
    responses = {"200": answer(an_object({"id": STRING})), status: answer(an_object({"at": STRING}))}
    document = a_document(("get /things", an_operation("GetThing", responses=responses)))
    assert narrowing.name_further_answers(document) == 1
    assert responses[status]["content"]["application/json"]["schema"]["title"] == name
