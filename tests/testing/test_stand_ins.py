"""A local service stands in for the real one: whatever nests, whoever made the client, nothing gets out.

"Outside" is a server on loopback that the environment names: what reaches it would have reached the real service.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clerk
from clerk import ClerkConfigurationError, ClerkConnectionError, async_clerk_client, clerk_client
from clerk.testing import LocalClerk, block_real_clerk
from tests.support.clients import KINDS, Kind
from tests.support.server import ScriptedServer, answer

OUTSIDE = 77
TOTAL = {"object": "total_count", "total_count": OUTSIDE}


@pytest.fixture
def outside(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """A server where the environment leads; a call that reaches it counts 77 users."""
    server.play(*[answer(200, TOTAL)] * 50)
    monkeypatch.setenv("CLERK_API_URL", server.url)
    monkeypatch.setenv("CLERK_SECRET_KEY", "sk_live_of_the_environment")
    clerk.reset_default_clients()
    yield server
    clerk.reset_default_clients()


def seeded(count: int) -> LocalClerk:
    local = LocalClerk()
    local.seed_users(count)
    return local


def count(kind: Kind = "sync", client: Any = None) -> int:
    """Count users, with the default client if no other is given; the count tells where the call went."""
    if kind == "sync":
        return int((client or clerk_client).users.get_count())

    async def count() -> int:
        return int(await (client or async_clerk_client).users.get_count())

    return asyncio.run(count())


@pytest.mark.parametrize("kind", KINDS)
def test_the_outer_one_is_back_when_the_inner_one_ends(outside: ScriptedServer, kind: Kind) -> None:
    assert count(kind) == OUTSIDE
    received = len(outside.requests)
    with seeded(1).as_default():
        assert count(kind) == 1
        with seeded(2).as_default():
            assert count(kind) == 2
        assert count(kind) == 1
    assert len(outside.requests) == received
    assert count(kind) == OUTSIDE


@given(st.lists(st.integers(0, 5), max_size=24))
@settings(max_examples=60, deadline=None)
def test_any_order_of_beginnings_and_ends(steps: list[int]) -> None:
    with block_real_clerk(), ExitStack() as stack:
        running: dict[int, AbstractContextManager[None]] = {}
        services = [seeded(number) for number in range(6)]
        for number in steps:
            if number in running:
                running.pop(number).__exit__(None, None, None)
            else:
                running[number] = services[number].as_default()
                running[number].__enter__()
            if running:
                assert count() == list(running)[-1]
            else:
                with pytest.raises(ClerkConfigurationError, match=r"calls to api\.clerk\.com are blocked"):
                    count()
        for context in running.values():
            stack.push(context)


def test_the_same_service_twice() -> None:
    local = seeded(3)
    with local.as_default():
        with local.as_default():
            assert count() == 3
        assert count() == 3


def test_each_thread_has_its_own() -> None:
    together = threading.Barrier(8)

    def work(number: int) -> list[int]:
        with seeded(number).as_default():
            together.wait()
            seen = [count() for _ in range(5)]
            together.wait()
        return seen

    with seeded(99).as_default(), ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [[number] * 5 for number in range(8)]
        assert count() == 99


def test_each_task_has_its_own() -> None:
    async def work(number: int) -> list[int]:
        with seeded(number).as_default():
            seen = []
            for _ in range(5):
                await asyncio.sleep(0)
                seen.append(await async_clerk_client.users.get_count())
            return seen

    async def main() -> list[list[int]]:
        return await asyncio.gather(*map(work, range(8)))

    with seeded(99).as_default():
        assert asyncio.run(main()) == [[number] * 5 for number in range(8)]
        assert count() == 99


def test_threads_of_the_code_under_test_come_here_too() -> None:
    calls: list[Callable[[], int]] = []
    wake, done, results = threading.Event(), threading.Event(), list[int]()

    def serve() -> None:
        wake.wait()
        results.append(calls[0]())
        done.set()

    thread = threading.Thread(target=serve)  # from before the test, as a server's
    thread.start()
    with seeded(4).as_default():
        calls.append(count)
        wake.set()
        done.wait()
    thread.join()
    assert results == [4]


def test_a_loop_from_before_the_inner_one_follows() -> None:
    """As the portal of a test client that a whole module shares, whose context is a copy of the module's."""
    with seeded(1).as_default(), asyncio.Runner() as runner:

        async def count_there() -> int:
            return await async_clerk_client.users.get_count()

        assert runner.run(count_there()) == 1
        context = runner.get_loop()
        with seeded(2).as_default():
            assert runner.run(count_there()) == 2
        assert runner.run(count_there()) == 1
        assert not context.is_closed()


