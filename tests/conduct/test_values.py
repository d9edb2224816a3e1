"""What answers and arguments are made of, where no operation of the document shows all of it."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any, TypeVar

import httpx
import pytest

from clerk import UNSET, Unset, create_clerk_client, models
from clerk_generated._runtime import encoding as encode
from clerk_generated._runtime import tolerance
from clerk_generated._runtime.decoding import ObjectOf, decode_answer, to_wire
from clerk_generated._runtime.model import Mismatch, Model, UnknownVariant
from clerk_generated._runtime.times import read_date, read_datetime
from clerk_generated.client import Drift
from tests.faults.bodies import USER, user
from tests.support.clients import SECRET_KEY
from tests.support.transports import RecordingTransport

UTC_MOMENT = datetime(2025, 1, 31, 12, 34, 56, tzinfo=UTC)


def test_what_is_not_there() -> None:
    assert not UNSET
    assert (repr(UNSET), str(UNSET)) == ("UNSET", "UNSET")
    assert isinstance(UNSET, Unset)
    assert copy.deepcopy(UNSET) is pickle.loads(pickle.dumps(UNSET)) is UNSET


# Points in time in answers.

WRITTEN = [
    ("2025-01-31T12:34:56Z", UTC_MOMENT),
    ("2025-01-31T12:34:56.000Z", UTC_MOMENT),
    ("2025-01-31t12:34:56z", UTC_MOMENT),
    ("2025-01-31T12:34:56+00:00", UTC_MOMENT),
    ("2025-01-31T12:34:56.789Z", UTC_MOMENT.replace(microsecond=789_000)),
    ("2025-01-31T12:34:56.7890+02:00", datetime(2025, 1, 31, 12, 34, 56, 789_000, timezone(timedelta(hours=2)))),
]


@pytest.mark.parametrize(("text", "moment"), WRITTEN)
@pytest.mark.parametrize(
    "duplicate", [lambda read: read, copy.copy, copy.deepcopy, lambda read: pickle.loads(pickle.dumps(read))]
)
def test_a_point_in_time_is_written_as_it_was_read(text: str, moment: datetime, duplicate: Any) -> None:
    read = duplicate(read_datetime(text))

    assert read == moment
    assert read.utcoffset() == moment.utcoffset()
    assert to_wire(read) == text


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2025-01-31", "2025-01-31T12:34:56", "2025-01-31 12:34:56Z", "2025-02-30T00:00:00Z", 5, None],
)
def test_what_is_no_point_in_time(text: object) -> None:
    with pytest.raises(Mismatch):
        read_datetime(text)


def test_dates() -> None:
    assert read_date("2025-01-31") == date(2025, 1, 31)
    assert to_wire(date(2025, 1, 31)) == "2025-01-31"
    for text in ("", "2025-02-30", "20250131", "2025-W05-5", "2025-01-31T00:00:00Z", 5, None):
        with pytest.raises(Mismatch):
            read_date(text)


def test_dates_in_requests() -> None:
    assert encode.calendar_date("day", date(2025, 1, 31)) == "2025-01-31"
    assert encode.calendar_date("day", "2025-01-31") == "2025-01-31"
    assert encode.calendar_date("day", None) is None
    for value in (UTC_MOMENT, 5):
        with pytest.raises(TypeError, match=r"^day must be a date, not "):
            encode.calendar_date("day", value)


def test_all_of_a_value_goes_back_to_json() -> None:
    value = {"a": [read_datetime("2025-01-31T12:34:56Z"), None], "b": models.User.from_dict(USER), "c": 1.5}

    assert to_wire(value) == {"a": ["2025-01-31T12:34:56Z", None], "b": USER, "c": 1.5}


# Arguments.


@pytest.fixture
def transport() -> RecordingTransport:
    return RecordingTransport()


def test_an_item_that_is_joined_by_commas_holds_none(transport: RecordingTransport) -> None:
    modes: Any = ["a", "b,c"]  # Any: no modes at all
    client = create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": transport})

    with pytest.raises(ValueError, match=r"^enrollment_mode\[1\] must not contain a comma"):
        client.organizations.get_instance_organization_domain_list(enrollment_mode=modes)
    assert not transport.requests


def test_null_for_what_is_required(transport: RecordingTransport) -> None:
    client = create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": transport})

    with pytest.raises(TypeError, match=r"^url must not be None"):
        client.redirect_urls.create_redirect_url(url=None)  # type: ignore[arg-type]  # that is the point
    assert not transport.requests


# Objects of a kind that nobody knows.


def test_an_object_of_an_unknown_kind() -> None:
    found = UnknownVariant.from_dict({"id": "x_1", "b": [1, 2], "token": "planted", "long": "x" * 100})

    assert (found.id, found.b) == ("x_1", [1, 2])
    assert repr(found) == f"UnknownVariant(b=<2>, id='x_1', long='{'x' * 57}...', ...)"
    assert found.to_dict() == {"id": "x_1", "b": [1, 2], "token": "planted", "long": "x" * 100}
    assert found == UnknownVariant(found.to_dict())
    assert found != UnknownVariant({})
    assert found != found.to_dict()
    assert copy.deepcopy(found) == pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError, match="no property 'c'"):
        found.c  # noqa: B018  the access is what is tested
    with pytest.raises(TypeError, match="unhashable"):
        hash(found)


def test_any_mapping_makes_a_model() -> None:
    assert UnknownVariant.from_dict(MappingProxyType({"a": 1})) == UnknownVariant({"a": 1})
    assert models.User.from_dict(MappingProxyType(USER)) == models.User.from_dict(USER)


def test_a_value_that_is_no_json_is_kept_too() -> None:
    drifts: list[Drift] = []

    found = tolerance.decode_model(models.User, user(banned={1}), "", drifts)

    assert found.banned == {1}  # type: ignore[comparison-overlap]  # against the annotation
    [drift] = drifts
    assert (drift.model, drift.path, drift.problem) == ("User", "banned", "is set, not a boolean")


def test_a_type_without_a_name_is_a_value() -> None:
    assert tolerance._describe_member(TypeVar("T")) == "a value"


def test_a_model_says_by_itself_how_it_is_read_and_written() -> None:
    with pytest.raises(NotImplementedError):
        Model.from_dict({})
    with pytest.raises(NotImplementedError):
        Model().to_dict()


def test_a_client_of_ones_own_may_read_json_as_it_likes() -> None:
    """The modules of `clerk_generated` ask for a client that fulfils their protocol, not for this package's."""

    class Ordered(dict[str, Any]):
        pass

    class Client:
        def _load_json(self, response: httpx.Response, /) -> object:
            return Ordered(json.loads(response.content))

        def _report_drift(self, drifts: object, response: httpx.Response, /) -> None:
            pytest.fail(f"nothing is wrong, but {drifts}")

        def _decode_error(self, model: str, path: str, problem: str, response: httpx.Response, /) -> Exception:
            return ValueError(problem)

    found = decode_answer(ObjectOf(models.User), Client(), httpx.Response(200, json=USER))

    assert found == models.User.from_dict(USER)
    with pytest.raises(ValueError, match="where the model is expected"):
        decode_answer(ObjectOf(models.User), Client(), httpx.Response(200, json={}))
