"""Encodes arguments for the request, and refuses values that can't be sent.

Every function takes the parameter's name first, for its error messages. If one raises, nothing is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import quote

from ..types import UNSET
from . import scalars
from .model import Model
from .scalars import plain, wrong

if TYPE_CHECKING:
    from .moments import calendar_date as calendar_date
    from .moments import milliseconds as milliseconds
    from .moments import query_date as query_date
    from .moments import query_datetime as query_datetime
    from .moments import query_milliseconds as query_milliseconds
    from .moments import rfc3339 as rfc3339
    from .uploads import json_part as json_part
    from .uploads import upload as upload
else:

    def __getattr__(name):
        """Load the encoders that few operations need."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in ("json_part", "upload"):
            from . import uploads as home
        else:
            from . import moments as home
        return getattr(home, name)


T = TypeVar("T")

MOST_LEVELS = 500
"""How deep JSON may be nested; Python itself could not write much deeper nesting."""


def path_segment(name: str, value: object) -> str:
    """Percent-encode a path parameter as exactly one segment.

    Raises:
        TypeError: The value is not a string.
        ValueError: The value is empty, `.` or `..`, which would lead to another URL, or is not valid Unicode text.
    """
    text = scalars.text(name, value)
    if text in ("", ".", ".."):
        raise ValueError(f"{name} must not be {text!r}: it would address another resource")
    return quote(text, safe="")


def segment(encode: Callable[[str, object], str]) -> Callable[[str, object], str]:
    """Return an encoder for a path parameter that is not text, given an encoder for its value."""
    return partial(_segment, encode=encode)


def _segment(name: str, value: object, encode: Callable[[str, object], str]) -> str:
    return path_segment(name, encode(name, value))


def prefixed_path_segment(name: str, value: object, prefix: str) -> str:
    """Percent-encode a path parameter, adding the prefix unless it is there already."""
    path_segment(name, value)
    text = scalars.text(name, value)
    return path_segment(name, text if text.startswith(prefix) else prefix + text)


def query_text(name: str, value: object) -> str:
    """Encode a text query parameter."""
    return scalars.text(name, value)


def query_boolean(name: str, value: object) -> str:
    """Encode a boolean query parameter as `true` or `false`."""
    return "true" if scalars.boolean(name, value) else "false"


def query_integer(name: str, value: object) -> str:
    """Encode a whole number as a query parameter."""
    return str(scalars.integer(name, value))


def query_number(name: str, value: object) -> str:
    """Encode a number as a query parameter."""
    return str(scalars.number(name, value))


def query_list(name: str, value: object, encode: Callable[[str, object], str] = query_text) -> list[str]:
    """Encode an array as a query parameter whose key is repeated for each item.

    Raises:
        ValueError: The array is empty, which would filter nothing.
    """
    return [encode(f"{name}[{index}]", item) for index, item in enumerate(_filter_items(name, value))]


def query_joined(name: str, value: object, encode: Callable[[str, object], str] = query_text) -> str:
    """Encode an array as one query parameter with its items joined by commas (`explode: false`).

    Raises:
        ValueError: The array is empty, which would filter nothing, or an item is empty or contains a comma.
    """
    items = query_list(name, value, encode)
    for index, item in enumerate(items):
        if "," in item:
            raise ValueError(f"{name}[{index}] must not contain a comma, which separates the items")
        if not item:
            raise ValueError(f"{name}[{index}] must not be empty")
    return ",".join(items)


def header(encode: Callable[[str, object], str]) -> Callable[[str, object], str]:
    """Return an encoder for a header, given an encoder for its value."""
    return partial(_header, encode=encode)


def _header(name: str, value: object, encode: Callable[[str, object], str]) -> str:
    encoded = encode(name, value)
    if not re.fullmatch(r"[!-~]([ -~]*[!-~])?", encoded):
        raise ValueError(f"{name} is sent as a header: it must be printable ASCII, without a space at either end")
    return encoded


def text(name: str, value: object) -> str | None:
    """Check a text property of a request body."""
    return None if value is None else scalars.any_text(name, value)


def boolean(name: str, value: object) -> bool | None:
    """Check a boolean property of a request body."""
    return None if value is None else scalars.boolean(name, value)


def integer(name: str, value: object) -> int | None:
    """Check a whole-number property of a request body."""
    return None if value is None else scalars.integer(name, value)


def number(name: str, value: object) -> float | None:
    """Check a number property of a request body."""
    return None if value is None else scalars.number(name, value)


def json_object(name: str, value: object) -> object:
    """Check an object property of a request body: a dict or a model, whose keys are sent unchanged."""
    if value is None or isinstance(value, (Mapping, Model)):
        return json_value(name, value)
    raise wrong(name, "a dict or a model", value)


def json_list(name: str, value: object, encode: Callable[[str, object], object]) -> list[object] | None:
    """Check an array property of a request body, item by item."""
    if value is None:
        return None
    return [encode(f"{name}[{index}]", item) for index, item in enumerate(_items(name, value))]


