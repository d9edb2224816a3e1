from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clerk import (
    NotFoundError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.conduct.listing import (
    CONCURRENCIES,
    HANG,
    ListService,
    all_redirect_urls,
    collect,
    ids,
    ids_of,
    redirect_urls,
    users,
)
from tests.support.clients import SECRET_KEY, Kind


@pytest.mark.parametrize("key", [None, "data"])
@pytest.mark.parametrize("concurrency", [2, 4])
def test_pages_ahead_come_in_order_and_no_more_than_wanted_are_under_way(
    kind: Kind, concurrency: int, key: str | None
) -> None:
    # Each later request waits until all that may be under way are there, so their number is a multiple.
    service = ListService(users(5 + 40), key=key, together=concurrency)
    if key is None:
        service.items = users(5 + 40 - 1)  # the last page is short

    found = collect(kind, service, lambda client: client.users.get_user_list(limit=5), concurrency=concurrency)

    assert ids(found) == ids_of(service.items)
    assert service.most_at_a_time == concurrency
    assert {cursor for _, _, cursor in service.pages} == {None}


def test_nothing_is_fetched_before_it_is_due(kind: Kind) -> None:
    for concurrency in (1, 3):
        service = ListService(redirect_urls(30))
        first = lambda client: client.redirect_urls.get_redirect_url_list(limit=10)  # noqa: E731  # short

        assert len(collect(kind, service, first, concurrency=concurrency, most=10)) == 10
        assert len(service.queries) == 1


@CONCURRENCIES
def test_who_stops_early_fetches_no_more(kind: Kind, concurrency: int) -> None:
    service = ListService(redirect_urls(1000), key=None)

    found = collect(
        kind,
        service,
        lambda client: client.redirect_urls.get_redirect_url_list(limit=10),
        concurrency=concurrency,
        most=15,
    )

    assert ids(found) == ids_of(service.items[:15])
    assert len(service.queries) <= 1 + concurrency


async def test_closing_the_iterator_ends_its_tasks() -> None:
    service = ListService(redirect_urls(1000), key=None)
    service.hangs_from = 3
    async with create_async_clerk_client(secret_key=SECRET_KEY, http_options={"transport": service}) as client:
        page = await client.redirect_urls.get_redirect_url_list(limit=1)
        before = asyncio.all_tasks()
        iterator = page.auto_paging_iter(concurrency=4)
        await anext(iterator)
        await anext(iterator)
        assert asyncio.all_tasks() > before

        async with asyncio.timeout(HANG):
            await iterator.aclose()  # type: ignore[attr-defined]  # it is a generator

        assert asyncio.all_tasks() == before


@CONCURRENCIES
@pytest.mark.parametrize(("failing", "given"), [(2, 10), (3, 20)])
def test_a_page_that_fails_raises_after_the_items_before_it(
    kind: Kind, concurrency: int, failing: int, given: int
) -> None:
    service = ListService(redirect_urls(50))
    service.failures = {10 * (failing - 1): 404, 10 * failing: 500}
    found: list[Any] = []

    def first(client: Any) -> Any:  # Any: either client, and the page or what gives it when awaited
        return client.redirect_urls.get_redirect_url_list(limit=10)

    with pytest.raises(NotFoundError):
        gather(kind, service, first, concurrency, found)

    assert ids(found) == ids_of(service.items[:given])


def gather(kind: Kind, service: ListService, begin: Callable[[Any], Any], concurrency: int, found: list[Any]) -> None:
    """Go through all pages, and keep what came before an exception."""
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "http_options": {"transport": service}, "max_retries": 0}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            for item in begin(client).auto_paging_iter(concurrency=concurrency):
                found.append(item)  # noqa: PERF402  one by one: what came before an exception counts
        return

    async def go_through() -> None:
        async with create_async_clerk_client(**options) as client:
            page = await begin(client)
            async for item in page.auto_paging_iter(concurrency=concurrency):
                found.append(item)  # noqa: PERF401  one by one: what came before an exception counts

    asyncio.run(go_through())


@pytest.mark.parametrize("concurrency", [0, -1, True, 1.5, "2", None])
def test_a_concurrency_that_is_none(kind: Kind, concurrency: Any) -> None:
    service = ListService(redirect_urls(3))

    with pytest.raises(ValueError, match="concurrency must be an int of at least 1"):
        collect(kind, service, all_redirect_urls, concurrency=concurrency)


def test_threads_end_when_the_caller_stops() -> None:
    service = ListService(redirect_urls(1000), key=None)
    before = set(threading.enumerate())

    assert len(collect("sync", service, all_redirect_urls, concurrency=4, most=700)) == 700

    for thread in set(threading.enumerate()) - before:
        thread.join(HANG)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "code",
    [
        """
        for user in client().users.get_user_list(limit=2).auto_paging_iter(concurrency=3):
            if user.id == "user_5":
                break
        """,
        """
        async def main():
            async for user in (await async_client().users.get_user_list(limit=2)).auto_paging_iter(concurrency=3):
                if user.id == "user_5":
                    break
        asyncio.run(main())
        """,
        """
        async def main():
            kept = (await async_client().users.get_user_list(limit=2)).auto_paging_iter(concurrency=3)
            for _ in range(3):
                await anext(kept)
            return kept
        kept = asyncio.run(main())
        """,
    ],
)
def test_stopping_in_the_middle_leaves_no_noise(code: str) -> None:
    begin = """
        import asyncio
        import clerk
        from tests.conduct.listing import ListService, users
        service = ListService(users(100), key=None)
        options = {"secret_key": "sk_test_a", "http_options": {"transport": service}}
        def client(): return clerk.ClerkClient(**options)
        def async_client(): return clerk.AsyncClerkClient(**options)
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(begin) + textwrap.dedent(code)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("early", [True, False], ids=["threads were there before", "no threads before"])
def test_a_walk_in_a_thread_that_outlives_the_main_one(early: bool) -> None:
    """No thread can be started then: what would be fetched ahead is fetched when it is due."""
    code = f"""
        import threading, time
        import clerk
        from tests.conduct.listing import ListService, users
        if {early}:
            import concurrent.futures.thread
        service = ListService(users(25), key=None)
        client = clerk.ClerkClient(secret_key="sk_test_a", http_options={{"transport": service}})
        client.users.get_user_list(limit=10)
        def walk():
            threading.main_thread().join()
            time.sleep(0.1)  # the interpreter goes on to end
            found = list(client.users.get_user_list(limit=10).auto_paging_iter(concurrency=3))
            print(len(found), flush=True)
        threading.Thread(target=walk).start()
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("25\n", "", 0)
