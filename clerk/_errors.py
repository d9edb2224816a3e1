"""The exceptions of this package.

::

    ClerkError
    ├── ClerkConfigurationError
    ├── ClerkAPIResponseError
    │   ├── BadRequestError            400
    │   ├── AuthenticationError        401
    │   ├── PaymentRequiredError       402
    │   ├── PermissionDeniedError      403
    │   ├── NotFoundError              404
    │   ├── ConflictError              409
    │   ├── UnprocessableEntityError   422
    │   ├── RateLimitError             429
    │   └── InternalServerError        500 and above
    ├── ClerkConnectionError
    │   └── ClerkTimeoutError
    ├── ClerkDecodeError
    ├── TokenVerificationError
    └── WebhookVerificationError

All of them can be pickled and copied; as with every Python exception, `__cause__` is not part of the copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from clerk_generated._runtime.lazy import LazyModule

from ._library import http

if TYPE_CHECKING:
    from . import _error_bodies as error_bodies
else:
    error_bodies = LazyModule("clerk._error_bodies")  # needed by annotations alone

_EXCERPT = 200

WebhookVerificationErrorReason = Literal[
    "body-malformed",
    "header-missing",
    "header-repeated",
    "signature-mismatch",
    "timestamp-malformed",
    "timestamp-too-new",
    "timestamp-too-old",
]


class ClerkError(Exception):
    """The base class of all errors that this package raises.

    Raised itself when a client is used after it was closed.
    """

    def __reduce__(self) -> tuple[object, ...]:
        # Exception would call the class with its message alone, which the classes below don't take.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(error_class: type[ClerkError], arguments: tuple[object, ...], attributes: dict[str, object]) -> ClerkError:
    error = error_class.__new__(error_class, *arguments)
    error.__dict__.update(attributes)
    return error


class ClerkConfigurationError(ClerkError):
    """An option, or the environment variable used in its place, is invalid; the message names it and the fix."""


class ClerkConnectionError(ClerkError):
    """No complete response was received: no connection, a broken connection, or something that is not HTTP.

    Unless no connection was made at all, it is unknown whether the service acted on the request. `__cause__` is the
    HTTP library's exception.

    Attributes:
        attempts: How many attempts were made to send the request.
    """

    attempts: int = 1


class ClerkTimeoutError(ClerkConnectionError):
    """No complete response was received in time."""


class ClerkDecodeError(ClerkError):
    """A successful response cannot be decoded as the API's document describes it.

    Attributes:
        model: The model that was expected, or None if the body is not JSON at all.
        path: The property's path from the outermost model of the body, with `[]` for any item of an array; empty for
            that model itself.
        item: Which item of a page or list the model is: `data[3]`, or `[3]` in a bare array; otherwise empty.
        body: The body as it was received, decompressed.
        status_code: The HTTP status, 200 to 299.
        headers: The response's headers; names are case-insensitive.
        clerk_trace_id: The id that Clerk's support asks for, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        model: str | None,
        path: str,
        body: bytes,
        item: str = "",
        status_code: int = 200,
        headers: http.Headers | None = None,
    ) -> None:
        super().__init__(message)
        self.model = model
        self.path = path
        self.item = item
        self.body = body
        self.status_code = status_code
        self.headers = http.Headers() if headers is None else headers
        self.clerk_trace_id = trace_id_of(self.headers)


class TokenVerificationError(ClerkError):
    """A token is not valid, or could not be checked; the message never shows the token.

    Attributes:
        reason: Why: one of the names in `clerk.auth.Reason`, such as `token-expired`. Stable, for use in code.
        action: What to do about it, in words; None if the only remedy is to sign in again.
    """

    def __init__(self, message: str, *, reason: str, action: str | None = None) -> None:
        super().__init__(": ".join(filter(None, [message, action])))
        self.reason = reason
        self.action = action


