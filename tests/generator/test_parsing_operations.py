from __future__ import annotations

import pytest

from generator._errors import BuildError
from generator.code.annotation import argument_annotation
from generator.code.blueprint import Body, Listing, StatusAnswer, Type, Value
from generator.prepare.layout import MethodEntry, SubAPIEntry
from tests.support.blueprints import drawn, operation_of
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

ID = {"id": STRING}
BINARY = {"type": "string", "format": "binary"}
TEXT = Type("text")


def a_model(name: str) -> Type:
    return Type("model", name=name)


def query_of(*parameters: JSONObject) -> tuple[Value, ...]:
    return operation_of(parameters=[*parameters]).query_parameters


def test_query_parameters_keep_what_the_document_says_of_them() -> None:
    tags = parameter("tags[]", schema=an_array(STRING), explode=False, required=True, deprecated=True)
    since = parameter("sinceTime", schema=INTEGER, description=" Since when. ", x_clerk_timestamp="milliseconds")
    named = parameter("client", schema={**STRING, "maxLength": 3}, explode=True, x_clerk_name="client_id")
    assert query_of(tags, since, named) == (
        Value("tags", "tags[]", Type("list", item=TEXT), required=True, deprecated=True, joined=True),
        Value("since_time", "sinceTime", Type("integer"), False, description="Since when.", milliseconds=True),
        Value("client_id", "client", TEXT, required=False, bounds=("at most 3 characters",)),
    )


def test_parameters_in_headers_are_keywords_after_the_others() -> None:
    key = parameter("Idempotency-Key", "header", description="For repeats.")
    operation = operation_of(parameters=[key, parameter("q")], body=an_object({"a": STRING}))
    assert operation.header_parameters == (
        Value("idempotency_key", "Idempotency-Key", TEXT, required=False, description="For repeats."),
    )
    assert [value.name for value in operation.keywords] == ["q", "a", "idempotency_key"]


def test_values_that_are_known_of_a_text_are_kept_with_the_signs_before_them() -> None:
    known = {**STRING, "x-clerk-values": ["name", "age"], "x-clerk-signs": ["-", "+"]}
    values = ("name", "-name", "+name", "age", "-age", "+age")
    document = a_document(("get /things", an_operation("ListThings", parameters=[parameter("order_by", schema=known)])))
    drawing = drawn(document)
    [value] = drawing.operations[0].query_parameters
    assert value.type == Type("text", values=values, name="ListThingsOrderBy")
    assert [(enum.name, enum.values) for enum in drawing.enums] == [("ListThingsOrderBy", values)]
    assert argument_annotation(value.type, qualified=True) == "enums.ListThingsOrderBy | str"


def test_only_of_a_text_values_are_known() -> None:
    with pytest.raises(BuildError, match="CreateThingLimit: `x-clerk-values` is only for text"):
        operation_of(parameters=[parameter("limit", schema={**INTEGER, "x-clerk-values": ["few"]})])


def test_paginated_is_no_parameter_of_ours() -> None:
    operation = operation_of(
        parameters=[parameter("paginated", schema={"type": "boolean"}), parameter("query")],
        x_clerk_send_paginated=True,
    )
    assert [value.name for value in operation.parameters] == ["query"]
    assert operation.send_paginated


def test_path_parameters_come_in_the_order_of_the_path_and_may_have_a_prefix() -> None:
    provider = parameter("provider", "path", x_clerk_prefix="oauth_")
    token = parameter("token", "path", x_clerk_prefix="tok_")
    path = "/users/{userId}/{provider}/{token}"
    document = a_document((f"get {path}", an_operation("Get", parameters=[parameter("q"), token, provider])))
    document["paths"][path]["parameters"] = [parameter("userId", "path")]
    [operation] = drawn(document).operations
    assert [(value.name, value.prefix) for value in operation.path_parameters] == [
        ("user_id", None),
        ("provider", "oauth_"),
        ("token", "tok_"),
    ]
    assert [value.name for value in operation.keywords] == ["q"]


def test_a_path_and_a_query_parameter_of_one_name_can_be_told_apart_by_names_of_our_own() -> None:
    parameters = [parameter("id", "path"), parameter("id", "query", INTEGER, x_clerk_name="other_id")]
    [operation] = drawn(a_document(("get /things/{id}", an_operation("Get", parameters=parameters)))).operations
    assert [value.name for value in operation.parameters] == ["id", "other_id"]


def test_the_properties_of_a_json_body_become_parameters_required_ones_first() -> None:
    body = an_object({"firstName": STRING, "age": INTEGER}, "age", "nothing")
    operation = operation_of(body=body, parameters=[parameter("dry_run")])
    assert operation.body == Body(
        "json_object",
        required=True,
        properties=(Value("first_name", "firstName", TEXT, False), Value("age", "age", Type("integer"), True)),
    )
    assert [value.name for value in operation.parameters] == ["age", "dry_run", "first_name"]


