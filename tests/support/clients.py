"""The same call with either client, so that one test can be about both."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import httpx

from clerk import create_async_clerk_client, create_clerk_client
from clerk_generated.client import Request

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")

SECRET_KEY = "sk_test_c2VjcmV0"  # opens nothing


def probe(method: str = "GET", path: str = "/probe", **parts: Any) -> Request:  # Any: one type per part
    """Return a request to send with a client of either kind."""
    return Request("Probe", method, path, **parts)


def send(kind: Kind, request: Request | None = None, **options: Any) -> httpx.Response:  # Any: one type per option
    """Make a client with these options, send one request with it, and close it."""
    options = {"secret_key": SECRET_KEY, **options}
    request = request or probe()
    if kind == "sync":
        with create_clerk_client(**options) as client:
            return client._send(request)

    async def send_and_close() -> httpx.Response:
        async with create_async_clerk_client(**options) as client:
            return await client._send(request)

    return asyncio.run(send_and_close())


__all__ = ["KINDS", "SECRET_KEY", "Kind", "probe", "send"]
