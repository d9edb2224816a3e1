"""The bodies of unsuccessful responses; loaded when one comes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True)
class ClerkAPIError:
    """One thing that the service found wrong with a request.

    Attributes:
        code: The kind of error, such as `form_identifier_exists`. Stable, for use in code.
        message: What is wrong, in brief.
        long_message: What is wrong, in detail, if the service says so.
        meta: Everything else that the service says about it, such as `param_name`, unchanged.
    """

    code: str
    message: str = ""
    long_message: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)  # Any: the service can put anything there

    def __str__(self) -> str:
        named = self.meta.get("param_name") or self.meta.get("param_names") or []
        names = named if isinstance(named, list) else [named]
        where = f" ({', '.join(map(str, names))})" if names else ""
        return ": ".join(filter(None, [self.code + where, self.long_message or self.message]))


class ErrorBody(NamedTuple):
    """What the service says about an unsuccessful request.

    Attributes:
        errors: What it found wrong.
        trace_id: The id that Clerk's support asks for, or None.
    """

    errors: list[ClerkAPIError]
    trace_id: str | None


def read_error_body(body: bytes) -> ErrorBody:
    """Read the body of an unsuccessful response; what is not in the API's error format is left out."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return ErrorBody([], None)
    errors, trace_id = content.get("errors"), content.get("clerk_trace_id")
    return ErrorBody(
        [_api_error(error) for error in errors if isinstance(error, dict)] if isinstance(errors, list) else [],
        trace_id if isinstance(trace_id, str) else None,
    )


def _api_error(error: dict[str, Any]) -> ClerkAPIError:
    code, message, long_message, meta = map(error.get, ("code", "message", "long_message", "meta"))
    return ClerkAPIError(
        code=code if isinstance(code, str) else "",
        message=message if isinstance(message, str) else "",
        long_message=long_message if isinstance(long_message, str) else None,
        meta=meta if isinstance(meta, dict) else {},
    )


__all__ = ["ClerkAPIError", "ErrorBody", "read_error_body"]
