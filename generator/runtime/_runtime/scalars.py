"""Checks the scalar values that a caller passes, and converts them to plain values.

A subclass of `str`, `int` or `float` is sent as the plain value that it holds, and a member of an enum as its value:
the result of `str()` is for people to read.
"""

from __future__ import annotations

import math
from enum import Enum

from ..types import UNSET

_LARGEST_BITS = 1024  # the range of a float: no reader of JSON or URLs accepts more


def plain(value: object) -> object:
    """Return the value of an enum member, and anything else unchanged, `UNSET` included."""
    return value.value if isinstance(value, Enum) and value is not UNSET else value


def any_text(name: str, value: object) -> str:
    """Check text for JSON, which can express even a lone surrogate."""
    value = plain(value)
    if isinstance(value, str):
        return str.__str__(value)
    raise wrong(name, "a string", value)


def text(name: str, value: object) -> str:
    """Check text that is sent as UTF-8.

    Raises:
        ValueError: It contains a lone surrogate, which has no UTF-8 encoding.
    """
    checked = any_text(name, value)
    if not checked.isascii() and (found := _lone_surrogate(checked)) is not None:
        raise ValueError(
            f"{name} is not valid Unicode text: it has a lone surrogate at index {found}; "
            "replace it, as text.encode(errors='replace').decode() does"
        )
    return checked


def _lone_surrogate(text: str) -> int | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return error.start
    return None


def boolean(name: str, value: object) -> bool:
    """Check a boolean."""
    value = plain(value)
    if isinstance(value, bool):
        return value
    raise wrong(name, "a bool", value)


def integer(name: str, value: object) -> int:
    """Check a whole number.

    Raises:
        ValueError: It is too large for readers of JSON.
    """
    value = plain(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(name, "an int", value)
    if value.bit_length() > _LARGEST_BITS:
        raise ValueError(f"{name} is too large a number: it has more than {_LARGEST_BITS} bits")
    return int.__int__(value)


def number(name: str, value: object) -> float:
    """Check a number.

    Raises:
        ValueError: It is not finite, or too large for readers of JSON.
    """
    value = plain(value)
    if not isinstance(value, float):
        if isinstance(value, int) and not isinstance(value, bool):
            return integer(name, value)
        raise wrong(name, "a number", value)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number: JSON has no {float.__repr__(value)}")
    return float.__float__(value)


def wrong(name: str, expected: str, value: object) -> TypeError:
    """Return the exception for a value of another type."""
    got = "None" if value is None else type(value).__name__
    return TypeError(f"{name} must be {expected}, not {got}")


__all__ = ["any_text", "boolean", "integer", "number", "plain", "text", "wrong"]
