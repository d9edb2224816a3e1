"""What another dated document may bring, generated and called: types of answers, parameters, bodies and unions."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from fastapi.encoders import jsonable_encoder
from pydantic import TypeAdapter

from generator import build
from tests.support.generated import AsyncService, Package, Service, call, call_with, plain
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
from tests.support.projects import a_project

NUMBER: JSONObject = {"type": "number"}
BOOLEAN: JSONObject = {"type": "boolean"}
MOMENT: JSONObject = {"type": "string", "format": "date-time"}
DAY: JSONObject = {"type": "string", "format": "date"}
BINARY: JSONObject = {"type": "string", "format": "binary"}
SIZE: JSONObject = {"type": "string", "enum": ["big", "small"]}
THING = reference("Thing")
OTHER = reference("Other")


def a_map(values: JSONObject) -> JSONObject:
    return {"type": "object", "additionalProperties": values}


def either(*members: JSONObject, **fields: Any) -> JSONObject:
    return {"oneOf": [*members], **fields}


# Name -> what an operation answers with, an answer, and the type of what its method returns.
ANSWERS: dict[str, tuple[JSONObject, Any, str]] = {
    "text": (STRING, "a", "str"),
    "integer": (INTEGER, 1, "int"),
    "number": (NUMBER, 1.5, "float"),
    "boolean": (BOOLEAN, True, "bool"),
    "moment": (MOMENT, "2025-01-31T12:34:56Z", "datetime"),
    "day": (DAY, "2025-01-31", "date"),
    "size": (SIZE, "big", "enums.PostSizeResult | str"),
    "constant": ({"const": "a"}, "a", 'Literal["a"]'),
    "anything": ({"description": ""}, {"a": [1]}, "Any"),
    "nothing_or_text": ({**STRING, "nullable": True}, None, "str | None"),
    "nothing_or_thing": ({"nullable": True, "allOf": [THING]}, {"id": "a"}, "models.Thing | None"),
    "map": (a_map(INTEGER), {"a": 1}, "dict[str, int]"),
    "map_of_things": (a_map(THING), {"a": {"id": "a"}}, "dict[str, models.Thing]"),
    "map_of_lists": (a_map(an_array(STRING)), {"a": ["b"]}, "dict[str, list[str]]"),
    "texts": (an_array(STRING), ["a"], "list[str]"),
    "matrix": (an_array(an_array(NUMBER)), [[1, 0.5]], "list[list[float]]"),
    "text_or_number": (either(STRING, NUMBER), 1, "str | float"),
    "text_or_thing": (either(STRING, THING), {"id": "a"}, "str | models.Thing"),
    "text_or_things": (either(STRING, THING, OTHER), {"name": "a"}, "str | models.Thing | models.Other"),
    "thing_or_list": (either(THING, an_array(THING)), [{"id": "a"}], "models.Thing | list[models.Thing]"),
}
PROPERTIES: JSONObject = {
    "constant": {"const": True},
    "const": {"type": "integer", "const": 3},
    "share": {"type": "number", "enum": [0.5, 1]},
    "key": {"type": "string", "format": "uuid"},
    "value": either(STRING, INTEGER, an_array(STRING), nullable=True),
    "owner": either(STRING, either(THING, OTHER)),
    "owners": an_array(either(STRING, THING, OTHER)),
    "inline": either(an_object({"a": STRING}, "a"), an_object({"b": INTEGER}, "b")),
    "matrix": an_array(an_array(THING)),
    "maps": a_map(a_map(MOMENT)),
    "loose": {"type": "array"},
}
HOLDER: JSONObject = {
    "constant": True,
    "const": 3,
    "share": 0.5,
    "key": "0b5a",
    "value": ["a"],
    "owner": {"name": "a"},
    "owners": ["a", {"id": "b"}, {"name": "c"}],
    "inline": {"b": 1},
    "matrix": [[{"id": "a"}], []],
    "maps": {"a": {"b": "2025-01-31T12:34:56Z"}},
    "loose": [1, "a"],
}


HIDING = ("keys", "items", "values", "get", "pop", "update", "copy", "json", "dict", "schema", "iter", "next", "len")


def a_form(properties: JSONObject, media_type: str) -> JSONObject:
    return content(an_object(properties), media_type)


def an_api() -> JSONObject:
    query = [
        parameter("at", schema=MOMENT),
        parameter("on", schema=DAY),
        parameter("ids", schema=either(STRING, an_array(STRING))),
        parameter("number", "path", INTEGER),
        parameter("X-Trace", "header"),
        parameter("X-Level", "header", INTEGER),
        parameter("Accept", "header"),
    ]
    fields = {"a": {**STRING, "nullable": True}, "n": INTEGER, "at": MOMENT, "tags": an_array(STRING)}
    parts = {**fields, "file": BINARY, "files": an_array(BINARY), "thing": THING, "things": an_array(THING)}
    several = {"200": answer(THING), "202": answer(an_object({"at": INTEGER})), "204": {"description": ""}}
    octets = {"200": answer(BINARY, "application/octet-stream")}
    return a_document(
        *((f"post /{name}", an_operation(f"post_{name}", schema)) for name, (schema, _, _) in ANSWERS.items()),
        ("get /names", an_operation("ListNames", an_array(STRING))),
        ("get /holder", an_operation("GetHolder", reference("Holder"))),
        ("post /holder", an_operation("MakeHolder", body=reference("Holder"))),
        ("get /by/{number}", an_operation("GetBy", STRING, parameters=query)),
        ("post /form", an_operation("PostForm", requestBody=a_form(fields, "application/x-www-form-urlencoded"))),
        ("post /parts", an_operation("PostParts", requestBody=a_form(parts, "multipart/form-data"))),
        ("post /several", an_operation("PostSeveral", responses=several)),
        ("get /octets", an_operation("GetOctets", responses=octets)),
        ("get /csv", an_operation("GetCSV", responses={"200": answer(STRING, "text/csv")})),
        ("get /hiding", an_operation("GetHiding", an_object(dict.fromkeys(HIDING, an_array(STRING))))),
        schemas={
            "Thing": an_object({"id": STRING}, "id"),
            "Other": an_object({"name": STRING}, "name"),
            "Holder": an_object(PROPERTIES, title="Holder"),
        },
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    project = a_project(tmp_path_factory.mktemp("kinds"), an_api())
    build.regenerate(project.root)
    package = Package(project.generated, "generated_of_all_kinds")
    yield package
    package.unload()


pytestmark = pytest.mark.xdist_group("kinds")


def annotation_of(package: Package, method: str) -> str:
    found = re.search(rf"def {method}\(self\) -> (.+):\n", package.text("sub_apis/things.py"))
    assert found
    return found[1]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_any_type_is_read_and_comes_back(package: Package, name: str) -> None:
    _, answered, annotation = ANSWERS[name]
    client, found = call_with(package, f"post_{name}", Service(answered), AsyncService(answered))
    assert back(found) == answered
    assert client.drifts == []
    assert annotation_of(package, f"post_{name}") == annotation


def back(value: Any) -> Any:  # whatever was decoded
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: back(item) for key, item in value.items()}
    return plain(value)


@pytest.mark.parametrize(
    ("name", "answered", "problem"),
    [
        ("integer", "1", "int  is a string, not an integer"),
        ("text", None, "str  is null, not a string"),
        ("map", [1], "dict[str, int]  is an array, not an object"),
        ("text_or_number", {}, "str | float  is an object, not a string or a number"),
        ("texts", {}, "list[str]  an object where an array is expected"),
    ],
)
def test_an_answer_of_another_type_altogether_is_an_error(
    package: Package, name: str, answered: Any, problem: str
) -> None:
    with pytest.raises(ValueError, match=r"^" + problem.replace("[", r"\[").replace("|", r"\|") + "$"):
        call(package, f"post_{name}", answered)


@pytest.mark.parametrize(
    ("name", "answered", "drifts"),
    [
        ("map", {"a": "b"}, ["dict[str, int] * is a string, not an integer"]),
        ("texts", ["a", 1], ["[1] str  is a number, not a string"]),
        ("map_of_things", {"a": {}}, ["dict[str, Thing] *.id is missing"]),
        ("matrix", [[1, "a"]], ["list[list[float]] [][] is a string, not a number"]),
    ],
)
def test_what_breaks_the_document_inside_an_answer_is_kept_and_reported(
    package: Package, name: str, answered: Any, drifts: list[str]
) -> None:
    client, found = call_with(package, f"post_{name}", Service(answered), AsyncService(answered))
    assert back(found) == answered
    assert client.drifts == drifts


def test_a_new_value_of_an_enum_is_no_drift(package: Package) -> None:
    client, found = call_with(package, "post_size", Service("huge"), AsyncService("huge"))
    assert (found, client.drifts) == ("huge", [])


def test_a_list_of_texts_is_a_page(package: Package) -> None:
    _, page = call_with(package, "list_names", Service(["a", "b"]), AsyncService(["a", "b"]))
    assert (list(page), page.data, page.total_count) == (["a", "b"], ["a", "b"], None)


def test_properties_of_any_type_are_read_and_come_back(package: Package) -> None:
    client, found = call_with(package, "get_holder", Service(HOLDER), AsyncService(HOLDER))
    assert found.to_dict() == HOLDER
    assert client.drifts == []
    assert [type(owner).__name__ for owner in found.owners] == ["str", "Thing", "Other"]
    assert type(found.inline).__name__ == "HolderInlineB"
    assert found.matrix[0][0].id == "a"
    assert isinstance(found.maps["a"]["b"], datetime)
    assert package.models.Holder.from_dict(HOLDER) == found


def test_properties_that_break_the_document_are_kept_and_reported(package: Package) -> None:
    broken = {"value": {}, "owner": 1, "matrix": [[{}]], "maps": {"a": 1}}
    client, found = call_with(package, "get_holder", Service(broken), AsyncService(broken))
    assert sorted(client.drifts) == [
        "Holder maps.* is a number, not an object",
        "Holder matrix[][].id is missing",
        "Holder owner is a number, not a string or an object",
        "Holder value is an object, not a string or an integer or an array or null",
    ]
    assert found.to_dict() == broken


@pytest.mark.parametrize("given", ["a", 1, ["a"], None])
def test_a_union_in_a_body_takes_each_of_its_types(package: Package, given: object) -> None:
    request, _ = call(package, "make_holder", None, value=given)
    assert request.json == {"value": given}


@pytest.mark.parametrize(
    ("keyword", "given", "message"),
    [
        ("value", 1.5, "value must be a string or an int or a list, not float"),
        ("owner", 1, "owner must be a string or a dict or a model, not int"),
        ("matrix", [[1]], r"matrix\[0\]\[0\] must be a dict or a model, not int"),
    ],
)
def test_what_is_none_of_the_types_is_refused(package: Package, keyword: str, given: object, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        call(package, "make_holder", None, **{keyword: given})


def test_parameters_of_any_type_are_encoded(package: Package) -> None:
    at = datetime(2025, 1, 31, 12, 34, 56, tzinfo=UTC)
    request, found = call(
        package, "get_by", "a", 7, at=at, on=date(2025, 1, 31), ids=["a", "b"], x_trace="t", x_level=1
    )
    assert (request.path, found) == ("/by/7", "a")
    assert request.query == {"at": "2025-01-31T12:34:56Z", "on": "2025-01-31", "ids": ["a", "b"]}
    assert request.headers == {"X-Trace": "t", "X-Level": "1"}
    assert call(package, "get_by", "a", 7, ids="a")[0].query == {"ids": "a"}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"x_trace": "é"}, ValueError, "x_trace is sent as a header: it must be printable ASCII"),
        ({"x_trace": "a\r\nb: c"}, ValueError, "x_trace is sent as a header"),
        ({"x_trace": " a"}, ValueError, "x_trace is sent as a header"),
        ({"x_trace": ""}, ValueError, "x_trace is sent as a header"),
        ({"x_trace": None}, TypeError, "x_trace must be a string, not None"),
        ({"x_level": "1"}, TypeError, "x_level must be an int, not str"),
        ({"ids": []}, ValueError, "ids must not be empty"),
        ({"ids": 1}, TypeError, "ids must be a string or a list, not int"),
        ({"at": None}, TypeError, "at must be a point in time, not None"),
    ],
)
def test_what_a_parameter_does_not_take_is_refused(
    package: Package, given: JSONObject, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{message}"):
        call(package, "get_by", "a", 7, **given)


def test_a_form_travels_as_one(package: Package) -> None:
    request, _ = call(package, "post_form", None, a="b", n=1, at="2025-01-31T12:34:56Z", tags=["c", "d"])
    assert request.form == {"a": "b", "n": "1", "at": "2025-01-31T12:34:56Z", "tags": ["c", "d"]}
    assert (request.files, request.json) == (None, package.types.UNSET)


def test_parts_of_any_type_travel_as_multipart(package: Package) -> None:
    thing = package.models.Thing(id="é")
    request, _ = call(
        package, "post_parts", None, n=1, file=b"a", files=[b"b", ("c.txt", b"c")], thing=thing, things=[{"id": "d"}]
    )
    assert request.form == {"n": "1"}
    assert request.files == {
        "file": ("file", b"a", "application/octet-stream"),
        "files": [("files[0]", b"b", "application/octet-stream"), ("c.txt", b"c", "text/plain")],
        "thing": (None, '{"id":"é"}'.encode(), "application/json"),
        "things": [(None, b'{"id":"d"}', "application/json")],
    }


@pytest.mark.parametrize(
    ("status", "answered", "kind"),
    [(200, {"id": "a"}, "Thing"), (202, {"at": 1}, "PostSeveralAcceptedResult"), (204, b"", "NoneType")],
)
def test_an_answer_is_read_as_its_status_says(package: Package, status: int, answered: Any, kind: str) -> None:
    _, found = call_with(package, "post_several", Service(answered, status), AsyncService(answered, status))
    assert type(found).__name__ == kind
    assert plain(found) == (answered or None)


@pytest.mark.parametrize(
    ("method", "answered", "found", "accept"),
    [
        ("get_octets", b"\xff", b"\xff", "application/octet-stream"),
        ("get_csv", b"a,b", "a,b", "text/csv"),
        ("post_several", {"id": "a"}, {"id": "a"}, "application/json"),
    ],
)
def test_an_operation_accepts_what_it_reads(
    package: Package, method: str, answered: Any, found: Any, accept: str
) -> None:
    request, read = call(package, method, answered)
    assert (request.accept, plain(read) if isinstance(found, dict) else read) == (accept, found)


def test_properties_may_hide_methods_that_others_look_for(package: Package) -> None:
    """FastAPI tries `dict()` and `vars()` on what it knows nothing of."""
    answered = {name: [name] for name in HIDING}
    _, found = call_with(package, "get_hiding", Service(answered), AsyncService(answered))
    assert jsonable_encoder(found) == vars(found) == found.to_dict() == answered
    assert TypeAdapter(package.models.GetHidingResult).dump_python(found) == answered
    assert copy.deepcopy(found) == attrs.evolve(found) == found
    assert found.keys == ["keys"]
