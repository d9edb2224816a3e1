"""Clerk in Starlette: a middleware for browser applications, and a backend for Starlette's own authentication.

::

    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.authentication import AuthenticationMiddleware

    from clerk.integrations.starlette import ClerkBackend

    backend = ClerkBackend(authorized_parties=["https://app.example.com"])
    authentication = Middleware(AuthenticationMiddleware, backend=backend, on_error=backend.on_error)
    app = Starlette(routes=..., middleware=[authentication])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack, cast

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, BaseUser
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException, WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import AsyncClerkClient, async_clerk_client, events
from .._errors import WebhookVerificationError
from .._webhooks import verify_webhook
from ..auth import AcceptsToken, Auth, AuthenticateRequestOptions, PlainRequest, RequestState
from ._answers import (
    SERVICE_FAULTS,
    VARY,
    Refusal,
    Requirements,
    check_requirements,
    forbid,
    redirect,
    refuse,
    unavailable,
    unchecked,
)

STATE = "clerk.request_state"
"""Under which key of a scope the middleware leaves what it has found out."""


# Codes with which websockets are closed.
_POLICY_VIOLATION = 1008
_TRY_AGAIN_LATER = 1013


class Authenticator:
    """Finds out who sends the requests of an application.

    Args:
        client: The client that checks tokens; `async_clerk_client` by default.
        accepts_token: The kind of token that requests may come with, a list of kinds, or `any`.
        **options: The other options of `authenticate_request`.
    """

    def __init__(
        self,
        client: AsyncClerkClient | None = None,
        *,
        accepts_token: AcceptsToken = "session_token",  # noqa: S107  a kind of token
        **options: Unpack[AuthenticateRequestOptions],
    ) -> None:
        self._client = client
        self._accepts_token: AcceptsToken = accepts_token
        self._options = options

    async def state_of(self, connection: HTTPConnection) -> RequestState[Auth]:
        """Find out who sends a request; once for each request."""
        held: dict[Authenticator, RequestState[Auth]] = connection.scope.setdefault(STATE, {})
        if self not in held:
            held[self] = await self._authenticate(connection)
        return held[self]

    async def _authenticate(self, connection: HTTPConnection) -> RequestState[Auth]:
        request = PlainRequest(
            method=connection.scope.get("method", "GET"), url=str(connection.url), headers=connection.headers.items()
        )
        client = self._client or async_clerk_client
        return await client.authenticate_request(request, accepts_token=self._accepts_token, **self._options)


class ClerkMiddleware:
    """Keeps the sessions of browsers up to date: renews them by a redirect, and sends their cookies along.

    Put it around applications that sign in with cookies. An API that takes tokens in the header `Authorization` alone
    does not need it.

    Args:
        app: The application.
        authenticator: The authenticator that the application asks as well, so that each request is checked once.
    """

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = await self._authenticator.state_of(HTTPConnection(scope))
        refusal = redirect(state)
        if refusal and _has_route(scope):
            await response_of(refusal)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in state.headers:
                    headers.append(name, value)
                headers.add_vary_header(VARY)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _has_route(scope: Scope) -> bool:
    # An unknown route stays 404: nobody is sent to renew a session for it.
    routes = getattr(scope.get("app"), "routes", None)
    return routes is None or any(route.matches(scope)[0] is not Match.NONE for route in routes)


class ClerkUser(BaseUser):
    """Who is calling, as `request.user`.

    Attributes:
        auth: The same as Clerk has it.
    """

    def __init__(self, auth: Auth) -> None:
        self.auth = auth

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is calling."""
        return self.auth.is_authenticated

    @property
    def display_name(self) -> str:
        """The same as `identity`: tokens hold no names."""
        return self.identity

    @property
    def identity(self) -> str:
        """The id of the user or of whoever else is calling; empty for nobody."""
        return getattr(self.auth, "user_id", None) or getattr(self.auth, "subject", None) or ""


class ClerkBackend(Authenticator, AuthenticationBackend):
    """Who is calling, for Starlette's AuthenticationMiddleware: `request.user` is a `ClerkUser`.

    The scopes of `request.auth`, and of Starlette's decorator `requires`, are `authenticated`, the role, the
    permissions and the scopes of a machine's token.

    Args:
        client: The client that checks tokens; `async_clerk_client` by default.
        accepts_token: The kind of token that requests may come with, a list of kinds, or `any`.
        **options: The other options of `authenticate_request`.
    """

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """Find out who sends a request.

        Raises:
            AuthenticationError: Clerk can't be reached, so nobody knows whether the token is good.
        """
        state = await self.state_of(conn)
        if refusal := unchecked(state):
            raise AuthenticationError(refusal.detail)
        return AuthCredentials(list(scopes_of(state.auth))), ClerkUser(state.auth)

    @staticmethod
    def on_error(_: HTTPConnection, error: AuthenticationError) -> Response:
        """Answer 503 where Clerk can't be reached: the middleware's `on_error`."""
        return response_of(unavailable(error))


