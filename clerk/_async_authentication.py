"""Finding out who is calling: the async client's methods for it. What they need is loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack, overload

from clerk_generated._runtime.lazy import LazyModule

from ._base import BaseClient
from ._errors import TokenVerificationError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from clerk_generated.client import Request

    from . import auth
    from ._async_pool import AsyncPool
    from ._library import http
    from .auth import _plans as plans
    from .auth import _steps as steps
else:
    from collections.abc import Sequence
    from typing import Any

    auth, plans, steps = map(LazyModule, ("clerk.auth", "clerk.auth._plans", "clerk.auth._steps"))
    AsyncPool = "AsyncPool"


class AsyncAuthentication(BaseClient[AsyncPool]):
    """Authentication of requests and tokens, for `AsyncClerkClient`."""

    if TYPE_CHECKING:

        async def _send(self, request: Request, /) -> http.Response: ...

    @overload
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["session_token"] = "session_token",  # noqa: S107  a kind of token
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.SessionAuth]: ...
    @overload
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["api_key"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.APIKeyAuth]: ...
    @overload
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["m2m_token"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.M2MAuth]: ...
    @overload
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["oauth_token"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.OAuthAuth]: ...
    @overload
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: auth.AcceptsToken,
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.Auth]: ...
    async def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: auth.AcceptsToken = "session_token",  # noqa: S107  a kind of token
        authorized_parties: Sequence[str] | None = None,
        audience: str | Sequence[str] | None = None,
        issuer: str | Sequence[str] | None = None,
        clock_skew: float = 5.0,
        jwt_key: str | None = None,
        treat_pending_as_signed_out: bool = True,
    ) -> auth.RequestState[Any]:
        """Find out who is calling; takes, returns and raises the same as `ClerkClient.authenticate_request`."""
        plan = plans.authentication(
            self._state_of_call(),
            request,
            accepts_token=accepts_token,
            authorized_parties=authorized_parties,
            audience=audience,
            issuer=issuer,
            clock_skew=clock_skew,
            jwt_key=jwt_key,
            treat_pending_as_signed_out=treat_pending_as_signed_out,
        )
        outcome = await steps.carry_out_async(plan, self._take)
        if isinstance(outcome, TokenVerificationError):
            del request, plan  # keeps the token out of the traceback's local variables
            raise outcome
        return outcome

    async def verify_token(
        self,
        token: str,
        *,
        authorized_parties: Sequence[str] | None = None,
        audience: str | Sequence[str] | None = None,
        issuer: str | Sequence[str] | None = None,
        clock_skew: float = 5.0,
        jwt_key: str | None = None,
    ) -> dict[str, Any]:  # applications add claims of their own
        """Verify a token; takes, returns and raises the same as `ClerkClient.verify_token`."""
        plan = plans.verification(
            self._state_of_call(),
            token,
            authorized_parties=authorized_parties,
            audience=audience,
            issuer=issuer,
            clock_skew=clock_skew,
            jwt_key=jwt_key,
        )
        outcome = await steps.carry_out_async(plan, self._take)
        if isinstance(outcome, TokenVerificationError):
            del token, plan  # keeps the token out of the traceback's local variables
            raise outcome
        return outcome

    async def _take(self, step: steps.Step) -> object:
        if isinstance(step, steps.Wait):
            return await step.flight.outcome_async(step.seconds)
        return await steps.sender(self, step)._send(step)  # noqa: SLF001  a client of its own class


__all__ = ["AsyncAuthentication"]
