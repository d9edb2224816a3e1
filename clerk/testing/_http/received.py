"""The requests that the local service has received."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

REQUESTS_LIMIT = 10_000
BODIES_LIMIT = 16 * 1024 * 1024
_SECRET_HEADERS = ("authorization", "cookie")


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that the local service has received.

    Attributes:
        method: The HTTP method.
        path: The path, as it was sent.
        query: The query's values by name.
        headers: The headers, with names in lower case; the key is hidden in `repr`.
        body: The body.
        status: The status of the response, or None if the connection was dropped.
    """

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int | None = None

    @property
    def json(self) -> Any:  # any JSON value
        """The JSON value in the body, or None if there is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def __repr__(self) -> str:
        shown = {name: "…" if name in _SECRET_HEADERS else value for name, value in self.headers.items()}
        return (
            f"ReceivedRequest(method={self.method!r}, path={self.path!r}, query={self.query!r},"
            f" headers={shown!r}, json={self.json!r}, status={self.status!r})"
        )


class ReceivedRequests:
    """The latest requests, up to a number and a total size that is enough for a test to find its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[ReceivedRequest] = deque()
        self._bytes = 0

    def add(self, request: ReceivedRequest) -> None:
        """Keep a request, and drop the oldest ones beyond the limits."""
        with self._lock:
            self._kept.append(request)
            self._bytes += len(request.body)
            while len(self._kept) > REQUESTS_LIMIT or (self._bytes > BODIES_LIMIT and len(self._kept) > 1):
                self._bytes -= len(self._kept.popleft().body)

    def all(self) -> list[ReceivedRequest]:
        """Return the kept requests, oldest first."""
        with self._lock:
            return list(self._kept)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def query_of(text: str) -> dict[str, list[str]]:
    """Return the parameters of a query by name."""
    return parse_qs(text, keep_blank_values=True, errors="replace")
