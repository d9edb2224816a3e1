"""Checks of single values; errors name the option or the environment variable that the value came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import ClerkConfigurationError

LONGEST_SECONDS = 30 * 365 * 24 * 3600
"""Longer than anybody waits, and too short to overflow the system's clocks."""


def wrong_type(name: str, expected: str, value: object) -> ClerkConfigurationError:
    """Return the error for a value of the wrong type; it shows the type and never the value."""
    return ClerkConfigurationError(f"{name} must be {expected}, not {type(value).__name__}")


def check_string(name: str, value: object) -> str:
    """Check that a value is a string."""
    if not isinstance(value, str):
        raise wrong_type(name, "a string", value)
    return value


def check_boolean(name: str, value: object) -> bool:
    """Check that a value is True or False."""
    if not isinstance(value, bool):
        raise wrong_type(name, "True or False", value)
    return value


def check_count(name: str, value: object) -> int:
    """Check that a value is a whole number, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(name, "an int", value)
    if value < 0:
        raise ClerkConfigurationError(f"{name} must be 0 or more, not {value}")
    return value


def check_size(name: str, value: object) -> int:
    """Check that a value is a number of bytes, 1 or more."""
    size = check_count(name, value)
    if not size:
        raise ClerkConfigurationError(f"{name} must be 1 byte or more, not 0")
    return size


def check_seconds(name: str, value: object) -> float | None:
    """Check that a value is a duration in seconds, or None for no limit."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise wrong_type(name, "a number of seconds, or None for no limit", value)
    if not value > 0:
        raise ClerkConfigurationError(f"{name} must be more than 0 seconds, or None for no limit")
    if value > LONGEST_SECONDS:
        raise ClerkConfigurationError(f"{name} must be less than thirty years, or None for no limit")
    return value


def check_mapping(name: str, value: object) -> Mapping[Any, Any]:  # Any: the caller checks the contents
    """Check that a value is a dict."""
    if not isinstance(value, Mapping):
        raise wrong_type(name, "a dict", value)
    return value


def closest(name: object, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` where a known name is close to the given one, else nothing."""
    import difflib

    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


__all__ = [
    "check_boolean",
    "check_count",
    "check_mapping",
    "check_seconds",
    "check_size",
    "check_string",
    "closest",
    "wrong_type",
]
