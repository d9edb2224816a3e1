"""Reads JSON, with orjson if the extra `clerk-client[speed]` is installed: the same results, faster."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MUCH = 500_000
"""How many bytes a process reads before orjson is imported: in fewer, it saves less time than its import takes."""

_read_so_far = [0]


def loads(content: bytes) -> Any:  # any JSON value
    """Read JSON.

    Raises:
        ValueError: The content is not JSON.
    """
    if _has_much_to_read(content) and (read := faster()) is not None:
        return read(content)
    return json.loads(content)


def _has_much_to_read(content: bytes) -> bool:
    if _read_so_far[0] < MUCH:
        _read_so_far[0] += len(content)
    return _read_so_far[0] >= MUCH


@cache
def faster() -> Callable[[bytes], Any] | None:
    """Return what reads JSON with orjson, or None if that is not installed."""
    try:
        from ._orjson import loads
    except ImportError:
        return None
    return loads


__all__ = ["MUCH", "faster", "loads"]
