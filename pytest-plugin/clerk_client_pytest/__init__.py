"""Fixtures for tests of code that talks to Clerk.

`local_clerk` is a local service that belongs to the test; `clerk_client` and `async_clerk_client` are clients for it,
and `clerk_auth_headers` makes the headers of requests that its users send. While a test uses one of them, the calls of
the code under test go there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from clerk import AsyncClerkClient, ClerkClient
    from clerk.testing import LocalClerk


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Block calls to the real service while a test with one of the fixtures is set up, runs and is torn down."""
    with ExitStack() as stack:
        if "local_clerk" in getattr(item, "fixturenames", ()):
            try:
                from clerk.testing import block_real_clerk
            except ImportError:
                pass  # the fixture reports what is missing
            else:
                stack.enter_context(block_real_clerk())
        yield


@pytest.fixture
def local_clerk() -> Iterator[LocalClerk]:
    """A local Clerk with its own state, which replaces the real service during the test."""
    try:
        from clerk.testing import LocalClerk
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    with LocalClerk() as local, local.as_default():
        yield local


@pytest.fixture
def clerk_auth_headers(local_clerk: LocalClerk) -> Callable[..., dict[str, str]]:
    """Makes the headers of a request that a user sends: `clerk_auth_headers(user)`.

    It takes the arguments of `LocalClerk.session_token`.
    """

    def headers(*arguments: Any, **options: Any) -> dict[str, str]:  # Any: as `LocalClerk.session_token` has them
        return {"Authorization": f"Bearer {local_clerk.session_token(*arguments, **options)}"}

    return headers


@pytest.fixture
def clerk_client(local_clerk: LocalClerk) -> Iterator[ClerkClient]:
    """A client for the test's local Clerk."""
    with local_clerk.client() as client:
        yield client


@pytest.fixture
def async_clerk_client(local_clerk: LocalClerk) -> AsyncClerkClient:
    """An async client for the test's local Clerk."""
    return local_clerk.async_client()
