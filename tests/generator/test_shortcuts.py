from __future__ import annotations

from typing import Any

import pytest

from generator._errors import BuildError
from generator.code import annotation, reading
from generator.code.blueprint import Shortcut, Type, Value
from generator.code.shortcuts import shortcuts

ADDRESSES = Value("addresses", "addresses", Type("list", item=Type("model", name="Address")), required=True)
NAMES = Value("names", "names", Type("list", item=Type("text")), required=True)
ADDRESS_ID = Value("address_id", "address_id", Type("text"), required=False)
FIRST = Value("first_", "first", Type("text"), required=True)
PROPERTIES = (ADDRESSES, NAMES, ADDRESS_ID, FIRST)


def drawn(**facts: Any) -> list[Shortcut]:
    schema = {"x-clerk-shortcuts": {"thing": {"description": "What it is.", **facts}}}
    return list(shortcuts("User", schema, PROPERTIES))


def test_what_is_found() -> None:
    (shortcut,) = drawn(found_in="addresses", by="address_id")

    assert shortcut == Shortcut("thing", ("addresses", "address_id"), "What it is.", "Address")
    assert annotation.shortcut_annotation(shortcut) == "models.Address | None"
    assert reading.shortcut_expression(shortcut) == "found_by_id(self.addresses, self.address_id)"


def test_what_is_joined() -> None:
    (shortcut,) = drawn(joined=["first", "address_id"])

    assert shortcut == Shortcut("thing", ("first_", "address_id"), "What it is.")
    assert annotation.shortcut_annotation(shortcut, frozenset({"str"})) == "builtins.str | None"
    assert reading.shortcut_expression(shortcut) == "joined(self.first_, self.address_id)"


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"joined": ["first", "last"]}, "User: thing of x-clerk-shortcuts needs last, which is not a property"),
        ({"found_in": "addresses", "by": "nothing"}, "needs nothing, which is not a property"),
        ({"found_in": "names", "by": "address_id"}, "is found in names, which is not an array of objects"),
        ({"found_in": "first", "by": "address_id"}, "is found in first, which is not an array of objects"),
    ],
)
def test_what_cannot_be(facts: dict[str, Any], problem: str) -> None:
    with pytest.raises(BuildError, match=problem):
        drawn(**facts)


def test_most_models_have_none() -> None:
    assert list(shortcuts("User", {}, PROPERTIES)) == []