def test_a_composed_body_has_the_properties_of_all_its_parts() -> None:
    body = {"allOf": [reference("Base"), an_object({"b": STRING}, "b")]}
    document = a_document(
        ("post /things", an_operation("CreateThing", body=body)), schemas={"Base": an_object({"a": STRING}, "a")}
    )
    [operation] = drawn(document).operations
    assert [(value.name, value.required) for value in operation.body.properties] == [("a", True), ("b", True)]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (an_array(an_object(ID, title="Item")), Type("list", item=a_model("Item"))),
        ({"type": "object"}, Type("object")),
        ({"type": "object", "additionalProperties": STRING}, Type("dict", item=TEXT)),
    ],
)
def test_another_json_body_is_the_parameter_body(schema: JSONObject, expected: Type) -> None:
    operation = operation_of(body={**schema, "description": "All of it."})
    required = schema["type"] == "array"
    value = Value("body", "body", expected, required, description="All of it.")
    assert operation.body == Body("json_value", required, (value,))


def test_a_multipart_body_takes_files() -> None:
    body = content(an_object({"file": BINARY, "note": STRING}, "file"), "multipart/form-data")
    assert operation_of(requestBody=body).body == Body(
        "multipart", True, (Value("file", "file", Type("file"), True), Value("note", "note", TEXT, False))
    )


def test_an_operation_without_a_body_has_none() -> None:
    assert operation_of().body == Body("none", required=False, properties=())


@pytest.mark.parametrize(
    ("responses", "kind", "expected"),
    [
        ({"204": {"description": ""}}, "nothing", None),
        ({}, "nothing", None),
        ({"200": answer(STRING, "text/html")}, "text", None),
        ({"200": answer(an_object(ID, title="Thing"))}, "value", a_model("Thing")),
        ({"200": answer(an_array(STRING)), "201": answer(an_array(STRING))}, "value", Type("list", item=TEXT)),
        ({"200": answer({"type": "object"}), "204": {"description": ""}}, "value", Type("object", nullable=True)),
        ({"200": answer(STRING), "201": answer(INTEGER)}, "value", Type("union", members=(TEXT, Type("integer")))),
        ({"200": answer({**STRING, "nullable": True})}, "value", Type("text", nullable=True)),
        ({"200": answer(BINARY, "application/octet-stream")}, "bytes", None),
        ({"200": answer(STRING, "text/csv"), "201": answer(STRING, "text/csv")}, "text", None),
        (
            {
                "200": {
                    "description": "",
                    "content": {**content(STRING, "text/plain")["content"], **content(INTEGER)["content"]},
                }
            },
            "value",
            Type("integer"),
        ),
        (
            {"200": answer({"oneOf": [an_object(ID, title="A"), an_object({"b": STRING}, title="B")]})},
            "value",
            Type("union", members=(a_model("A"), a_model("B"))),
        ),
    ],
)
def test_what_an_operation_answers_with(responses: JSONObject, kind: str, expected: Type | None) -> None:
    operation = operation_of(responses=responses)
    assert (operation.answer_kind, operation.answer) == (kind, expected)


def test_a_list_operation_answers_with_a_page() -> None:
    paging = [parameter("limit", schema={"type": "integer", "default": 20, "maximum": 50}), parameter("offset")]
    returns = an_object({"tokens": an_array(an_object(ID, title="Token")), "total_count": INTEGER})
    operation = operation_of(returns, method="get", parameters=paging)
    assert operation.answer_kind == "page"
    assert operation.answer == a_model("Token")
    assert operation.page_key == "tokens"
    assert operation.listing == Listing(20, 50, None)


def test_a_list_without_limits_is_one_page() -> None:
    operation = operation_of(an_array(STRING), method="get")
    assert (operation.answer_kind, operation.page_key, operation.listing) == ("page", "data", None)


def test_limits_of_what_is_no_list_mean_nothing() -> None:
    paging = [parameter("limit", schema=INTEGER), parameter("offset", schema=INTEGER)]
    assert operation_of({"type": "object"}, method="get", parameters=paging).listing is None


@pytest.mark.parametrize(
    ("fields", "credential"),
    [
        ({}, "secret_key"),
        ({"security": []}, "none"),
        ({"security": [{"bearer": []}]}, "secret_key"),
        ({"x-clerk-credential": "machine_secret_key"}, "machine_secret_key"),
    ],
)
def test_which_key_authenticates_an_operation(fields: JSONObject, credential: str) -> None:
    assert operation_of(**fields).credential == credential


