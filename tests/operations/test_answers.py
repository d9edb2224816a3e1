"""Every operation, every declared status: what the service sends comes back, as the models that the document names."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import clerk
from clerk import models
from tests.operations.answers import (
    TOTAL_COUNT,
    answer_of,
    assert_decoded,
    assert_returned,
    follow,
    items_of,
    json_operations,
    unions_in,
    wire_of,
)
from tests.operations.arguments import arguments, call_arguments, only_required
from tests.operations.document import IDS, OPERATIONS, JSONDict, Operation, operation
from tests.operations.service import Service, call, endpoint_of
from tests.operations.shapes import Object, shape_of
from tests.operations.synthesis import (
    MOMENTS,
    UNKNOWN_PROPERTY,
    UNKNOWN_PROPERTY_VALUE,
    UNKNOWN_VALUE,
    Made,
    Recipe,
    make,
    member_number,
    noted,
    random_recipe,
    replaced,
)

JSON_IDS = json_operations()
UNION_IDS = [operation_id for operation_id in JSON_IDS if unions_in(answer_of(operation_id))]
LIST_IDS = [found.id for found in OPERATIONS if found.is_list]
RANDOM_ANSWERS = 4
TEXT = "<html>\N{SNOWMAN}</html>"

RECIPES = {
    "all properties": Recipe(length=lambda: 2),
    "only required": Recipe(optional=lambda: False),
    "nulls": Recipe(null=lambda: True),
    "empty lists": Recipe(length=lambda: 0),
    "unknown properties": Recipe(unknown_properties=True),
    "unknown enums": Recipe(unknown_enums=True),
}
ERROR_CLASSES: dict[int, type[clerk.ClerkAPIResponseError]] = {
    400: clerk.BadRequestError,
    401: clerk.AuthenticationError,
    402: clerk.PaymentRequiredError,
    403: clerk.PermissionDeniedError,
    404: clerk.NotFoundError,
    409: clerk.ConflictError,
    422: clerk.UnprocessableEntityError,
    429: clerk.RateLimitError,
    500: clerk.InternalServerError,
}


def made_for(operation_id: str, recipe: Recipe) -> Made:
    shape = answer_of(operation_id).shape
    assert shape is not None
    return make(shape, recipe)


def prepare(service: Service, called: Operation) -> tuple[Any, bytes]:
    """Have the service answer with all that an operation may answer; return the value in the body, and the body."""
    content = called.content(called.success_status)
    if content is None:
        service.answers(called.success_status)
        return None, b""
    if content[0] != "application/json":
        service.answers(called.success_status, TEXT.encode(), content[0])
        return TEXT, TEXT.encode()
    value = made_for(called.id, RECIPES["all properties"]).value
    return value, service.answers_json(called.success_status, answer_of(called.id).body(value))


def assert_same(called: Operation, value: Any, result: Any) -> None:
    """Check what an endpoint module returned, whatever kind of answer it is."""
    if answer_of(called.id).shape is None:
        assert result == value
    else:
        assert_decoded(answer_of(called.id), value, result)


@pytest.mark.usefixtures("straight_line_only")
class TestGoodAnswers:
    def returned(self, service: Service, operation_id: str, value: Any, folder: Path) -> Any:
        called = operation(operation_id)
        service.answers_json(called.success_status, answer_of(operation_id).body(value))
        with service.client() as client:
            return call(client, called, folder)

    def check(self, service: Service, operation_id: str, value: Any, folder: Path) -> None:
        assert_returned(answer_of(operation_id), value, self.returned(service, operation_id, value, folder))

    @pytest.mark.usefixtures("each_json_library")
    @pytest.mark.parametrize("operation_id", JSON_IDS)
    def test_modes(self, service: Service, operation_id: str, folder: Path) -> None:
        for mode, recipe in RECIPES.items():
            with noted(mode):
                self.check(service, operation_id, made_for(operation_id, recipe).value, folder)

    @pytest.mark.parametrize("operation_id", JSON_IDS)
    def test_random(self, service: Service, operation_id: str, folder: Path) -> None:
        for number in range(RANDOM_ANSWERS):
            made = made_for(operation_id, random_recipe(f"{operation_id} {number}"))
            with noted(f"random answer {number}"):
                self.check(service, operation_id, made.value, folder)

    @pytest.mark.parametrize("operation_id", UNION_IDS)
    def test_each_member_of_a_union(self, service: Service, operation_id: str, folder: Path) -> None:
        for number in range(answer_of(operation_id).variations):
            for mode in ("all properties", "only required"):
                recipe = replace(RECIPES[mode], member=member_number(number))
                with noted(f"member {number}, {mode}"):
                    self.check(service, operation_id, made_for(operation_id, recipe).value, folder)

    @pytest.mark.parametrize("operation_id", UNION_IDS)
    def test_unknown_tag(self, service: Service, operation_id: str, folder: Path) -> None:
        made = made_for(operation_id, Recipe(unknown_tags=True))
        result = items_of(self.returned(service, operation_id, made.value, folder))
        assert wire_of(result) == made.value
        variants = [follow(result, node.steps) for node in made.nodes if node.union is not None]
        assert variants
        for variant in variants:
            assert type(variant) is models.UnknownVariant
            assert all(getattr(variant, name) == value for name, value in variant.to_dict().items())

    @pytest.mark.parametrize("operation_id", UNION_IDS)
    def test_unknown_tag_beside_a_known_strategy(self, service: Service, operation_id: str, folder: Path) -> None:
        made = made_for(operation_id, Recipe())
        value = made.value
        for node in made.nodes:
            if node.union is not None and node.union.tag is not None:
                value = replaced(value, (*node.steps, node.union.tag), UNKNOWN_VALUE)
        assert wire_of(items_of(self.returned(service, operation_id, value, folder))) == value

    @pytest.mark.parametrize("operation_id", JSON_IDS)
    def test_undeclared_success(self, service: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        value = made_for(operation_id, RECIPES["only required"]).value
        service.answers_json(299, answer_of(operation_id).body(value))
        with service.client() as client:
            assert_returned(answer_of(operation_id), value, call(client, called, folder))

    @pytest.mark.parametrize("written", MOMENTS)
    def test_moments_come_back_as_they_were_written(self, service: Service, written: str, folder: Path) -> None:
        made = made_for("AdjustUserBillingCreditBalance", Recipe())
        self.check(service, "AdjustUserBillingCreditBalance", {**made.value, "created_at": written}, folder)


@pytest.mark.usefixtures("straight_line_only")
class TestEveryWayToCall:
    """Sub-API and endpoint module, sync and async, the decoded answer alone or with status and headers."""

    @pytest.mark.parametrize("operation_id", IDS)
    def test_sync(self, service: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        value, body = prepare(service, called)
        positional, keywords = call_arguments(only_required(arguments(called, 0, folder)))
        with service.client() as client:
            for place in called.methods:
                self.assert_method(called, value, call(client, called, folder, place))
            assert_same(called, value, endpoint_of(called).sync(*positional, client=client, **keywords))
            detailed = endpoint_of(called).sync_detailed(*positional, client=client, **keywords)
        self.assert_detailed(called, value, body, detailed)
        if called.is_list:
            assert type(detailed.parsed) is clerk.Page

    @pytest.mark.parametrize("operation_id", IDS)
    async def test_async(self, service: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        value, body = prepare(service, called)
        positional, keywords = call_arguments(only_required(arguments(called, 0, folder)))
        async with service.async_client() as client:
            for place in called.methods:
                self.assert_method(called, value, await call(client, called, folder, place))
            assert_same(called, value, await endpoint_of(called).asyncio(*positional, client=client, **keywords))
            detailed = await endpoint_of(called).asyncio_detailed(*positional, client=client, **keywords)
        self.assert_detailed(called, value, body, detailed)
        if called.is_list:
            assert type(detailed.parsed) is clerk.AsyncPage

    def assert_method(self, called: Operation, value: Any, result: Any) -> None:
        answer = answer_of(called.id)
        assert_same(called, value, result) if answer.unwrapped is None else assert_returned(answer, value, result)

    def assert_detailed(self, called: Operation, value: Any, body: bytes, detailed: Any) -> None:
        assert detailed.status_code == called.success_status
        assert detailed.headers["x-of-the-answer"] == "kept"
        assert detailed.content == body
        assert_same(called, value, detailed.parsed)


@pytest.mark.usefixtures("straight_line_only")
@pytest.mark.parametrize("operation_id", LIST_IDS)
class TestPages:
    def page(self, service: Service, operation_id: str, body: Any, folder: Path) -> clerk.Page[Any]:
        service.answers_json(200, body)
        with service.client() as client:
            page = call(client, operation(operation_id), folder)
        assert type(page) is clerk.Page
        return page

    def test_bare_array(self, service: Service, operation_id: str, folder: Path) -> None:
        for length in (0, 1, 3):
            self.assert_bare(service, operation_id, length, folder)

    def assert_bare(self, service: Service, operation_id: str, length: int, folder: Path) -> None:
        value = made_for(operation_id, Recipe(optional=lambda: False, length=lambda: length)).value
        page = self.page(service, operation_id, value, folder)
        assert [item.to_dict() for item in page] == value
        assert page.total_count is None
        assert page.additional_properties == {}
        assert len(page) == length

    def test_array_with_its_total(self, service: Service, operation_id: str, folder: Path) -> None:
        for length in (0, 1, 3):
            self.assert_with_total(service, operation_id, length, folder)

    def assert_with_total(self, service: Service, operation_id: str, length: int, folder: Path) -> None:
        answer = answer_of(operation_id)
        value = made_for(operation_id, Recipe(optional=lambda: False, length=lambda: length)).value
        body = {**answer.body(value), UNKNOWN_PROPERTY: UNKNOWN_PROPERTY_VALUE}
        page = self.page(service, operation_id, body, folder)
        assert [item.to_dict() for item in page.data] == value
        assert page.total_count == TOTAL_COUNT
        assert page.additional_properties == {UNKNOWN_PROPERTY: UNKNOWN_PROPERTY_VALUE}
        assert list(page) == page.data
        assert list(page[:2]) == page.data[:2]


class TestErrors:
    """Every status that an operation declares besides its success raises the class for it, with all that it says."""

    def bodies(self, called: Operation, status: int) -> list[JSONDict | None]:
        content = called.content(status)
        if content is None:
            return [None]
        recipes = (RECIPES["all properties"], RECIPES["only required"], RECIPES["unknown properties"])
        return [make(shape_of(content[1]), recipe).value for recipe in recipes]

    def prepare(self, service: Service, status: int, body: JSONDict | None) -> bytes:
        if body is None:
            service.answers(status)
            return b""
        return service.answers_json(status, body)

    def assert_error(self, error: clerk.ClerkAPIResponseError, status: int, body: JSONDict | None, sent: bytes) -> None:
        described = body or {}
        expected = (
            clerk.InternalServerError if status >= 500 else ERROR_CLASSES.get(status, clerk.ClerkAPIResponseError)
        )
        assert type(error) is expected
        assert error.status_code == status
        assert error.body == sent
        assert error.headers["x-of-the-answer"] == "kept"
        assert error.clerk_trace_id == described.get("clerk_trace_id")
        said = [(item.code, item.message, item.long_message, item.meta) for item in error.errors]
        assert said == [
            (item["code"], item["message"], item["long_message"], item.get("meta", {}))
            for item in described.get("errors", [])
        ]
        assert str(status) in str(error)
        assert all(item["code"] in str(error) for item in described.get("errors", []))
        assert str(described.get("clerk_trace_id", "")) in str(error)
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), copy.errors) == (type(error), str(error), error.errors)

    @pytest.mark.parametrize("operation_id", IDS)
    def test_sync(self, service: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        with service.client() as client:
            for status in [status for status in called.responses if status >= 300]:
                for body in self.bodies(called, status):
                    sent = self.prepare(service, status, body)
                    with pytest.raises(clerk.ClerkAPIResponseError) as caught:
                        call(client, called, folder)
                    self.assert_error(caught.value, status, body, sent)

    @pytest.mark.parametrize("operation_id", IDS)
    async def test_async(self, service: Service, operation_id: str, folder: Path) -> None:
        called = operation(operation_id)
        async with service.async_client() as client:
            for status in [status for status in called.responses if status >= 300]:
                body = self.bodies(called, status)[0]
                sent = self.prepare(service, status, body)
                with pytest.raises(clerk.ClerkAPIResponseError) as caught:
                    await call(client, called, folder)
                self.assert_error(caught.value, status, body, sent)

    @pytest.mark.parametrize("operation_id", IDS)
    def test_undeclared_status(self, service: Service, operation_id: str, folder: Path) -> None:
        with service.client() as client:
            for status in (302, 418, 599):
                service.answers(status, b"<html>teapot</html>", "text/html")
                with pytest.raises(clerk.ClerkAPIResponseError) as caught:
                    call(client, operation(operation_id), folder)
                self.assert_error(caught.value, status, None, b"<html>teapot</html>")


def test_every_object_of_the_document_is_answered_once() -> None:
    """The answers above reach whatever an operation of the document can answer with."""
    named = {name for operation_id in JSON_IDS for name in answer_of(operation_id).objects}
    made: set[str] = set()
    for operation_id in JSON_IDS:
        for number in range(answer_of(operation_id).variations):
            nodes = made_for(operation_id, Recipe(member=member_number(number))).nodes
            made |= {node.shape.name for node in nodes if isinstance(node.shape, Object)}
    assert made == named
