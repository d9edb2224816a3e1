from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from generator._errors import BuildError
from generator.code import expressions
from generator.code.blueprint import Blueprint, Body, Kind, Model, Operation, Type, Value

TEXT = Type("text")
USER, ROLE = Type("model", name="User"), Type("model", name="Role")
USERS = Type("list", item=USER)
EITHER = Type("union", members=(USER, ROLE))
TAGGED = Type("union", members=(USER, ROLE), tags=(("object", (("role", "Role"), ("user", "User"))), ("type", ())))
KIND = Type("enum", values=("a", "b"), name="Kind")
LEVEL = Type("enum", values=(1, 2), name="Level")
CONSTANT = Type("enum", values=("a",))
SHADOWED = frozenset(("list", "str", "int", "dict"))


def nullable(kind: Type) -> Type:
    return replace(kind, nullable=True)


def a_value(kind: Type, name: str = "thing", *, required: bool = True, milliseconds: bool = False) -> Value:
    return Value(name, name, kind, required, milliseconds=milliseconds)


def an_operation(**fields: Any) -> Operation:
    values: dict[str, Any] = {
        "id": "GetThing",
        "module": "get_thing",
        "sub_api": "things",
        "method": "GET",
        "path": "/things",
        "path_parameters": (),
        "query_parameters": (),
        "body": Body(),
        "answer_kind": "nothing",
        "answer": None,
        "page_key": "data",
        "listing": None,
        "send_paginated": False,
        "unwrap": None,
        "credential": "secret_key",
        "errors": (),
        "deprecated": False,
        "summary": "",
        "description": "",
    }
    return Operation(**{**values, **fields})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", '"a"'), ('say "a"', r'"say \"a\""'), ("a\\b", r'"a\\b"'), (1, "1"), (None, "None")],
)
def test_constants_are_written_with_double_quotes(value: object, expected: str) -> None:
    assert expressions.literal(value) == expected


@pytest.mark.parametrize(
    ("kind", "in_answer", "as_argument"),
    [
        (TEXT, "str", "str"),
        (nullable(TEXT), "str | None", "str | None"),
        (Type("integer"), "int", "int"),
        (Type("number"), "float", "float"),
        (Type("boolean"), "bool", "bool"),
        (Type("boolean", nullable=True, values=(True,)), "Literal[True] | None", "Literal[True] | None"),
        (Type("any", nullable=True), "Any", "Any"),
        (Type("datetime"), "datetime", "datetime | str | int"),
        (nullable(Type("date")), "date | None", "date | str | None"),
        (Type("file"), "FileUpload", "FileUpload"),
        (Type("object"), "dict[str, Any]", "Mapping[str, Any]"),
        (KIND, "Kind | str", "Kind"),
        (LEVEL, "Level | int", "Level"),
        (CONSTANT, 'Literal["a"]', 'Literal["a"]'),
        (USER, "User", "User | UserDict"),
        (EITHER, "User | Role", "User | UserDict | Role | RoleDict"),
        (Type("list", item=nullable(TEXT)), "list[str | None]", "list[str | None]"),
        (USERS, "list[User]", "Sequence[User | UserDict]"),
        (Type("list", item=Type("object")), "list[dict[str, Any]]", "Sequence[Mapping[str, Any]]"),
        (Type("dict", item=TEXT), "dict[str, str]", "Mapping[str, str]"),
        (nullable(Type("dict", item=USER)), "dict[str, User] | None", "Mapping[str, User | UserDict] | None"),
    ],
)
def test_the_annotation_of_a_type(kind: Type, in_answer: str, as_argument: str) -> None:
    assert expressions.answer_annotation(kind) == in_answer
    assert expressions.argument_annotation(kind) == as_argument


@pytest.mark.parametrize(
    ("kind", "annotation"),
    [
        (TEXT, "builtins.str"),
        (KIND, "Kind | builtins.str"),
        (LEVEL, "Level | builtins.int"),
        (Type("list", item=Type("dict", item=Type("boolean"))), "builtins.list[builtins.dict[str, bool]]"),
        (Type("object"), "builtins.dict[str, Any]"),
    ],
)
def test_a_builtin_that_means_something_else_there_is_written_out(kind: Type, annotation: str) -> None:
    assert expressions.answer_annotation(kind, SHADOWED) == annotation


