"""What the tests of the local service share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from clerk import ClerkAPIResponseError, ClerkClient
from clerk.testing import API_URL, LocalClerk
from clerk.testing._http.transports import LocalTransport

Client = Any  # stories look at what is there, where the types say that it might be missing
Refused = Callable[..., tuple[int, list[tuple[str, Any]]]]


@pytest.fixture
def local() -> Iterator[LocalClerk]:
    """A local service that checks every answer against the document."""
    with LocalClerk(check_answers=True) as running:
        yield running


@pytest.fixture
def client(local: LocalClerk) -> Iterator[ClerkClient]:
    """A client that doesn't put up with answers that break the document, and doesn't try twice."""
    with local.client(strict_responses=True, max_retries=0) as made:
        yield made


@pytest.fixture
def raw(local: LocalClerk) -> Iterator[httpx.Client]:
    """A client that sends whatever it is told."""
    headers = {"authorization": f"Bearer {local.secret_key}"}
    with httpx.Client(transport=LocalTransport(local._service), base_url=f"{API_URL}/v1", headers=headers) as made:
        yield made


@pytest.fixture
def refused() -> Refused:
    """Call something that is refused, and return the status and each error's code and parameter."""

    def call(function: Callable[..., Any], *arguments: Any, **keywords: Any) -> tuple[int, list[tuple[str, Any]]]:
        with pytest.raises(ClerkAPIResponseError) as caught:
            function(*arguments, **keywords)
        error = caught.value
        assert error.clerk_trace_id == error.headers["x-clerk-trace-id"]
        return error.status_code, [(one.code, one.meta.get("param_name")) for one in error.errors]

    return call
