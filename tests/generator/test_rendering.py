from __future__ import annotations

import importlib.util
import pkgutil
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from generator import build
from generator.code import render
from tests.support.generated import Package, call
from tests.support.openapi import (
    INTEGER,
    STRING,
    JSONObject,
    a_document,
    a_small_api,
    an_array,
    an_object,
    an_operation,
    answer,
    content,
    parameter,
    reference,
)
from tests.support.projects import a_project, one_method_each

FREE = {"type": "object"}
BINARY = {"type": "string", "format": "binary"}
KIND = {"type": "string", "enum": ["big", "small"]}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
NULLABLE_PART = {"nullable": True, "allOf": [reference("Part")]}
OWNER = {"oneOf": [reference("Cat"), reference("Dog")], "discriminator": {"propertyName": "object"}}

PROPERTIES = {
    "id": STRING,
    "from": {**STRING, "nullable": True},
    "list": an_array(INTEGER),
    "str": {"type": "number"},
    "int": {"type": "object"},
    "kind": KIND,
    "level": {"type": "integer", "enum": [1, 2]},
    "parts": an_array(reference("Part")),
    "gaps": an_array(NULLABLE_PART, nullable=True),
    "labels": {"type": "object", "additionalProperties": STRING},
    "pieces": {"type": "object", "additionalProperties": reference("Part"), "nullable": True},
    "moments": an_array(MOMENT),
    "moment": {**MOMENT, "nullable": True},
    "day": DAY,
    "owner": OWNER,
    "owners": an_array(OWNER),
    "anything": {},
    "twin": reference("Thing"),
}
THING: JSONObject = {
    "id": "thing_1",
    "from": None,
    "list": [1],
    "str": 1.5,
    "int": {"a": 1},
    "kind": "small",
    "level": 2,
    "parts": [{"kind": "big"}],
    "gaps": [None, {"kind": "big"}],
    "labels": {"a": "b"},
    "pieces": {"a": {"kind": "huge"}},
    "moments": ["2025-01-31T12:34:56Z"],
    "moment": "2025-01-31T12:34:56Z",
    "day": "2025-01-31",
    "owner": {"object": "cat", "lives": 7},
    "owners": [{"object": "dog"}, {"object": "bird"}],
    "anything": [{}],
    "twin": {"id": "thing_2"},
    "unknown": 1,
}


def things(*parameters: JSONObject) -> list[tuple[str, JSONObject]]:
    """The operations that a list of things and one thing have."""
    thing_id = parameter("from", "path")
    page = an_object({"things": an_array(reference("Thing")), "total_count": INTEGER})
    either = {"oneOf": [an_array(reference("Thing")), page]}
    in_body = ("kind", "parts", "moment", "day", "labels", "anything", "from")
    body = an_object({name: PROPERTIES[name] for name in in_body}, "kind")
    image = content(an_object({"file": BINARY, "note": STRING}, "file"), "multipart/form-data")
    by = [thing_id, parameter("by", "path")]
    list_things = an_operation("ListThings", either, parameters=[*parameters])
    return [
        ("get /things", list_things),
        ("post /things", an_operation("CreateThing", reference("Thing"), body=body, description='Says "so".')),
        ("get /things/{from}", an_operation("GetThing", reference("Thing"), parameters=[thing_id])),
        ("get /things/{from}/{by}", an_operation("GetThingBy", reference("Thing"), parameters=by)),
        ("delete /things/{from}", an_operation("DeleteThing", parameters=[thing_id], deprecated=True, security=[])),
        ("put /things/{from}", an_operation("PutImage", FREE, parameters=[thing_id], requestBody=image)),
    ]


