from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator._errors import BuildError
from generator.code import parse
from generator.code.blueprint import Enum, Type, Value
from tests.support.blueprints import an_enum, drawn, models_of, operation_of, property_of
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    an_array,
    an_object,
    an_operation,
    parameter,
    reference,
)

ID = {"id": STRING}
BINARY = {"type": "string", "format": "binary"}
TEXT = Type("text")


AB = an_enum("a", "b")


def a_model(name: str) -> Type:
    return Type("model", name=name)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (STRING, TEXT),
        (INTEGER, Type("integer")),
        ({"type": "number"}, Type("number")),
        ({"type": "boolean"}, Type("boolean")),
        ({"type": "boolean", "enum": [True]}, Type("boolean", values=(True,))),
        ({"type": "boolean", "enum": [True, False]}, Type("boolean")),
        ({"type": "boolean", "nullable": True, "enum": [True, None]}, Type("boolean", nullable=True)),
        ({"enum": [True, None]}, Type("boolean", nullable=True)),
        ({"type": "string", "format": "date-time"}, Type("datetime")),
        ({"type": "string", "format": "date"}, Type("date")),
        (BINARY, Type("file")),
        ({}, Type("any")),
        ({"type": "string", "nullable": True}, Type("text", nullable=True)),
        (an_enum("b", "a"), Type("enum", values=("a", "b"), name="HolderValue")),
        (an_enum(2, 1), Type("enum", values=(1, 2), name="HolderValue")),
        (an_enum("a", title="Named"), Type("enum", values=("a",))),
        (an_enum("a", None, nullable=True), Type("enum", nullable=True, values=("a",))),
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


def test_a_member_may_be_told_by_the_pattern_of_its_tag() -> None:
    custom = an_object({"object": {**STRING, "pattern": "^custom_"}}, title="Custom")
    union = {"oneOf": [tagged("one", "a"), custom], "discriminator": {"propertyName": "object"}}
    found = property_of(union).type
    assert found.tags == (("object", (("one", "One"),)), ("strategy", (("a", "One"),)))
    assert found.patterns == (("object", "^custom_", "Custom"),)


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
        bounds=("above 1", "at most 9"),
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
    value = property_of({**STRING, **limits})
    assert (value.bounds, value.pattern) == (bounds, limits.get("pattern"))


@pytest.mark.parametrize(
    ("limits", "bounds"),
    [
        ({"minimum": 0, "maximum": 9}, ("at least 0", "at most 9")),
        ({"minimum": 0, "exclusiveMinimum": True}, ("above 0",)),
        ({"minimum": 0, "exclusiveMinimum": False}, ("at least 0",)),
        ({"maximum": 9, "exclusiveMaximum": True}, ("below 9",)),
        ({"maximum": 9, "exclusiveMaximum": False}, ("at most 9",)),
    ],
)
def test_the_bounds_of_a_number(limits: JSONObject, bounds: tuple[str, ...]) -> None:
    assert property_of({**INTEGER, **limits}).bounds == bounds


def test_the_bounds_of_an_array_and_of_what_is_referred_to() -> None:
    assert property_of(an_array(STRING, minItems=1, maxItems=2)).bounds == ("at least 1 items", "at most 2 items")
    assert property_of(reference("Short"), Short={**STRING, "maxLength": 3}).bounds == ("at most 3 characters",)


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


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (
            an_object(ID, title="ThingType0"),
            "ThingType0: not a good name for a model: give its schema a `title` in an overlay",
        ),
        (
            an_object(ID, title="ThingResponse200"),
            "ThingResponse200: not a good name for a model: give its schema a `title` in an overlay",
        ),
        (
            an_object({"a": an_object(ID, title="URLThing"), "b": an_object({"x": STRING}, title="UrlThing")}),
            "two models would share models/url_thing.py: give one a `title` in an overlay",
        ),
    ],
)
def test_what_is_not_supported_or_has_no_name_is_refused(schema: JSONObject, message: str) -> None:
    with pytest.raises(BuildError) as raised:
        property_of(schema)
    assert str(raised.value).startswith(message)


