"""Clerk in FastAPI: dependencies that say who is calling and what they may do.

::

    from typing import Annotated

    from fastapi import Depends, FastAPI

    from clerk.auth import SessionAuth
    from clerk.integrations.fastapi import ClerkAuth, add_exception_handlers, lifespan

    app = FastAPI(lifespan=lifespan)
    add_exception_handlers(app)
    signed_in = ClerkAuth(authorized_parties=["https://app.example.com"])


    @app.get("/me")
    async def me(auth: Annotated[SessionAuth, Depends(signed_in)]):
        return {"user_id": auth.user_id}
"""

# FastAPI evaluates annotations at run time, so `from __future__ import annotations` is left out here.
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Unpack

from fastapi import Depends, FastAPI, Request
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPBearer

from .. import AsyncClerkClient, async_clerk_client, events, reset_default_clients
from ..auth import Auth
from ._answers import Requirements, check_requirements, forbid
from .starlette import (
    Authenticator,
    ClerkMiddleware,
    add_exception_handlers,
    exception_of,
    signed_in,
    verified_event,
    whoever,
)


class _Scheme(HTTPBearer):
    """Only shows in `/docs`; the authenticator reads the header. It works for websockets too."""

    async def __call__(self) -> None:  # type: ignore[override]  # it needs no request
        """Do nothing."""


_bearer = _Scheme(
    auto_error=False,
    scheme_name="Clerk",
    bearerFormat="JWT",
    description="A session token from Clerk, or another kind of token that the endpoint accepts.",
)
_Credentials = Annotated[None, Depends(_bearer)]


class ClerkAuth(Authenticator):
    """A dependency that returns who is calling, and answers 401 if nobody is signed in.

    Args:
        client: The client that checks tokens; `async_clerk_client` by default.
        accepts_token: The kind of token to accept, a list of kinds, or `any`.
        **options: The other options of `authenticate_request`.
    """

    async def __call__(
        self, request: HTTPConnection, _: _Credentials = None
    ) -> Any:  # the class depends on `accepts_token`
        """Return who is calling.

        Raises:
            HTTPException: Nobody is signed in (401, or 307 to renew a browser's session), or Clerk can't be reached
                (503).
        """
        return await signed_in(self, request)

    async def optional(
        self, request: HTTPConnection, _: _Credentials = None
    ) -> Any:  # the class depends on `accepts_token`
        """Return who is calling; if nobody is signed in, an object whose `is_authenticated` is False.

        Raises:
            HTTPException: The request's token can't be checked because Clerk can't be reached (503).
        """
        return await whoever(self, request)

    def require(self, **required: Unpack[Requirements]) -> Callable[..., Awaitable[Any]]:
        """Return a dependency that returns who is calling, and answers 403 if they lack something.

        Args:
            **required: What they must have: `role`, `permission`, `feature`, `plan`, `reverification`.

        Raises:
            TypeError: Nothing is required.
        """
        check_requirements(required)

        async def allowed(connection: HTTPConnection, auth: Annotated[Any, Depends(self)]) -> Any:  # as `__call__`
            if refusal := forbid(auth, required):
                raise exception_of(refusal, connection)
            return auth

        return allowed


def webhook(*, signing_secret: str | None = None, tolerance: float = 300.0) -> Callable[..., Awaitable[Any]]:
    """Return a dependency that returns the event of a webhook, and answers 400 to any other request.

    ::

        @app.post("/webhooks")
        async def take(event: Annotated[events.Event, Depends(webhook())]): ...

    Args:
        signing_secret: The endpoint's signing secret; by default `CLERK_WEBHOOK_SIGNING_SECRET`.
        tolerance: How many seconds the message's timestamp may differ from this machine's clock.
    """

    async def event(request: Request) -> events.Event:
        return await verified_event(request, signing_secret=signing_secret, tolerance=tolerance)

    return event


def get_clerk() -> AsyncClerkClient:
    """Return the async client, as a dependency that tests can override."""
    return async_clerk_client


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connections of the default async client when the application shuts down."""
    yield
    await async_clerk_client.aclose()
    reset_default_clients()  # so that an application started again in this process gets an open client


__all__ = ["Auth", "ClerkAuth", "ClerkMiddleware", "add_exception_handlers", "get_clerk", "lifespan", "webhook"]
