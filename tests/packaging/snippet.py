"""What a user of the installed distribution writes: run, and type-checked, outside the source tree."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import assert_type

import httpx

import clerk
from clerk import ClerkConfigurationError, create_async_clerk_client, create_clerk_client, models, sessions

USER_ID = "user_2abcdefghijklmnopqrstuvwxyz"


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/v1/sessions":
        return httpx.Response(200, json=[])
    error = {"code": "resource_not_found", "message": "not found", "long_message": "no such user", "meta": {}}
    return httpx.Response(404, json={"errors": [error], "clerk_trace_id": "0" * 32})


def sync_client() -> None:
    with create_clerk_client(
        secret_key="sk_test_snippet", http_options={"transport": httpx.MockTransport(answer)}
    ) as client:
        page = client.sessions.get_session_list(user_id=USER_ID)
        assert_type(page, clerk.Page[models.Session])
        assert list(page) == []
        try:
            user = client.users.get_user(USER_ID)
            assert_type(user, models.User)
        except clerk.NotFoundError as error:
            assert error.status_code == 404
            assert error.errors[0].code == "resource_not_found"
        else:
            raise AssertionError("a 404 raises")


async def async_client() -> None:
    async with create_async_clerk_client(
        secret_key="sk_test_snippet", http_options={"transport": httpx.MockTransport(answer)}
    ) as client:
        page = await client.sessions.get_session_list(user_id=USER_ID)
        assert_type(page, clerk.AsyncPage[models.Session])
        assert list(page) == []


def default_client() -> None:
    try:
        sessions.get_session_list()
    except ClerkConfigurationError as error:
        assert "CLERK_SECRET_KEY" in str(error)
    else:
        raise AssertionError("a call without a key raises")


def model() -> None:
    session = models.Session.from_dict({"id": "sess_1", "object": "session", "status": "dreaming", "later": 1})
    assert session.to_dict() == {"id": "sess_1", "object": "session", "status": "dreaming", "later": 1}


if __name__ == "__main__":
    assert clerk.__version__ == version("clerk-client")
    sync_client()
    asyncio.run(async_client())
    default_client()
    model()
    print(f"clerk-client {clerk.__version__} works with httpx {httpx.__version__}")