class ClerkAPIResponseError(ClerkError):
    """The service answered with a status that is not 200 to 299.

    Attributes:
        status_code: The HTTP status.
        errors: What the service found wrong; empty if the body is not in the API's error format.
        clerk_trace_id: The id that Clerk's support asks for, or None.
        retry_after: How many seconds to wait before trying again, or None if the service does not say.
        headers: The response's headers; names are case-insensitive.
        body: The first 64 KiB of the body, decompressed; less if the connection broke off.
        method: The method of the request.
        path: The path of the request, without its query.
        attempts: How many requests were sent, including this one.
    """

    def __init__(
        self,
        status_code: int,
        *,
        errors: Iterable[error_bodies.ClerkAPIError] = (),
        clerk_trace_id: str | None = None,
        retry_after: float | None = None,
        headers: http.Headers | None = None,
        body: bytes = b"",
        method: str = "",
        path: str = "",
        attempts: int = 1,
    ) -> None:
        self.status_code = status_code
        self.errors = list(errors)
        self.clerk_trace_id = clerk_trace_id
        self.retry_after = retry_after
        self.headers = http.Headers() if headers is None else headers
        self.body = body
        self.method = method
        self.path = path
        self.attempts = attempts
        super().__init__(self._describe())

    def _describe(self) -> str:
        where = " ".join(filter(None, [str(self.status_code), self.method, self.path]))
        notes = []
        if self.attempts > 1 and self.method == "DELETE" and self.status_code == 404:
            notes.append(f"after {self.attempts} attempts; an earlier one may have deleted it")
        if self.retry_after is not None:
            notes.append(f"retry after {self.retry_after:g} s")
        if self.clerk_trace_id is not None:
            notes.append(f"trace id {self.clerk_trace_id}")
        return one_line(f"{where}: {self._reason()}" + (f" [{', '.join(notes)}]" if notes else ""))

    def _reason(self) -> str:
        if errors := "; ".join(filter(None, map(str, self.errors))):
            return errors
        if 300 <= self.status_code < 400 and "location" in self.headers:
            # The query may be confidential.
            return f"redirects are not followed; this one leads to {self.headers['location'].partition('?')[0]}"
        text = one_line(self.body[: 4 * _EXCERPT].decode(errors="replace"))
        return (text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…") or "the body is empty"


class WebhookVerificationError(ClerkError):
    """A request is not a webhook from Clerk, or its timestamp is too far off; answer it with 400.

    The message is safe to log: it reveals neither the secret nor the expected signature.

    Attributes:
        reason: What is wrong, for use in code:

            - `header-missing`: one of the three headers is missing or blank;
            - `header-repeated`: one of them is there more than once;
            - `timestamp-malformed`, `timestamp-too-old`, `timestamp-too-new`: the time of sending;
            - `signature-mismatch`: no signature was made with the secret, or the body is not the one that was signed;
            - `body-malformed`: the signature is right, but the body is not an event.
    """

    def __init__(self, message: str, *, reason: WebhookVerificationErrorReason) -> None:
        super().__init__(message)
        self.reason: WebhookVerificationErrorReason = reason


def trace_id_of(headers: http.Headers) -> str | None:
    """Return the trace id from a response's headers, or None."""
    found: str | None = headers.get("x-clerk-trace-id") or headers.get("cf-ray")
    return found


def one_line(text: str) -> str:
    """Return the text on one line, with white space and control characters reduced to single spaces, safe to log."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


class BadRequestError(ClerkAPIResponseError):
    """400: The service cannot process the request as it is."""


class AuthenticationError(ClerkAPIResponseError):
    """401: The secret key is missing, wrong or revoked."""


class PaymentRequiredError(ClerkAPIResponseError):
    """402: The instance's plan does not include this."""


class PermissionDeniedError(ClerkAPIResponseError):
    """403: The instance's settings or limits do not allow this."""


class NotFoundError(ClerkAPIResponseError):
    """404: There is no such resource."""


class ConflictError(ClerkAPIResponseError):
    """409: The request conflicts with the current state of the resource."""


class UnprocessableEntityError(ClerkAPIResponseError):
    """422: A parameter is missing or unknown, or its value is not accepted."""


class RateLimitError(ClerkAPIResponseError):
    """429: Too many requests in too short a time; `retry_after` says how long to wait."""


class InternalServerError(ClerkAPIResponseError):
    """500 and above: The service, or something between it and the client, failed."""


_BY_STATUS: dict[int, type[ClerkAPIResponseError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def error_class(status_code: int) -> type[ClerkAPIResponseError]:
    """Return the exception class for a status."""
    return InternalServerError if status_code >= 500 else _BY_STATUS.get(status_code, ClerkAPIResponseError)


__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "ClerkAPIResponseError",
    "ClerkConfigurationError",
    "ClerkConnectionError",
    "ClerkDecodeError",
    "ClerkError",
    "ClerkTimeoutError",
    "ConflictError",
    "InternalServerError",
    "NotFoundError",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "TokenVerificationError",
    "UnprocessableEntityError",
    "WebhookVerificationError",
    "WebhookVerificationErrorReason",
    "error_class",
    "one_line",
    "trace_id_of",
]
