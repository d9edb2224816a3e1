"""Reading all users of a `LocalClerk`, page by page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from .. import payloads
from ..benchmark import Subject, Task, Turn, check
from . import turns
from .calling import HEADERS

AT_A_TIME = 8
"""How many pages are fetched at a time."""
Walk = Callable[[str, int], int]
"""Reads all users at a URL, with a page length, and returns how many there were."""


def httpx_walk(url: str, limit: int) -> int:
    """Read all users with a loop around httpx."""
    import httpx

    count = 0
    with httpx.Client(base_url=f"{url}/v1", headers=HEADERS) as client:
        while True:
            users = client.get("/users", params={"limit": limit, "offset": count}).json()
            for _ in users:
                count += 1
            if len(users) < limit:
                return count


def clerk_walk(url: str, limit: int, concurrency: int = 1) -> int:
    """Read all users one page after the other."""
    from clerk import ClerkClient

    count = 0
    with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
        for _ in client.users.get_user_list(limit=limit).auto_paging_iter(concurrency):
            count += 1
    return count


def clerk_threads_walk(url: str, limit: int) -> int:
    """Read all users, fetching pages ahead in threads."""
    return clerk_walk(url, limit, AT_A_TIME)


def clerk_tasks_walk(url: str, limit: int) -> int:
    """Read all users, fetching pages ahead in tasks."""
    from clerk import AsyncClerkClient

    async def walk() -> int:
        count = 0
        async with AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
            async for _ in (await client.users.get_user_list(limit=limit)).auto_paging_iter(AT_A_TIME):
                count += 1
        return count

    return asyncio.run(walk())


def official_walk(url: str, limit: int) -> int:
    """Read all users with a loop around the official SDK, which has no iteration over pages."""
    count = 0
    with import_module("clerk_backend_api").Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{url}/v1") as client:
        while True:
            users = client.users.list(request={"limit": limit, "offset": count})
            for _ in users:
                count += 1
            if len(users) < limit:
                return count


def cpu(walk: Walk) -> Subject:
    """Read all users, with the longest pages of the API; a turn costs CPU time."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        def go() -> None:
            check(walk(task.service.local, payloads.USERS_A_PAGE) == task.service.users)

        yield turns.repeated(go, task.count)

    return subject


def wall(walk: Walk, pages: int) -> Subject:
    """Read all users with delayed responses; a turn costs elapsed time."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        limit = -(-task.service.users // pages)
        walk(task.service.local, limit)  # the server caches the responses from now on

        def turn() -> float:
            start = time.perf_counter()
            check(walk(task.service.late, limit) == task.service.users)
            return time.perf_counter() - start

        yield turn

    return subject