def an_api() -> JSONObject:
    """A document with a bit of everything that the templates know."""
    filters = [
        parameter("limit", schema=INTEGER),
        parameter("offset", schema=INTEGER),
        parameter("starting_after"),
        parameter("order-by", schema=KIND),
        parameter("ids", schema=an_array(STRING), explode=False),
        parameter("since", schema=INTEGER),
        parameter("levels", schema=an_array(INTEGER), required=True),
    ]
    total = an_object({"total_count": INTEGER}, "total_count")
    html = {"200": answer(STRING, "text/html")}
    return a_document(
        *things(*filters),
        ("get /count", an_operation("CountThings", total)),
        ("get /page", an_operation("GetPage", responses=html)),
        ("get /kinds", an_operation("ListKinds", an_array(reference("Part")))),
        ("post /bulk", an_operation("CreateThings", an_array(reference("Thing")), body=an_array(reference("Part")))),
        ("post /owner", an_operation("SetOwner", OWNER, body=FREE)),
        schemas={
            "Thing": an_object(PROPERTIES, "id"),
            "Part": an_object({"kind": KIND, "at": INTEGER}, "kind"),
            "Cat": an_object({"object": {"type": "string", "enum": ["cat"]}, "lives": INTEGER}),
            "Dog": an_object({"object": {"type": "string", "enum": ["dog"]}}),
        },
    )


