"""Encodes points in time and dates as the API expects them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from .scalars import any_text, integer, plain, wrong
from .times import format_rfc3339

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALTERNATIVE = "milliseconds since the Unix epoch as an int"


def milliseconds(name: str, value: object) -> int | None:
    """Turn a point in time into milliseconds since the Unix epoch.

    Takes an int (already milliseconds), an aware datetime, or ISO 8601 text with a UTC offset.
    """
    value = plain(value)
    if value is None:
        return None
    if _is_int(value):
        return integer(name, value)
    since = _in_range(name, lambda: _moment(name, value) - _EPOCH)
    # Integer arithmetic: a float would lose milliseconds.
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def rfc3339(name: str, value: object) -> str | None:
    """Turn a point in time into RFC 3339 text.

    Takes an aware datetime, milliseconds since the Unix epoch as an int, or ISO 8601 text with a UTC offset, which is
    sent unchanged.
    """
    value = plain(value)
    if value is None:
        return None
    if _is_int(value):
        given = integer(name, value)
        return format_rfc3339(_in_range(name, lambda: _EPOCH + timedelta(milliseconds=given)))
    moment = _in_range(name, lambda: _moment(name, value))
    if isinstance(value, str):
        return any_text(name, value)
    return _in_range(name, lambda: format_rfc3339(_with_offset_in_minutes(moment)))


def calendar_date(name: str, value: object) -> str | None:
    """Turn a date into `YYYY-MM-DD` text."""
    value = plain(value)
    if value is None:
        return None
    if isinstance(value, str):
        return any_text(name, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return date.isoformat(value)
    raise wrong(name, "a date", value)


def query_datetime(name: str, value: object) -> str:
    """Encode a point in time as a query parameter, in RFC 3339."""
    return _given(name, "a point in time", value, rfc3339)


def query_date(name: str, value: object) -> str:
    """Encode a date as a query parameter, `YYYY-MM-DD`."""
    return _given(name, "a date", value, calendar_date)


def _given(name: str, expected: str, value: object, encode: Callable[[str, object], str | None]) -> str:
    encoded = encode(name, value)
    if encoded is None:
        raise wrong(name, expected, value)
    return encoded


def query_milliseconds(name: str, value: object) -> str:
    """Encode a point in time as a query parameter, in milliseconds since the Unix epoch."""
    if value is None:
        raise wrong(name, "a point in time", value)
    return str(milliseconds(name, value))


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _with_offset_in_minutes(moment: datetime) -> datetime:
    """Convert to UTC if the offset has seconds, as old local times do: RFC 3339 can't express them."""
    offset = moment.utcoffset()
    return moment if offset is None or not offset % timedelta(minutes=1) else moment.astimezone(UTC)


def _moment(name: str, value: object) -> datetime:
    problem = ""
    if isinstance(value, str):
        from dateutil.parser import isoparse

        try:
            value = isoparse(any_text(name, value))
        except ValueError as error:
            problem = str(error)
    if problem:  # raised here, so that the value isn't in the context of the error
        raise ValueError(f"{name} is not an ISO 8601 date and time: {problem}")
    if not isinstance(value, datetime):
        raise wrong(name, f"an aware datetime, ISO 8601 text or {_ALTERNATIVE}", value)
    if value.utcoffset() is None:
        raise ValueError(f"{name} is a naive datetime: give it a time zone, since it is ambiguous without one")
    return value


def _in_range(name: str, convert: Callable[[], T]) -> T:
    try:
        return convert()
    except OverflowError:
        pass
    raise ValueError(f"{name} is out of range: its year must be 1 to 9999")


__all__ = ["calendar_date", "milliseconds", "query_date", "query_datetime", "query_milliseconds", "rfc3339"]
