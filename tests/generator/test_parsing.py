from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import layout, parsing, rules
from generator._errors import BuildError
from generator.blueprint import Blueprint, Body, Enum, Listing, Model, Operation, Type, Value
from generator.layout import Layout, Method, SubAPI
from generator.naming import snake_case
from generator.walking import operations
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

ID = {"id": STRING}
BINARY = {"type": "string", "format": "binary"}
TEXT = Type("text")


def an_enum(*values: str | int | None, **fields: Any) -> JSONObject:
    return {"type": "integer" if isinstance(values[0], int) else "string", "enum": [*values], **fields}


AB = an_enum("a", "b")


def drawn(document: JSONObject, *sub_apis: SubAPI) -> Blueprint:
    """Draw the blueprint of a document; without a layout, all operations stand in the sub-API `things`."""
    document = unshared(document)
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    plan = Layout(sub_apis or (SubAPI("things", tuple(Method(snake_case(name), (name,)) for name in ids)),))
    layout.check(plan, document)
    effective, _ = rules.effective_document(document, plan)
    return parsing.draw(effective, parsing.parse(effective, parsing.config(Path("unused"))), plan)


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


def query_of(*parameters: JSONObject) -> tuple[Value, ...]:
    return operation_of(parameters=[*parameters]).query_parameters


def a_model(name: str) -> Type:
    return Type("model", name=name)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, TEXT),
        (INTEGER, Type("integer")),
        ({"type": "number"}, Type("number")),
        ({"type": "boolean"}, Type("boolean")),
        ({"type": "string", "format": "date-time"}, Type("datetime")),
        ({"type": "string", "format": "date"}, Type("date")),
        (BINARY, Type("file")),
        ({}, Type("any")),
        ({"type": "string", "nullable": True}, Type("text", nullable=True)),
        (an_enum("b", "a"), Type("enum", values=("a", "b"), name="HolderValue")),
        (an_enum(2, 1), Type("enum", values=(1, 2), name="HolderValue")),
        (an_enum("a", title="Named"), Type("enum", values=("a",))),
        (an_enum("a", nullable=True), Type("enum", nullable=True, values=("a",))),
        (
            an_enum("a", "b", None, nullable=True),
            Type("enum", nullable=True, values=("a", "b"), name="HolderValue"),
        ),
        (an_array(STRING), Type("list", item=TEXT)),
        (an_array(STRING, nullable=True), Type("list", nullable=True, item=TEXT)),
        (an_array(an_array(INTEGER)), Type("list", item=Type("list", item=Type("integer")))),
        (an_array(an_enum("a", "b")), Type("list", item=Type("enum", values=("a", "b"), name="HolderValue"))),
        ({"type": "object"}, Type("object")),
        ({"type": "object", "additionalProperties": {}}, Type("object")),
        ({"type": "object", "nullable": True}, Type("object", nullable=True)),
        ({"type": "object", "additionalProperties": STRING}, Type("dict", item=TEXT)),
        (
            {"type": "object", "additionalProperties": an_object(ID, title="Entry")},
            Type("dict", item=a_model("Entry")),
        ),
        (an_object(ID), a_model("HolderValue")),
        (an_object(ID, title="named_thing"), a_model("NamedThing")),
        (an_object(ID, nullable=True), Type("model", nullable=True, name="HolderValue")),
        ({"oneOf": [an_object(ID, title="One")]}, a_model("One")),
        (
            {"oneOf": [an_object(ID, title="One"), an_object({"a": STRING}, title="Two")], "nullable": True},
            Type("union", nullable=True, members=(a_model("One"), a_model("Two"))),
        ),
    ],
)
def test_the_type_of_a_schema(schema: JSONObject, expected: Type) -> None:
    assert property_of(schema).type == expected


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (an_object(ID), a_model("Thing")),
        (an_object(ID, title="Renamed"), a_model("Renamed")),
        (an_object(ID, nullable=True), Type("model", nullable=True, name="Thing")),
        (an_enum("a", "b"), Type("enum", values=("a", "b"), name="Thing")),
        ({"type": "string", "nullable": True}, Type("text", nullable=True)),
        ({"type": "object"}, Type("object")),
        (an_array(an_object(ID, title="Item")), Type("list", item=a_model("Item"))),
    ],
)
def test_the_type_of_a_reference(component: JSONObject, expected: Type) -> None:
    assert property_of(reference("Thing"), Thing=component).type == expected


def test_a_reference_may_be_null() -> None:
    expected = Type("model", nullable=True, name="Thing")
    assert property_of({**reference("Thing"), "nullable": True}, Thing=an_object(ID)).type == expected


def tagged(name: str, *strategies: str) -> JSONObject:
    return an_object({"object": an_enum(name), "strategy": an_enum(*strategies)}, title=name.capitalize())