def test_what_a_fixture_in_a_task_of_its_own_enters_counts_for_the_test() -> None:
    async def fixture(entered: asyncio.Event, over: asyncio.Event) -> None:
        with seeded(2).as_default():
            entered.set()
            await over.wait()

    async def test() -> tuple[int, int]:
        entered, over = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(fixture(entered, over))
        await entered.wait()
        inside = await async_clerk_client.users.get_count()
        over.set()
        await task
        return inside, await async_clerk_client.users.get_count()

    with seeded(1).as_default():
        assert asyncio.run(test()) == (2, 1)


def test_a_context_may_end_in_another_thread() -> None:
    with seeded(1).as_default():
        inner = seeded(2).as_default()
        inner.__enter__()
        assert count() == 2
        thread = threading.Thread(target=inner.__exit__, args=(None, None, None))
        thread.start()
        thread.join()
        assert count() == 1
        with seeded(3).as_default():
            assert count() == 3
        assert count() == 1


def make(kind: Kind, **options: Any) -> Any:
    return (clerk.create_clerk_client if kind == "sync" else clerk.create_async_clerk_client)(**options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"secret_key": "sk_live_of_its_own"},
        {"secret_key": "sk_live_of_its_own", "api_version": "v1", "max_retries": 0},
        {"http_options": {"timeout": 3, "headers": {"x-mine": "1"}, "proxy": "http://proxy.invalid:3128"}},
        {"http_options": {"mounts": {"https://": None}, "verify": False}},
    ],
    ids=["no options", "key", "more options", "http_options", "mounts without a transport"],
)
@pytest.mark.parametrize("when", ["before", "during"])
def test_clients_of_the_code_under_test(outside: ScriptedServer, kind: Kind, options: Any, when: str) -> None:
    client = make(kind, **options) if when == "before" else None
    local = seeded(5)
    with local.as_default():
        client = client or make(kind, **options)
        assert count(kind, client) == 5
        assert count(kind, client.with_options(max_retries=0, http_options={"headers": {"x-more": "1"}})) == 5
        assert local.requests[-1].headers["x-more"] == "1"
    assert outside.requests == []
    key = options.get("secret_key", "sk_live_of_the_environment")
    assert {one.headers["authorization"] for one in local.requests} == {f"Bearer {key}"}
    assert [one.headers.get("x-mine") for one in local.requests] == [
        options.get("http_options", {}).get("headers", {}).get("x-mine")
    ] * 2


def test_a_named_transport_is_none_of_the_callers_own() -> None:
    client = make("async", secret_key="sk_live_x", http_options={"transport": "aiohttp"})
    with seeded(5).as_default():
        assert count("async", client) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_without_any_key_they_have_that_of_the_service(kind: Kind) -> None:
    local = LocalClerk(secret_key="sk_test_mine")
    with local.as_default():
        assert count(kind) == count(kind, make(kind)) == 0
    assert {one.headers["authorization"] for one in local.requests} == {"Bearer sk_test_mine"}


def test_keys_of_machines_are_still_checked() -> None:
    with seeded(0).as_default():
        machine = clerk_client.machines.create(name="one")
        known = make("sync", secret_key="sk_live_x", machine_secret_key=machine.secret_key)
        assert known.m2m.create_token().subject == machine.id
        unknown = make("sync", secret_key="sk_live_x", machine_secret_key="ak_of_nobody")
        with pytest.raises(clerk.AuthenticationError):
            unknown.m2m.create_token()


