from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from clerk import ClerkClient, create_clerk_client, to_datetime
from tests.faults.bodies import USER
from tests.support.clients import SECRET_KEY
from tests.support.transports import RecordingTransport

MOMENT = datetime(2025, 1, 31, 14, 34, 56, 789_000, timezone(timedelta(hours=2)))
MILLISECONDS = 1738326896789


@pytest.fixture
def transport() -> RecordingTransport:
    return RecordingTransport(body=b"[]")


@pytest.fixture
def client(transport: RecordingTransport) -> ClerkClient:
    return create_clerk_client(secret_key=SECRET_KEY, http_options={"transport": transport})


# Parameters in milliseconds.

MOMENTS: list[Any] = [
    MILLISECONDS,
    MOMENT,
    MOMENT.astimezone(UTC),
    MOMENT + timedelta(microseconds=999),  # what is below a millisecond is cut off
    "2025-01-31T14:34:56.789+02:00",
    "2025-01-31T12:34:56.789Z",
    "20250131T123456,789Z",
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_one_point_in_time_however_it_is_given(client: ClerkClient, transport: RecordingTransport, moment: Any) -> None:
    client.users.get_user_list(created_at_after=moment)

    assert transport.last.url.params["created_at_after"] == str(MILLISECONDS)


@pytest.mark.parametrize(
    ("moment", "milliseconds"),
    [
        (0, 0),
        (-1, -1),
        (10**15, 10**15),
        (datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC), -1),
        (datetime(1, 1, 1, tzinfo=UTC), -62135596800000),
        (datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC), 253402300799999),
    ],
)
def test_points_in_time_far_away(
    client: ClerkClient, transport: RecordingTransport, moment: Any, milliseconds: int
) -> None:
    client.users.get_user_list(last_active_at_before=moment)

    assert transport.last.url.params["last_active_at_before"] == str(milliseconds)


NAIVE = [datetime(2025, 1, 31, 14, 34, 56), "2025-01-31T14:34:56", "2025-01-31"]  # noqa: DTZ001  that is the point


@pytest.mark.parametrize("moment", NAIVE, ids=str)
@pytest.mark.parametrize(
    "call",
    [
        lambda client, moment: client.users.get_user_list(created_at_after=moment),
        lambda client, moment: client.users.create_user(created_at=moment),
        lambda client, moment: client.users.update_user("user_1", legal_accepted_at=moment),
    ],
)
def test_a_naive_point_in_time_is_an_error_that_says_why(
    client: ClerkClient, transport: RecordingTransport, call: Callable[[ClerkClient, Any], object], moment: Any
) -> None:
    with pytest.raises(ValueError, match=r"^(created|legal_accepted)_at\w* is a naive datetime: give it a time zone"):
        call(client, moment)

    assert not transport.requests


@pytest.mark.parametrize("moment", ["yesterday", "", "2025-13-01T00:00:00Z", "2025-01-31T12:34:56.789Z "])
def test_text_that_is_no_point_in_time(client: ClerkClient, transport: RecordingTransport, moment: str) -> None:
    with pytest.raises(ValueError, match=r"^created_at_after is not an ISO 8601 date and time"):
        client.users.get_user_list(created_at_after=moment)

    assert not transport.requests


@pytest.mark.parametrize("moment", [1.5, True, None, date(2025, 1, 31), [MILLISECONDS], b"2025"], ids=str)
def test_what_is_no_point_in_time_at_all(client: ClerkClient, transport: RecordingTransport, moment: Any) -> None:
    with pytest.raises(TypeError, match=r"^created_at_after must be (an aware datetime|a point in time)"):
        client.users.get_user_list(created_at_after=moment)

    assert not transport.requests


# Properties in RFC 3339.


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (MOMENT, "2025-01-31T14:34:56.789+02:00"),
        (MOMENT.astimezone(UTC), "2025-01-31T12:34:56.789Z"),
        (MOMENT.replace(microsecond=0), "2025-01-31T14:34:56+02:00"),
        (MOMENT.replace(microsecond=1), "2025-01-31T14:34:56.000001+02:00"),
        (MILLISECONDS, "2025-01-31T12:34:56.789Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        ("2025-01-31T14:34:56+02:00", "2025-01-31T14:34:56+02:00"),
        ("2025-01-31T12:34:56.000Z", "2025-01-31T12:34:56.000Z"),
    ],
    ids=str,
)
def test_properties_in_rfc_3339(client: ClerkClient, transport: RecordingTransport, moment: Any, text: str) -> None:
    transport._body = RecordingTransport(body=_user())._body
    client.users.create_user(created_at=moment)

    assert transport.last.content == b'{"created_at":"%s"}' % text.encode()


def test_no_point_in_time_is_null(client: ClerkClient, transport: RecordingTransport) -> None:
    transport._body = _user()
    client.users.update_user("user_1", legal_accepted_at=None)

    assert transport.last.content == b'{"legal_accepted_at":null}'


def _user() -> bytes:
    import json

    return json.dumps(USER).encode()


# And back.


def test_a_timestamp_of_an_answer_goes_out_again_as_the_same(
    client: ClerkClient, transport: RecordingTransport
) -> None:
    transport._body = _user()
    found = client.users.get_user("user_1")
    transport._body = b"[]"
    client.users.get_user_list(created_at_after=to_datetime(found.created_at))

    assert to_datetime(found.created_at) == MOMENT
    assert transport.last.url.params["created_at_after"] == str(found.created_at)
