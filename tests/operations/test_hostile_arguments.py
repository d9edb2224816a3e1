"""Every operation: values that nobody means to send are refused by name, and those that can go out do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import pytest

import clerk
from tests.operations.answers import answer_of
from tests.operations.arguments import Argument, arguments, call_arguments, keyword_in
from tests.operations.document import OPERATIONS, Operation, operation
from tests.operations.service import Service, method_of
from tests.operations.shapes import Anything, FreeObject, Object, Shape, shape_of
from tests.operations.synthesis import Recipe, make, noted

IDS = [found.id for found in OPERATIONS if found.parameters or found.body]
LONE = "planted\ud83d"


@pytest.fixture
def answering(service: Service, operation_id: str) -> Service:
    """The service, answering what the operation expects."""
    called, answer = operation(operation_id), answer_of(operation_id)
    if answer.shape is None:
        service.answers(called.success_status)
    else:
        value = make(answer.shape, Recipe(optional=lambda: False, length=lambda: 0)).value
        service.answers_json(called.success_status, answer.body(value))
    return service


class Call:
    """Calls one operation with one of its arguments exchanged."""

    def __init__(self, service: Service, operation_id: str, folder: Path) -> None:
        self.service = service
        self.called: Operation = operation(operation_id)
        self.everything = arguments(self.called, 0, folder)
        self._client = service.client()
        self._method = method_of(self._client, self.called.methods[0])

    def keyword(self, argument: Argument) -> str:
        return keyword_in(self.called.methods[0], argument)

    def __call__(self, argument: Argument, value: object) -> None:
        given = [replace(other, value=value) if other is argument else other for other in self.everything]
        positional, keywords = call_arguments(given, self.called.methods[0])
        self._method(*positional, **keywords)

    def refuses(self, argument: Argument, value: object) -> None:
        """Check that a value is refused by the name of its parameter, that nothing is sent, and nothing kept."""
        with noted(f"{self.called.id}: {argument.keyword}"):
            with pytest.raises(ValueError, match=f"^{self.keyword(argument)}\\b") as caught:
                self(argument, value)
            assert type(caught.value) is ValueError
            for error in chain(caught.value):
                assert "planted" not in f"{error!r} {vars(error)} {getattr(error, 'object', '')!r}"
            assert self.service.requests == []

    def sends(self, argument: Argument, value: object) -> Any:  # Any: JSON data
        """Send a value, and return the body that came of it."""
        with noted(f"{self.called.id}: {argument.keyword}"):
            self(argument, value)
            (request,) = self.service.requests
            self.service.requests.clear()
            return json.loads(request.content) if request.content[:1] in (b"{", b"[") else None


@pytest.fixture
def call(answering: Service, operation_id: str, folder: Path) -> Call:
    return Call(answering, operation_id, folder)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def replaced(value: Any, change: Callable[[Any], Any]) -> Iterator[Any]:  # Any: JSON data
    """Make a value anew for each place in it that changes."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from ({**value, name: new} for new in replaced(item, change))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], new, *value[index + 1 :]] for new in replaced(item, change))
    elif (new := change(value)) != value:
        yield new


def surrogate_for_text(value: object) -> object:
    return LONE if isinstance(value, str) else value


def huge_for_number(value: object) -> object:
    return 10**400 if isinstance(value, int | float) and not isinstance(value, bool) else value


@pytest.mark.parametrize("operation_id", IDS)
class TestRefused:
    def test_empty_arrays_of_a_query(self, call: Call) -> None:
        for argument in call.everything:
            if argument.location == "query" and isinstance(argument.value, list):
                empty_ones: list[Any] = [[], (), iter([])]
                for empty in empty_ones:
                    call.refuses(argument, empty)

    def test_text_that_has_no_bytes(self, call: Call) -> None:
        for argument in call.everything:
            if argument.location in ("path", "query", "header", "form"):
                for value in replaced(argument.value, surrogate_for_text):
                    if not takes_times(call.called, argument):
                        call.refuses(argument, value)

    def test_numbers_that_nobody_can_read(self, call: Call) -> None:
        for argument in call.everything:
            for value in replaced(argument.value, huge_for_number):
                call.refuses(argument, value)
            if takes_times(call.called, argument):
                call.refuses(argument, 10**400)

    def test_json_without_an_end(self, call: Call) -> None:
        for argument in call.everything:
            for wrap in free_places(call.called, argument):
                circle: dict[str, Any] = {"planted": LONE}
                circle["circle"] = [circle]
                deep: Any = LONE
                for _ in range(3000):
                    deep = [deep]
                for value in (circle, {"deep": deep}):
                    call.refuses(argument, wrap(value))