def test_members_of_a_union_are_told_apart_by_the_discriminator_and_by_what_else_only_one_can_be() -> None:
    union = {"oneOf": [tagged("one", "a", "b"), tagged("two", "b", "c")], "discriminator": {"propertyName": "object"}}
    assert property_of(union).type.tags == (
        ("object", (("one", "One"), ("two", "Two"))),
        ("strategy", (("a", "One"), ("c", "Two"))),
    )


def test_the_mapping_of_a_discriminator_names_further_values() -> None:
    mapping = {"first": "#/components/schemas/One", "zwei": "#/components/schemas/Two", "two": "Two"}
    union = {
        "oneOf": [reference("One"), reference("Two")],
        "discriminator": {"propertyName": "object", "mapping": mapping},
    }
    value = property_of(union, One=tagged("one", "a"), Two={**tagged("two", "a"), "title": "Renamed"})
    assert value.type.tags == (("object", (("first", "One"), ("one", "One"), ("two", "Renamed"), ("zwei", "Renamed"))),)


def test_the_items_of_an_array_may_be_a_union_with_a_discriminator() -> None:
    union = {"oneOf": [tagged("one", "a"), tagged("two", "a")], "discriminator": {"propertyName": "object"}}
    item = property_of(an_array(union)).type.item
    assert item
    assert item.tags == (("object", (("one", "One"), ("two", "Two"))),)


def test_a_discriminator_that_no_member_has_tells_nothing() -> None:
    union = {"oneOf": [an_object(ID, title="One"), tagged("two", "a", "b")], "discriminator": {"propertyName": "kind"}}
    assert property_of(union).type.tags == (("strategy", (("a", "Two"), ("b", "Two"))),)


def test_a_property_keeps_what_the_document_says_of_it() -> None:
    schema = {
        "type": "integer",
        "deprecated": True,
        "description": " When it was. ",
        "minimum": 1,
        "maximum": 9,
        "exclusiveMinimum": True,
        "x-clerk-timestamp": "milliseconds",
        "x-clerk-name": "value_at",
    }
    assert property_of(schema, "value") == Value(
        name="value_at",
        wire_name="value",
        type=Type("integer"),
        required=True,
        deprecated=True,
        description="When it was.",
        bounds=("at least 1", "at most 9"),
        milliseconds=True,
    )


@pytest.mark.parametrize(
    ("limits", "bounds"),
    [
        (
            {"minLength": 1, "maxLength": 5, "pattern": "^a"},
            ("at least 1 characters", "at most 5 characters", "matching `^a`"),
        ),
        ({}, ()),
    ],
)
def test_the_bounds_of_a_text(limits: JSONObject, bounds: tuple[str, ...]) -> None:
    assert property_of({**STRING, **limits}).bounds == bounds


def test_the_bounds_of_an_array_and_of_what_is_referred_to() -> None:
    assert property_of(an_array(STRING, minItems=1, maxItems=2)).bounds == ("at least 1 items", "at most 2 items")
    assert property_of(reference("Short"), Short={**STRING, "maxLength": 3}).bounds == ("at most 3 characters",)


def test_query_parameters_keep_what_the_document_says_of_them() -> None:
    tags = parameter("tags[]", schema=an_array(STRING), explode=False, required=True, deprecated=True)
    since = parameter("sinceTime", schema=INTEGER, description=" Since when. ", x_clerk_timestamp="milliseconds")
    named = parameter("client", schema={**STRING, "maxLength": 3}, explode=True, x_clerk_name="client_id")
    assert query_of(tags, since, named) == (
        Value("tags", "tags[]", Type("list", item=TEXT), required=True, deprecated=True, joined=True),
        Value("since_time", "sinceTime", Type("integer"), False, description="Since when.", milliseconds=True),
        Value("client_id", "client", TEXT, required=False, bounds=("at most 3 characters",)),
    )


def test_paginated_is_no_parameter_of_ours() -> None:
    operation = operation_of(
        parameters=[parameter("paginated", schema={"type": "boolean"}), parameter("query")],
        x_clerk_send_paginated=True,
    )
    assert [value.name for value in operation.parameters] == ["query"]
    assert operation.send_paginated


def test_path_parameters_come_in_the_order_of_the_path_and_may_have_a_prefix() -> None:
    provider = parameter("provider", "path", {**STRING, "x-clerk-prefix": "oauth_"})
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


@pytest.mark.xfail(reason="what the path's parameter says is taken for the query's")
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
        ({"200": answer({"type": "object"}), "204": {"description": ""}}, "value", Type("object")),
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


