"""A request as it arrives, over HTTP or in process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Incoming:
    """An incoming request.

    Attributes:
        method: The HTTP method.
        path: The path, as it was sent.
        query: The part after the question mark.
        headers: The headers, with names in lower case.
        body: The body.
        api_url: The URL of the service, without a slash at the end.
        takes_any_key: Whether it comes from a client that was made for the real service: any key is accepted then.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    api_url: str
    takes_any_key: bool = False
