"""Reads JSON, with orjson where the extra `clerk-client[speed]` brought it: the same results, sooner."""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson
except ImportError:
    orjson = None  # type: ignore[assignment]  # the standard library does it too


def loads(content: bytes) -> Any:  # whatever JSON there is
    """Read JSON.

    Raises:
        ValueError: The content is no JSON.
    """
    if orjson is not None:
        try:
            return orjson.loads(content)
        except ValueError:
            pass  # NaN, or a lone surrogate, which the standard library takes
    return json.loads(content)


__all__ = ["loads"]