def test_models_show_first_what_tells_them_apart_and_times_last() -> None:
    names = ["updated_at", "zebra", "name", "created_at", "apple", "object", "id"]
    model = models_of(an_object(dict.fromkeys(names, STRING), title="Thing", description=" A thing. "))["Thing"]
    assert [value.name for value in model.properties] == [
        *("id", "object", "name", "zebra", "apple", "created_at", "updated_at"),
    ]
    assert (model.name, model.module, model.description) == ("Thing", "thing", "A thing.")


def test_models_of_components_are_described_by_them() -> None:
    assert models_of(reference("Thing"), Thing=an_object(ID, description="A thing."))["Thing"].description == "A thing."


TREE = {
    "Tree": an_object(
        {"children": an_array(reference("Tree")), "branch": reference("Branch"), "leaf": reference("Leaf")}
    ),
    "Branch": an_object({"leaf": reference("Leaf")}),
    "Leaf": an_object(ID),
    "Unused": an_object(ID),
}


def test_all_models_that_operations_hold_are_drawn_and_no_others() -> None:
    params = {"type": "object", "additionalProperties": an_object(ID, title="Params")}
    body = an_object({"params": params})
    document = a_document(("post /trees", an_operation("CreateTree", reference("Tree"), body=body)), schemas=TREE)
    blueprint = drawn(document)
    assert [model.name for model in blueprint.models] == ["Branch", "Leaf", "Params", "Tree"]
    assert blueprint.by_name == {model.name: model for model in blueprint.models}
    assert blueprint.by_name["Tree"].references == ("Branch", "Leaf")
    assert blueprint.arguments == {"Params"}
    assert blueprint.version == "2025-11-10"


def test_models_inside_arguments_are_arguments_too() -> None:
    document = a_document(("post /trees", an_operation("CreateTrees", body=an_array(reference("Tree")))), schemas=TREE)
    assert drawn(document).arguments == {"Tree", "Branch", "Leaf"}


def test_enums_are_named_after_the_model_or_the_operation_as_we_write_it() -> None:
    kind, kinds = an_enum("b", "a"), an_array(an_enum("c", "d"))
    operation = an_operation(
        "createM2MThing",
        an_object({"kind": kind}, title="Thing"),
        body=an_object({"kind": kind, "kinds": kinds}),
        parameters=[parameter("order_by", schema=an_enum("x", "y"))],
    )
    assert drawn(a_document(("post /things", operation))).enums == (
        Enum("CreateM2MThingKind", ("a", "b")),
        Enum("CreateM2MThingKinds", ("c", "d")),
        Enum("CreateM2MThingOrderBy", ("x", "y")),
        Enum("ThingKind", ("a", "b")),
    )


def test_sub_apis_have_the_methods_of_the_layout() -> None:
    document = a_document(
        ("get /things/{id}", an_operation("GetThing", parameters=[parameter("id", "path")], deprecated=True)),
        (
            "get /things/{id}/{template_name}",
            an_operation("GetThingBy", parameters=[parameter("id", "path"), parameter("template_name", "path")]),
        ),
    )
    both = ("GetThing", "GetThingBy")
    renamed = Method("get", both, parameter_names={"template_name": "template"})
    oauth_things = SubAPI("oauth_things", (renamed, Method("get_it", both, deprecated="Use get.")))
    blueprint = drawn(document, oauth_things)

    get_thing, get_thing_by = blueprint.operations
    [sub_api] = blueprint.sub_apis
    get, get_it = sub_api.methods
    assert (sub_api.name, sub_api.class_name) == ("oauth_things", "OauthThingsApi")
    assert (get.operation, get.further) == (get_thing, get_thing_by)
    assert get.further_parameter == Value("template", "template_name", TEXT, required=False)
    assert get.deprecated == "The API calls it deprecated."
    assert get_it.further_parameter == Value("template_name", "template_name", TEXT, required=False)
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
    method = Method("get", ("One", *(operation["operationId"] for _, operation in others)))
    with pytest.raises(BuildError, match=r"^get: operations of one method may differ by one path parameter only$"):
        drawn(document, SubAPI("things", (method,)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"parameters": [parameter("X-A", "header")]}, "header and cookie parameters have no template"),
        ({"parameters": [parameter("a", "cookie")]}, "header and cookie parameters have no template"),
        (
            {"parameters": [parameter("a_b"), parameter("aB")]},
            "more than one parameter is named a_b: settle it by `x-clerk-name`",
        ),
        (
            {"parameters": [parameter("a")], "body": an_object({"a": STRING})},
            "more than one parameter is named a: settle it by `x-clerk-name`",
        ),
        ({"parameters": [parameter("client")]}, "more than one parameter is named client: settle it by `x-clerk-name`"),
        (
            {
                "requestBody": {
                    "content": {
                        **content(an_object(ID))["content"],
                        **content(an_object(ID), "multipart/form-data")["content"],
                    }
                }
            },
            "bodies of more than one content type have no template",
        ),
        (
            {"responses": {"200": answer(STRING), "201": answer(INTEGER)}},
            "successful answers of different types have no template",
        ),
    ],
)
def test_what_has_no_template_is_refused_with_the_operation(fields: JSONObject, message: str) -> None:
    with pytest.raises(BuildError) as raised:
        operation_of(**fields)
    assert str(raised.value) == f"CreateThing: {message}"


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "string", "format": "uuid"}, "a property of the type UuidProperty"),
        ({"oneOf": [STRING, INTEGER]}, "value: a union of other things than objects has no template"),
        (an_object(ID, title="ThingType0"), "no good name for ThingType0: give its schema a `title` in an overlay"),
        (
            an_object(ID, title="ThingResponse200"),
            "no good name for ThingResponse200: give its schema a `title` in an overlay",
        ),
        (
            an_object({"a": an_object(ID, title="URLThing"), "b": an_object({"x": STRING}, title="UrlThing")}),
            "two models would stand in models/url_thing.py: give one a `title` in an overlay",
        ),
    ],
)
def test_what_has_no_template_or_no_name_is_refused(schema: JSONObject, message: str) -> None:
    with pytest.raises(BuildError) as raised:
        property_of(schema)
    assert str(raised.value).startswith(message)