CORRECTIONS = {
    "$.paths['/things'].get": {"x-clerk-send-paginated": True},
    "$.paths['/count'].get": {"x-clerk-answer": {"unwrap": "total_count"}},
    "$.paths['/page'].get": {"x-clerk-credential": "machine_secret_key"},
    "$.paths[*][*].parameters[?@.name == 'from']": {"x-clerk-prefix": "thing_"},
    "$.paths[*][*].parameters[?@.name == 'since']": {"x-clerk-timestamp": "milliseconds"},
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    project = a_project(tmp_path_factory.mktemp("project"), an_api())
    methods = one_method_each(an_api())
    del methods["get_thing_by"]
    methods["get_thing"] = {"operations": ["GetThing", "GetThingBy"], "deprecated": "Use another."}
    methods["list"] = methods.pop("list_things")
    project.write_layout({"things": {"methods": methods}, "old_things": {"methods": {"all": methods["list"]}}})
    actions = [{"target": target, "description": "So it is.", "update": CORRECTIONS[target]} for target in CORRECTIONS]
    project.write_overlay("10-corrections.yaml", *actions)
    build.regenerate(project.root)
    package = Package(project.generated)
    yield package
    package.unload()


pytestmark = pytest.mark.xdist_group("rendered")


def test_every_file_says_that_it_is_generated(package: Package) -> None:
    files = [path for path in package.folder.rglob("*.py") if "__pycache__" not in path.parts]
    assert len(files) > 30
    assert {path.read_text(encoding="utf-8").split("\n")[0] for path in files} == {render.HEADER}
    assert package.text("py.typed") == ""


def test_every_module_can_be_imported(package: Package) -> None:
    found = pkgutil.walk_packages([str(package.folder)], f"{package.name}.")
    assert len([importlib.import_module(module.name) for module in found]) > 30


def test_models_are_lazy_and_listed(package: Package) -> None:
    assert package.models.__all__ == sorted(package.models.__all__) == dir(package.models)
    assert {"Thing", "Part", "PartDict", "ThingKind", "UnknownVariant"} <= set(package.models.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'Thin'"):
        _ = package.models.Thin


@pytest.mark.parametrize("name", ["Thing", "Part", "Cat", "Dog", "CountThingsResult"])
def test_the_types_of_models_can_be_resolved(package: Package, name: str) -> None:
    model = getattr(package.models, name)
    attrs.resolve_types(model)
    hints = typing.get_type_hints(model)
    assert {field.name: field.type for field in attrs.fields(model)}.items() <= hints.items()


def test_an_answer_is_decoded_and_comes_back(package: Package) -> None:
    request, found = call(package, "get_thing", THING, "1")
    assert (request.operation, request.method, request.path) == ("GetThing", "GET", "/things/thing_1")
    assert (request.query, request.json, request.credential) == (None, package.types.UNSET, "secret_key")
    assert found == THING


def test_a_second_operation_serves_the_same_method(package: Package) -> None:
    request, found = call(package, "get_thing", {"id": "thing_1"}, "thing_1", "a b")
    assert (request.operation, request.path) == ("GetThingBy", "/things/thing_1/a%20b")
    assert found == {"id": "thing_1"}


@pytest.mark.parametrize("body", [[{"id": "thing_1"}], {"things": [{"id": "thing_1"}], "total_count": 1}])
def test_a_list_sends_its_filters_and_answers_with_a_page(package: Package, body: object) -> None:
    request, found = call(
        package,
        "list",
        body,
        limit=5,
        order_by="big",
        ids=["a", "b"],
        since=datetime(2025, 1, 1, tzinfo=UTC),
        levels=[1, 2],
    )
    assert (request.method, request.path, found) == ("GET", "/things", [{"id": "thing_1"}])
    assert request.query == {
        "paginated": "true",
        "limit": "5",
        "order-by": "big",
        "ids": "a,b",
        "since": "1735689600000",
        "levels": ["1", "2"],
    }


def test_a_body_takes_dicts_and_models(package: Package) -> None:
    parts = [{"kind": "big"}, package.models.Part(kind="small", at=1)]
    request, found = call(package, "create_thing", THING, kind="big", parts=parts, from_=None, day="2025-01-31")
    written = [{"kind": "big"}, {"kind": "small", "at": 1}]
    assert request.json == {"kind": "big", "parts": written, "from": None, "day": "2025-01-31"}
    assert found == THING


@pytest.mark.parametrize(
    ("method", "body", "arguments", "where", "credential", "expected"),
    [
        ("delete_thing", None, {"from_": "1"}, "DELETE /things/thing_1", "none", None),
        ("count_things", {"total_count": 3}, {}, "GET /count", "secret_key", 3),
        ("get_page", "<p>", {}, "GET /page", "machine_secret_key", '"<p>"'),
        ("list_kinds", [], {}, "GET /kinds", "secret_key", []),
        ("create_things", [{"id": "a"}], {"body": [{"kind": "big"}]}, "POST /bulk", "secret_key", [{"id": "a"}]),
        ("set_owner", {"object": "dog"}, {}, "POST /owner", "secret_key", {"object": "dog"}),
        ("put_image", {"a": 1}, {"from_": "1", "file": b"a"}, "PUT /things/thing_1", "secret_key", {"a": 1}),
    ],
)
def test_every_kind_of_operation_can_be_called(
    package: Package, method: str, body: object, arguments: JSONObject, where: str, credential: str, expected: object
) -> None:
    request, found = call(package, method, body, **arguments)
    assert f"{request.method} {request.path}" == where
    assert request.credential == credential
    assert found == expected


def test_a_body_that_is_no_object_is_sent_as_it_is_and_an_optional_one_not_at_all(package: Package) -> None:
    request, _ = call(package, "set_owner", {"object": "cat"}, body={"a": 1})
    assert request.json == {"a": 1}
    request, _ = call(package, "set_owner", {"object": "cat"})
    assert request.json is package.types.UNSET


def test_files_travel_as_multipart(package: Package) -> None:
    request, _ = call(package, "put_image", {}, "1", file=("a.png", b"a", "image/png"), note="b")
    assert (request.files, request.form) == ({"file": ("a.png", b"a", "image/png")}, {"note": "b"})


def test_deprecated_methods_are_marked(package: Package) -> None:
    api = importlib.import_module(f"{package.name}.sub_apis.things").ThingsApi
    assert api.get_thing.__deprecated__ == "Use another."
    assert api.delete_thing.__deprecated__ == "Avoid it in new code."


def test_a_method_that_hides_a_builtin_does_not_break_annotations(package: Package) -> None:
    text = package.text("sub_apis/things.py")
    assert "ids: builtins.list[str] | Unset = UNSET," in text
    assert "-> builtins.list[models.Thing]:" in text
    assert "ids: list[str] | Unset = UNSET," in package.text("sub_apis/old_things.py")


@pytest.mark.parametrize("name", ["dict", "field"])
def test_a_property_may_have_any_name(tmp_path: Path, name: str) -> None:
    document = a_small_api()
    document["components"]["schemas"]["Thing"]["properties"][name] = STRING
    project = a_project(tmp_path, document)
    build.regenerate(project.root)
    project.run("from clerk_generated.models import Thing")


def test_an_api_may_have_neither_enums_nor_models_in_requests(tmp_path: Path) -> None:
    project = a_project(tmp_path, a_document(("get /thing", an_operation("GetThing", FREE))))
    build.regenerate(project.root)
