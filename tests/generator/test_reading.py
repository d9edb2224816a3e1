from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generator._errors import BuildError
from generator.code import annotation, reading
from generator.code.blueprint import Type, Value
from tests.support.blueprints import (
    EITHER,
    LEVEL,
    ROLE,
    TAGGED,
    TEXT,
    USER,
    USERS,
    a_value,
    nullable,
)


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
    assert reading.read_lines(a_value(kind)) == lines


def test_an_optional_property_is_read_if_it_is_there() -> None:
    assert reading.read_lines(Value("from_", "from", USER, required=False)) == [
        'if "from" in data:',
        '    value = data["from"]',
        "    self.from_ = _decode_user(value)",
        "else:",
        "    known -= 1",
        "    self.from_ = UNSET",
    ]


@pytest.mark.parametrize("kind", [Type("file"), Type("list", item=Type("file"))])
def test_what_cannot_be_read_is_refused(kind: Type) -> None:
    message = "^thing: a file in a response is not supported: change its schema in an overlay$"
    with pytest.raises(BuildError, match=message):
        reading.read_lines(a_value(kind))


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
    assert reading.write_lines(Value("from_", "from", kind, required=True)) == [
        "value = self.from_",
        "if value is not UNSET:",
        f'    fields["from"] = {expression}',
    ]


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (USER, "ObjectOf(User)"),
        (USERS, "ListOf(ObjectOf(User))"),
        (EITHER, 'OneOf[User | Role](Untagged(models, "User", "Role"))'),
        (TAGGED, 'OneOf[User | Role](Tagged(models, ("object", {"role": "Role", "user": "User"}), ("type", {})))'),
        (
            replace(TAGGED, tags=TAGGED.tags[1:], patterns=(("object", r"^a\d", "User"),)),
            r'OneOf[User | Role](Tagged(models, ("type", {}), patterns=(("object", "^a\\d", "User"),)))',
        ),
        (Type("object"), "FreeObject()"),
        (Type("list", item=Type("object")), "ListOf(FreeObject())"),
    ],
)
def test_the_decoder_of_an_answer(kind: Type, expression: str) -> None:
    assert reading.decoder(kind) == expression


@pytest.mark.parametrize("kind", [Type("file"), Type("list", item=Type("file"))])
def test_an_answer_that_cannot_be_decoded_is_refused(kind: Type) -> None:
    with pytest.raises(BuildError, match=r"^binary data in a JSON response is not supported"):
        reading.decoder(kind)


MIXED = Type("union", members=(TEXT, USER))
SEVERAL = Type("union", members=(TEXT, USER, ROLE))


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        (TEXT, 'ValueOf[str]("str", str)'),
        (nullable(USER), 'ValueOf[User | None]("User | None", User | None)'),
        (Type("dict", item=TEXT), 'ValueOf[dict[str, str]]("dict[str, str]", dict[str, str])'),
        (MIXED, 'ValueOf[str | User]("str | User", str | User)'),
        (
            SEVERAL,
            'ValueOf[str | User | Role]("str | User | Role", str | User | Role, Untagged(models, "User", "Role"))',
        ),
    ],
)
def test_what_no_model_reads_is_read_by_its_type(kind: Type, expression: str) -> None:
    assert reading.decoder(kind) == expression


@pytest.mark.parametrize(
    ("item", "expression"),
    [
        (TEXT, 'ListOf(ValueOf[str]("str", str))'),
        (nullable(USER), 'ListOf(ValueOf[User | None]("User | None", User | None))'),
        (Type("dict", item=TEXT), 'ValueOf[list[dict[str, str]]]("list[dict[str, str]]", list[dict[str, str]])'),
        (MIXED, 'ValueOf[list[str | User]]("list[str | User]", list[str | User])'),
    ],
)
def test_a_list_of_what_no_model_reads_is_read_by_its_type(item: Type, expression: str) -> None:
    assert reading.decoder(Type("list", item=item)) == expression


def test_the_package_of_models_is_imported_by_another_name_where_a_property_has_its_own() -> None:
    found = reading.property_decoder(MIXED, frozenset({"models"}), "models")
    assert found == 'ValueOf[str | models_.User]("str | User", str | models_.User)'
    found = reading.property_decoder(EITHER, frozenset({"models"}), "events")
    assert found == 'Untagged(events, "User", "Role")'


@pytest.mark.parametrize("kind", [MIXED, Type("list", item=USERS), Type("dict", item=Type("list", item=TEXT))])
def test_an_involved_property_is_read_by_a_decoder_of_its_own(kind: Type) -> None:
    assert reading.read_lines(a_value(kind)) == ['value = data["thing"]', "self.thing = _THING.decode(value)"]
    assert reading.property_decoder(kind, frozenset(), "models").startswith("ValueOf[")
    assert reading.write_lines(a_value(kind))[-1].endswith("to_wire(value)" if kind.models else "value")


@pytest.mark.parametrize("function", [reading.decoder, annotation.answer_annotation])
@pytest.mark.parametrize("kind", [TAGGED, EITHER])
def test_what_is_written_for_a_union_is_python(function: Callable[[Type], str], kind: Type) -> None:
    compile(function(kind), "expression", "eval")
