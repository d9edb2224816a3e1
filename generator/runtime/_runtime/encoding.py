"""Turns keyword arguments into what goes on the wire, and refuses what cannot go there.

Every function takes the parameter's name first, so that the error names it. Nothing is sent when one raises.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import IO, Any, TypeVar, cast
from urllib.parse import quote

from ..types import UNSET
from .model import Model
from .times import format_rfc3339

T = TypeVar("T")


def path_segment(name: str, value: object) -> str:
    """Percent-encode a path parameter as exactly one segment.

    Raises:
        TypeError: The value is no string.
        ValueError: The value is empty, `.` or `..`, which would reach another URL.
    """
    text = _text(name, value)
    if text in ("", ".", ".."):
        raise ValueError(f"{name} must not be {text!r}: it would address another resource")
    return quote(text, safe="")


def prefixed_path_segment(name: str, value: object, prefix: str) -> str:
    """Percent-encode a path parameter, with the prefix put before it unless it has it already."""
    path_segment(name, value)
    text = _text(name, value)
    return path_segment(name, text if text.startswith(prefix) else prefix + text)


def query_text(name: str, value: object) -> str:
    """Encode a text query parameter."""
    return _text(name, value)


def query_boolean(name: str, value: object) -> str:
    """Encode a boolean query parameter as `true` or `false`."""
    return "true" if _boolean(name, value) else "false"


def query_integer(name: str, value: object) -> str:
    """Encode a whole number as a query parameter."""
    return str(_integer(name, value))


def query_number(name: str, value: object) -> str:
    """Encode a number as a query parameter."""
    return str(_number(name, value))


def query_milliseconds(name: str, value: object) -> str:
    """Encode a point in time as a query parameter in milliseconds since the Unix epoch."""
    if value is None:
        raise _wrong(name, "a point in time", value)
    return str(milliseconds(name, value))


def query_list(name: str, value: object, encode: Callable[[str, object], str] = query_text) -> list[str]:
    """Encode an array as a query parameter whose key is repeated for each item."""
    return [encode(f"{name}[{index}]", item) for index, item in enumerate(_items(name, value))]


def query_joined(name: str, value: object, encode: Callable[[str, object], str] = query_text) -> str:
    """Encode an array as one query parameter with its items joined by commas (`explode: false`)."""
    items = query_list(name, value, encode)
    for index, item in enumerate(items):
        if "," in item:
            raise ValueError(f"{name}[{index}] must not contain a comma, which separates the items")
    return ",".join(items)


def not_null(name: str, value: T | None) -> T:
    """Refuse null for a required property that the document does not let be null."""
    if value is None:
        raise TypeError(f"{name} must not be None")
    return value


def text(name: str, value: object) -> str | None:
    """Check a text property of a body."""
    return None if value is None else _text(name, value)


def boolean(name: str, value: object) -> bool | None:
    """Check a boolean property of a body."""
    return None if value is None else _boolean(name, value)


def integer(name: str, value: object) -> int | None:
    """Check a whole-number property of a body."""
    return None if value is None else _integer(name, value)


def number(name: str, value: object) -> float | None:
    """Check a number property of a body."""
    return None if value is None else _number(name, value)


def json_object(name: str, value: object) -> object:
    """Check an object property of a body: a dict or a model; its keys go out untouched."""
    if value is None or isinstance(value, (Mapping, Model)):
        return json_value(name, value)
    raise _wrong(name, "a dict or a model", value)


def json_list(name: str, value: object, encode: Callable[[str, object], object]) -> list[object] | None:
    """Check an array property of a body, item by item."""
    if value is None:
        return None
    return [encode(f"{name}[{index}]", item) for index, item in enumerate(_items(name, value))]


def json_value(name: str, value: object) -> object:
    """Check that a value is JSON all the way down, and turn models in it into objects."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return _number(name, value)
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        converted: dict[str, object] = {}
        for key, item in cast("Mapping[object, object]", value).items():  # isinstance leaves the items unknown
            if not isinstance(key, str):
                raise TypeError(f"{name} has a key that is no string: {type(key).__name__}")
            if item is not UNSET:
                converted[key] = json_value(f"{name}.{key}", item)
        return converted
    if isinstance(value, (list, tuple)):
        items = cast("list[object]", value)  # isinstance leaves the items unknown
        return [json_value(f"{name}[{index}]", item) for index, item in enumerate(items)]
    raise _wrong(name, "a JSON value", value)


