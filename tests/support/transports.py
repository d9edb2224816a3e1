"""The transports that clients know by name, and one that sends nothing and remembers what it was given."""

from __future__ import annotations

from typing import Any, NamedTuple

import httpx

from clerk_generated.client import Request
from tests.support.clients import Kind, send


class Transport(NamedTuple):
    """A client of one kind on one transport.

    Attributes:
        kind: The kind of client.
        name: The transport, as its option calls it.
    """

    kind: Kind
    name: str

    def send(self, request: Request | None = None, **options: Any) -> httpx.Response:  # Any: one type per option
        """Make a client with these options, send one request with it, and close it."""
        http_options = {**options.pop("http_options", {}), "transport": self.name}
        return send(self.kind, request, http_options=http_options, **options)


TRANSPORTS = (
    Transport("sync", "httpx"),
    Transport("sync", "httpx2"),
    Transport("async", "httpx"),
    Transport("async", "httpx2"),
    Transport("async", "aiohttp"),
)


class RecordingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request with the same body."""

    def __init__(self, status: int = 200, body: bytes = b'{"id": "user_1"}') -> None:
        self.requests: list[httpx.Request] = []
        self.closed = 0
        self._status = status
        self._body = body

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self._status, content=self._body)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._answer(request)

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


__all__ = ["TRANSPORTS", "RecordingTransport", "Transport"]
