from __future__ import annotations

from typing import Any

import pytest

from generator._errors import BuildError
from generator.prepare.inline_objects import hoist_named_objects, is_model_shape, name_inline_objects
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


def titles(node: Any) -> list[str]:
    """The titles in a document, in order; no property of these tests is named title."""
    if isinstance(node, list):
        return [title for item in node for title in titles(item)]
    if not isinstance(node, dict):
        return []
    own = [node["title"]] if isinstance(node.get("title"), str) and node["title"] else []
    return own + [title for value in node.values() for title in titles(value)]


def names_given(document: JSONObject) -> tuple[list[str], int]:
    document = unshared(document)
    count = name_inline_objects(document)
    return titles(document), count


def hoisted(document: JSONObject) -> tuple[JSONObject, int]:
    document = unshared(document)
    return document, hoist_named_objects(document)


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        (an_object({"home_address": an_object(ID)}), ["ThingHomeAddress"]),
        (an_object({"addresses": an_array(an_object(ID))}), ["ThingAddress"]),
        (an_object({"a": an_object({"b": an_object(ID)})}), ["ThingA", "ThingAB"]),
        (an_object({"a": an_object({"b": an_object(ID)}, title="Named")}), ["Named", "NamedB"]),
        ({"oneOf": [an_object({"object": {"enum": ["user"]}}), an_object(ID)]}, ["ThingUser", "ThingID"]),
        ({"anyOf": [an_object({"object": {"enum": ["a", "b"]}}), an_object({})]}, ["ThingObject", "ThingValue"]),
        ({"additionalProperties": an_object(ID)}, ["ThingID"]),
        ({"allOf": [reference("Other"), an_object({"a": an_object(ID)})]}, ["ThingA"]),
        (an_object({"a": {"allOf": [reference("Other"), an_object(ID)]}}), ["ThingA"]),
        (an_object({"a": {"type": "object"}, "b": reference("Other"), "c": an_array(STRING)}), []),
    ],
)
def test_an_object_inside_a_component_is_named_after_its_place(schema: JSONObject, names: list[str]) -> None:
    assert names_given(a_document(schemas={"Thing": schema})) == (names, len(names) - names.count("Named"))


def test_a_component_with_a_title_lends_that_to_what_is_inside() -> None:
    schema = an_object({"a": an_object(ID)}, title="Renamed")
    assert names_given(a_document(schemas={"Thing": schema})) == (["Renamed", "RenamedA"], 1)


def test_objects_of_bodies_and_answers_are_named_after_the_operation() -> None:
    nested = an_object({"a": an_object(ID)})
    document = a_document(("post /things", an_operation("createThing", nested, body=nested)))
    assert names_given(document) == (["CreateThingA", "CreateThingResult", "CreateThingResultA"], 3)


def test_the_items_of_a_body_are_named_in_the_singular() -> None:
    document = a_document(("post /things", an_operation("CreateThings", body=an_array(an_object(ID)))))
    assert names_given(document) == (["CreateThing"], 1)


def test_a_document_without_components_has_names_to_give() -> None:
    assert names_given({"paths": {"/a": {"get": an_operation("get_a", an_object(ID))}}}) == (["GetAResult"], 1)


def test_a_named_object_becomes_a_component_for_all_its_places() -> None:
    thing = an_object(ID, "id", title="Thing")
    holder = an_object({"one": thing, "many": an_array(thing), "none": {**thing, "nullable": True}})
    document, count = hoisted(
        a_document(("get /things", an_operation("list", an_array(thing))), schemas={"Holder": holder})
    )
    assert count == 4
    assert document["components"]["schemas"] == {
        "Holder": an_object(
            {
                "one": reference("Thing"),
                "many": an_array(reference("Thing")),
                "none": {"nullable": True, "allOf": [reference("Thing")]},
            }
        ),
        "Thing": thing,
    }
    assert document["paths"]["/things"]["get"]["responses"] == {"200": answer(an_array(reference("Thing")))}


def test_objects_inside_hoisted_objects_are_hoisted_too() -> None:
    outer = an_object({"inner": an_object(ID, title="Inner")}, title="Outer")
    document, count = hoisted(a_document(("get /things", an_operation("a", {"oneOf": [outer, an_array(outer)]}))))
    assert count == 4
    assert document["components"]["schemas"] == {
        "Inner": an_object(ID, title="Inner"),
        "Outer": an_object({"inner": reference("Inner")}, title="Outer"),
    }


def test_an_object_like_a_component_becomes_a_reference_to_it() -> None:
    document, count = hoisted(
        a_document(
            ("get /things", an_operation("a", an_object(ID, title="Renamed"))),
            schemas={"thing": an_object(ID, title="Renamed")},
        )
    )
    assert count == 1
    assert list(document["components"]["schemas"]) == ["thing"]
    assert document["paths"]["/things"]["get"]["responses"]["200"] == answer(reference("thing"))


def test_a_component_that_is_no_object_keeps_its_name_for_itself() -> None:
    document, _ = hoisted(
        a_document(("get /things", an_operation("a", an_object(ID, title="Thing"))), schemas={"Thing": STRING})
    )
    assert document["components"]["schemas"] == {"Thing": STRING, "Thing.Object": an_object(ID, title="Thing")}


def test_two_objects_of_one_name_are_refused() -> None:
    union = {"oneOf": [an_object(ID, title="Thing"), an_object({"id": INTEGER}, title="Thing")]}
    message = "^two different objects are named Thing: give one of them another title in an overlay$"
    with pytest.raises(BuildError, match=message):
        hoisted(a_document(("get /things", an_operation("a", union))))


def test_an_object_in_a_parameter_is_refused() -> None:
    operation = an_operation("a", parameters=[parameter("filter", schema=an_object({"from": STRING, "to": STRING}))])
    with pytest.raises(BuildError, match=r"^a parameter that is an object is not supported: the one with from, to$"):
        hoisted(a_document(("get /things", operation)))


def test_bodies_parts_and_components_stay_where_they_are() -> None:
    thing = an_object(ID)
    whole = {"allOf": [reference("Thing"), an_object({"a": STRING})]}
    original = a_document(("post /things", an_operation("a", body=thing)), schemas={"Thing": thing, "Whole": whole})
    assert hoisted(original) == (original, 0)


def test_a_document_without_components_gets_some() -> None:
    document, count = hoisted({"paths": {"/a": {"get": an_operation("a", an_object(ID, title="Thing"))}}})
    assert count == 1
    assert document["components"] == {"schemas": {"Thing": an_object(ID, title="Thing")}}


@pytest.mark.parametrize(
    ("schema", "is_model"),
    [
        (an_object(ID), True),
        ({"allOf": [reference("Thing"), {"properties": ID}]}, True),
        ({"allOf": [reference("Thing")]}, False),
        ({"type": "object"}, False),
        (reference("Thing"), False),
        (content(STRING), False),
    ],
)
def test_only_objects_with_properties_of_their_own_are_models(schema: JSONObject, is_model: bool) -> None:
    assert is_model_shape(schema) is is_model