@pytest.mark.parametrize(
    ("kind", "shadowed", "annotation"),
    [
        (Type("integer"), frozenset[str](), "int | datetime | str"),
        (Type("integer", nullable=True), SHADOWED, "builtins.int | datetime | builtins.str | None"),
    ],
)
def test_a_time_in_milliseconds_may_be_given_in_three_ways(
    kind: Type, shadowed: frozenset[str], annotation: str
) -> None:
    assert expressions.argument_annotation(kind, shadowed, milliseconds=True) == annotation


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (Type("any"), ['self.thing = data["thing"]']),
        (TEXT, ['self.thing = value = data["thing"]', "if type(value) is not str:", "    raise Mismatch"]),
        (
            nullable(Type("number")),
            [
                'self.thing = value = data["thing"]',
                "if value is not None and type(value) is not int and type(value) is not float:",
                "    raise Mismatch",
            ],
        ),
        (LEVEL, ['self.thing = value = data["thing"]', "if type(value) is not int:", "    raise Mismatch"]),
        (USER, ['value = data["thing"]', "self.thing = _decode_user(value)"]),
        (nullable(USER), ['value = data["thing"]', "self.thing = None if value is None else _decode_user(value)"]),
        (EITHER, ['value = data["thing"]', "self.thing = _THING.decode(value)"]),
        (Type("datetime"), ['value = data["thing"]', "self.thing = read_datetime(value)"]),
        (nullable(Type("date")), ['value = data["thing"]', "self.thing = None if value is None else read_date(value)"]),
        (
            Type("list", item=TEXT),
            [
                'value = data["thing"]',
                "if type(value) is not list:",
                "    raise Mismatch",
                "for item in value:",
                "    if type(item) is not str:",
                "        raise Mismatch",
                "self.thing = value",
            ],
        ),
        (
            Type("dict", item=Type("any")),
            [
                'value = data["thing"]',
                "if type(value) is not dict:",
                "    raise Mismatch",
                "self.thing = value",
            ],
        ),
        (
            nullable(Type("list", item=nullable(USER))),
            [
                'value = data["thing"]',
                "if value is None:",
                "    self.thing = None",
                "else:",
                "    if type(value) is not list:",
                "        raise Mismatch",
                "    if value:",
                "        made = []",
                "        for item in value:",
                "            made.append(None if item is None else _decode_user(item))",
                "        value = made",
                "    self.thing = value",
            ],
        ),
        (
            Type("dict", item=EITHER),
            [
                'value = data["thing"]',
                "if type(value) is not dict:",
                "    raise Mismatch",
                "self.thing = {k: _THING.decode(item) for k, item in value.items()}",
            ],
        ),
    ],
)
def test_a_required_property_is_read_in_a_straight_line(kind: Type, lines: list[str]) -> None:
    assert expressions.read_lines(a_value(kind)) == lines