@pytest.mark.parametrize("operation_id", IDS)
class TestSent:
    def test_half_a_surrogate_pair_in_json(self, call: Call) -> None:
        for argument in call.everything:
            if argument.location in ("body", "whole") and not takes_times(call.called, argument):
                for value in replaced(argument.value, surrogate_for_text):
                    body = call.sends(argument, value)
                    assert (body if argument.location == "whole" else body[argument.name]) == value
            for wrap in free_places(call.called, argument):
                body = call.sends(argument, wrap({LONE: [LONE]}))
                assert LONE in json.dumps(body, ensure_ascii=False)

    def test_subclasses_go_out_as_their_value(self, call: Call) -> None:
        for argument in call.everything:
            for value in replaced(argument.value, disguised):
                call(argument, value)
            for value in replaced(argument.value, member_of_an_enum):
                call(argument, value)
        plain = Call(call.service, call.called.id, Path())
        disguised_requests = [(request.url, request.content) for request in call.service.requests]
        call.service.requests.clear()
        for argument in call.everything:
            for _ in [*replaced(argument.value, disguised), *replaced(argument.value, member_of_an_enum)]:
                if argument.location not in ("file", "form"):
                    plain(argument, argument.value)
        expected = [(request.url, request.content) for request in call.service.requests]
        if not any(argument.location == "file" for argument in call.everything):
            assert disguised_requests == expected


class LyingText(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "a lie"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return "a lie"

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = str.__hash__


class LyingNumber(int):
    __slots__ = ()

    def __str__(self) -> str:
        return "a lie"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = int.__hash__


def disguised(value: object) -> object:
    """Hide a value in a subclass of its type that shows itself as something else."""
    if isinstance(value, str):
        return LyingText(value)
    return LyingNumber(value) if isinstance(value, int) and not isinstance(value, bool) else value


def member_of_an_enum(value: object) -> object:
    """Make an enum's member that stands for a value."""
    if isinstance(value, str):
        texts: Any = Enum("Text", {"MEMBER": value})  # type: ignore[misc]  # one for each value
        return texts.MEMBER
    if isinstance(value, int) and not isinstance(value, bool):
        numbers: Any = IntEnum("Number", {"MEMBER": value})  # type: ignore[misc]  # the same
        return numbers.MEMBER
    return value


def takes_times(called: Operation, argument: Argument) -> bool:
    """Whether an argument is a point in time, whose text is read."""
    if argument.location == "query":
        (schema,) = (found.schema for found in called.query_parameters if found.name == argument.name)
        return schema.get("x-clerk-timestamp") == "milliseconds"
    if argument.location != "body" or called.body is None:
        return False
    shape = shape_of(called.body.schema)
    assert isinstance(shape, Object)
    schema = getattr(shape.properties[argument.name], "schema", {})
    return schema.get("format") in ("date", "date-time")


def free_places(called: Operation, argument: Argument) -> list[Callable[[Any], Any]]:
    """Where an argument takes any JSON: what puts a value there."""
    if argument.location not in ("body", "whole") or called.body is None:
        return []
    shape: Shape = shape_of(called.body.schema)
    if argument.location == "body":
        assert isinstance(shape, Object)
        shape = shape.properties[argument.name]
    if isinstance(shape, Anything) or (isinstance(shape, FreeObject) and shape.values is None):
        return [lambda value: value]
    return []


def test_what_the_free_places_are() -> None:
    """The tests above would pass where nothing is looked at."""
    calls = [(found, argument) for found in OPERATIONS for argument in arguments(found, 0, Path())]
    assert sum(len(free_places(found, argument)) for found, argument in calls) > 20
    assert sum(takes_times(found, argument) for found, argument in calls) > 10


def test_what_a_required_parameter_is_not(service: Service) -> None:
    with service.client() as client, pytest.raises(TypeError, match=r"^user_id must be given to GetUser$"):
        client.users.get_user(clerk.UNSET)  # type: ignore[arg-type]  # that is the point
