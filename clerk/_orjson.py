"""Reads JSON with orjson, of the extra `clerk-client[speed]`: the same results as the standard library's."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson


def loads(content: bytes) -> Any:  # any JSON value
    """Read JSON.

    Raises:
        ValueError: The content is not JSON.
    """
    if not _has_long_number(content):
        try:
            return orjson.loads(content)
        except ValueError:
            pass  # NaN or a lone surrogate, which the standard library accepts
    return json.loads(content)


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


__all__ = ["loads"]