def milliseconds(name: str, value: object) -> int | None:
    """Turn a point in time into milliseconds since the Unix epoch.

    Takes an int (milliseconds already), an aware datetime, or an ISO 8601 text with a UTC offset.
    """
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    moment = _moment(name, value, "milliseconds since the Unix epoch as an int")
    # Whole arithmetic: a float would lose milliseconds.
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def rfc3339(name: str, value: object) -> str | None:
    """Turn a point in time into RFC 3339 text.

    Takes an aware datetime, milliseconds since the Unix epoch as an int, or an ISO 8601 text with a UTC offset, which
    goes out as it is.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        seconds, rest = divmod(value, 1000)
        value = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    moment = _moment(name, value, "milliseconds since the Unix epoch as an int")
    return value if isinstance(value, str) else format_rfc3339(moment)


def calendar_date(name: str, value: object) -> str | None:
    """Turn a date into `YYYY-MM-DD` text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise _wrong(name, "a date", value)


def upload(name: str, value: object) -> tuple[str, bytes, str]:
    """Read a file to send whole, so that a repeated request can send it again.

    Returns:
        Its name, its bytes, and its content type, which is guessed from the name where it is not given.

    Raises:
        FileNotFoundError: There is no file at the path.
    """
    file_name, content, content_type = name, value, None
    if isinstance(value, tuple) and len(cast("tuple[object, ...]", value)) == 3:  # its items are unknown
        file_name, content, content_type = cast("tuple[Any, Any, Any]", value)  # checked below, one by one
    elif isinstance(value, (str, os.PathLike)):
        path = os.fspath(cast("str | os.PathLike[str]", value))  # isinstance leaves PathLike's type unknown
        with open(path, "rb") as opened:
            file_name, content = os.path.basename(path), opened.read()
    elif not isinstance(value, (bytes, bytearray)):
        file_name = _name_of_open_file(value) or name
    data = _content(name, content)
    return _text(name, file_name), data, _text(name, content_type or _guess_content_type(file_name, data))


def _name_of_open_file(value: object) -> str | None:
    file_name: object = getattr(value, "name", None)
    return os.path.basename(file_name) if isinstance(file_name, str) else None


def _content(name: str, content: object) -> bytes:
    if isinstance(content, (bytes, bytearray)):
        return bytes(content)
    if callable(getattr(content, "read", None)):
        data: object = cast("IO[bytes]", content).read()  # it has a read, what that gives is checked here
        if isinstance(data, bytes):
            return data
        raise TypeError(f"{name} must be opened in binary mode")
    raise _wrong(name, "bytes, a path, an open binary file or (name, content, content_type)", content)


def _guess_content_type(file_name: object, data: bytes) -> str:
    import mimetypes

    guessed = mimetypes.guess_type(str(file_name))[0]
    if guessed is not None:
        return guessed
    for signature, content_type in _SIGNATURES:
        if data.startswith(signature):
            return content_type
    return "application/octet-stream"


_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"<svg", "image/svg+xml"),
)


def _moment(name: str, value: object, alternative: str) -> datetime:
    if isinstance(value, str):
        from dateutil.parser import isoparse

        try:
            value = isoparse(value)
        except ValueError as error:
            raise ValueError(f"{name} is no ISO 8601 date and time: {error}") from None
    if not isinstance(value, datetime):
        raise _wrong(name, f"an aware datetime, an ISO 8601 text or {alternative}", value)
    if value.utcoffset() is None:
        raise ValueError(f"{name} is a naive datetime: give it a time zone, so that it names one point in time")
    return value


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        return str(value.value) if isinstance(value, Enum) else value
    raise _wrong(name, "a string", value)


def _boolean(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(name, "a bool", value)


def _integer(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(name, "an int", value)


def _number(name: str, value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number: JSON has no {value}")
        return value
    raise _wrong(name, "a number", value)


def _items(name: str, value: object) -> list[object]:
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
        raise _wrong(name, "a list", value)
    return list(cast("list[object]", value))  # anything iterable will do


def _wrong(name: str, expected: str, value: object) -> TypeError:
    got = "None" if value is None else type(value).__name__
    return TypeError(f"{name} must be {expected}, not {got}")
