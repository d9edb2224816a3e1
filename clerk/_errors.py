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

All of them can be pickled and copied; what caused them stays behind then, as with every Python exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from ._library import http

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
    """The root of all errors that this package raises by itself.

    Raised as such when a client is used after it was closed.
    """

    def __reduce__(self) -> tuple[object, ...]:
        # Exception would call the class with its message alone, which the classes below don't take.
        return _restore, (type(self), self.args, self.__dict__)


def _restore(error_class: type[ClerkError], arguments: tuple[object, ...], attributes: dict[str, object]) -> ClerkError:
    error = error_class.__new__(error_class, *arguments)
    error.__dict__.update(attributes)
    return error


class ClerkConfigurationError(ClerkError):
    """An option, or the environment variable in its place, cannot be used; the message names it and the mend."""


class ClerkConnectionError(ClerkError):
    """No complete answer came: no connection, a connection that broke, or something that is not HTTP.

    Whether the service has acted on the request is unknown unless no connection was made. `__cause__` is the
    exception of the HTTP library.

    Attributes:
        attempts: How many requests were sent, or begun.
    """

    attempts: int = 1


class ClerkTimeoutError(ClerkConnectionError):
    """No complete answer came in time."""


class ClerkDecodeError(ClerkError):
    """A successful answer cannot be read as what the API's document says.

    Attributes:
        model: The model that was expected, or None where the body is no JSON at all.
        path: The property's path from the outermost model of the body, with `[]` for any item of an array; empty for
            that model itself.
        item: Of a page or list, which of its items that model is: `data[3]`, or `[3]` of a bare array; else empty.
        body: The body as it came, decompressed.
        status_code: The HTTP status, 200 to 299.
        headers: The answer's headers; names are case-insensitive.
        clerk_trace_id: What Clerk's support asks for, or None.
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
    """A token is not to be believed, or could not be checked; the message never shows it.

    Attributes:
        reason: Why, in one of the names of `clerk.auth.Reason`, such as `token-expired`; stable, made for programs.
        action: What to do about it, in words; None where the sender of the token can do nothing but sign in anew.
    """

    def __init__(self, message: str, *, reason: str, action: str | None = None) -> None:
        super().__init__(": ".join(filter(None, [message, action])))
        self.reason = reason
        self.action = action


@dataclass(frozen=True)
class ClerkAPIError:
    """One thing that the service found wrong with a request.

    Attributes:
        code: The kind of error, such as `form_identifier_exists`; stable, made for programs.
        message: What is wrong, in short.
        long_message: What is wrong, at length, where the service says so.
        meta: Everything else that it says, as it came: `param_name` for one.
    """

    code: str
    message: str = ""
    long_message: str | None = None
    meta: dict[str, Any] = field(default_factory=dict)  # Any: the service is free to put anything there

    def __str__(self) -> str:
        named = self.meta.get("param_name") or self.meta.get("param_names") or []
        names = named if isinstance(named, list) else [named]
        where = f" ({', '.join(map(str, names))})" if names else ""
        return ": ".join(filter(None, [self.code + where, self.long_message or self.message]))


class ClerkAPIResponseError(ClerkError):
    """The service answered with another status than success.

    Attributes:
        status_code: The HTTP status.
        errors: What the service found wrong; empty where the body does not say so in the API's form.
        clerk_trace_id: What Clerk's support asks for, or None.
        retry_after: The seconds after which to try again, or None where the service does not say.
        headers: The answer's headers; names are case-insensitive.
        body: The body, decompressed: its first 64 KiB, and less where it broke off.
        method: The method of the request.
        path: The path of the request, without its query.
        attempts: How many requests were sent, this one included.
    """

    def __init__(
        self,
        status_code: int,
        *,
        errors: Iterable[ClerkAPIError] = (),
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
            notes.append(f"after {self.attempts} tries, of which an earlier one may have deleted it")
        if self.retry_after is not None:
            notes.append(f"retry after {self.retry_after:g} s")
        if self.clerk_trace_id is not None:
            notes.append(f"trace id {self.clerk_trace_id}")
        return one_line(f"{where}: {self._reason()}" + (f" [{', '.join(notes)}]" if notes else ""))

    def _reason(self) -> str:
        if errors := "; ".join(filter(None, map(str, self.errors))):
            return errors
        if 300 <= self.status_code < 400 and "location" in self.headers:
            # What follows the question mark may be nobody's business.
            return f"redirects are not followed, this one leads to {self.headers['location'].partition('?')[0]}"
        text = one_line(self.body[: 4 * _EXCERPT].decode(errors="replace"))
        return (text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…") or "the body is empty"


class WebhookVerificationError(ClerkError):
    """A request is no webhook of Clerk's, or not one of now; answer it with 400.

    The message is fit for a log and says nothing of the secret or of the signature that would have been right.

    Attributes:
        reason: What is wrong, for programs:

            - `header-missing`: one of the three headers is missing or blank;
            - `header-repeated`: one of them is there more than once;
            - `timestamp-malformed`, `timestamp-too-old`, `timestamp-too-new`: the time of sending;
            - `signature-mismatch`: no signature was made with the secret, or the body is not the one that was signed;
            - `body-malformed`: the signature is right, but the body is no event.
    """

    def __init__(self, message: str, *, reason: WebhookVerificationErrorReason) -> None:
        super().__init__(message)
        self.reason: WebhookVerificationErrorReason = reason


def trace_id_of(headers: http.Headers) -> str | None:
    """Return the trace id that an answer's headers hold, or None."""
    found: str | None = headers.get("x-clerk-trace-id") or headers.get("cf-ray")
    return found


def one_line(text: str) -> str:
    """Return the text with white space and control characters shrunk to single spaces, fit for a log."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


class BadRequestError(ClerkAPIResponseError):
    """400: The service cannot make sense of the request."""


class AuthenticationError(ClerkAPIResponseError):
    """401: The secret key is missing, wrong or revoked."""


class PaymentRequiredError(ClerkAPIResponseError):
    """402: The instance's plan does not include this."""


class PermissionDeniedError(ClerkAPIResponseError):
    """403: The instance's settings or limits do not allow this."""


class NotFoundError(ClerkAPIResponseError):
    """404: There is no such resource."""


class ConflictError(ClerkAPIResponseError):
    """409: The resource is in another state than the request takes for granted."""


class UnprocessableEntityError(ClerkAPIResponseError):
    """422: A parameter is missing, unknown or has a value that the service does not accept."""


class RateLimitError(ClerkAPIResponseError):
    """429: Too many requests in too short a time; `retry_after` says when to go on."""


class InternalServerError(ClerkAPIResponseError):
    """500 and above: The service, or something on the way to it, failed."""


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
    """Return the class of error that stands for a status."""
    return InternalServerError if status_code >= 500 else _BY_STATUS.get(status_code, ClerkAPIResponseError)


__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "ClerkAPIError",
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
