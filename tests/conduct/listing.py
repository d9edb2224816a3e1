"""A service in the same process that lists, page by page, and tells how it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from clerk import create_async_clerk_client, create_clerk_client
from tests.faults.bodies import JSONDict, user
from tests.support.clients import SECRET_KEY, Kind

HANG = 20.0  # seconds after which a test that waits for others fails
CONCURRENCIES = pytest.mark.parametrize("concurrency", [1, 2, 5])


def ids(found: list[Any]) -> list[str]:
    return [item.id for item in found]


def ids_of(items: list[JSONDict]) -> list[str]:
    return [item["id"] for item in items]


def all_users(client: Any) -> Any:  # Any: either client, and the page or what gives it when awaited
    return client.users.get_user_list()


def all_redirect_urls(client: Any) -> Any:  # Any: as above
    return client.redirect_urls.get_redirect_url_list()


def users(count: int) -> list[JSONDict]:
    return [user(id=f"user_{number}") for number in range(count)]


def redirect_urls(count: int) -> list[JSONDict]:
    return [
        {"id": f"ru_{number}", "object": "redirect_url", "url": "https://a.b/", "created_at": 1, "updated_at": 1}
        for number in range(count)
    ]


def organizations(count: int) -> list[JSONDict]:
    return [
        {
            "object": "organization",
            "id": f"org_{number}",
            "name": f"Organization {number}",
            "slug": f"organization-{number}",
            "max_allowed_memberships": 5,
            "admin_delete_enabled": True,
            "public_metadata": {},
            "created_at": 1,
            "updated_at": 1,
        }
        for number in range(count)
    ]


def access_tokens(count: int) -> list[JSONDict]:
    """Items that have no id."""
    return [
        {
            "object": "oauth_access_token",
            "expires_at": None,
            "external_account_id": "eac_1",
            "label": None,
            "provider": "google",
            "provider_user_id": f"{number}",
            "public_metadata": {},
            "token": "token",
        }
        for number in range(count)
    ]


class ListService(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request with a part of its items.

    Attributes:
        items: What it lists, in order.
        queries: The query of each request, in order.
        most_at_a_time: The most requests that it answered at a time.
        between: Called with the number of requests so far, after each.
        total: Gives the total that it tells.
        failures: The statuses with which it fails, by offset.
        hangs_from: From which number on it does not answer requests of the async client.
    """

    def __init__(
        self,
        items: list[JSONDict],
        *,
        key: str | None = "data",
        default: int = 10,
        maximum: int = 500,
        together: int = 0,
    ) -> None:
        """Make a service.

        Args:
            items: What it lists.
            key: Under which name it answers with the array, beside the total; None for the bare array.
            default: How many items it gives where it is told no limit.
            maximum: How many it gives at most.
            together: How many requests after the first it keeps waiting until so many are there.
        """
        self.items = items
        self.queries: list[dict[str, str]] = []
        self.most_at_a_time = 0
        self.between: Callable[[int], None] = lambda _: None
        self.total: Callable[[], int] = lambda: len(self.items)
        self.failures: dict[int, int] = {}
        self.hangs_from = 1_000_000
        self._key = key
        self._default = default
        self._maximum = maximum
        self._together = together
        self._barrier = threading.Barrier(max(together, 1))
        self._async_barrier: asyncio.Barrier | None = None
        self._at_a_time = 0
        self._lock = threading.Lock()

    @property
    def pages(self) -> list[tuple[str | None, str | None, str | None]]:
        """Limit, offset and cursor of each request, in order."""
        return [(query.get("limit"), query.get("offset"), query.get("starting_after")) for query in self.queries]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._counted() as number:
            if self._waits(request, number):
                self._barrier.wait(HANG)
            return self._answer(request, number)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with self._counted() as number:
            if self._waits(request, number):
                self._async_barrier = self._async_barrier or asyncio.Barrier(self._together)
                async with asyncio.timeout(HANG):
                    await self._async_barrier.wait()
            await asyncio.sleep(0)
            if number >= self.hangs_from:
                await asyncio.Event().wait()
            return self._answer(request, number)

    def _waits(self, request: httpx.Request, number: int) -> bool:
        # What is asked for beyond the end may be alone.
        return self._together > 0 and number > 1 and int(request.url.params.get("offset", 0)) < len(self.items)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[int]:
        with self._lock:
            self.queries.append({})
            number = len(self.queries)
            self._at_a_time += 1
            self.most_at_a_time = max(self.most_at_a_time, self._at_a_time)
        try:
            yield number
        finally:
            with self._lock:
                self._at_a_time -= 1

    def _answer(self, request: httpx.Request, number: int) -> httpx.Response:
        query = dict(request.url.params)
        self.queries[number - 1] = query
        offset = int(query.get("offset", 0))
        if offset in self.failures:
            return httpx.Response(self.failures[offset], json={"errors": []})
        if "starting_after" in query and offset:
            return httpx.Response(422, json={"errors": [{"code": "cursor_beside_offset"}]})
        body: Any = self._page(query)  # Any: JSON data
        if self._key is not None:
            body = {self._key: body, "total_count": self.total()}
        self.between(number)
        return httpx.Response(200, content=json.dumps(body).encode())

    def _page(self, query: dict[str, str]) -> list[JSONDict]:
        start = int(query.get("offset", 0))
        if "starting_after" in query:
            start = 1 + [item["id"] for item in self.items].index(query["starting_after"])
        limit = min(int(query.get("limit", self._default)), self._maximum)
        return self.items[start : start + limit]


def collect(
    kind: Kind, service: ListService, begin: Callable[[Any], Any], *, concurrency: int = 1, most: int = 1_000_000
) -> list[Any]:
    """Go through the pages of a list with a client, and return the items, or as many of them as are wanted.

    Args:
        kind: The client.
        service: Where it is to get them.
        begin: Has the client fetch the first page.
        concurrency: How many pages to fetch ahead.
        most: After how many items to stop.
    """
    options: dict[str, Any] = {  # Any: one type per option
        "secret_key": SECRET_KEY,
        "http_options": {"transport": service},
        "max_retries": 0,
    }
    found: list[Any] = []
    if kind == "sync":
        with create_clerk_client(**options) as client:
            for item in begin(client).auto_paging_iter(concurrency=concurrency):
                found.append(item)
                if len(found) == most:
                    break
        return found

    async def go_through() -> None:
        async with create_async_clerk_client(**options) as client:
            page = await begin(client)
            iterator: AsyncIterator[Any] = page.auto_paging_iter(concurrency=concurrency)
            async for item in iterator:
                found.append(item)
                if len(found) == most:
                    break

    asyncio.run(go_through())
    return found


__all__ = [
    "CONCURRENCIES",
    "HANG",
    "ListService",
    "access_tokens",
    "all_redirect_urls",
    "all_users",
    "collect",
    "ids",
    "ids_of",
    "organizations",
    "redirect_urls",
    "users",
]
