from __future__ import annotations

from typing import Any

import pytest

from generator._errors import BuildError
from generator.code.annotation import (
    answer_annotation,
    answer_type,
    argument_annotation,
    literal,
    method_type,
    signature,
)
from generator.code.blueprint import Blueprint, Model, Operation, Type
from tests.support.blueprints import (
    CONSTANT,
    EITHER,
    KIND,
    LEVEL,
    TEXT,
    USER,
    USERS,
    a_value,
    an_operation_of,
    nullable,
)

SHADOWED = frozenset(("list", "str", "int", "dict"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", '"a"'), ('say "a"', r'"say \"a\""'), ("a\\b", r'"a\\b"'), (1, "1"), (None, "None")],
)
def test_constants_are_written_with_double_quotes(value: object, expected: str) -> None:
    assert literal(value) == expected


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
    assert answer_annotation(kind) == in_answer
    assert argument_annotation(kind) == as_argument


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
    assert answer_annotation(kind, SHADOWED) == annotation


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
    assert argument_annotation(kind, shadowed, milliseconds=True) == annotation


def test_a_signature_gives_optional_parameters_a_default() -> None:
    values = (
        a_value(TEXT, "str"),
        a_value(USER, "user", required=False),
        a_value(Type("integer"), "at", required=False, milliseconds=True),
    )
    assert signature(values, frozenset(("str",))) == [
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
    assert answer_type(an_operation_of(**fields), "AsyncPage", SHADOWED) == annotation


def a_method_type(operation: Operation) -> str:
    model = Model("Total", "total", (a_value(Type("integer"), "total_count"),))
    blueprint = Blueprint("", (model,), (), frozenset(), (operation,), ())
    return method_type(operation, "Page", blueprint, frozenset())


def test_a_method_returns_what_its_operation_does_or_one_property_of_that() -> None:
    total: dict[str, Any] = {"answer_kind": "value", "answer": Type("model", name="Total")}
    assert a_method_type(an_operation_of(**total)) == "Total"
    assert a_method_type(an_operation_of(**total, unwrap="total_count")) == "int"


def test_a_property_to_return_must_be_there() -> None:
    operation = an_operation_of(answer_kind="value", answer=Type("model", name="Total"), unwrap="count")
    with pytest.raises(BuildError, match=r"^GetThing: its response has no property count to return$"):
        a_method_type(operation)