def test_an_optional_property_is_read_if_it_is_there() -> None:
    assert expressions.read_lines(Value("from_", "from", USER, required=False)) == [
        'if "from" in data:',
        '    value = data["from"]',
        "    self.from_ = _decode_user(value)",
        "else:",
        "    known -= 1",
        "    self.from_ = UNSET",
    ]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Type("file"), "file has no template in an answer"),
        (Type("list", item=Type("file")), "a list of file has no template in an answer"),
        (Type("list", item=Type("list", item=TEXT)), "a list of list has no template in an answer"),
        (Type("dict", item=Type("dict", item=TEXT)), "a dict of dict has no template in an answer"),
    ],
)
def test_what_cannot_be_read_is_refused(kind: Type, message: str) -> None:
    with pytest.raises(BuildError, match=f"^{message}$"):
        expressions.read_lines(a_value(kind))


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (TEXT, "value"),
        (Type("list", item=TEXT), "value"),
        (USER, "value.to_dict() if isinstance(value, Model) else value"),
        (EITHER, "value.to_dict() if isinstance(value, Model) else value"),
        (
            USERS,
            "[item.to_dict() if isinstance(item, Model) else item for item in value] if type(value) is list else value",
        ),
        (Type("dict", item=USER), "to_wire(value)"),
        (Type("datetime"), "to_wire(value)"),
        (Type("list", item=Type("date")), "to_wire(value)"),
    ],
)
def test_a_property_is_written_under_its_wire_name(kind: Type, expression: str) -> None:
    assert expressions.write_lines(Value("from_", "from", kind, required=True)) == [
        "value = self.from_",
        "if value is not UNSET:",
        f'    fields["from"] = {expression}',
    ]


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (USER, "ObjectOf(User)"),
        (USERS, "ListOf(ObjectOf(User))"),
        (EITHER, "OneOf[User | Role](Untagged(User, Role))"),
        (TAGGED, 'OneOf[User | Role](Tagged(("object", {"role": Role, "user": User}), ("type", {})))'),
        (
            replace(TAGGED, tags=TAGGED.tags[1:], patterns=(("object", r"^a\d", "User"),)),
            r'OneOf[User | Role](Tagged(("type", {}), patterns=(("object", "^a\\d", User),)))',
        ),
        (Type("object"), "FreeObject()"),
        (Type("list", item=Type("object")), "ListOf(FreeObject())"),
    ],
)
def test_the_decoder_of_an_answer(kind: Type, expression: str) -> None:
    assert expressions.decoder(kind) == expression


@pytest.mark.parametrize("kind", [TEXT, Type("dict", item=TEXT), Type("file"), Type("list", item=TEXT)])
def test_an_answer_that_cannot_be_decoded_is_refused(kind: Type) -> None:
    with pytest.raises(
        BuildError, match=f"^an answer of the type {kind.core.kind if kind.kind == 'list' else kind.kind}"
    ):
        expressions.decoder(kind)


@pytest.mark.parametrize(
    ("path", "values", "expression"),
    [
        ("/things", (), '"/things"'),
        ("/things/{id}", (Value("id", "id", TEXT, True),), '"/things/{id}"'),
        (
            "/u/{userId}/{by}",
            (Value("user_id", "userId", TEXT, True), Value("by", "by", TEXT, True, prefix="oauth_")),
            '"/u/{user_id}/{by}"',
        ),
    ],
)
def test_the_path_of_an_operation(path: str, values: tuple[Value, ...], expression: str) -> None:
    assert expressions.path_template(an_operation(path=path, path_parameters=values)) == expression


def test_the_encoder_of_a_path_parameter() -> None:
    assert expressions.path_encoder(a_value(TEXT)) == "encode.path_segment"
    assert expressions.path_encoder(replace(a_value(TEXT), prefix="oauth_")) == 'encode.prefixed("oauth_")'


def test_names_on_the_wire_are_listed_where_they_differ() -> None:
    values = (a_value(TEXT), replace(a_value(TEXT, "from_"), wire_name="from"))
    assert expressions.wire_names(an_operation(query_parameters=values)) == {"from_": "from"}


@pytest.mark.parametrize(
    ("value", "expression"),
    [
        (a_value(TEXT), "encode.query_text"),
        (a_value(KIND), "encode.query_text"),
        (a_value(Type("integer")), "encode.query_integer"),
        (a_value(Type("number")), "encode.query_number"),
        (a_value(Type("boolean")), "encode.query_boolean"),
        (a_value(Type("integer"), milliseconds=True), "encode.query_milliseconds"),
        (a_value(Type("list", item=TEXT)), "encode.repeated(encode.query_text)"),
        (a_value(Type("list", item=Type("integer"))), "encode.repeated(encode.query_integer)"),
        (replace(a_value(Type("list", item=TEXT)), joined=True), "encode.joined(encode.query_text)"),
    ],
)
def test_the_encoder_of_a_query_parameter(value: Value, expression: str) -> None:
    assert expressions.query_encoder(value) == expression


