"""What an operation answers by the corrected document, and what its decoded form has to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from dateutil.parser import isoparse

import tests.operations.names  # noqa: F401  # has the shapes know what every object is called
from clerk import UNSET, AsyncPage, Page
from clerk_generated._runtime.model import Model, UnknownVariant
from tests.operations.document import OPERATIONS, JSONDict, operation, page_of, python_name
from tests.operations.shapes import (
    Anything,
    Array,
    FreeObject,
    Object,
    OneOf,
    Scalar,
    Shape,
    likely_members,
    objects_in,
    shape_of,
)

TOTAL_COUNT = 4_294_967_297


@dataclass(frozen=True)
class Answer:
    """What an operation answers with when it succeeds.

    Attributes:
        shape: The JSON body's shape, of a list operation that of the bare array; None where the body is no JSON.
        page_key: Under which name a list operation's page has the array; None for any other operation.
        unwrapped: The property that the sub-API's method returns instead of the whole.
    """

    shape: Shape | None
    page_key: str | None
    unwrapped: str | None

    def body(self, value: Any) -> Any:  # JSON values
        """The body that holds a value of the shape: of a list operation a page with the total."""
        return value if self.page_key is None else {self.page_key: value, "total_count": TOTAL_COUNT}

    @property
    def objects(self) -> dict[str, Object]:
        return {} if self.shape is None else objects_in(self.shape)

    @property
    def variations(self) -> int:
        """How many values it takes to have each member of each union."""
        return max((len(union.members) for union in unions_in(self)), default=1)


@cache
def answer_of(operation_id: str) -> Answer:
    """Read what an operation answers."""
    described = operation(operation_id)
    unwrapped = described.facts.get("x-clerk-answer", {}).get("unwrap")
    page = page_of(described)
    if page is not None:
        return Answer(Array(shape_of(page.item), False, {}), page.key, unwrapped)
    content = described.content(described.success_status)
    if content is None or content[0] != "application/json":
        return Answer(None, None, unwrapped)
    return Answer(shape_of(content[1]), None, unwrapped)


def unions_in(answer: Answer) -> list[OneOf]:
    """The unions that an answer reaches."""
    roots: Iterable[Shape] = [] if answer.shape is None else [answer.shape]
    inner = [shape for found in answer.objects.values() for shape in found.properties.values()]
    return [shape for root in (*roots, *inner) for shape in [_innermost(root)] if isinstance(shape, OneOf)]


def _innermost(shape: Shape) -> Shape:
    while isinstance(shape, Array):
        shape = shape.items
    return shape


def json_operations() -> list[str]:
    """The operations that answer with JSON."""
    return [found.id for found in OPERATIONS if answer_of(found.id).shape is not None]


def wire_of(result: object) -> Any:  # a JSON value
    """What a decoded answer is on the wire: `to_dict()` of models, one by one."""
    if isinstance(result, Model):
        return result.to_dict()
    if isinstance(result, list):
        return [wire_of(item) for item in result]
    return result


def items_of(result: Any) -> Any:
    """The list of a page; anything else as it is."""
    return result.data if isinstance(result, (Page, AsyncPage)) else result


def follow(decoded: Any, steps: tuple[str | int, ...]) -> Any:
    """Go to a place in a decoded answer."""
    for step in steps:
        if isinstance(step, str) and not isinstance(decoded, dict):
            decoded = getattr(decoded, python_name(step))
        else:
            decoded = decoded[step]
    return decoded


def assert_returned(answer: Answer, value: Any, result: Any, broken: tuple[str | int, ...] | None = None) -> None:
    """Check what a sub-API's method returned; see `assert_decoded`."""
    if answer.unwrapped is not None:
        assert result == value.get(answer.unwrapped, UNSET)
    else:
        assert_decoded(answer, value, result, broken)


def assert_decoded(answer: Answer, value: Any, result: Any, broken: tuple[str | int, ...] | None = None) -> None:
    """Check what an endpoint module returned.

    Args:
        answer: What it answers with.
        value: The value in the body.
        result: What was returned.
        broken: The place in the value that breaks the document, if there is one.
    """
    if answer.page_key is not None:
        assert isinstance(result, (Page, AsyncPage))
        assert result.total_count == TOTAL_COUNT
        assert result.additional_properties == {}
        result = result.data
    assert wire_of(result) == value
    assert answer.shape is not None
    _assert(answer.shape, value, result, broken)


def _assert(shape: Shape, value: Any, decoded: Any, broken: tuple[str | int, ...] | None) -> None:
    if broken == () or value is None:
        assert decoded == value
        assert type(decoded) is type(value)
        return
    match shape:
        case Anything() | FreeObject():
            assert decoded == value
        case Scalar():
            _assert_scalar(shape, value, decoded)
        case Array():
            assert type(decoded) is list
            for index, item in enumerate(value):
                _assert(shape.items, item, decoded[index], _within(broken, index))
        case Object():
            assert type(decoded).__name__ == shape.name
            _assert_object(shape, value, decoded, broken)
        case OneOf():
            _assert_member(shape, value, decoded, broken)


def _assert_scalar(shape: Scalar, value: Any, decoded: Any) -> None:
    match shape.schema.get("format"):
        case "date-time":
            assert isinstance(decoded, datetime)
            assert decoded == isoparse(value)
        case "date":
            assert type(decoded) is date
            assert decoded == date.fromisoformat(value)
        case _:
            assert decoded == value
            assert type(decoded) is type(value)


def _assert_object(shape: Object, value: JSONDict, decoded: Any, broken: tuple[str | int, ...] | None) -> None:
    for name, inner in shape.properties.items():
        attribute = getattr(decoded, python_name(name))
        if name in value:
            _assert(inner, value[name], attribute, _within(broken, name))
        else:
            assert attribute is UNSET
    unknown = {name: item for name, item in value.items() if name not in shape.properties}
    assert decoded.additional_properties == unknown


def _assert_member(union: OneOf, value: JSONDict, decoded: Any, broken: tuple[str | int, ...] | None) -> None:
    assert isinstance(decoded, Model)
    likely = likely_members(union, value)
    name = type(decoded).__name__
    if likely:
        assert name in likely
    if isinstance(decoded, UnknownVariant):
        assert decoded.additional_properties == value
        return
    member = next(member for member in union.members if member.name == name)
    _assert_object(member, value, decoded, broken)


def _within(broken: tuple[str | int, ...] | None, step: str | int) -> tuple[str | int, ...] | None:
    return broken[1:] if broken and broken[0] == step else None
