"""A user of a local Clerk, and what a browser or a program sends for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from clerk import ClerkClient, reset_default_clients
from clerk.testing import LocalClerk

ORIGIN = "http://localhost:3000"


@pytest.fixture
def local() -> Iterator[LocalClerk]:
    with LocalClerk() as local, local.as_default():
        yield local
    reset_default_clients()


@pytest.fixture
def client(local: LocalClerk) -> Iterator[ClerkClient]:
    with local.client() as client:
        yield client


@pytest.fixture
def bearer(local: LocalClerk, client: ClerkClient) -> Callable[..., dict[str, str]]:
    """Make the headers of a request by a new user, who is an admin of an organization if asked."""

    def headers(*, admin: bool = False, minutes: int = 0) -> dict[str, str]:
        number = client.users.get_count()
        user = client.users.create_user(email_address=[f"user{number}@example.com"], skip_password_requirement=True)
        arguments: dict[str, Any] = {}
        if admin:
            organization = client.organizations.create_organization(name="Engines", created_by=user.id)
            arguments["active_organization_id"] = organization.id
        session = client.sessions.create_session(user_id=user.id, **arguments)
        local.advance(60 * minutes)  # since the user proved who they are
        return {"Authorization": f"Bearer {client.sessions.get_token(session.id).jwt}"}

    return headers


@pytest.fixture
def user_id(client: ClerkClient) -> str:
    return client.users.create_user(email_address=["ada@example.com"], skip_password_requirement=True).id


@pytest.fixture(params=["sync", "async"])
def get(request: pytest.FixtureRequest, local: LocalClerk) -> Callable[..., Any]:
    """Ask the project, through its handler for WSGI and for ASGI."""
    from asgiref.sync import async_to_sync
    from django.test import AsyncClient, Client

    def ask(path: str, headers: dict[str, str] | None = None, method: str = "get", **options: Any) -> Any:
        kind = Client if request.param == "sync" else AsyncClient
        client = kind(enforce_csrf_checks=True, raise_request_exception=False)
        sent = dict(headers or {})
        client.cookies.load(sent.pop("Cookie", ""))  # Django's clients send a header of their own
        send = getattr(client, method)
        if request.param == "sync":
            return send(path, headers=sent, **options)

        async def awaited() -> Any:
            return await send(path, headers=sent, **options)

        return async_to_sync(awaited)()

    return ask


def without_refresh(cookies: dict[str, str]) -> dict[str, str]:
    """Return the cookies of a browser whose session can be renewed by a redirect only."""
    return {name: value for name, value in cookies.items() if not name.startswith("__refresh")}
