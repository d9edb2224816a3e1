"""The outcome of a check."""

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
    """Whether a request is authenticated, and who is calling.

    Attributes:
        status: `signed-in`, `signed-out`, or `handshake`: a browser must renew its session; answer 307 with `headers`.
        auth: Who is calling; never None.
        token_type: The kind of token that the request had, or should have had; None if several kinds were accepted and
            it had none of them.
        reason: Why it is not signed in, or None. Stable, for use in code.
        message: The same in words, or empty.
        headers: Headers to add to your response; `Set-Cookie` may occur more than once. If there is a `Location`,
            redirect to it, whatever the status.
    """

    status: Status
    auth: AuthT_co
    token_type: TokenType | None
    reason: Reason | None = None
    message: str = ""
    headers: ResponseHeaders = field(factory=list, repr=_names)

    @property
    def is_authenticated(self) -> bool:
        """Whether the request is authenticated; the same as `auth.is_authenticated`."""
        return self.auth.is_authenticated


__all__ = ["AuthT_co", "RequestState", "ResponseHeaders"]
