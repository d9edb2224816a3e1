"""A service in the same process that answers what it is told to, and clients that talk to it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from clerk import AsyncClerkClient, ClerkClient
from tests.operations.arguments import arguments, call_arguments, only_required
from tests.operations.document import MethodName, Operation

SECRET_KEY = "sk_test_operations"
MACHINE_SECRET_KEY = "ak_operations"


class Service:
    """Answers every request alike, and keeps what it was asked.

    Attributes:
        requests: The requests so far, in order.
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._status = 200
        self._content = b""
        self._headers: dict[str, str] = {}

    def answers(self, status: int, content: bytes = b"", media_type: str = "") -> None:
        """Answer so from now on."""
        self._status, self._content = status, content
        self._headers = {"x-of-the-answer": "kept"}
        if media_type:
            self._headers["content-type"] = media_type

    def answers_json(self, status: int, body: object) -> bytes:
        """Answer so from now on; returns the body's bytes."""
        content = json.dumps(body).encode()
        self.answers(status, content, "application/json")
        return content

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self._status, headers=self._headers, content=self._content)

    def client(self, **options: Any) -> ClerkClient:  # whatever ClerkClient takes
        """A client of this service that raises for answers that break the document, unless told otherwise."""
        return ClerkClient(**self._options(options))

    def async_client(self, **options: Any) -> AsyncClerkClient:  # whatever AsyncClerkClient takes
        """An async client of this service that raises for answers that break the document, unless told otherwise."""
        return AsyncClerkClient(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "secret_key": SECRET_KEY,
            "http_options": {"transport": httpx.MockTransport(self)},
            "max_retries": 0,
            "strict_responses": True,
            **options,
        }


def method_of(client: ClerkClient | AsyncClerkClient, place: MethodName) -> Callable[..., Any]:
    """The method of a client's sub-API."""
    method: Callable[..., Any] = getattr(getattr(client, place.sub_api), place.name)
    return method


def endpoint_of(operation: Operation) -> ModuleType:
    """The endpoint module of an operation."""
    return importlib.import_module(operation.module)


def call(
    client: ClerkClient | AsyncClerkClient, called: Operation, folder: Path, place: MethodName | None = None
) -> Any:
    """Call an operation through its sub-API with what it requires.

    Args:
        client: The client.
        called: The operation.
        folder: Where files to send may be put.
        place: Which of the methods that serve it; the first by default.

    Returns:
        What the method returns; of an async client that is to be awaited.
    """
    place = place or called.methods[0]
    positional, keywords = call_arguments(only_required(arguments(called, 0, folder)), place)
    return method_of(client, place)(*positional, **keywords)
