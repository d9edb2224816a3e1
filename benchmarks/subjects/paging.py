"""Reading all users of a `LocalClerk`, page by page. All walks take the number of pages, and whether they come late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib import import_module

import httpx

from clerk import AsyncClerkClient, ClerkClient

from .. import payloads
from ..benchmark import Work, check
from ..server import service
from .calling import HEADERS


def httpx_loop(pages: int, *, late: bool = False) -> Work:
    """Read with a loop around httpx."""

    def walk(url: str, limit: int) -> int:
        with httpx.Client(base_url=url, headers=HEADERS) as client:
            return _loop(
                lambda offset: client.get("/v1/users", params={"limit": limit, "offset": offset}).json(), limit
            )

    return _walk(walk, pages, late=late)


def official_loop(pages: int, *, late: bool = False) -> Work:
    """Read with a loop around the official SDK, which has no iteration over pages."""
    sdk = import_module("clerk_backend_api")

    def walk(url: str, limit: int) -> int:
        with sdk.Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{url}/v1") as client:
            return _loop(lambda offset: client.users.list(request={"limit": limit, "offset": offset}), limit)

    return _walk(walk, pages, late=late)


def clerk(pages: int, concurrency: int = 1, *, late: bool = False) -> Work:
    """Read with the client, in threads if it fetches pages ahead."""

    def walk(url: str, limit: int) -> int:
        with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
            return sum(1 for _ in client.users.get_user_list(limit=limit).auto_paging_iter(concurrency))

    return _walk(walk, pages, late=late)


def clerk_tasks(pages: int, concurrency: int, *, late: bool = False) -> Work:
    """Read with the async client, in tasks."""

    async def walk(url: str, limit: int) -> int:
        async with AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
            first = await client.users.get_user_list(limit=limit)
            return len([None async for _ in first.auto_paging_iter(concurrency)])

    return _walk(lambda url, limit: asyncio.run(walk(url, limit)), pages, late=late)


def _loop(fetch: Callable[[int], Sequence[object]], limit: int) -> int:
    count = 0
    while True:
        page = fetch(count)
        for _ in page:
            count += 1
        if len(page) < limit:
            return count


def _walk(walk: Callable[[str, int], int], pages: int, *, late: bool) -> Work:
    url, users = service().late if late else service().local, service().users
    return lambda: check(walk(url, -(-users // pages)) == users)
