"""A request on its way in, however it came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Incoming:
    """A request on its way in.

    Attributes:
        method: The HTTP method.
        path: The path, as it was sent.
        query: What follows the question mark.
        headers: The headers, with names in lower case.
        body: The body.
        api_url: The URL that the service is reached at, without a slash at its end.
        takes_any_key: Whether it comes from a client that was made for the real service: its key is as good as the
            local service's own.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    api_url: str
    takes_any_key: bool = False
