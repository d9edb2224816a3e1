"""Reads JSON, with orjson if the extra `clerk-client[speed]` is installed: the same results, faster."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

MUCH = 500_000
"""How many bytes a process reads before orjson is imported: in fewer, it saves less time than its import takes."""

_read_so_far = [0]


def loads(content: bytes) -> Any:  # any JSON value
    """Read JSON.

    Raises:
        ValueError: The content is not JSON.
    """
    if _has_much_to_read(content) and (faster := orjson()) is not None and not _has_long_number(content):
        try:
            return faster.loads(content)
        except ValueError:
            pass  # NaN or a lone surrogate, which the standard library accepts
    return json.loads(content)


def _has_much_to_read(content: bytes) -> bool:
    if _read_so_far[0] < MUCH:
        _read_so_far[0] += len(content)
    return _read_so_far[0] >= MUCH


@cache
def orjson() -> ModuleType | None:
    """Import orjson, if it is installed."""
    try:
        import orjson
    except ImportError:
        return None
    return orjson


# orjson turns integers of more than 64 bits into floats. They have at least 19 digits and a minus sign, or 20 digits.
_LONG_NUMBER = re.compile(rb"(?:^|[:,\[\s])-?[0-9]{19}")
_END_OF_DIGITS = re.compile(rb"[^-0-9]")
_STEP, _LENGTH = 5, 20
_DIGITS_ALONE = bytes(48 if byte in b"-0123456789" else 32 for byte in range(256))
_ENOUGH_DIGITS = b"0" * (_LENGTH // _STEP)


def _has_long_number(content: bytes) -> bool:
    # A regular expression would take longer than parsing the content. So only each fifth byte is looked at: timestamps
    # have three of them at most, and text with more digits is rare.
    sample = content[::_STEP].translate(_DIGITS_ALONE)
    at = sample.find(_ENOUGH_DIGITS)
    while at >= 0:
        start = at * _STEP
        if _LONG_NUMBER.search(content, max(start - _STEP, 0), start + _LENGTH) is not None:
            return True
        if (end := _END_OF_DIGITS.search(content, start)) is None:
            break
        at = sample.find(_ENOUGH_DIGITS, end.start() // _STEP + 1)
    return False


__all__ = ["MUCH", "loads", "orjson"]
