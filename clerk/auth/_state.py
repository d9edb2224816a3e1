"""How a request stands."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import field, frozen

from ._auth import Auth
from ._types import Reason, Status, TokenType

AuthT_co = TypeVar("AuthT_co", bound=Auth, covariant=True)
ResponseHeaders = list[tuple[str, str]]


def _names(headers: ResponseHeaders) -> str:
    return f"[{', '.join(name for name, _ in headers)}]"  # the values may hold tokens


@frozen(kw_only=True)
class RequestState(Generic[AuthT_co]):
    """How a request stands, and who is calling.

    Attributes:
        status: `signed-in`, `signed-out`, or `handshake`: a browser whose session has to be renewed; answer 307 with
            the headers.
        auth: Who is calling; never None.
        token_type: The kind of token that the request came with or should have come with; None where none of several
            kinds was there.
        reason: Why it is not signed in, or None; stable, made for programs.
        message: The same in words, or empty.
        headers: What belongs into the response's headers; `Set-Cookie` may come more than once. A `Location` means a
            redirect, whatever the status.
    """

    status: Status
    auth: AuthT_co
    token_type: TokenType | None
    reason: Reason | None = None
    message: str = ""
    headers: ResponseHeaders = field(factory=list, repr=_names)

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is calling; that of `auth`."""
        return self.auth.is_authenticated


__all__ = ["AuthT_co", "RequestState", "ResponseHeaders"]
