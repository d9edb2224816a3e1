"""Many calls at a time of one async client: how they share the connections."""

from __future__ import annotations

import asyncio
import socket
import threading

import httpx
import pytest

from clerk import AsyncClerkClient, AsyncHTTPOptions, NotFoundError, create_async_clerk_client
from tests.support.clients import SECRET_KEY, probe
from tests.support.server import Act, ScriptedServer, answer


def together(count: int) -> Act:
    """Answer when so many requests have come that nobody has answered yet."""
    barrier, answered = threading.Barrier(count, timeout=30), answer(body={})

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        barrier.wait()
        return answered(connection, stopping)

    return act


def a_client(server: ScriptedServer, limits: httpx.Limits | None = None) -> AsyncClerkClient:
    http_options: AsyncHTTPOptions = {"verify": False}
    if limits is not None:
        http_options["limits"] = limits
    return create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=server.url, max_retries=0, http_options=http_options
    )


async def call(client: AsyncClerkClient, count: int) -> None:
    await asyncio.gather(*(client._send(probe()) for _ in range(count)))


async def clients_of(client: AsyncClerkClient) -> int:
    return len((await client._setup().pool.connections())._members)


@pytest.mark.parametrize(
    ("limits", "clients"),
    [
        (None, 9),
        (httpx.Limits(), 9),
        (httpx.Limits(max_connections=50, max_keepalive_connections=5), 8),
        (httpx.Limits(max_connections=60, keepalive_expiry=None), 9),
    ],
    ids=str,
)
async def test_calls_at_a_time_are_spread(server: ScriptedServer, limits: httpx.Limits | None, clients: int) -> None:
    server.play(together(50))

    async with a_client(server, limits) as client:
        await call(client, 50)
        assert await clients_of(client) == clients

    assert server.connections == 50


@pytest.mark.parametrize(("most", "clients"), [(1, 1), (11, 1), (20, 3), (100, 9)])
async def test_there_are_no_more_connections_than_the_limits_allow(
    server: ScriptedServer, most: int, clients: int
) -> None:
    async with a_client(server, httpx.Limits(max_connections=most)) as client:
        for _ in range(3):
            await call(client, 50)
        assert await clients_of(client) == clients

    assert len(server.requests) == 150
    assert server.connections <= most


async def test_one_call_after_the_other_takes_one_connection(server: ScriptedServer) -> None:
    async with a_client(server) as client:
        for _ in range(20):
            await call(client, 1)
        assert await clients_of(client) == 1

    assert server.connections == 1


async def test_what_was_idle_for_too_long_goes_with_the_next_calls(server: ScriptedServer) -> None:
    server.play(*[together(30)] * 30, answer(body={}))

    async with a_client(server, httpx.Limits(max_connections=100, keepalive_expiry=0.0)) as client:
        await call(client, 30)
        assert await clients_of(client) == 5
        await asyncio.sleep(0.01)
        for left in (4, 3, 2, 1, 1):
            await call(client, 1)
            assert await clients_of(client) == left


async def test_what_never_expires_stays(server: ScriptedServer) -> None:
    server.play(*[together(30)] * 30, answer(body={}))

    async with a_client(server, httpx.Limits(keepalive_expiry=None)) as client:
        await call(client, 30)
        await call(client, 1)
        assert await clients_of(client) == 5


async def test_a_failed_call_is_not_under_way_any_more(server: ScriptedServer) -> None:
    server.play(answer(404))

    async with a_client(server) as client:
        for _ in range(20):
            with pytest.raises(NotFoundError):
                await client._send(probe())
        assert await clients_of(client) == 1
