"""Events of every type: from the document's example to a typed event, and back."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import subprocess
import sys
import types
import typing
from typing import Any

import attrs
import pytest

from clerk import UNSET, events, verify_webhook
from clerk_generated._runtime.events import BaseEvent
from clerk_generated._runtime.model import Model
from generator.names import pascal_case
from tests.webhooks.document import EXAMPLES, TYPES, complaints
from tests.webhooks.signing import SECRET, body_of, signed


def received(event: Any) -> events.Event:  # any JSON value
    body = body_of(event)
    return verify_webhook(body, signed(body), signing_secret=SECRET)


def test_the_document_has_an_example_of_every_event() -> None:
    assert sorted(EXAMPLES) == TYPES
    assert len(TYPES) == 45


@pytest.mark.parametrize("event_type", TYPES)
def test_an_event_of_every_type(event_type: str, caplog: pytest.LogCaptureFixture) -> None:
    example = EXAMPLES[event_type]

    event = received(example)

    assert type(event) is getattr(events, pascal_case(event_type))
    assert type(event).__module__.startswith("clerk_generated.events.")
    assert event.type == event_type
    assert isinstance(event.data, Model)
    assert event.data.to_dict() == example["data"]
    assert event.to_dict() == example
    assert caplog.records == []  # no difference from the document
    assert complaints(example) == []


@pytest.mark.parametrize("event_type", TYPES)
def test_an_event_is_a_model_like_any_other(event_type: str) -> None:
    event = received(EXAMPLES[event_type])

    assert event.message_id == "msg_1"
    for twin in (pickle.loads(pickle.dumps(event)), copy.deepcopy(event), attrs.evolve(event)):
        assert twin == event
        assert twin.message_id == "msg_1"
    assert attrs.evolve(event, message_id="msg_2") != event
    assert type(event).from_dict(EXAMPLES[event_type]).message_id == ""
    assert repr(event).startswith(f"{pascal_case(event_type)}(message_id='msg_1', object='event'")
    assert len(repr(event)) < 500


@pytest.mark.parametrize("name", events.__all__)
def test_annotations_resolve(name: str) -> None:
    found = getattr(events, name)

    if isinstance(found, type):
        assert issubclass(found, Model)
        assert typing.get_type_hints(found)
        assert attrs.has(found) or name == "UnknownVariant"


def test_event_is_any_of_them() -> None:
    assert isinstance(events.Event, types.UnionType)
    members = typing.get_args(events.Event)
    assert set(members) == {getattr(events, pascal_case(name)) for name in TYPES} | {events.UnknownEvent}
    assert all(issubclass(member, BaseEvent) for member in members)
    assert typing.get_type_hints(verify_webhook, vars(sys.modules["clerk._webhooks"]) | {"Event": events.Event})[
        "return"
    ]


def test_the_type_is_a_constant_of_the_class() -> None:
    for event_type in TYPES:
        hints = typing.get_type_hints(getattr(events, pascal_case(event_type)))
        assert typing.get_args(hints["type"]) == (event_type,)
    assert typing.get_type_hints(events.UnknownEvent)["type"] is str


def test_a_type_that_nobody_knows() -> None:
    new = {"type": "comet.sighted", "object": "event", "data": [1], "timestamp": 1, "brand": {"new": None}}

    event = received(new)

    assert isinstance(event, events.UnknownEvent)
    assert (str(event.type), event.data, event.timestamp, event.instance_id) == ("comet.sighted", [1], 1, UNSET)
    assert event.additional_properties == {"brand": {"new": None}}
    assert event.to_dict() == new
    assert pickle.loads(pickle.dumps(event)) == event
    assert repr(event) == "UnknownEvent(message_id='msg_1', type='comet.sighted', object='event', timestamp=1, ...)"


def test_an_event_without_anything_but_its_type() -> None:
    assert received({"type": "comet.sighted"}).data is UNSET
    assert received({"type": "user.created"}).to_dict() == {"type": "user.created"}


def test_an_older_event_lacks_when_and_where() -> None:
    example = {
        name: value for name, value in EXAMPLES["user.created"].items() if name not in ("timestamp", "instance_id")
    }

    event = received(example)

    assert (event.timestamp, event.instance_id) == (UNSET, UNSET)
    assert event.to_dict() == example


@pytest.mark.parametrize("data", [None, [], "user_1", 7, {}, {"nothing": "known"}])
def test_data_of_another_shape_is_kept_as_it_came(data: Any, caplog: pytest.LogCaptureFixture) -> None:
    payload = {**EXAMPLES["session.created"], "data": data}

    event = received(payload)

    assert isinstance(event, events.SessionCreated)
    assert event.to_dict() == payload
    if data:
        assert event.data == data


def test_what_breaks_the_document_is_kept_and_noted_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clerk import _webhooks

    monkeypatch.setattr(_webhooks, "_logged", {})
    payload = copy.deepcopy(EXAMPLES["user.updated"])
    payload["data"]["first_name"] = 7
    del payload["data"]["banned"]
    payload["data"]["brand_new"] = {"a": 1}
    payload["timestamp"] = None

    received(payload)
    event = received(payload)

    assert isinstance(event, events.UserUpdated)
    assert event.data.first_name == 7  # type: ignore[comparison-overlap]  # what the document forbids
    assert event.data.banned is UNSET  # type: ignore[comparison-overlap]  # the same
    assert event.data.additional_properties == {"brand_new": {"a": 1}}
    assert event.to_dict() == payload
    assert {(record.name, record.levelno) for record in caplog.records} == {("clerk.drift", logging.WARNING)}
    assert sorted(record.getMessage() for record in caplog.records) == [
        f"webhook user.updated: UserUpdated at {what} (logged once)"
        for what in (
            "data.banned: is missing",
            "data.first_name: is a number, not a string or null",
            "timestamp: is null, not an integer",
        )
    ]


def test_a_new_value_of_an_enum_is_kept() -> None:
    payload = copy.deepcopy(EXAMPLES["session.created"])
    payload["data"]["status"] = "daydreaming"

    event = received(payload)

    assert isinstance(event, events.SessionCreated)
    assert event.data.status == "daydreaming"  # newer than the document


def loaded_by(code: str) -> set[str]:
    program = f"import sys, json; {code}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_an_event_loads_what_it_is_about_and_nothing_else() -> None:
    code = f"from clerk.events import read; read(json.loads({json.dumps(json.dumps(EXAMPLES['role.created']))}))"

    loaded = {name for name in loaded_by(code) if name.startswith("clerk_generated.events.")}

    assert loaded == {
        f"clerk_generated.events.{name}"
        for name in ("role_created", "role", "permission", "event_attributes", "event_http_request")
    }


def test_a_check_needs_no_more_than_the_standard_library() -> None:
    loaded = loaded_by("from clerk import verify_webhook")

    assert not {name.partition(".")[0] for name in loaded} & {"svix", "standardwebhooks", "pydantic", "cryptography"}
    assert not any(name.startswith("clerk_generated.models") for name in loaded)
