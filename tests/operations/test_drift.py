"""Answers that break the document: read as far as they go and reported once, or an error from a strict client."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

import clerk
from tests.operations.answers import answer_of, assert_returned, items_of, json_operations, wire_of
from tests.operations.breaks import WRONG_TEXT, Break, breaks
from tests.operations.document import OPERATIONS, operation
from tests.operations.service import Service, call
from tests.operations.shapes import Array, Object, Shape
from tests.operations.synthesis import Recipe, make, noted

JSON_IDS = json_operations()
LIST_IDS = [found.id for found in OPERATIONS if found.is_list]
Records = list[logging.LogRecord]


def outermost(operation_id: str) -> Shape | None:
    """What an operation answers with: of a list what an item is."""
    shape = answer_of(operation_id).shape
    return shape.items if isinstance(shape, Array) else shape


def send(service: Service, operation_id: str, value: Any) -> bytes:
    called = operation(operation_id)
    return service.answers_json(called.success_status, answer_of(operation_id).body(value))


@pytest.mark.parametrize("operation_id", JSON_IDS)
class TestOneBreak:
    def test_lenient(self, service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
        for broken in breaks(operation_id):
            drift_log.clear()
            send(service, operation_id, broken.value)
            with noted(broken.description), service.client(strict_responses=False) as client:
                self.assert_kept(operation_id, broken, call(client, operation(operation_id), folder))
                if not broken.is_excused:
                    self.assert_reported(drift_log, broken)

    def assert_kept(self, operation_id: str, broken: Break, result: Any) -> None:
        if broken.is_about_the_kind:
            assert wire_of(items_of(result)) == broken.value
        else:
            assert_returned(answer_of(operation_id), broken.value, result, broken.node.steps)

    def assert_reported(self, records: Records, broken: Break) -> None:
        assert [record.levelno for record in records] == [logging.WARNING]
        message = records[0].getMessage()
        assert broken.node.model in message
        assert any(path in message for path in broken.paths)
        assert WRONG_TEXT not in message, "no value of an answer is anybody's business"

    def test_strict(self, service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
        with service.client() as client:
            for broken in breaks(operation_id):
                if broken.is_excused:
                    continue
                body = send(service, operation_id, broken.value)
                with noted(broken.description):
                    with pytest.raises(clerk.ClerkDecodeError) as caught:
                        call(client, operation(operation_id), folder)
                    assert caught.value.model == broken.node.model
                    assert caught.value.path in broken.paths
                    assert caught.value.body == body
                    assert WRONG_TEXT not in str(caught.value)
        assert drift_log == []


@pytest.mark.parametrize("operation_id", [name for name in JSON_IDS if answer_of(name).objects])
def test_reported_once(service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
    broken = next(broken for broken in breaks(operation_id) if not broken.is_about_the_kind)
    send(service, operation_id, broken.value)
    with service.client(strict_responses=False) as client:
        for _ in range(3):
            call(client, operation(operation_id), folder)
        assert len(drift_log) == 1
        with service.client(strict_responses=False) as another:
            call(another, operation(operation_id), folder)
        assert len(drift_log) == 2, "another client reports for itself"


@pytest.mark.parametrize("operation_id", [name for name in JSON_IDS if isinstance(outermost(name), Object)])
def test_every_property_broken(service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
    answer, item = answer_of(operation_id), outermost(operation_id)
    assert answer.shape is not None
    assert isinstance(item, Object)
    made = make(answer.shape, Recipe(length=lambda: 2))
    broken = {name: None for name, inner in item.properties.items() if not inner.nullable}
    value = [{**one, **broken} for one in made.value] if isinstance(made.value, list) else {**made.value, **broken}
    send(service, operation_id, value)
    with service.client(strict_responses=False) as client:
        result = call(client, operation(operation_id), folder)
    if answer.unwrapped is None:
        assert wire_of(items_of(result)) == value
    assert len(drift_log) == len(broken), "each place is reported once, however many items have it"


@pytest.mark.parametrize("operation_id", JSON_IDS)
class TestAnotherShapeAltogether:
    def test_json(self, service: Service, operation_id: str, folder: Path) -> None:
        shape = answer_of(operation_id).shape
        bodies: list[Any] = [None, WRONG_TEXT, 1, True]
        if not isinstance(shape, Array):
            bodies.append([])
        if isinstance(shape, Array) or (isinstance(shape, Object) and shape.required and len(shape.properties) > 1):
            bodies += [{}, {"error": {"message": WRONG_TEXT}}]
        if operation_id in LIST_IDS:
            bodies += [{"data": None, "m2m_tokens": None, "total_count": 1}, {"total_count": 1}]
        for strict in (True, False):
            with service.client(strict_responses=strict) as client:
                for sent in bodies:
                    with noted(f"{sent}, strict_responses={strict}"):
                        self.assert_refused(service, client, operation_id, sent, folder)

    def assert_refused(
        self, service: Service, client: clerk.ClerkClient, operation_id: str, sent: Any, folder: Path
    ) -> None:
        body = service.answers_json(200, sent)
        with pytest.raises(clerk.ClerkDecodeError) as caught:
            call(client, operation(operation_id), folder)
        assert caught.value.body == body
        assert caught.value.model
        assert caught.value.path == ""
        assert WRONG_TEXT not in str(caught.value)

    def test_no_json(self, service: Service, operation_id: str, folder: Path) -> None:
        with service.client(strict_responses=False) as client:
            for content in (b"", b"<html>down</html>", b'{"id": "user_1"', b"\xff\xfe"):
                service.answers(200, content, "application/json")
                with pytest.raises(clerk.ClerkDecodeError) as caught:
                    call(client, operation(operation_id), folder)
                assert caught.value.body == content
                assert caught.value.model is None


@pytest.mark.parametrize("operation_id", LIST_IDS)
def test_total_of_a_page(service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
    answer = answer_of(operation_id)
    assert answer.shape is not None
    value = make(answer.shape, Recipe()).value
    whole = answer.body(value)
    without_total = {answer.page_key: value}
    bodies = [without_total, *({**whole, "total_count": total} for total in (None, "7", 7.5, True))]
    for body in bodies:
        drift_log.clear()
        service.answers_json(200, body)
        with service.client(strict_responses=False) as client:
            page = call(client, operation(operation_id), folder)
        assert [item.to_dict() for item in page] == value
        assert page.total_count is None
        assert len(drift_log) == 1
        assert "total_count" in drift_log[0].getMessage()
        with service.client() as client, pytest.raises(clerk.ClerkDecodeError) as caught:
            call(client, operation(operation_id), folder)
        assert caught.value.path == "total_count"
