"""Transports that send nothing and remember what they were given."""

from __future__ import annotations

import httpx


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


__all__ = ["RecordingTransport"]
