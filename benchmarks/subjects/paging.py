"""Going through all users of a `LocalClerk`, page by page."""

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
"""Goes through all users at a URL with so many a page, and returns how many there were."""


def httpx_walk(url: str, limit: int) -> int:
    """Go through all users with a loop of one's own around httpx."""
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
    """Go through all users one page after the other."""
    from clerk import ClerkClient

    count = 0
    with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
        for _ in client.users.get_user_list(limit=limit).auto_paging_iter(concurrency):
            count += 1
    return count


def clerk_threads_walk(url: str, limit: int) -> int:
    """Go through all users, fetching pages ahead in threads."""
    return clerk_walk(url, limit, AT_A_TIME)


def clerk_tasks_walk(url: str, limit: int) -> int:
    """Go through all users, fetching pages ahead in tasks."""
    from clerk import AsyncClerkClient

    async def walk() -> int:
        count = 0
        async with AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
            async for _ in (await client.users.get_user_list(limit=limit)).auto_paging_iter(AT_A_TIME):
                count += 1
        return count

    return asyncio.run(walk())


def official_walk(url: str, limit: int) -> int:
    """Go through all users with a loop of one's own around the official SDK, which has none."""
    count = 0
    with import_module("clerk_backend_api").Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{url}/v1") as client:
        while True:
            users = client.users.list(request={"limit": limit, "offset": count})
            for _ in users:
                count += 1
            if len(users) < limit:
                return count


def cpu(walk: Walk) -> Subject:
    """Walk, with as many users a page as the API gives; a turn costs CPU time."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        def go() -> None:
            check(walk(task.service.local, payloads.USERS_A_PAGE) == task.service.users)

        yield turns.repeated(go, task.count)

    return subject


def wall(walk: Walk, pages: int) -> Subject:
    """Walk where every answer is late; a turn costs the time that passes."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        limit = -(-task.service.users // pages)
        walk(task.service.local, limit)  # the server keeps the answers from now on

        def turn() -> float:
            start = time.perf_counter()
            check(walk(task.service.late, limit) == task.service.users)
            return time.perf_counter() - start

        yield turn

    return subject
