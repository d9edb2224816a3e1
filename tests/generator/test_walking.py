from __future__ import annotations

from typing import Any

import pytest

from generator._errors import BuildError
from generator.document.walk import (
    METHODS,
    Document,
    Place,
    every_place,
    inner_places,
    operations,
    parameters_of,
    places_inside,
    reachable_schemas,
    resolve,
    root_places,
)

ANSWER = {"200": {"description": ""}}


def named(name: str, **schema: Any) -> dict[str, Any]:
    """A schema that can be told from others."""
    return {"x-name": name, **schema}


def content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def names(places: Any) -> list[str]:
    return [place.schema["x-name"] for place in places]


def test_operations_come_in_the_order_of_the_paths_and_of_the_methods() -> None:
    get, post, patch = ({"operationId": name} for name in ("get", "post", "patch"))
    document = {"paths": {"/b": {"post": post, "get": get, "parameters": []}, "/a": {"patch": patch}}}
    assert list(operations(document)) == [("/b", "get", get), ("/b", "post", post), ("/a", "patch", patch)]


def test_operations_may_have_any_method_of_openapi() -> None:
    document: Document = {"paths": {"/a": {method: {} for method in METHODS}}}
    assert [method for _, method, _ in operations(document)] == list(METHODS)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#/components/schemas/User", "user"),
        ("#/components/schemas/Alias", "user"),
        ("#/components/schemas/odd~1na~0me", "odd"),
        ("#/components/schemas/odd%7E1na%7E0me", "odd"),
        ("#/components/schemas/Union/oneOf/1", "second"),
    ],
)
def test_a_reference_is_followed_to_the_object_itself(reference: str, found: str) -> None:
    document = {
        "components": {
            "schemas": {
                "User": named("user"),
                "Alias": {"$ref": "#/components/schemas/User"},
                "odd/na~me": named("odd"),
                "Union": {"oneOf": [named("first"), named("second")]},
            }
        }
    }
    assert resolve(document, {"$ref": reference})["x-name"] == found


def test_what_is_no_reference_is_the_object_itself() -> None:
    schema = named("here")
    assert resolve({}, schema) is schema


@pytest.mark.parametrize("reference", ["#/components/schemas/Gone", "#/paths/0", "other.yaml#/Thing"])
def test_a_reference_that_leads_nowhere_is_named(reference: str) -> None:
    document: Document = {"components": {"schemas": {}}, "paths": {}}
    with pytest.raises(BuildError, match=f"^\\$ref '{reference}' can't be resolved once the overlays are applied$"):
        resolve(document, {"$ref": reference})


def test_the_parameters_of_an_operation_include_those_of_its_path_but_its_own_win() -> None:
    own_limit, shared_limit = ({"name": "limit", "in": "query", "x-name": name} for name in ("own", "shared"))
    path_id, query_id = ({"name": "id", "in": place} for place in ("path", "query"))
    document = {
        "paths": {"/a": {"parameters": [shared_limit, path_id]}},
        "components": {"parameters": {"Id": query_id, "Limit": own_limit}},
    }
    operation = {
        "parameters": [{"$ref": "#/components/parameters/Limit"}, {"$ref": "#/components/parameters/Id"}],
    }
    assert parameters_of(document, "/a", operation) == [own_limit, query_id, path_id]


def test_an_operation_may_have_no_parameters() -> None:
    assert parameters_of({"paths": {"/a": {}}}, "/a", {}) == []


def test_schemas_begin_in_components_parameters_bodies_and_answers() -> None:
    document = {
        "components": {
            "schemas": {"A": named("component")},
            "parameters": {"P": {"schema": named("shared parameter")}, "Q": {"content": {}}},
            "responses": {"R": content(named("shared answer")), "Empty": {"description": ""}},
        },
        "paths": {
            "/a": {
                "parameters": [{"schema": named("parameter of the path")}],
                "post": {
                    "parameters": [{"schema": named("parameter")}, {"$ref": "#/components/parameters/P"}],
                    "requestBody": content(named("body")),
                    "responses": {"200": content(named("answer")), "400": {"$ref": "#/components/responses/R"}},
                },
                "delete": {"responses": ANSWER},
            }
        },
    }
    assert names(root_places(document)) == [
        *("component", "shared parameter", "shared answer", "parameter of the path", "parameter", "body", "answer"),
    ]


def test_a_document_may_have_no_components() -> None:
    assert list(root_places({"paths": {}})) == []


def test_the_schemas_directly_inside_a_schema() -> None:
    schema = {
        "properties": {"a": named("property")},
        "oneOf": [named("oneOf", properties={"b": named("deeper")})],
        "anyOf": [named("anyOf")],
        "allOf": [named("first part"), named("second part")],
        "items": named("item"),
        "not": named("not"),
        "additionalProperties": named("value"),
    }
    places = list(inner_places(schema))
    assert names(places) == ["property", "oneOf", "anyOf", "first part", "second part", "item", "not", "value"]
    assert [place.schema["x-name"] for place in places if place.is_part] == ["first part", "second part"]


def test_a_boolean_in_the_place_of_a_schema_is_none() -> None:
    assert list(inner_places({"additionalProperties": False})) == []


def test_what_is_put_at_a_place_is_the_schema_there() -> None:
    schema: dict[str, Any] = {"items": named("old")}
    [place] = inner_places(schema)
    place.container[place.key] = named("new")
    assert place.schema is schema["items"]
    assert place.schema == named("new")


def test_all_schemas_come_outer_ones_first_without_following_references() -> None:
    inside = {"b": named("item", type="array"), "c": {"$ref": "#/components/schemas/A", "x-name": "reference"}}
    document = {
        "components": {"schemas": {"A": named("A", properties={"a": named("a", items=named("inner"))})}},
        "paths": {"/a": {"get": {"responses": {"200": content(named("answer", properties=inside))}}}},
    }
    assert names(every_place(document)) == ["A", "a", "inner", "answer", "item", "reference"]
    assert names(places_inside(document["components"]["schemas"]["A"])) == ["a", "inner"]


def test_reachable_schemas_follow_references_and_come_once_each() -> None:
    component = named("component")
    component["properties"] = {"itself": {"$ref": "#/components/schemas/C"}, "other": named("other")}
    document = {"components": {"schemas": {"C": component, "Unused": named("unused")}}}
    root = {"schema": named("root", oneOf=[{"$ref": "#/components/schemas/C"}, {"$ref": "#/components/schemas/C"}])}
    found = reachable_schemas(document, iter([Place(root, "schema")]))
    assert sorted(schema["x-name"] for schema in found) == ["component", "other", "root"]
