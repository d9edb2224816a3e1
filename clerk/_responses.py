"""Failures and unsuccessful answers as exceptions."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from ._errors import (
    ClerkAPIError,
    ClerkAPIResponseError,
    ClerkConnectionError,
    ClerkError,
    ClerkTimeoutError,
    error_class,
    one_line,
    trace_id_of,
)

if TYPE_CHECKING:
    from ._logging import TryLog
    from ._retries import Call

BODY_LIMIT = 65_536
"""How many bytes of the body of an unsuccessful answer are read and kept."""

CONNECTION_FAILURES = (httpx.RequestError, httpx.StreamError, httpx.InvalidURL, ssl.SSLError)
"""What httpx raises when no complete answer comes; its async client lets what TLS says through as it is."""


def closed_error() -> ClerkError:
    """Return the exception for a call after close."""
    return ClerkError("this client was closed: make another one, or close it after the last call")


def path_of(request: httpx.Request) -> str:
    """Return a request's path as it went out, without the query, whose values may be nobody's business."""
    return request.url.raw_path.partition(b"?")[0].decode()


@contextmanager
def failures_as_clerk_errors(client: httpx.Client | httpx.AsyncClient, call: Call) -> Iterator[TryLog]:
    """Log one try, and turn what httpx raises when no complete answer comes into this package's errors.

    Args:
        client: The client that sends.
        call: The call whose try it is.
    """
    log = call.log()
    try:
        yield log
    except CONNECTION_FAILURES as error:
        log.failed(error)
        if isinstance(error, httpx.RequestError):  # it may travel with ours, and the request holds the key
            error.request = httpx.Request(call.where.partition(" ")[0], "")
        kind = ClerkTimeoutError if isinstance(error, httpx.TimeoutException) else ClerkConnectionError
        raise kind(one_line(": ".join(filter(None, [call.where, type(error).__name__, str(error)])))) from error
    except RuntimeError as error:
        log.failed(error)
        if client.is_closed:  # by another thread or task, a moment ago
            raise closed_error() from error
        raise
    except BaseException as error:  # the deadline, a cancelled task, what a hook raises
        log.failed(error)
        raise


def response_error(response: httpx.Response, body: bytes) -> ClerkAPIResponseError:
    """Return the exception for an unsuccessful answer.

    Args:
        response: The answer, whose body need not be readable.
        body: As much of the body as there is.
    """
    content = _read(body)
    headers = response.headers
    return error_class(response.status_code)(
        response.status_code,
        errors=content.errors,
        clerk_trace_id=content.trace_id or trace_id_of(headers),
        retry_after=_retry_after(headers),
        headers=headers,
        body=body,
        method=response.request.method,
        path=path_of(response.request),
    )


class _ErrorBody(NamedTuple):
    errors: list[ClerkAPIError]
    trace_id: str | None


def _read(body: bytes) -> _ErrorBody:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        return _ErrorBody([], None)
    errors, trace_id = content.get("errors"), content.get("clerk_trace_id")
    return _ErrorBody(
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


def _retry_after(headers: httpx.Headers) -> float | None:
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return float(value)
    moment = _http_date(value)
    if moment is None:
        return None
    # By the clock that wrote it, where the answer tells its time: ours may be wrong.
    now = _http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


__all__ = ["BODY_LIMIT", "CONNECTION_FAILURES", "closed_error", "failures_as_clerk_errors", "path_of", "response_error"]
