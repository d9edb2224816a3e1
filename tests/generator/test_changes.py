"""What a change of the document does to callers: one thing is changed at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from generator.compare import operations
from generator.compare.changes import Change, Comparison, Effect
from generator.prepare.layout import MethodEntry, SubAPIEntry
from tests.support.blueprints import an_enum, drawn
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
    unshared,
)

INVISIBLE, ADDITIVE, BREAKING = Effect.INVISIBLE, Effect.ADDITIVE, Effect.BREAKING
NUMBER: JSONObject = {"type": "number"}
FREE: JSONObject = {"type": "object"}
ANY: JSONObject = {}
TIME: JSONObject = {"type": "string", "format": "date-time"}

Told = tuple[str, str, Effect]


def nullable(schema: JSONObject) -> JSONObject:
    return {**schema, "nullable": True}


def told(old: JSONObject, new: JSONObject, *layouts: tuple[SubAPIEntry, ...]) -> list[Told]:
    """What the comparison of two documents tells: subject, what, effect."""
    before, now = layouts or ((), ())
    comparison = operations.compare(drawn(old, *before), drawn(new, *now))
    return [(change.subject, change.what, change.effect) for change in comparison.changes]


def base() -> JSONObject:
    """A document with a list, and an object that is made, got and deleted."""
    kind = an_enum("big", "small")
    thing = an_object(
        {"id": STRING, "name": STRING, "kind": kind, "size": INTEGER, "note": nullable(STRING)}, "id", "name"
    )
    body = an_object({"name": STRING, "kind": an_enum("big", "small"), "size": INTEGER}, "name")
    query = [parameter("query"), parameter("order", schema=an_enum("down", "up")), parameter("limit", schema=INTEGER)]
    path = [parameter("id", "path")]
    return a_document(
        ("get /things", an_operation("ListThings", an_array(reference("Thing")), parameters=query)),
        ("post /things", an_operation("CreateThing", reference("Thing"), body=body)),
        ("get /things/{id}", an_operation("GetThing", reference("Thing"), parameters=path)),
        ("delete /things/{id}", an_operation("DeleteThing", parameters=path)),
        schemas={"Thing": thing},
    )


def changed(change: Callable[[JSONObject], Any]) -> JSONObject:
    document = unshared(base())
    change(document)
    return document


def operation(document: JSONObject, place: str) -> JSONObject:
    method, path = place.split()
    found: JSONObject = document["paths"][path][method]
    return found


def query(document: JSONObject) -> list[JSONObject]:
    found: list[JSONObject] = operation(document, "get /things")["parameters"]
    return found


def body(document: JSONObject) -> JSONObject:
    found: JSONObject = operation(document, "post /things")["requestBody"]["content"]["application/json"]["schema"]
    return found


def thing(document: JSONObject) -> JSONObject:
    found: JSONObject = document["components"]["schemas"]["Thing"]
    return found


def rename_key(mapping: JSONObject, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


def test_equal_documents_differ_in_nothing() -> None:
    comparison = operations.compare(drawn(base()), drawn(base()))
    assert comparison == Comparison("2025-11-10", "2025-11-10", ())
    assert comparison.effect is INVISIBLE


LISTS = "things.list_things"
CREATES = "things.create_thing"

# fmt: off
ONE_CHANGE: dict[str, tuple[Callable[[JSONObject], Any], list[Told]]] = {
    # Operations.
    "operation added": (
        lambda d: d["paths"]["/things/{id}"].update(
            patch=an_operation("UpdateThing", parameters=[parameter("id", "path")])),
        [("things.update_thing", "added: `PATCH /things/{id}`", ADDITIVE)],
    ),
    "operation removed": (
        lambda d: d["paths"]["/things/{id}"].pop("delete"),
        [("things.delete_thing", "removed: `DELETE /things/{id}`", BREAKING)],
    ),
    "operation moved": (
        lambda d: rename_key(d["paths"], "/things", "/all_things"),
        [("things.list_things", "moved: from `GET /things` to `GET /all_things`", INVISIBLE),
         ("things.create_thing", "moved: from `POST /things` to `POST /all_things`", INVISIBLE)],
    ),
    "operation deprecated": (
        lambda d: operation(d, "get /things").update(deprecated=True),
        [("things.list_things", "deprecated", ADDITIVE)],
    ),
    # What calls take.
    "optional keyword added": (
        lambda d: query(d).append(parameter("offset", schema=INTEGER)),
        [(f"{LISTS}(offset=)", "added", ADDITIVE)],
    ),
    "required keyword added": (
        lambda d: query(d).append(parameter("tenant", required=True)),
        [(f"{LISTS}(tenant=)", "added: required", BREAKING)],
    ),
    "keyword removed": (lambda d: query(d).pop(0), [(f"{LISTS}(query=)", "removed", BREAKING)]),
    "keyword required": (
        lambda d: query(d)[0].update(required=True), [(f"{LISTS}(query=)", "newly required", BREAKING)],
    ),
    "keyword no longer required": (
        lambda d: body(d).pop("required"), [(f"{CREATES}(name=)", "no longer required", ADDITIVE)],
    ),
    "keyword renamed in Python only": (
        lambda d: query(d)[0].update({"x-clerk-name": "search"}),
        [(f"{LISTS}(query=)", "renamed: now `search`", BREAKING)],
    ),
    "keyword renamed on the wire only": (
        lambda d: query(d)[0].update({"name": "q", "x-clerk-name": "query"}),
        [(f"{LISTS}(query=)", "`q` on the wire, no longer `query`", INVISIBLE)],
    ),
    "keyword deprecated": (
        lambda d: query(d)[0].update(deprecated=True), [(f"{LISTS}(query=)", "deprecated", ADDITIVE)],
    ),
    "keyword takes null": (
        lambda d: body(d)["properties"].update(size=nullable(INTEGER)),
        [(f"{CREATES}(size=)", "may be `None`", ADDITIVE)],
    ),
    "keyword wider": (
        lambda d: body(d)["properties"].update(size=NUMBER),
        [(f"{CREATES}(size=)", "type `int` is now `float`", ADDITIVE)],
    ),
    "keyword takes any text": (
        lambda d: body(d)["properties"].update(kind=STRING),
        [(f"{CREATES}(kind=)", "type `CreateThingKind` is now `str`", ADDITIVE)],
    ),
    "keyword takes anything": (
        lambda d: body(d)["properties"].update(size=ANY),
        [(f"{CREATES}(size=)", "type `int` is now `Any`", ADDITIVE)],
    ),
    "keyword is another thing": (
        lambda d: body(d)["properties"].update(size=an_array(INTEGER)),
        [(f"{CREATES}(size=)", "type `int` is now `list[int]`", BREAKING)],
    ),
    "keyword narrower": (
        lambda d: query(d)[0].update(schema=an_enum("a", "b")),
        [(f"{LISTS}(query=)", "type `str` is now `ListThingsQuery`", BREAKING)],
    ),
    "keyword takes a time": (
        lambda d: query(d)[2].update({"x-clerk-timestamp": "milliseconds"}),
        [(f"{LISTS}(limit=)", "type `int` is now `datetime | str | int`", ADDITIVE)],
    ),
    "keyword has another bound": (
        lambda d: query(d)[2].update(schema={**INTEGER, "maximum": 500}),
        [(f"{LISTS}(limit=)", "bounds are now: at most 500", INVISIBLE)],
    ),
    "request enum grows": (
        lambda d: query(d)[1].update(schema=an_enum("down", "random", "up")),
        [(f"{LISTS}(order=)", 'value `"random"` added', ADDITIVE)],
    ),
    "keyword from query to body": (
        lambda d: (query(d).pop(0), operation(d, "get /things").update(
            requestBody={"content": {"application/json": {"schema": an_object({"query": STRING})}}})),
        [(f"{LISTS}(query=)", "sent in the body, no longer in the query", INVISIBLE)],
    ),
    "keyword from query to a header": (
        lambda d: query(d)[0].update({"in": "header"}),
        [(f"{LISTS}(query=)", "sent in the headers, no longer in the query", INVISIBLE)],
    ),
    "key not needed": (
        lambda d: operation(d, "get /things").update(security=[]),
        [(f"{LISTS}()", "authenticated by `none`, no longer `secret_key`", ADDITIVE)],
    ),
    "another key needed": (
        lambda d: operation(d, "get /things").update({"x-clerk-credential": "machine_secret_key"}),
        [(f"{LISTS}()", "authenticated by `machine_secret_key`, no longer `secret_key`", BREAKING)],
    ),
    "another error status": (
        lambda d: operation(d, "get /things")["responses"].update({"404": answer(FREE)}),
        [(f"{LISTS}()", "error statuses are now: 404", INVISIBLE)],
    ),
    # What calls return.
    "answer where was none": (
        lambda d: operation(d, "delete /things/{id}").update(responses={"200": answer(reference("Thing"))}),
        [("things.delete_thing()", "type `None` is now `Thing`", BREAKING)],
    ),
    "answer is another thing": (
        lambda d: operation(d, "get /things/{id}").update(responses={"200": answer(an_array(STRING))}),
        [("things.get_thing()", "type `Thing` is now `Page[str]`", BREAKING)],
    ),
    "property added": (
        lambda d: thing(d)["properties"].update(more=STRING), [("models.Thing.more", "added", ADDITIVE)],
    ),
    "property removed": (
        lambda d: thing(d)["properties"].pop("size"), [("models.Thing.size", "removed", BREAKING)],
    ),
    "property may be absent": (
        lambda d: thing(d).update(required=["id"]), [("models.Thing.name", "no longer required", BREAKING)],
    ),
    "property always there": (
        lambda d: thing(d).update(required=["id", "name", "size"]),
        [("models.Thing.size", "newly required", ADDITIVE)],
    ),
    "property may be null": (
        lambda d: thing(d)["properties"].update(size=nullable(INTEGER)),
        [("models.Thing.size", "may be `None`", BREAKING)],
    ),
    "property never null": (
        lambda d: thing(d)["properties"].update(note=STRING),
        [("models.Thing.note", "is no longer `None`", ADDITIVE)],
    ),
    "property wider": (
        lambda d: thing(d)["properties"].update(size=NUMBER),
        [("models.Thing.size", "type `int` is now `float`", BREAKING)],
    ),
    "property is a time": (
        lambda d: thing(d)["properties"].update(name=TIME),
        [("models.Thing.name", "type `str` is now `datetime`", BREAKING)],
    ),
    "answer enum grows": (
        lambda d: thing(d)["properties"].update(kind=an_enum("big", "huge", "small")),
        [("models.Thing.kind", 'value `"huge"` added', ADDITIVE)],
    ),
    "answer enum shrinks": (
        lambda d: thing(d)["properties"].update(kind=an_enum("big", "tiny")),
        [("models.Thing.kind", 'value `"tiny"` added', ADDITIVE),
         ("models.Thing.kind", 'value `"small"` removed', INVISIBLE)],
    ),
    "answer enum becomes text": (
        lambda d: thing(d)["properties"].update(kind=STRING),
        [("models.Thing.kind", "type `ThingKind | str` is now `str`", ADDITIVE)],
    ),
    "property is an enum now": (
        lambda d: thing(d)["properties"].update(name=an_enum("a", "b")),
        [("models.Thing.name", "type `str` is now `ThingName | str`", ADDITIVE)],
    ),
    "constant becomes another": (
        lambda d: thing(d)["properties"].update(kind=an_enum("huge", "tiny")),
        [("models.Thing.kind", 'has other values: `"huge"`, `"tiny"`', BREAKING)],
    ),
}
# fmt: on


@pytest.mark.parametrize("kind", ONE_CHANGE)
def test_one_change_is_classed_by_what_it_does_to_callers(kind: str) -> None:
    change, expected = ONE_CHANGE[kind]
    assert told(base(), changed(change)) == expected


# The other way round.
# fmt: off
BACK: dict[str, list[Told]] = {
    "operation added": [("things.update_thing", "removed: `PATCH /things/{id}`", BREAKING)],
    "operation deprecated": [("things.list_things", "no longer deprecated", INVISIBLE)],
    "required keyword added": [(f"{LISTS}(tenant=)", "removed", BREAKING)],
    "keyword takes null": [(f"{CREATES}(size=)", "is no longer `None`", BREAKING)],
    "keyword wider": [(f"{CREATES}(size=)", "type `float` is now `int`", BREAKING)],
    "keyword takes anything": [(f"{CREATES}(size=)", "type `Any` is now `int`", BREAKING)],
    "keyword deprecated": [(f"{LISTS}(query=)", "no longer deprecated", INVISIBLE)],
    "keyword has another bound": [(f"{LISTS}(limit=)", "bounds are now: none", INVISIBLE)],
    "request enum grows": [(f"{LISTS}(order=)", 'value `"random"` removed', BREAKING)],
    "key not needed": [(f"{LISTS}()", "authenticated by `secret_key`, no longer `none`", BREAKING)],
    "another error status": [(f"{LISTS}()", "error statuses are now: none", INVISIBLE)],
    "property wider": [("models.Thing.size", "type `float` is now `int`", ADDITIVE)],
    "answer enum grows": [("models.Thing.kind", 'value `"huge"` removed', INVISIBLE)],
}
# fmt: on


@pytest.mark.parametrize("kind", BACK)
def test_one_change_taken_back_is_classed_likewise(kind: str) -> None:
    change, _ = ONE_CHANGE[kind]
    assert told(changed(change), base()) == BACK[kind]


def test_an_operation_under_another_id_keeps_its_method() -> None:
    renamed = changed(lambda d: operation(d, "get /things/{id}").update(operationId="FetchThing"))
    names = {"list_things": "ListThings", "create_thing": "CreateThing", "delete_thing": "DeleteThing"}

    def renamed_to(operation_id: str) -> tuple[SubAPIEntry, ...]:
        methods = {**names, "get_thing": operation_id}
        return (SubAPIEntry("things", tuple(MethodEntry(name, (ids,)) for name, ids in methods.items())),)

    assert told(base(), renamed, renamed_to("GetThing"), renamed_to("FetchThing")) == [
        ("things.get_thing", "the document calls it `FetchThing`, no longer `GetThing`", INVISIBLE)
    ]


def one(**methods: str) -> tuple[SubAPIEntry, ...]:
    return (SubAPIEntry("things", tuple(MethodEntry(name, (operation_id,)) for name, operation_id in methods.items())),)


LIST = {"list": "ListThings", "create": "CreateThing", "delete": "DeleteThing"}


def test_a_method_under_another_name_is_recognised() -> None:
    assert told(base(), base(), one(**LIST, get="GetThing"), one(**LIST, fetch="GetThing")) == [
        ("things.get", "renamed: now `things.fetch`", BREAKING)
    ]


def test_a_further_name_is_additive_and_its_loss_breaks() -> None:
    few, more = one(**LIST, get="GetThing"), one(**LIST, get="GetThing", fetch="GetThing")
    assert told(base(), base(), few, more) == [("things.fetch", "added: another name of `things.get`", ADDITIVE)]
    assert told(base(), base(), more, few) == [
        ("things.fetch", "removed; `GET /things/{id}` is still `things.get`", BREAKING)
    ]


def test_a_method_that_calls_another_operation_is_compared_with_itself() -> None:
    """Its name stays, so that the operation it served before is no loss."""
    path = [parameter("id", "path")]
    other = changed(
        lambda d: (
            d["paths"]["/things/{id}"].pop("get"),
            d["paths"].update({"/v2/{id}": {"get": an_operation("Get2", reference("Thing"), parameters=path)}}),
        )
    )
    assert told(base(), other, one(**LIST, get="GetThing"), one(**LIST, get="Get2")) == [
        ("things.get", "removed: `GET /things/{id}`", INVISIBLE),
        ("things.get", "added: `GET /v2/{id}`", ADDITIVE),
        ("things.get", "calls `GET /v2/{id}`, no longer `GET /things/{id}`", INVISIBLE),
    ]


def path_of(*names: str, schema: JSONObject = STRING) -> JSONObject:
    place = "/".join(f"{{{name}}}" for name in names)
    path = [parameter(name, "path", schema) for name in names]
    return a_document((f"get /things/{place}", an_operation("GetThing", parameters=path)))


def test_path_parameters_are_compared_by_position() -> None:
    assert told(path_of("id"), path_of("thing_id")) == [("things.get_thing(id)", "renamed: now `thing_id`", BREAKING)]
    assert told(path_of("id"), path_of("id", schema=INTEGER)) == [
        ("things.get_thing(id)", "type `str` is now `int`", BREAKING)
    ]


def test_path_parameters_that_stay_are_found_by_name() -> None:
    moved = "moved: from `GET /things/{a}` to `GET /things/{a}/{b}`"
    assert told(path_of("a"), path_of("a", "b")) == [
        ("things.get_thing", moved, INVISIBLE),
        ("things.get_thing(b)", "added: a path parameter", BREAKING),
    ]


def test_path_parameters_more_or_less_break() -> None:
    moved = "moved: from `GET /things/{a}` to `GET /things/{b}/{c}`"
    assert told(path_of("a"), path_of("b", "c")) == [
        ("things.get_thing", moved, INVISIBLE),
        ("things.get_thing(a)", "removed", BREAKING),
        ("things.get_thing(b)", "added: a path parameter", BREAKING),
        ("things.get_thing(c)", "added: a path parameter", BREAKING),
    ]


def test_the_second_operation_of_a_method_gives_it_a_keyword() -> None:
    path = [parameter("id", "path")]
    second = [*path, parameter("template", "path")]
    document = a_document(
        ("post /things/{id}", an_operation("A", parameters=path)),
        ("post /things/{id}/{template}", an_operation("B", parameters=second)),
    )
    few = (SubAPIEntry("things", (MethodEntry("get", ("A",)), MethodEntry("more", ("B",)))),)
    both = (SubAPIEntry("things", (MethodEntry("get", ("A", "B")), MethodEntry("more", ("B",)))),)
    assert told(document, document, few, both) == [("things.get(template=)", "added", ADDITIVE)]
    assert told(document, document, both, few) == [("things.get(template=)", "removed", BREAKING)]


def a_union(*names: str) -> JSONObject:
    return {"oneOf": [reference(name) for name in names]}


def union_api(in_names: Sequence[str], out_names: Sequence[str]) -> JSONObject:
    schemas = {
        name: an_object(
            {"type": an_enum(name.lower()), f"of_{name.lower()}": STRING, f"{name.lower()}_id": STRING}, "type"
        )
        for name in ("Card", "Cash", "Coin")
    }
    taken = an_object({"means": a_union(*in_names) if len(in_names) > 1 else reference(in_names[0])})
    every = [(f"get /{name.lower()}", an_operation(f"Get{name}", reference(name))) for name in schemas]
    pay = an_operation("Pay", an_object({"used": a_union(*out_names)}, title="Paid"), body=taken)
    return a_document(("post /pay", pay), *every, schemas=schemas)


def test_unions_grow_and_shrink() -> None:
    two, three = ("Card", "Cash"), ("Card", "Cash", "Coin")
    assert told(union_api(two, two), union_api(three, three)) == [
        ("things.pay(means=)", "`Coin` added", ADDITIVE),
        ("models.Paid.used", "`Coin` added", ADDITIVE),
    ]
    assert told(union_api(three, three), union_api(two, two)) == [
        ("things.pay(means=)", "`Coin` removed", BREAKING),
        ("models.Paid.used", "`Coin` removed", INVISIBLE),
    ]
    assert told(union_api(("Card",), two), union_api(two, two)) == [("things.pay(means=)", "`Cash` added", ADDITIVE)]


def answering(model: str, **properties: JSONObject) -> JSONObject:
    listed = an_array(reference(model))
    return a_document(
        ("get /things", an_operation("ListThings", an_object({"inner": listed}, title="Holder"))),
        ("get /thing", an_operation("GetThing", reference(model))),
        schemas={model: an_object(properties)},
    )


def test_a_model_under_another_name_is_recognised_by_its_place_and_properties() -> None:
    old, new = answering("Thing", a=STRING, b=STRING, c=STRING), answering("Item", a=STRING, b=INTEGER, d=STRING)
    assert told(old, new) == [
        ("models.Item.b", "type `str` is now `int`", BREAKING),
        ("models.Item.c", "removed", BREAKING),
        ("models.Item.d", "added", ADDITIVE),
        ("models.Thing", "renamed: now `Item`", BREAKING),
    ]


def test_a_model_that_holds_itself_is_compared_once() -> None:
    old, new = (answering("Thing", a=STRING, inner=reference("Thing"), **more) for more in ({}, {"b": STRING}))
    assert told(old, new) == [("models.Thing.b", "added", ADDITIVE)]


def test_what_was_anything_is_more_useful_as_something_plain() -> None:
    old = answering("Thing", a=ANY, b=ANY, c=ANY, d=ANY)
    new = answering("Thing", a=STRING, b=an_enum("x", "y"), c=an_object({"d": STRING}, title="Part"), d=ANY)
    assert told(old, new) == [
        ("models.Part", "added", ADDITIVE),
        ("models.Thing.a", "type `Any` is now `str`", ADDITIVE),
        ("models.Thing.b", "type `Any` is now `ThingB | str`", ADDITIVE),
        ("models.Thing.c", "type `Any` is now `Part`", BREAKING),
    ]


def test_a_model_of_other_properties_is_another() -> None:
    assert told(answering("Thing", a=STRING, b=STRING), answering("Item", b=STRING, c=STRING, d=STRING)) == [
        ("things.get_thing()", "type `Thing` is now `Item`", BREAKING),
        ("models.Holder.inner", "its items: type `Thing` is now `Item`", BREAKING),
        ("models.Item", "added", ADDITIVE),
        ("models.Thing", "removed", BREAKING),
    ]


def test_what_travels_both_ways_has_the_worse_effect() -> None:
    def document(*required: str) -> JSONObject:
        body = an_object({"part": reference("Part")})
        part = an_object({"a": STRING}, *required)
        make = an_operation("MakeThing", an_object({"part": reference("Part")}, title="Thing"), body=body)
        return a_document(("post /things", make), schemas={"Part": part})

    assert told(document(), document("a")) == [("models.Part.a", "newly required", BREAKING)]
    assert told(document("a"), document()) == [("models.Part.a", "no longer required", BREAKING)]


def test_a_change_of_a_model_names_the_methods_that_it_reaches() -> None:
    more = changed(lambda d: thing(d)["properties"].update(more=STRING))
    [change] = operations.compare(drawn(base()), drawn(more)).changes
    users = ("things.create_thing", "things.get_thing", "things.list_things")
    assert change == Change("model", "models.Thing.more", "added", ADDITIVE, users)


def test_what_is_unwrapped_is_the_answer() -> None:
    def document(schema: JSONObject) -> JSONObject:
        count = an_operation("Count", an_object({"total": schema}, "total", title="Total"))
        return a_document(("get /count", {**count, "x-clerk-answer": {"unwrap": "total"}}))

    assert ("things.count()", "type `int` is now `float`", BREAKING) in told(document(INTEGER), document(NUMBER))


def test_other_bounds_of_pages_are_invisible() -> None:
    def document(maximum: int) -> JSONObject:
        paging = [parameter("limit", schema={**INTEGER, "maximum": maximum}), parameter("offset", schema=INTEGER)]
        return a_document(("get /things", an_operation("ListThings", an_array(STRING), parameters=paging)))

    assert told(document(100), document(500)) == [
        ("things.list_things()", "pages of at most 500, 10 by default", INVISIBLE),
        ("things.list_things(limit=)", "bounds are now: at most 500", INVISIBLE),
    ]