def test_two_enums_of_one_name_are_refused() -> None:
    ordered, other = ([parameter(name, schema=schema)] for name, schema in (("b_c", AB), ("c", an_enum("c", "d"))))
    document = a_document(
        ("get /a", an_operation("GetA", parameters=ordered)), ("get /b", an_operation("GetAB", parameters=other))
    )
    message = "^GetAB: two different enums would be named GetABC: give one of them a `title` in an overlay$"
    with pytest.raises(BuildError, match=message):
        drawn(document)


def test_every_complaint_of_the_parser_is_listed() -> None:
    schemas = {"Clash": {"allOf": [an_object({"a": STRING}), an_object({"a": INTEGER})]}}
    with pytest.raises(BuildError) as raised:
        drawn(a_document(("post /a", an_operation("CreateA", reference("Clash"))), schemas=schemas))
    headline, *lines = str(raised.value).split("\n")
    assert headline == "openapi-python-client can't read the document:"
    assert len(lines) == 2
    assert "POST /a" in lines[0]
    assert "/components/schemas/Clash" in lines[1]
    assert " at 0x" not in str(raised.value)


def test_what_the_parser_takes_for_no_document_is_refused() -> None:
    with pytest.raises(BuildError, match=r"^openapi-python-client: Failed to parse OpenAPI document: "):
        parse.parse({"openapi": "3.0.3"}, parse.config(Path("unused")))


@pytest.mark.parametrize("wrap", [lambda union: union, an_array])
def test_the_discriminator_of_an_answer_is_used(wrap: Callable[[JSONObject], JSONObject]) -> None:
    union = {"oneOf": [tagged("one", "a"), tagged("two", "a")], "discriminator": {"propertyName": "object"}}
    found = operation_of(wrap(union)).answer
    assert found
    assert found.core.tags == (("object", (("one", "One"), ("two", "Two"))),)


THING = Type("model", name="Thing")
TEXTS = Type("list", item=Type("text"))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([STRING, INTEGER], Type("union", members=(Type("text"), Type("integer")))),
        ([{"type": "object"}, an_object(ID, title="Thing")], Type("union", members=(THING, Type("object")))),
        ([STRING, an_array(STRING)], Type("union", members=(Type("text"), TEXTS))),
        ([{**STRING, "nullable": True}, INTEGER], Type("union", True, members=(Type("text"), Type("integer")))),
        ([STRING, {"type": "string", "format": "date-time"}], Type("text")),
        ([STRING, {"type": "string", "enum": ["a"]}], Type("text")),
        ([STRING, {"description": "Anything."}], Type("any")),
        ([STRING, {"oneOf": [INTEGER, STRING]}], Type("union", members=(Type("text"), Type("integer")))),
    ],
)
def test_a_union_holds_what_says_something_beside_the_rest(members: list[JSONObject], expected: Type) -> None:
    assert property_of({"oneOf": members}).type == expected


def test_a_union_in_which_objects_cannot_be_told_apart_is_refused() -> None:
    one, two = (an_object(ID, title=title) for title in ("One", "Two"))
    message = "^Holder: value: objects of several kinds mixed with arrays or maps of objects are not supported: change"
    with pytest.raises(BuildError, match=message):
        property_of({"oneOf": [one, two, an_array(one)]})


def test_numbers_that_are_not_whole_are_listed_in_words() -> None:
    value = property_of({"type": "number", "enum": [0.5, 1], "maximum": 1})
    assert (value.type, value.bounds) == (Type("number"), ("at most 1", "one of 0.5, 1"))


@pytest.mark.parametrize(
    "names", [("a_b", "aB"), ("additional_properties",), ("to_dict",), ("staticmethod",), ("_decode",)]
)
def test_properties_that_would_share_a_name_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(BuildError, match="x-clerk-name"):
        models_of(an_object(dict.fromkeys(names, STRING)))


def test_messages_name_the_property_in_one_line() -> None:
    with pytest.raises(BuildError, match=r"^openapi-python-client: .+\Z"):
        parse.parse({"openapi": "3.0.3"}, parse.config(Path("unused")))
