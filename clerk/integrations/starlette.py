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
    id_of,
    not_a_webhook,
    redirect,
    refuse,
    unavailable,
    unchecked,
)

STATE = "clerk.request_state"
"""The key of the scope under which the state of a request is kept."""

# Close codes of websockets.
_POLICY_VIOLATION = 1008
_TRY_AGAIN_LATER = 1013


class Authenticator:
    """Finds out who sends an application's requests.

    Args:
        client: The client that checks tokens; `async_clerk_client` by default.
        accepts_token: The kind of token to accept, a list of kinds, or `any`.
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
        """Return whether a request is authenticated, and by whom; checked once per request."""
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
    """Keeps the sessions of browsers up to date: renews them by a redirect, and sets their cookies.

    Use it if people sign in with cookies. An API that only accepts tokens in the `Authorization` header does not need
    it.

    Args:
        app: The application.
        authenticator: The authenticator that the application uses too, so that each request is checked only once.
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
    # An unknown route is answered 404 rather than redirected.
    routes = getattr(scope.get("app"), "routes", None)
    return routes is None or any(route.matches(scope)[0] is not Match.NONE for route in routes)


class ClerkUser(BaseUser):
    """The class of `request.user`: who is calling.

    Attributes:
        auth: Who is calling, as one of the classes in `clerk.auth`.
    """

    def __init__(self, auth: Auth) -> None:
        self.auth = auth

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is calling."""
        return self.auth.is_authenticated

    @property
    def display_name(self) -> str:
        """The same as `identity`, since tokens contain no names."""
        return self.identity

    @property
    def identity(self) -> str:
        """The id of the user, machine or organization that is calling; empty if nobody is."""
        return id_of(self.auth)


class ClerkBackend(Authenticator, AuthenticationBackend):
    """A backend for Starlette's AuthenticationMiddleware: `request.user` is a `ClerkUser`.

    The scopes in `request.auth`, which Starlette's decorator `requires` checks, are `authenticated`, the role, the
    permissions, and the scopes of a machine token.

    Args:
        client: The client that checks tokens; `async_clerk_client` by default.
        accepts_token: The kind of token to accept, a list of kinds, or `any`.
        **options: The other options of `authenticate_request`.
    """

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """Find out who sent a request.

        Raises:
            AuthenticationError: The token can't be checked because Clerk can't be reached.
        """
        state = await self.state_of(conn)
        if refusal := unchecked(state):
            raise AuthenticationError(refusal.detail)
        return AuthCredentials(list(scopes_of(state.auth))), ClerkUser(state.auth)

    @staticmethod
    def on_error(_: HTTPConnection, error: AuthenticationError) -> Response:
        """Answer 503 if Clerk can't be reached: to be used as the middleware's `on_error`."""
        return response_of(unavailable(error))


def scopes_of(auth: Auth) -> Iterable[str]:
    """Yield what a caller may do, as Starlette's scopes."""
    if auth.is_authenticated:
        yield "authenticated"
        yield from filter(None, [getattr(auth, "org_role", None)])
        yield from getattr(auth, "org_permissions", None) or ()
        yield from getattr(auth, "scopes", None) or ()


async def signed_in(authenticator: Authenticator, connection: HTTPConnection) -> Auth:
    """Return who sent a request, and refuse it if nobody is signed in.

    Raises:
        HTTPException: Nobody is signed in: 401, or 307 to renew a browser's session, or 503 if Clerk can't be reached.
        WebSocketException: The same for a websocket, which is closed with 1008, or 1013 if Clerk can't be reached.
    """
    state = await authenticator.state_of(connection)
    if refusal := refuse(state):
        raise exception_of(refusal, connection)
    return state.auth


async def whoever(authenticator: Authenticator, connection: HTTPConnection) -> Auth:
    """Return who sent a request; if nobody is signed in, an object whose `is_authenticated` is False.

    Raises:
        HTTPException: The request's token can't be checked because Clerk can't be reached: 503.
        WebSocketException: The same for a websocket, which is closed with 1013.
    """
    state = await authenticator.state_of(connection)
    if refusal := unchecked(state):
        raise exception_of(refusal, connection)
    return state.auth


async def allowed(authenticator: Authenticator, connection: HTTPConnection, **required: Unpack[Requirements]) -> Auth:
    """Return who sent a request, and refuse it if they lack something.

    Args:
        authenticator: The authenticator.
        connection: The request.
        **required: What they must have: `role`, `permission`, `feature`, `plan`, `reverification`.

    Raises:
        HTTPException: They lack something: 403; or the same as for `signed_in`.
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
        signing_secret: The endpoint's signing secret; by default `CLERK_WEBHOOK_SIGNING_SECRET`.
        tolerance: How many seconds the message's timestamp may differ from this machine's clock.

    Raises:
        HTTPException: The request is not a webhook from Clerk: 400.
    """
    try:
        return verify_webhook(await request.body(), request.headers, signing_secret=signing_secret, tolerance=tolerance)
    except WebhookVerificationError as error:
        refusal = not_a_webhook(error)
        raise HTTPException(refusal.status, refusal.detail) from error


def exception_of(refusal: Refusal, connection: HTTPConnection) -> HTTPException | WebSocketException:
    """Return the exception that makes Starlette send a refusal."""
    if connection.scope["type"] == "websocket":
        return WebSocketException(_TRY_AGAIN_LATER if refusal.status == 503 else _POLICY_VIOLATION, refusal.detail)
    # Starlette and FastAPI use the items of a mapping, and those of `Headers` can repeat a name.
    headers = Headers(raw=[(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in refusal.headers])
    return RefusalException(refusal, headers)


class RefusalException(HTTPException):
    """A refusal on its way to the application's exception handlers."""

    def __init__(self, refusal: Refusal, headers: Headers) -> None:
        super().__init__(refusal.status, cast("Any", refusal.body or refusal.detail), headers)  # FastAPI accepts JSON
        self.refusal = refusal


def response_of(refusal: Refusal) -> Response:
    """Turn a refusal into a response."""
    response = JSONResponse(refusal.content, refusal.status) if refusal.status != 307 else Response(status_code=307)
    for name, value in refusal.headers:
        response.headers.append(name, value)
    response.headers.add_vary_header(VARY)
    return response


def add_exception_handlers(app: Starlette) -> None:
    """Make an application answer in JSON if a caller is refused, and with 503 if Clerk can't be reached.

    Args:
        app: A Starlette or FastAPI application.
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
