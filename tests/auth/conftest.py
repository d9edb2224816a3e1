"""A client that checks tokens, of either kind, at a time that stands still."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from clerk import AsyncClerkClient, ClerkClient
from clerk.auth._key_ring import KeyRing
from tests.support.clients import SECRET_KEY, Kind

from .tokens import NOW


class Checker:
    """A client of either kind, all of whose checks are made in the same way.

    Attributes:
        time: The time in seconds.
        requests: What it has sent.
    """

    def __init__(self, kind: Kind, answer: Callable[[httpx.Request], httpx.Response], options: dict[str, Any]) -> None:
        self.kind = kind
        self.time = float(NOW)
        self.requests: list[httpx.Request] = []
        self._answer = answer
        transport = httpx.MockTransport(self._respond)
        given: dict[str, Any] = {"http_options": {"transport": transport}, "max_retries": 0, **options}
        self._client: Any = ClerkClient(**given) if kind == "sync" else AsyncClerkClient(**given)
        self._client._state().key_ring = KeyRing(lambda: self.time)
        self._is_closed = False
        self._loop = asyncio.Runner() if kind == "async" else None

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    def verify_token(self, token: str, **options: Any) -> Any:
        return self._get(self._client.verify_token(token, **options))

    def authenticate_request(self, request: Any, **options: Any) -> Any:
        return self._get(self._client.authenticate_request(request, **options))

    def _get(self, outcome: Any) -> Any:
        return outcome if self._loop is None else self._loop.run(outcome)

    def close(self) -> None:
        if self._loop is None:
            self._client.close()
        elif not self._is_closed:
            self._is_closed = True
            self._loop.run(self._client.aclose())
            self._loop.close()


MakeChecker = Callable[..., Checker]


def no_answer(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nothing was to be sent, but this: {request.method} {request.url}")


@pytest.fixture
def checker(kind: Kind) -> Iterator[MakeChecker]:
    """Make a client of the test's kind.

    Takes the client's options, and `answer`, which answers its requests.
    """
    with contextlib.ExitStack() as stack:

        def make(answer: Callable[[httpx.Request], httpx.Response] = no_answer, **options: Any) -> Checker:
            made = Checker(kind, answer, options)
            stack.callback(made.close)
            return made

        yield make


def with_secret_key(**options: Any) -> dict[str, Any]:
    return {"secret_key": SECRET_KEY, **options}
