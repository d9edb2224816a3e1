"""Answers that break the document: read as far as they go and reported once, or an error from a strict client."""

from __future__ import annotations

import copy
import logging
import re
from pathlib import Path
from typing import Any

import pytest

import clerk
from tests.operations.answers import answer_of, assert_returned, items_of, json_operations, wire_of
from tests.operations.breaks import WRONG_TEXT, Break, breaks, variations
from tests.operations.document import OPERATIONS, operation
from tests.operations.service import Service, call
from tests.operations.shapes import Array, Object, Shape
from tests.operations.synthesis import Recipe, make, noted, tags_of

JSON_IDS = json_operations()
READ_WHOLE = [name for name in JSON_IDS if answer_of(name).unwrapped is None]
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
                if broken.node.path == answer_of(operation_id).unwrapped:
                    with pytest.raises(clerk.ClerkDecodeError):
                        call(client, operation(operation_id), folder)
                    continue
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


@pytest.mark.parametrize("operation_id", [name for name in READ_WHOLE if answer_of(name).objects])
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


@pytest.mark.parametrize("operation_id", [name for name in READ_WHOLE if isinstance(outermost(name), Object)])
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
        assert caught.value.item == ""
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
class TestEnvelopeOfAPage:
    def test_total(self, service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
        answer = answer_of(operation_id)
        assert answer.shape is not None
        value = make(answer.shape, Recipe()).value
        whole = answer.body(value)
        bodies = [{answer.page_key: value}, *({**whole, "total_count": total} for total in (None, "7", 7.5, True))]
        for body in bodies:
            with noted(f"{body}"):
                page = self.tolerated(service, drift_log, operation_id, folder, body, "total_count")
                assert [item.to_dict() for item in page] == value
                total = body.get("total_count")
                assert (page.total_count, type(page.total_count)) == (total, type(total))
                assert page.additional_properties == {}

    def test_items(self, service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
        key = answer_of(operation_id).page_key
        assert key is not None
        for body in ({key: None, "total_count": 0}, {"total_count": 0, "more": 1}):
            with noted(f"{body}"):
                page = self.tolerated(service, drift_log, operation_id, folder, body, key)
                assert (page.data, page.total_count, len(page)) == ([], 0, 0)
                assert page.additional_properties == ({"more": 1} if "more" in body else {})

    def tolerated(
        self, service: Service, records: Records, operation_id: str, folder: Path, body: Any, path: str
    ) -> Any:
        """Check that a body is read and reported once, and refused by a strict client; return the page."""
        records.clear()
        service.answers_json(200, body)
        with service.client(strict_responses=False) as client:
            page = call(client, operation(operation_id), folder)
        assert len(records) == 1
        assert path in records[0].getMessage()
        with service.client() as client, pytest.raises(clerk.ClerkDecodeError) as caught:
            call(client, operation(operation_id), folder)
        assert (caught.value.path, caught.value.item) == (path, "")
        return page

    def test_items_that_are_no_array(self, service: Service, operation_id: str, folder: Path) -> None:
        key = answer_of(operation_id).page_key
        for items in (WRONG_TEXT, 5, {}, {"id": WRONG_TEXT}):
            for strict in (True, False):
                service.answers_json(200, {key: items, "total_count": 1})
                with service.client(strict_responses=strict) as client, pytest.raises(clerk.ClerkDecodeError) as caught:
                    call(client, operation(operation_id), folder)
                assert caught.value.path == key
                assert WRONG_TEXT not in str(caught.value)


@pytest.mark.parametrize("operation_id", [name for name in JSON_IDS if isinstance(answer_of(name).shape, Array)])
def test_an_error_in_an_item_says_in_which(
    service: Service, drift_log: Records, operation_id: str, folder: Path
) -> None:
    answer = answer_of(operation_id)
    assert answer.shape is not None
    good = make(answer.shape, Recipe(length=lambda: 2)).value
    broken = next(found for found in breaks(operation_id) if found.node.steps == (0,) or not found.is_excused)
    for wrong in (WRONG_TEXT, broken.value[0]):
        bodies = [(answer.body([*good, wrong]), f"{answer.page_key}[2]"), ([*good, wrong], "[2]")]
        for body, item in bodies if answer.page_key else bodies[1:]:
            service.answers_json(operation(operation_id).success_status, body)
            with service.client() as client, pytest.raises(clerk.ClerkDecodeError) as caught:
                call(client, operation(operation_id), folder)
            assert caught.value.item == item
            assert f" in {item}: " in str(caught.value)
            drift_log.clear()
            with service.client(strict_responses=False) as client:
                result = call(client, operation(operation_id), folder)
            assert wire_of(items_of(result)) == [*good, wrong]
            assert f" in {item}: " in drift_log[0].getMessage()


UNION_IDS = [name for name in JSON_IDS if any(node.union for made in variations(name) for node in made.nodes)]


@pytest.mark.parametrize("operation_id", UNION_IDS)
def test_tags_that_are_null(service: Service, drift_log: Records, operation_id: str, folder: Path) -> None:
    """Whatever the other tags say, a tag that can't be null is reported."""
    for made in variations(operation_id):
        for node in made.nodes:
            if node.union is None or node.union.tag is None or not isinstance(node.shape, Object):
                continue
            tags = tags_of(node.union, node.shape)
            for news in ({}, dict.fromkeys(tags, "of_tomorrow"), dict.fromkeys(tags, None)):
                whole = copy.deepcopy(made.value)
                at = whole
                for step in node.steps:
                    at = at[step]
                at.update({**news, node.union.tag: None})
                drift_log.clear()
                send(service, operation_id, whole)
                with noted(f"{node.path}: {at}"):
                    with service.client(strict_responses=False) as client:
                        assert wire_of(items_of(call(client, operation(operation_id), folder))) == whole
                    assert any(
                        re.search(rf"\b{node.union.tag}( in \S+)?: is null", log.getMessage()) for log in drift_log
                    )
                    with service.client() as client, pytest.raises(clerk.ClerkDecodeError):
                        call(client, operation(operation_id), folder)


@pytest.mark.parametrize("total", [None, "7", 7.5, True, [], {}])
def test_a_count_is_an_int_or_an_error(service: Service, drift_log: Records, total: Any) -> None:
    body = service.answers_json(200, {"object": "total_count", "total_count": total})
    for strict in (True, False):
        with service.client(strict_responses=strict) as client, pytest.raises(clerk.ClerkDecodeError) as caught:
            client.users.get_count()
        assert (caught.value.model, caught.value.path, caught.value.body) == ("TotalCount", "total_count", body)
    service.answers_json(200, {"object": None, "total_count": 7})
    with service.client(strict_responses=False) as client:
        assert client.users.get_count() == 7
    assert [record.getMessage().endswith("is null, not a string (logged once)") for record in drift_log] == [True]