def test_two_enums_of_one_name_are_refused() -> None:
    ordered, other = ([parameter(name, schema=schema)] for name, schema in (("b_c", AB), ("c", an_enum("c", "d"))))
    document = a_document(
        ("get /a", an_operation("GetA", parameters=ordered)), ("get /b", an_operation("GetAB", parameters=other))
    )
    message = "^two different enums would be named GetABC: give one of them a `title` in an overlay$"
    with pytest.raises(BuildError, match=message):
        drawn(document)


def test_every_complaint_of_the_parser_is_listed() -> None:
    xml = an_operation("CreateA", requestBody=content(STRING, "application/xml"))
    pdf = an_operation("CreateB", responses={"200": answer(BINARY, "application/pdf")})
    schemas = {"Clash": {"allOf": [an_object({"a": STRING}), an_object({"a": INTEGER})]}}
    with pytest.raises(BuildError) as raised:
        drawn(a_document(("post /a", xml), ("post /b", pdf), schemas=schemas))
    headline, *lines = str(raised.value).split("\n")
    assert headline == "openapi-python-client cannot digest the document:"
    assert len(lines) == 3
    assert "POST /a" in lines[0]
    assert "Unsupported content type application/xml" in lines[0]
    assert "POST /b" in lines[1]
    assert "/components/schemas/Clash" in lines[2]


def test_what_the_parser_takes_for_no_document_is_refused() -> None:
    with pytest.raises(BuildError, match=r"^openapi-python-client: Failed to parse OpenAPI document: "):
        parsing.parse({"openapi": "3.0.3"}, parsing.config(Path("unused")))


@pytest.mark.xfail(reason="only the discriminators of properties are looked for")
@pytest.mark.parametrize("wrap", [lambda union: union, an_array])
def test_the_discriminator_of_an_answer_is_used(wrap: Callable[[JSONObject], JSONObject]) -> None:
    union = {"oneOf": [tagged("one", "a"), tagged("two", "a")], "discriminator": {"propertyName": "object"}}
    found = operation_of(wrap(union)).answer
    assert found
    assert found.core.tags == (("object", (("one", "One"), ("two", "Two"))),)


@pytest.mark.xfail(reason="it is taken for JSON")
def test_a_form_is_no_json_body() -> None:
    with pytest.raises(BuildError, match="application/x-www-form-urlencoded"):
        operation_of(requestBody=content(an_object(ID), "application/x-www-form-urlencoded"))


@pytest.mark.xfail(reason="the free object becomes a class named None")
def test_a_union_with_a_free_object_is_refused() -> None:
    with pytest.raises(BuildError, match="value: a union of other things than objects has no template"):
        property_of({"oneOf": [{"type": "object"}, an_object(ID, title="Thing")]})


@pytest.mark.xfail(reason="the last one wins")
@pytest.mark.parametrize("names", [("a_b", "aB"), ("additional_properties",), ("to_dict",)])
def test_properties_that_would_share_a_name_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(BuildError, match="x-clerk-name"):
        models_of(an_object(dict.fromkeys(names, STRING)))


@pytest.mark.xfail(reason="the message has the address of an object, and several lines")
def test_messages_name_the_property_in_one_line() -> None:
    with pytest.raises(BuildError, match=r"^a property of the type UuidProperty \(value\) has no template$"):
        property_of({"type": "string", "format": "uuid"})
    with pytest.raises(BuildError, match=r"^openapi-python-client: .+\Z"):
        parsing.parse({"openapi": "3.0.3"}, parsing.config(Path("unused")))