def json_value(name: str, value: object) -> object:
    """Check that a value is JSON at every level, and convert the models in it to objects.

    Raises:
        TypeError: Something in it can't be expressed in JSON.
        ValueError: A number in it is not finite or too large, or it is nested too deeply or contains itself.
    """
    try:
        return _json(name, value, 0)
    except RecursionError:
        pass
    raise ValueError(f"{name} is nested more than {MOST_LEVELS} levels deep, or contains itself")


def _json(name: str, value: object, depth: int) -> object:
    # One frame for each level, so that the deepest allowed nesting fits on the caller's stack.
    value = value.to_dict() if isinstance(value, Model) else plain(value)
    if not isinstance(value, (Mapping, list, tuple)):
        return _json_scalar(name, value)
    if depth > MOST_LEVELS:
        raise RecursionError
    if isinstance(value, Mapping):
        converted: dict[str, object] = {}
        for key, item in cast("Mapping[object, object]", value).items():  # isinstance leaves the items unknown
            if item is not UNSET:
                converted[_json_key(name, key)] = _json(f"{name}.{key}", item, depth + 1)
        return converted
    listed: list[object] = []
    for index, item in enumerate(cast("list[object]", value)):  # isinstance leaves the items unknown
        listed.append(_json(f"{name}[{index}]", item, depth + 1))
    return listed


def _json_scalar(name: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return scalars.any_text(name, value)
    if isinstance(value, (int, float)):
        return scalars.number(name, value)
    raise wrong(name, "a JSON value", value)


def _json_key(name: str, key: object) -> str:
    key = plain(key)
    if isinstance(key, str):
        return scalars.any_text(name, key)
    raise TypeError(f"{name} has a key that is not a string: {type(key).__name__}")


def _filter_items(name: str, value: object) -> list[object]:
    items = _items(name, value)
    if not items:
        raise ValueError(
            f"{name} must not be empty: no value would be sent, and nothing would be filtered; "
            "leave it out to get everything, or skip the call if you want nothing"
        )
    return items


def _items(name: str, value: object) -> list[object]:
    if isinstance(value, (str, bytes, Mapping, Model)) or not hasattr(value, "__iter__"):
        raise wrong(name, "a list", value)
    return list(cast("list[object]", value))  # any iterable is accepted


def prefixed(prefix: str) -> Callable[[str, object], str]:
    """Return an encoder for a path parameter with a prefix."""
    return partial(prefixed_path_segment, prefix=prefix)


def parts(encode: Callable[[str, object], T]) -> Callable[[str, object], list[T]]:
    """Return an encoder for a list of parts of a multipart body, given an encoder for one part."""
    return partial(_parts, encode=encode)


def _parts(name: str, value: object, encode: Callable[[str, object], T]) -> list[T]:
    return [encode(f"{name}[{index}]", item) for index, item in enumerate(_items(name, value))]


def repeated(encode: Callable[[str, object], str]) -> Callable[[str, object], list[str]]:
    """Return an encoder for an array in the query, given an encoder for its items."""
    return partial(query_list, encode=encode)


def joined(encode: Callable[[str, object], str]) -> Callable[[str, object], str]:
    """Return an encoder for a comma-separated array in the query, given an encoder for its items."""
    return partial(query_joined, encode=encode)


def each(encode: Callable[[str, object], object]) -> Callable[[str, object], list[object] | None]:
    """Return an encoder for an array in a request body, given an encoder for its items."""
    return partial(json_list, encode=encode)


def either(expected: str, *encoders: Callable[[str, object], T]) -> Callable[[str, object], T]:
    """Return an encoder for a value of several possible types.

    Args:
        expected: The types, for the message that refuses anything else.
        *encoders: An encoder for each type.
    """
    return partial(_either, expected=expected, encoders=encoders)


def _either(name: str, value: object, expected: str, encoders: tuple[Callable[[str, object], T], ...]) -> T:
    for encode in encoders:
        try:
            return encode(name, value)
        except TypeError:
            continue
    raise wrong(name, expected, value)


def not_null(encode: Callable[[str, object], T]) -> Callable[[str, object], T]:
    """Return an encoder for a property that must not be null."""

    def checked(name: str, value: object) -> T:
        if value is None:
            raise TypeError(f"{name} must not be None")
        return encode(name, value)

    return checked


__all__ = [
    "boolean",
    "calendar_date",
    "each",
    "either",
    "header",
    "integer",
    "joined",
    "json_list",
    "json_object",
    "json_part",
    "json_value",
    "milliseconds",
    "not_null",
    "number",
    "parts",
    "path_segment",
    "prefixed",
    "prefixed_path_segment",
    "query_boolean",
    "query_date",
    "query_datetime",
    "query_integer",
    "query_joined",
    "query_list",
    "query_milliseconds",
    "query_number",
    "query_text",
    "repeated",
    "rfc3339",
    "segment",
    "text",
    "upload",
]