def test_an_operation_keeps_what_the_document_says_of_it() -> None:
    operation = operation_of(
        responses={"200": answer({"type": "object"}), "404": answer(STRING), "401": answer(STRING)},
        deprecated=True,
        summary=" Make one. ",
        description="\nAnd no more.\n",
        x_clerk_answer={"unwrap": "total"},
    )
    assert (operation.id, operation.module, operation.sub_api) == ("CreateThing", "create_thing", "things")
    assert (operation.method, operation.path) == ("POST", "/things")
    assert operation.errors == ("401", "404")
    assert operation.deprecated
    assert (operation.summary, operation.description) == ("Make one.", "And no more.")
    assert operation.unwrap == "total"


def test_sub_apis_have_the_methods_of_the_layout() -> None:
    document = a_document(
        ("get /things/{id}", an_operation("GetThing", parameters=[parameter("id", "path")], deprecated=True)),
        (
            "get /things/{id}/{template_name}",
            an_operation(
                "GetThingBy",
                parameters=[parameter("id", "path"), parameter("template_name", "path", x_clerk_name="template")],
            ),
        ),
    )
    both = ("GetThing", "GetThingBy")
    oauth_things = SubAPIEntry(
        "oauth_things", (MethodEntry("get", both), MethodEntry("get_it", both, deprecated="Use get."))
    )
    blueprint = drawn(document, oauth_things)

    get_thing, get_thing_by = blueprint.operations
    [sub_api] = blueprint.sub_apis
    get, get_it = sub_api.methods
    assert (sub_api.name, sub_api.class_name) == ("oauth_things", "OauthThingsApi")
    assert (get.operation, get.further) == (get_thing, get_thing_by)
    assert get.further_parameter == Value("template", "template_name", TEXT, required=False)
    assert get.deprecated == "Avoid it in new code."
    assert get_it.deprecated == "Use get."


PATHS = [parameter("a", "path"), parameter("b", "path"), parameter("c", "path")]


@pytest.mark.parametrize(
    "others",
    [
        [("get /{a}/{b}/{c}", an_operation("Two", parameters=PATHS))],
        [("get /{a}/x", an_operation("Two", parameters=PATHS[:1]))],
        [("get /{a}/{b}", an_operation("Two", parameters=[*PATHS[:2], parameter("q")]))],
        [("get /{a}/{b}", an_operation("Two", {"type": "object"}, parameters=PATHS[:2]))],
        [
            ("get /{a}/{b}", an_operation("Two", parameters=PATHS[:2])),
            ("get /{a}/{b}/{c}", an_operation("Three", parameters=PATHS)),
        ],
    ],
)
def test_operations_of_one_method_differ_by_one_path_parameter_only(others: list[tuple[str, JSONObject]]) -> None:
    document = a_document(("get /{a}", an_operation("One", parameters=PATHS[:1])), *others)
    method = MethodEntry("get", ("One", *(operation["operationId"] for _, operation in others)))
    with pytest.raises(BuildError, match=r"^get: operations of one method may differ by one path parameter only$"):
        drawn(document, SubAPIEntry("things", (method,)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"parameters": [parameter("a", "cookie")]},
            "a: a cookie parameter is not supported: remove it in an overlay",
        ),
        (
            {"parameters": [parameter("a_b"), parameter("aB")]},
            "more than one thing is named a_b: rename one with `x-clerk-name` in an overlay",
        ),
        (
            {"parameters": [parameter("a")], "body": an_object({"a": STRING})},
            "more than one thing is named a: rename one with `x-clerk-name` in an overlay",
        ),
        (
            {"parameters": [parameter("client")]},
            "more than one thing is named client: rename one with `x-clerk-name` in an overlay",
        ),
        (
            {"parameters": [parameter("Host", "header")]},
            "Host: the client sets this header itself: remove the parameter in an overlay",
        ),
        (
            {"parameters": [{"name": "q", "in": "query", **content(STRING)}]},
            "q: a parameter with `content` is not supported: give it a `schema` in an overlay",
        ),
        (
            {"parameters": [parameter("q", schema=an_array(STRING), style="pipeDelimited")]},
            "q: the style pipeDelimited is not supported: remove the parameter in an overlay",
        ),
        *(
            (
                {"parameters": [parameter("q", place, schema)]},
                "q: an object parameter is not supported: remove it in an overlay",
            )
            for place in ("query", "header")
            for schema in (
                an_object(ID),
                {"type": "object"},
                {"oneOf": [STRING, an_object(ID)]},
                {"anyOf": [STRING, {"oneOf": [{"type": "object"}]}]},
                {"allOf": [an_object(ID)]},
                {"oneOf": [STRING, an_array(an_object(ID))]},
            )
        ),
        (
            {"parameters": [parameter("q", schema=an_array(an_object(ID)))]},
            "q: an object parameter is not supported: remove it in an overlay",
        ),
        (
            {"parameters": [parameter("q", allowReserved=True)]},
            "q: `allowReserved` is not supported: remove it in an overlay",
        ),
        (
            {"parameters": [parameter("X-A", "header", an_array(STRING))]},
            "X-A: an array outside the query is not supported: change it in an overlay",
        ),
        (
            {"requestBody": content(STRING, "text/plain")},
            "a body of text/plain is not supported: give it another content type in an overlay",
        ),
        (
            {"requestBody": {"content": {"application/json": {}}}},
            "a body without a schema is not supported: give it one in an overlay",
        ),
        *(
            (
                {"requestBody": {"content": {form: {"schema": an_object(ID), "encoding": {"id": {"explode": False}}}}}},
                "the `encoding` of a form is not supported: remove it in an overlay",
            )
            for form in ("application/x-www-form-urlencoded", "multipart/form-data")
        ),
        (
            {"requestBody": content({"type": "object"}, "application/x-www-form-urlencoded")},
            "a form without properties is not supported: give it some in an overlay",
        ),
        (
            {"responses": {"200": answer(STRING, "application/xml")}},
            "a response of application/xml is not supported: give it another type in an overlay",
        ),
        (
            {"responses": {"200": {"description": "", "content": {"application/json": {}}}}},
            "a response without a schema is not supported: give it one in an overlay",
        ),
        *(
            (
                {"responses": {"default": answer(STRING), **others}},
                "the only response besides errors is `default`: say in an overlay which status means success",
            )
            for others in ({}, {"400": answer(STRING)}, {"4XX": answer(STRING)})
        ),
        (
            {"responses": {"200": answer(STRING), "201": answer(BINARY, "application/octet-stream")}},
            "pages or bytes among other responses are not supported: remove one response in an overlay",
        ),
    ],
)
def test_what_is_not_supported_is_refused_with_the_operation(fields: JSONObject, message: str) -> None:
    with pytest.raises(BuildError) as raised:
        operation_of(**fields)
    assert str(raised.value) == f"CreateThing: {message}"


