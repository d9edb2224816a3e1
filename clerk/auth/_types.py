"""The types of the arguments and results of checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypedDict

TokenType = Literal["session_token", "api_key", "m2m_token", "oauth_token"]
"""The kind of token that a request has."""

AcceptsToken = TokenType | Literal["any"] | Sequence[TokenType]
"""The kinds of token that are accepted."""

Status = Literal["signed-in", "signed-out", "handshake"]
"""The outcome of a check. With `handshake`, redirect the browser to the `Location` in `state.headers`."""

KnownReason = Literal[
    "No token in header",
    "client-uat-but-no-session-token",
    "dev-browser-missing",
    "dev-browser-sync",
    "jwk-failed-to-resolve",
    "jwk-kid-mismatch",
    "jwk-remote-failed-to-load",
    "primary-domain-cross-origin-sync",
    "secret-key-invalid",
    "session-token-and-uat-missing",
    "session-token-but-no-client-uat",
    "session-token-expired-refresh-non-eligible-no-refresh-cookie",
    "session-token-expired-refresh-non-eligible-non-get",
    "session-token-iat-before-client-uat",
    "session-token-iat-in-the-future",
    "session-token-missing",
    "session-token-nbf",
    "token-invalid",
    "token-invalid-algorithm",
    "token-invalid-authorized-parties",
    "token-invalid-issuer",
    "token-invalid-signature",
    "token-type-mismatch",
    "token-verification-failed",
    "unexpected-error",
]
Reason = KnownReason | str
"""Why a request is not signed in. There can be others: the service's error codes for a refused refresh, for example."""

Claims = dict[str, Any]  # Any: applications add claims of their own
"""The claims of a token whose signature was checked."""


class Reverification(TypedDict):
    """How recently, and with which factors, a user must have verified their identity.

    Attributes:
        level: Which factors.
        after_minutes: How many minutes ago it may have been at most; more than 0.
    """

    level: Literal["first_factor", "second_factor", "multi_factor"]
    after_minutes: float


ReverificationLevel = Literal["strict_mfa", "strict", "moderate", "lax"]
"""Clerk's presets: both factors within 10 minutes; the second factor within 10, 60 or 1440 minutes."""


class HasHeaders(Protocol):
    """A request of Starlette, FastAPI, Django, Flask, Werkzeug, aiohttp.web, httpx or anything else with `headers`.

    Its `method` and `url` are used if it has them.
    """

    @property
    def headers(self) -> Any:  # each framework has its own class for them
        """The headers: a mapping, or pairs."""
        ...


AnyRequest = HasHeaders | Mapping[str, Any] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
"""A framework's request, an ASGI scope, a WSGI environ, or only headers, as a mapping or pairs."""


class VerifyTokenOptions(TypedDict, total=False):
    """The keyword options of `verify_token`; its docstring explains them."""

    authorized_parties: Sequence[str] | None
    audience: str | Sequence[str] | None
    issuer: str | Sequence[str] | None
    clock_skew: float
    jwt_key: str | None


class AuthenticateRequestOptions(VerifyTokenOptions, total=False):
    """The keyword options of `authenticate_request` except `accepts_token`; its docstring explains them."""

    treat_pending_as_signed_out: bool


__all__ = [
    "AcceptsToken",
    "AnyRequest",
    "AuthenticateRequestOptions",
    "Claims",
    "HasHeaders",
    "Reason",
    "Reverification",
    "ReverificationLevel",
    "Status",
    "TokenType",
    "VerifyTokenOptions",
]
