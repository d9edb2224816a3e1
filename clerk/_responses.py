"""Turns failures and unsuccessful responses into exceptions."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ._errors import (
    ClerkAPIResponseError,
    ClerkConnectionError,
    ClerkError,
    ClerkTimeoutError,
    error_class,
    one_line,
    trace_id_of,
)
from ._library import errors, http

if TYPE_CHECKING:
    from ._async_pool import AsyncPool
    from ._attempts import Attempts
    from ._logging import TryLog
    from ._pool import Pool
    from ._secrets import Redactor


def connection_failures() -> tuple[type[Exception], ...]:
    """Return the exceptions that mean that no complete response came; an async client raises TLS errors unchanged."""
    return (*errors("RequestError", "StreamError", "InvalidURL"), ssl.SSLError)


def closed_error() -> ClerkError:
    """Return the exception for a call after close."""
    return ClerkError("this client was closed: create another one, or close it after the last call")


def path_of(request: http.Request) -> str:
    """Return a request's path as it was sent, without the query, which may be confidential."""
    return request.url.raw_path.partition(b"?")[0].decode()


class Try:
    """One attempt of a call, as a context manager: logs it, and turns failures into this package's errors.

    Args:
        pool: The client's connections.
        attempts: The attempts of the call.
        redactor: Removes keys from messages.
    """

    __slots__ = ("_attempts", "_log", "_pool", "_redactor")

    def __init__(self, pool: Pool | AsyncPool, attempts: Attempts, redactor: Redactor) -> None:
        self._pool = pool
        self._attempts = attempts
        self._redactor = redactor
        self._log = attempts.log()

    def __enter__(self) -> TryLog:
        return self._log

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        del traceback  # its frames hold the key
        if error is None:
            return
        self._log.failed(error)
        is_failure = isinstance(error, connection_failures())
        if self._pool.is_closed and (is_failure or isinstance(error, RuntimeError)):
            raise closed_error() from without_frames(error, self._redactor)  # by another thread or task, a moment ago
        if is_failure:
            raise self._connection_error(error) from without_frames(error, self._redactor)
        if not isinstance(error, Exception):  # a cancelled task, for one
            without_frames(error, self._redactor)

    def _connection_error(self, error: BaseException) -> ClerkConnectionError:
        if not isinstance(error, errors("TimeoutException")):
            made = ClerkConnectionError
        elif self._attempts.deadline.has_passed():
            return self._attempts.expired()
        else:
            made = ClerkTimeoutError
        text = ": ".join(filter(None, [self._attempts.where, type(error).__name__, str(error)]))
        return made(one_line(self._redactor.text(text)))


# Exceptions from these modules are kept in the chain of causes: they hold texts and numbers, but no request.
_KEPT = frozenset(("builtins", "ssl", "socket", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "asyncio"))


def without_frames(error: BaseException, redactor: Redactor) -> BaseException:
    """Strip a foreign exception of everything but its message, so that it can be chained to ours.

    The frames of its traceback have the request's headers among their local variables, which error reporting tools
    show.
    """
    link: BaseException | None = error
    while link is not None:
        link.__traceback__ = None
        if isinstance(link, errors("RequestError")):
            link.request = http.Request("GET", "")  # type: ignore[attr-defined]  # they all have one
        if any(isinstance(argument, str) for argument in link.args):
            link.args = tuple(redactor.text(part) if isinstance(part, str) else part for part in link.args)
        cause = link.__cause__ or link.__context__
        if cause is not None and type(cause).__module__.partition(".")[0] not in _KEPT:
            cause = None
        suppresses = link.__suppress_context__
        link.__cause__, link.__context__ = cause if link.__cause__ else None, cause
        link.__suppress_context__ = suppresses
        link = cause
    return error


def response_error(
    response: http.Response, body: bytes, attempts: Attempts, redactor: Redactor
) -> ClerkAPIResponseError:
    """Return the exception for an unsuccessful response.

    Args:
        response: The response, whose body need not be readable.
        body: As much of the body as was read, without keys.
        attempts: The attempts of the call.
        redactor: Removes keys from headers.
    """
    from ._error_bodies import read_error_body

    content = read_error_body(body)
    headers = redactor.headers(response.headers)
    return error_class(response.status_code)(
        response.status_code,
        errors=content.errors,
        clerk_trace_id=content.trace_id or trace_id_of(headers),
        retry_after=_retry_after(headers),
        headers=headers,
        body=body,
        method=response.request.method,
        path=path_of(response.request),
        attempts=attempts.number,
    )


def _retry_after(headers: http.Headers) -> float | None:
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return float(value)
    moment = _http_date(value)
    if moment is None:
        return None
    # Measured by the server's clock if the response has its time, since ours may be wrong.
    now = _http_date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (moment - now).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


__all__ = ["Try", "closed_error", "connection_failures", "path_of", "response_error", "without_frames"]
