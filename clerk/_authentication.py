"""Finding out who is calling: the sync client's methods for it. What they need is loaded on first use."""

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
    from ._library import http
    from ._pool import Pool
    from .auth import _plans as plans
    from .auth import _steps as steps
else:
    from collections.abc import Sequence
    from typing import Any

    auth, plans, steps = map(LazyModule, ("clerk.auth", "clerk.auth._plans", "clerk.auth._steps"))
    Pool = "Pool"


class Authentication(BaseClient[Pool]):
    """Authentication of requests and tokens, for `ClerkClient`."""

    if TYPE_CHECKING:

        def _send(self, request: Request, /) -> http.Response: ...

    @overload
    def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["session_token"] = "session_token",  # noqa: S107  a kind of token
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.SessionAuth]: ...
    @overload
    def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["api_key"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.APIKeyAuth]: ...
    @overload
    def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["m2m_token"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.M2MAuth]: ...
    @overload
    def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: Literal["oauth_token"],
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.OAuthAuth]: ...
    @overload
    def authenticate_request(
        self,
        request: auth.AnyRequest,
        *,
        accepts_token: auth.AcceptsToken,
        **options: Unpack[auth.AuthenticateRequestOptions],
    ) -> auth.RequestState[auth.Auth]: ...
    def authenticate_request(
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
        """Find out who is calling.

        With the client's option `jwt_key`, session tokens are checked without calling the service; otherwise its keys
        are fetched at most once in five minutes. Each opaque machine token takes a request to the service.

        Args:
            request: A request of Starlette, FastAPI, Django, Flask, Werkzeug, aiohttp.web or httpx; an ASGI scope; a
                WSGI environ; or headers as a mapping or a list of pairs.
            accepts_token: The kind of token to accept, a list of kinds, or `any`. Machine tokens are only accepted in
                the `Authorization` header.
            authorized_parties: The origins of your frontend, such as `https://app.example.com`; a session token that
                was issued for another origin, or for none, is refused. With cookies, this is what keeps other sites
                out.
            audience: Accepted audiences. If a token has the claim `aud`, it must name one of them; an OAuth access
                token must have the claim.
            issuer: Accepted issuers; the claim `iss` of a session token must be one of them.
            clock_skew: By how many seconds clocks may differ.
            jwt_key: The public key in PEM to use instead of the client's.
            treat_pending_as_signed_out: Whether a session with unfinished tasks counts as signed out.

        Returns:
            Who is calling, or why the request is not authenticated.

        Raises:
            ClerkConfigurationError: An option is invalid, or `cryptography` is not installed.
            TokenVerificationError: A handshake failed, in a development instance.
            ClerkError: The client is closed.
            TypeError: `request` is not a request of any of these kinds.
        """
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
        outcome = steps.carry_out(plan, self._take)
        if isinstance(outcome, TokenVerificationError):
            del request, plan  # keeps the token out of the traceback's local variables
            raise outcome
        return outcome

    def verify_token(
        self,
        token: str,
        *,
        authorized_parties: Sequence[str] | None = None,
        audience: str | Sequence[str] | None = None,
        issuer: str | Sequence[str] | None = None,
        clock_skew: float = 5.0,
        jwt_key: str | None = None,
    ) -> dict[str, Any]:  # applications add claims of their own
        """Verify a session token, or one made from a JWT template.

        Args:
            token: The token.
            authorized_parties: The origins of your frontend; see `authenticate_request`.
            audience: Accepted audiences; if the token has the claim `aud`, it must name one of them.
            issuer: Accepted issuers; the claim `iss` must be one of them.
            clock_skew: By how many seconds clocks may differ.
            jwt_key: The public key in PEM to use instead of the client's.

        Returns:
            The token's claims.

        Raises:
            TokenVerificationError: The token is not valid, or the keys could not be fetched.
            ClerkConfigurationError: An option is invalid, or `cryptography` is not installed.
            ClerkError: The client is closed.
        """
        plan = plans.verification(
            self._state_of_call(),
            token,
            authorized_parties=authorized_parties,
            audience=audience,
            issuer=issuer,
            clock_skew=clock_skew,
            jwt_key=jwt_key,
        )
        outcome = steps.carry_out(plan, self._take)
        if isinstance(outcome, TokenVerificationError):
            del token, plan  # keeps the token out of the traceback's local variables
            raise outcome
        return outcome

    def _take(self, step: steps.Step) -> object:
        if isinstance(step, steps.Wait):
            return step.flight.outcome(step.seconds)
        return steps.sender(self, step)._send(step)  # noqa: SLF001  a client of its own class


__all__ = ["Authentication"]
