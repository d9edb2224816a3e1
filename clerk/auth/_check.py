"""One check of one request: its inputs, and the states it can end with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .._errors import TokenVerificationError, one_line
from ._auth import APIKeyAuth, Auth, M2MAuth, NoAuth, OAuthAuth, SessionAuth, session_auth
from ._state import RequestState, ResponseHeaders
from ._types import Claims, Reason, Status, TokenType

if TYPE_CHECKING:
    from .._options import Options
    from ._claims import Demands
    from ._publishable_key import Instance
    from ._request import Incoming
    from ._verify import Verifier

AnyState = RequestState[Any]  # Any: the class of `auth` depends on the accepted kinds of token

_LONGEST_MESSAGE = 500
_NOBODY: dict[TokenType | None, type[Auth]] = {
    "session_token": SessionAuth,
    "api_key": APIKeyAuth,
    "m2m_token": M2MAuth,
    "oauth_token": OAuthAuth,
    None: NoAuth,
}


class Check(NamedTuple):
    """The inputs of a check.

    Attributes:
        request: The request.
        verifier: Verifies tokens with the client's keys.
        instance: What the publishable key says about the instance, or None if there is no publishable key.
        options: The client's options.
        demands: The requirements that claims must meet.
        jwt_key: The public key in PEM that was passed for this check, or None.
        treat_pending_as_signed_out: Whether a pending session counts as signed out.
    """

    request: Incoming
    verifier: Verifier
    instance: Instance | None
    options: Options
    demands: Demands
    jwt_key: str | None
    treat_pending_as_signed_out: bool

    def signed_in(self, claims: Claims, headers: Iterable[tuple[str, str]] = ()) -> AnyState:
        """Return the state of a request whose session token is valid."""
        return RequestState(
            status="signed-in",
            auth=session_auth(claims, treat_pending_as_signed_out=self.treat_pending_as_signed_out),
            token_type="session_token",  # noqa: S106  a kind of token
            headers=list(headers),
        )


def signed_out(
    token_type: TokenType | None, reason: Reason, message: str = "", headers: Iterable[tuple[str, str]] = ()
) -> AnyState:
    """Return the state of a request that is not signed in."""
    return _not_signed_in("signed-out", token_type, reason, message, headers)


def handshake(reason: Reason, message: str, headers: ResponseHeaders) -> AnyState:
    """Return the state of a request whose browser must renew its session."""
    return _not_signed_in("handshake", "session_token", reason, message, headers)


def refused(token_type: TokenType, error: TokenVerificationError) -> AnyState:
    """Return the state of a request whose token is not valid."""
    return signed_out(token_type, error.reason, str(error))


def _not_signed_in(
    status: Status,
    token_type: TokenType | None,
    reason: Reason,
    message: str,
    headers: Iterable[tuple[str, str]],
) -> AnyState:
    said = [("X-Clerk-Auth-Status", status), ("X-Clerk-Auth-Reason", _header_value(reason))]
    if message:
        said.append(("X-Clerk-Auth-Message", _header_value(message)))
    return RequestState(
        status=status,
        auth=_NOBODY[token_type](),
        token_type=token_type,
        reason=reason,
        message=message,
        headers=[*headers, *said],
    )


def _header_value(text: str) -> str:
    return one_line(text)[:_LONGEST_MESSAGE].encode("ascii", "replace").decode()


def checked_directives(value: object) -> list[str] | None:
    """Return the `Set-Cookie` values from the service; None if one of them could inject another header."""
    if not isinstance(value, list):
        return None
    if not all(isinstance(text, str) and text and text.isascii() and text.isprintable() for text in value):
        return None
    return value


def session_in(directives: list[str]) -> str:
    """Return the last session token in `Set-Cookie` values, or an empty string."""
    token = ""
    for directive in directives:
        name, _, value = directive.partition(";")[0].partition("=")
        if name.startswith("__session"):
            token = value
    return token


__all__ = [
    "AnyState",
    "Check",
    "checked_directives",
    "handshake",
    "refused",
    "session_in",
    "signed_out",
]