def scopes_of(auth: Auth) -> Iterable[str]:
    """Yield what a caller may do, as the scopes of Starlette."""
    if auth.is_authenticated:
        yield "authenticated"
        yield from filter(None, [getattr(auth, "org_role", None)])
        yield from getattr(auth, "org_permissions", None) or ()
        yield from getattr(auth, "scopes", None) or ()


async def signed_in(authenticator: Authenticator, connection: HTTPConnection) -> Auth:
    """Return who sends a request, for those that nobody else may send.

    Raises:
        HTTPException: Nobody is signed in: 401, or 307 to renew a browser's session, or 503 if Clerk can't be reached.
        WebSocketException: The same of a websocket: it is closed with 1008, or 1013 if Clerk can't be reached.
    """
    state = await authenticator.state_of(connection)
    if refusal := refuse(state):
        raise exception_of(refusal, connection)
    return state.auth


async def whoever(authenticator: Authenticator, connection: HTTPConnection) -> Auth:
    """Return who sends a request; where nobody is signed in, an object whose `is_authenticated` is False.

    Raises:
        HTTPException: The request's token can't be checked since Clerk can't be reached: 503.
        WebSocketException: The same of a websocket: it is closed with 1013.
    """
    state = await authenticator.state_of(connection)
    if refusal := unchecked(state):
        raise exception_of(refusal, connection)
    return state.auth


async def allowed(authenticator: Authenticator, connection: HTTPConnection, **required: Unpack[Requirements]) -> Auth:
    """Return who sends a request, for those that only who has something may send.

    Args:
        authenticator: Who finds out.
        connection: The request.
        **required: What they must have, all of it: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        HTTPException: They lack something: 403; or as `signed_in` has it.
        TypeError: Nothing is required.
    """
    check_requirements(required)
    auth = await signed_in(authenticator, connection)
    if refusal := forbid(auth, required):
        raise exception_of(refusal, connection)
    return auth


async def verified_event(
    request: Request, *, signing_secret: str | None = None, tolerance: float = 300.0
) -> events.Event:
    """Return the event of a webhook.

    Args:
        request: The request.
        signing_secret: The endpoint's signing secret; else that of `CLERK_WEBHOOK_SIGNING_SECRET`.
        tolerance: How many seconds the request's time may differ from the clock here.

    Raises:
        HTTPException: The request is not a webhook from Clerk: 400.
    """
    try:
        return verify_webhook(await request.body(), request.headers, signing_secret=signing_secret, tolerance=tolerance)
    except WebhookVerificationError as error:
        raise HTTPException(400, f"This is not a webhook from Clerk: {error.reason}.") from error


def exception_of(refusal: Refusal, connection: HTTPConnection) -> HTTPException | WebSocketException:
    """Return an exception that Starlette answers with a refusal."""
    if connection.scope["type"] == "websocket":
        return WebSocketException(_TRY_AGAIN_LATER if refusal.status == 503 else _POLICY_VIOLATION, refusal.detail)
    # Starlette and FastAPI take the items of a mapping: those of `Headers` may have equal names.
    headers = Headers(raw=[(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in refusal.headers])
    return RefusalException(refusal, headers)


class RefusalException(HTTPException):
    """A refusal on its way to the application's exception handlers."""

    def __init__(self, refusal: Refusal, headers: Headers) -> None:
        super().__init__(refusal.status, cast("Any", refusal.body or refusal.detail), headers)  # FastAPI takes JSON
        self.refusal = refusal


def response_of(refusal: Refusal) -> Response:
    """Return the response that a refusal is."""
    body = refusal.body or {"detail": refusal.detail}
    response = JSONResponse(body, refusal.status) if refusal.status != 307 else Response(status_code=307)
    for name, value in refusal.headers:
        response.headers.append(name, value)
    response.headers.add_vary_header(VARY)
    return response


def add_exception_handlers(app: Starlette) -> None:
    """Have an application answer in JSON where Clerk refuses a caller, and 503 where Clerk can't be reached.

    Args:
        app: An application of Starlette or FastAPI.
    """
    app.add_exception_handler(RefusalException, _on_refusal)
    for error in SERVICE_FAULTS:
        app.add_exception_handler(error, _on_service_fault)


async def _on_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalException)
    return response_of(error.refusal)


async def _on_service_fault(_: Request, error: Exception) -> Response:
    return response_of(unavailable(error))


__all__ = [
    "Authenticator",
    "ClerkBackend",
    "ClerkMiddleware",
    "ClerkUser",
    "add_exception_handlers",
    "allowed",
    "signed_in",
    "verified_event",
    "whoever",
]
