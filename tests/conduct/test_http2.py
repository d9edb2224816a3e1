"""HTTP/2: all calls share one client of the HTTP library, which is replaced where something has gone wrong with it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from clerk import AsyncClerkClient, ClerkConnectionError, ClerkTimeoutError, create_async_clerk_client
from tests.support.clients import SECRET_KEY, probe
from tests.support.http2 import Service, http2_service
from tests.support.waits import until_async


@pytest.fixture(params=["httpx", "httpx2"])
def options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The options of a client that begins with HTTP/2 at once."""
    http_options = {"verify": False, "transport": request.param, "http1": False, "http2": True}
    return {"secret_key": SECRET_KEY, "max_retries": 0, "http_options": http_options}


async def call(client: AsyncClerkClient, count: int) -> None:
    async with asyncio.timeout(30):
        await asyncio.gather(*(client._send(probe()) for _ in range(count)))


async def seen(service: Service, requests: int) -> None:
    await until_async(lambda: service.requests == requests)


async def test_calls_share_a_connection(options: dict[str, Any]) -> None:
    async with http2_service() as service:
        async with create_async_clerk_client(**options, api_url=service.url) as client:
            await call(client, 50)
            await call(client, 50)
        assert (service.requests, service.connections) == (100, 1)


async def test_a_connection_that_broke_is_replaced(options: dict[str, Any]) -> None:
    async with http2_service() as service:
        async with create_async_clerk_client(**options, api_url=service.url) as client:
            await call(client, 5)
            service.is_silent = True
            tasks = [asyncio.create_task(client._send(probe())) for _ in range(5)]
            await seen(service, 10)
            service.break_off()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert {type(error) for error in ended} == {ClerkConnectionError}
            service.is_silent = False
            await call(client, 20)
        assert service.connections == 2


@pytest.mark.parametrize("callers", [1, 6, 50])
async def test_cancelled_at_any_step(options: dict[str, Any], callers: int) -> None:
    """Afterwards as many calls go through at once as before, and no connection is left."""
    async with http2_service() as service, create_async_clerk_client(**options, api_url=service.url) as client:
        await call(client, 1)
        for steps in range(60):
            tasks = [asyncio.create_task(client._send(probe())) for _ in range(callers)]
            for _ in range(steps):
                await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            for error in await asyncio.gather(*tasks, return_exceptions=True):
                assert not isinstance(error, Exception), error
        await call(client, 100)
        members = (await client._state().pool.connections())._shared.values()
        assert [member.calls for member in members] == [0]


async def test_a_cancelled_call_takes_no_other_with_it(options: dict[str, Any]) -> None:
    async with http2_service() as service, create_async_clerk_client(**options, api_url=service.url) as client:
        await call(client, 1)
        service.is_silent = True
        waiting = [asyncio.create_task(client._send(probe())) for _ in range(3)]
        await seen(service, 4)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        service.is_silent = False
        await call(client, 5)
        assert not any(task.done() for task in waiting[1:])
        service.break_off()
        for error in await asyncio.gather(*waiting[1:], return_exceptions=True):
            assert isinstance(error, ClerkConnectionError)
        with suppress(ClerkConnectionError):  # nobody has read yet that the idle one broke as well
            await call(client, 1)
        await call(client, 5)


async def test_the_deadline_of_one_call_is_none_of_the_others(options: dict[str, Any]) -> None:
    async with http2_service() as service, create_async_clerk_client(**options, api_url=service.url) as client:
        await call(client, 1)
        service.is_silent = True
        with pytest.raises(ClerkTimeoutError):
            await client.with_options(deadline=0.05)._send(probe())
        service.is_silent = False
        await call(client, 20)