@pytest.mark.parametrize("kind", [USER, Type("datetime"), Type("object"), USERS])
def test_a_query_parameter_that_cannot_be_encoded_is_refused(kind: Type) -> None:
    with pytest.raises(BuildError, match=f"^a query parameter of the type {kind.core.kind} has no template$"):
        expressions.query_encoder(a_value(kind))


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        ("any", "json_value"),
        ("boolean", "boolean"),
        ("date", "calendar_date"),
        ("datetime", "rfc3339"),
        ("dict", "json_object"),
        ("enum", "text"),
        ("integer", "integer"),
        ("model", "json_object"),
        ("number", "number"),
        ("object", "json_object"),
        ("text", "text"),
        ("union", "json_object"),
    ],
)
def test_the_encoder_of_a_property_of_a_body(kind: Kind, function: str) -> None:
    value = a_value(Type(kind), required=False)
    assert expressions.body_encoder(value) == f"encode.{function}"
    listed = f"encode.each(encode.{function})"
    assert expressions.body_encoder(replace(value, type=Type("list", item=Type(kind)))) == listed


def test_the_encoder_of_a_time_in_milliseconds() -> None:
    value = a_value(Type("integer"), required=False, milliseconds=True)
    assert expressions.body_encoder(value) == "encode.milliseconds"


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (TEXT, "encode.not_null(encode.text)"),
        (USERS, "encode.not_null(encode.each(encode.json_object))"),
        (nullable(TEXT), "encode.text"),
        (Type("any"), "encode.json_value"),
    ],
)
def test_a_required_property_of_a_body_is_null_only_where_it_may_be(kind: Type, expression: str) -> None:
    assert expressions.body_encoder(a_value(kind)) == expression


@pytest.mark.parametrize("kind", [Type("file"), Type("list", item=Type("list", item=TEXT))])
def test_a_property_of_a_body_that_cannot_be_encoded_is_refused(kind: Type) -> None:
    with pytest.raises(BuildError, match=r"^a body's property of the type (file|list) has no template$"):
        expressions.body_encoder(a_value(kind))


def test_a_signature_gives_optional_parameters_a_default() -> None:
    values = (
        a_value(TEXT, "str"),
        a_value(USER, "user", required=False),
        a_value(Type("integer"), "at", required=False, milliseconds=True),
    )
    assert expressions.signature(values, frozenset(("str",))) == [
        "str: builtins.str",
        "user: User | UserDict | Unset = UNSET",
        "at: int | datetime | builtins.str | Unset = UNSET",
    ]


@pytest.mark.parametrize(
    ("fields", "annotation"),
    [
        ({"answer_kind": "nothing"}, "None"),
        ({"answer_kind": "text"}, "builtins.str"),
        ({"answer_kind": "value", "answer": USERS}, "builtins.list[User]"),
        ({"answer_kind": "page", "answer": USER}, "AsyncPage[User]"),
    ],
)
def test_the_type_that_an_operation_returns(fields: dict[str, Any], annotation: str) -> None:
    assert expressions.answer_type(an_operation(**fields), "AsyncPage", SHADOWED) == annotation


def a_method_type(operation: Operation) -> str:
    model = Model("Total", "total", (a_value(Type("integer"), "total_count"),))
    blueprint = Blueprint("", (model,), (), frozenset(), (operation,), (), {"Total": model})
    return expressions.method_type(operation, "Page", blueprint, frozenset())


def test_a_method_returns_what_its_operation_does_or_one_property_of_that() -> None:
    total: dict[str, Any] = {"answer_kind": "value", "answer": Type("model", name="Total")}
    assert a_method_type(an_operation(**total)) == "Total"
    assert a_method_type(an_operation(**total, unwrap="total_count")) == "int"


def test_a_property_to_return_must_be_there() -> None:
    operation = an_operation(answer_kind="value", answer=Type("model", name="Total"), unwrap="count")
    with pytest.raises(BuildError, match=r"^GetThing: its answer has no property count to return$"):
        a_method_type(operation)


@pytest.mark.parametrize("function", [expressions.decoder, expressions.answer_annotation])
@pytest.mark.parametrize("kind", [TAGGED, EITHER])
def test_what_is_written_for_a_union_is_python(function: Callable[[Type], str], kind: Type) -> None:
    compile(function(kind), "expression", "eval")
