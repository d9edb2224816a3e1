from __future__ import annotations

from dataclasses import replace

import pytest

from generator._errors import BuildError
from generator.code import sending
from generator.code.blueprint import Kind, Type, Value
from tests.support.blueprints import (
    KIND,
    LEVEL,
    TEXT,
    USER,
    USERS,
    a_value,
    an_operation_of,
    nullable,
)


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
    assert sending.path_template(an_operation_of(path=path, path_parameters=values)) == expression


def test_the_encoder_of_a_path_parameter() -> None:
    assert sending.path_encoder(a_value(TEXT)) == "encode.path_segment"
    assert sending.path_encoder(replace(a_value(TEXT), prefix="oauth_")) == 'encode.prefixed("oauth_")'


def test_names_on_the_wire_are_listed_where_they_differ() -> None:
    values = (a_value(TEXT), replace(a_value(TEXT, "from_"), wire_name="from"))
    assert sending.wire_names(an_operation_of(query_parameters=values)) == {"from_": "from"}


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
    assert sending.query_encoder(value) == expression


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (USER, "a dict or a model"),
        (Type("object"), "a dict or a model"),
        (USERS, "a dict or a model"),
        (Type("any"), "a value of any type"),
        (Type("list", item=Type("list", item=TEXT)), "a list"),
    ],
)
def test_a_query_parameter_that_cannot_be_encoded_is_refused(kind: Type, words: str) -> None:
    message = f"^thing: {words} in a query or a form is not supported: change it in an overlay$"
    with pytest.raises(BuildError, match=message):
        sending.query_encoder(a_value(kind))


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (TEXT, "encode.path_segment"),
        (KIND, "encode.path_segment"),
        (Type("integer"), "encode.segment(encode.query_integer)"),
        (Type("date"), "encode.segment(encode.query_date)"),
    ],
)
def test_a_path_parameter_is_encoded_by_its_type(kind: Type, expression: str) -> None:
    assert sending.path_encoder(a_value(kind)) == expression


def test_a_list_in_the_path_is_refused() -> None:
    with pytest.raises(BuildError, match=r"^thing: a list in the path is not supported: change it in an overlay$"):
        sending.path_encoder(a_value(Type("list", item=TEXT)))


EITHER_OF = Type("union", members=(TEXT, LEVEL, Type("list", item=TEXT)))


def test_what_may_be_of_several_types_is_encoded_as_the_one_that_it_is() -> None:
    expected = "a string or an int or a list"
    query, body = "encode.query_text, encode.query_integer", "encode.text, encode.integer"
    assert sending.query_encoder(a_value(EITHER_OF)) == (
        f'encode.either("{expected}", {query}, encode.repeated(encode.query_text))'
    )
    assert sending.body_encoder(a_value(EITHER_OF, required=False)) == (
        f'encode.either("{expected}", {body}, encode.each(encode.text))'
    )


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (Type("file"), "encode.upload"),
        (Type("list", item=Type("file")), "encode.parts(encode.upload)"),
        (USER, "encode.json_part(encode.json_object)"),
        (USERS, "encode.parts(encode.json_part(encode.json_object))"),
        (Type("any"), "encode.json_part(encode.json_value)"),
    ],
)
def test_the_parts_of_a_multipart_body_that_are_no_text(kind: Type, expression: str) -> None:
    assert sending.is_part(a_value(kind))
    assert sending.part_encoder(a_value(kind)) == expression


@pytest.mark.parametrize("kind", [TEXT, LEVEL, Type("datetime"), Type("list", item=TEXT)])
def test_text_of_a_multipart_body_is_no_part_of_its_own_kind(kind: Type) -> None:
    assert not sending.is_part(a_value(kind))


def test_the_encoder_of_a_header() -> None:
    assert sending.header_encoder(a_value(Type("integer"))) == "encode.header(encode.query_integer)"


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
    assert sending.body_encoder(value) == f"encode.{function}"
    listed = f"encode.each(encode.{function})"
    assert sending.body_encoder(replace(value, type=Type("list", item=Type(kind)))) == listed


def test_the_encoder_of_a_time_in_milliseconds() -> None:
    value = a_value(Type("integer"), required=False, milliseconds=True)
    assert sending.body_encoder(value) == "encode.milliseconds"


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
    assert sending.body_encoder(a_value(kind)) == expression


@pytest.mark.parametrize("kind", [Type("file"), Type("list", item=Type("file"))])
def test_a_property_of_a_body_that_cannot_be_encoded_is_refused(kind: Type) -> None:
    message = "^thing: a file in a JSON body is not supported: change it in an overlay$"
    with pytest.raises(BuildError, match=message):
        sending.body_encoder(a_value(kind))


def test_arrays_in_arrays_are_encoded_item_by_item() -> None:
    matrix = Type("list", item=Type("list", item=Type("number")))
    assert sending.body_encoder(a_value(matrix, required=False)) == "encode.each(encode.each(encode.number))"
