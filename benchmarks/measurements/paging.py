"""Going through all users of a `LocalClerk`, page by page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from importlib import import_module

from .. import payloads
from ..benchmark import Task
from .calling import HEADERS
from .timing import check, require, without_orjson

AT_A_TIME = 8
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


def clerk_walk(url: str, limit: int) -> int:
    """Go through all users one page after the other."""
    return _clerk_walk(url, limit, 1)


def clerk_threads_walk(url: str, limit: int) -> int:
    """Go through all users, fetching pages ahead in threads."""
    return _clerk_walk(url, limit, AT_A_TIME)


def clerk_tasks_walk(url: str, limit: int) -> int:
    """Go through all users, fetching pages ahead in tasks."""
    from clerk import AsyncClerkClient

    without_orjson()

    async def walk() -> int:
        count = 0
        async with AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
            async for _ in (await client.users.get_user_list(limit=limit)).auto_paging_iter(AT_A_TIME):
                count += 1
        return count

    return asyncio.run(walk())


def official_walk(url: str, limit: int) -> int:
    """Go through all users with a loop of one's own around the official SDK, which has none."""
    require("clerk_backend_api")
    count = 0
    with import_module("clerk_backend_api").Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{url}/v1") as client:
        while True:
            users = client.users.list(request={"limit": limit, "offset": count})
            for _ in users:
                count += 1
            if len(users) < limit:
                return count


def cpu(walk: Walk) -> Callable[[Task], float]:
    """Measure a walk's CPU time in milliseconds, with as many users a page as the API gives."""

    def measure(task: Task) -> float:
        _walk(walk, task.service.local, task)  # the server keeps the answers from now on
        start = time.process_time()
        _walk(walk, task.service.local, task)
        return (time.process_time() - start) * 1000

    return measure


def wall(walk: Walk, limit: int) -> Callable[[Task], float]:
    """Measure how many seconds a walk takes where every answer is late.

    Args:
        walk: What is measured.
        limit: How many users a page has.
    """

    def measure(task: Task) -> float:
        _walk(walk, task.service.local, task, limit)
        start = time.perf_counter()
        _walk(walk, task.service.late, task, limit)
        return time.perf_counter() - start

    return measure


def _walk(walk: Walk, url: str, task: Task, limit: int = payloads.USERS_A_PAGE) -> None:
    check(walk(url, limit) == task.service.users)


def _clerk_walk(url: str, limit: int, concurrency: int) -> int:
    from clerk import ClerkClient

    without_orjson()
    count = 0
    with ClerkClient(secret_key=payloads.SECRET_KEY, api_url=url) as client:
        for _ in client.users.get_user_list(limit=limit).auto_paging_iter(concurrency):
            count += 1
    return count