@pytest.mark.parametrize("kind", KINDS)
def test_hooks_are_kept(kind: Kind) -> None:
    seen: list[str] = []

    async def hook_async(request: httpx.Request) -> None:
        seen.append(request.url.path)

    def hook_sync(request: httpx.Request) -> None:
        seen.append(request.url.path)

    hook = hook_sync if kind == "sync" else hook_async
    client = make(kind, secret_key="sk_live_x", http_options={"event_hooks": {"request": [hook]}})
    with seeded(1).as_default():
        assert count(kind, client) == 1
    assert seen == ["/v1/users/count"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_url_or_a_transport_of_their_own_is_kept(server: ScriptedServer, kind: Kind) -> None:
    server.play(answer(200, TOTAL), answer(200, TOTAL))

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"object": "total_count", "total_count": 88})

    transport = httpx.MockTransport(handle)
    given = make(kind, secret_key="sk_live_x", api_url=server.url)
    mocked = make(kind, secret_key="sk_live_x", http_options={"transport": transport})
    mounted = make(kind, secret_key="sk_live_x", http_options={"mounts": {"https://": transport}})
    local = seeded(1)
    with local.as_default():
        assert count(kind, given) == OUTSIDE
        later = make(kind, secret_key="sk_live_x")
        assert count(kind, later.with_options(api_url=server.url)) == OUTSIDE
        assert count(kind, mocked) == count(kind, mounted) == 88
    assert local.requests == []
    for client in [given, later] if kind == "sync" else []:
        client.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("url", ["https://api.clerk.com", "https://api.clerk.com/v1", "https://x.clerk.accounts.dev"])
def test_the_real_service_is_not_reached_by_its_url(kind: Kind, url: str) -> None:
    client = make(kind, secret_key="sk_live_x", api_url=url)
    for context in (seeded(1).as_default(), block_real_clerk()):
        with context, pytest.raises(ClerkConfigurationError, match=r"calls to .* are blocked .*: leave api_url out"):
            count(kind, client)


@pytest.mark.parametrize("kind", KINDS)
def test_blocked(outside: ScriptedServer, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    with block_real_clerk():
        assert count(kind) == OUTSIDE  # this machine is not the real service
        monkeypatch.setenv("CLERK_API_URL", "https://clerk.example.com")
        clerk.reset_default_clients()
        with pytest.raises(ClerkConfigurationError, match=r"calls to clerk\.example\.com are blocked .*: use"):
            count(kind)
        with block_real_clerk(), seeded(6).as_default():
            assert count(kind) == 6
        with pytest.raises(ClerkConfigurationError):
            count(kind)
        elsewhere = make(kind, api_url="http://nowhere.invalid", max_retries=0)
        with pytest.raises(ClerkConnectionError):
            count(kind, elsewhere)
    with pytest.raises(ClerkConnectionError):
        count(kind, make(kind, api_url="http://nowhere.invalid", max_retries=0))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_done_to_the_default_clients_is_over_with_the_test(outside: ScriptedServer, kind: Kind) -> None:
    def close() -> None:
        clerk_client.close() if kind == "sync" else asyncio.run(async_clerk_client.aclose())

    assert count(kind) == OUTSIDE
    with seeded(1).as_default():
        close()
        with pytest.raises(clerk.ClerkError, match="closed"):
            count(kind)
        clerk.reset_default_clients()
        assert count(kind) == 1
    assert count(kind) == OUTSIDE


def test_the_environment_is_read_after_the_test(outside: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLERK_SECRET_KEY")
    with seeded(1).as_default():
        assert count() == 1
    monkeypatch.setenv("CLERK_SECRET_KEY", "sk_live_set_later")
    assert count() == OUTSIDE
    assert outside.requests[-1].headers["authorization"] == "Bearer sk_live_set_later"


def test_a_walk_that_outlives_the_stand_in_does_not_leave_for_the_real_service() -> None:
    with block_real_clerk():
        with seeded(30).as_default():
            walk = clerk_client.users.get_user_list(limit=10).auto_paging_iter()
            first = next(walk)
        assert first.id
        with pytest.raises(ClerkConfigurationError):
            list(walk)