PLACE = "/paths/~1things/post/requestBody/content/application~1json/schema"


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"enum": ["a", 1]}, "an enum of values of different types is not supported: change it in an overlay"),
        ({"enum": [{}]}, "an enum of objects or arrays is not supported: remove it in an overlay"),
        (
            an_object(ID, oneOf=[an_object({"a": STRING}), an_object({"b": STRING})]),
            "properties next to `anyOf` or `oneOf` are not supported: move them into its members in an overlay",
        ),
    ],
)
def test_a_schema_that_is_not_supported_is_refused_with_its_place(schema: JSONObject, problem: str) -> None:
    with pytest.raises(BuildError) as raised:
        operation_of(body=schema)
    assert str(raised.value) == f"{PLACE}: {problem}"


def test_headers_that_openapi_ignores_are_no_parameters() -> None:
    ignored = [parameter(name, "header") for name in ("Accept", "authorization", "Content-Type")]
    assert operation_of(parameters=[*ignored, parameter("q")]).keywords == query_of(parameter("q"))


def test_json_is_chosen_where_a_body_may_come_in_other_types_as_well() -> None:
    types = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data")
    body = {"content": {name: {"schema": an_object(ID)} for name in types}}
    assert operation_of(requestBody=body).body.kind == "json_object"
    del body["content"]["application/json"]
    assert operation_of(requestBody=body).body.kind == "multipart"


def test_a_form_has_the_properties_of_its_object() -> None:
    form = an_object({"a": {**STRING, "nullable": True}, "b": an_array(INTEGER)}, "b")
    assert operation_of(requestBody=content(form, "application/x-www-form-urlencoded")).body == Body(
        "form", True, (Value("a", "a", TEXT, False), Value("b", "b", Type("list", item=Type("integer")), True))
    )


def test_the_object_of_a_body_is_never_null() -> None:
    body = operation_of(body=an_object(ID, nullable=True)).body
    assert (body.kind, [value.name for value in body.properties]) == ("json_object", ["id"])


def test_answers_of_several_statuses_are_told_apart() -> None:
    responses = {
        "200": answer(an_object(ID)),
        "202": answer(an_object({"b": STRING})),
        "203": answer(an_object(ID)),
        "2XX": answer(STRING, "text/csv"),
    }
    operation = operation_of(responses=responses)
    assert operation.by_status == (
        StatusAnswer("200", "value", a_model("CreateThingResult")),
        StatusAnswer("202", "value", a_model("CreateThingAcceptedResult")),
        StatusAnswer("203", "value", a_model("CreateThingResult")),
        StatusAnswer("2XX", "text", None, "text/csv"),
    )
    members = (a_model("CreateThingResult"), a_model("CreateThingAcceptedResult"), TEXT)
    assert operation.answer == Type("union", members=members)
