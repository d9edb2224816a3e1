"""The names that checks of requests and tokens speak in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypedDict

TokenType = Literal["session_token", "api_key", "m2m_token", "oauth_token"]
"""What kind of token a request came with."""

AcceptsToken = TokenType | Literal["any"] | Sequence[TokenType]
"""Which kinds of tokens a request may come with."""

Status = Literal["signed-in", "signed-out", "handshake"]
"""How a request stands. With `handshake`, its browser is to be sent to `state.headers`' Location."""

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
"""Why a request is not signed in. The service may name more of them: the codes of a refused refresh, for one."""

Claims = dict[str, Any]  # Any: an application puts claims of its own there
"""What a token says, once its signature has been checked."""


class Reverification(TypedDict):
    """How recently, and with what, a user must have proved who they are.

    Attributes:
        level: Which factors.
        after_minutes: For how many minutes a proof is good; more than 0.
    """

    level: Literal["first_factor", "second_factor", "multi_factor"]
    after_minutes: float


ReverificationLevel = Literal["strict_mfa", "strict", "moderate", "lax"]
"""Clerk's names for the usual ones: 10 minutes and both factors; 10, 60 and 1440 minutes and the second factor."""


class HasHeaders(Protocol):
    """A request of Starlette, FastAPI, Django, Flask, Werkzeug, aiohttp.web, httpx or anything else with `headers`.

    Its `method` and `url` are used where it has them.
    """

    @property
    def headers(self) -> Any:  # each framework has a class of its own for them
        """The headers: a mapping, or pairs."""
        ...


AnyRequest = HasHeaders | Mapping[str, Any] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
"""A request of a framework, an ASGI scope, a WSGI environ, or the headers alone, as a mapping or as pairs."""


class VerifyTokenOptions(TypedDict, total=False):
    """The keyword options of `verify_token`; its docstring explains them."""

    authorized_parties: Sequence[str] | None
    audience: str | Sequence[str] | None
    issuer: str | Sequence[str] | None
    clock_skew: float
    jwt_key: str | None


class AuthenticateRequestOptions(VerifyTokenOptions, total=False):
    """The keyword options of `authenticate_request`, but for `accepts_token`; its docstring explains them."""

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
