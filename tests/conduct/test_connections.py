"""How calls share the connections of a client: how many there are, which are kept, and that none is ever lost."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from queue import SimpleQueue
from types import FrameType
from typing import Any

import httpx
import pytest

from clerk import (
    AsyncClerkClient,
    ClerkClient,
    ClerkTimeoutError,
    NotFoundError,
    _network,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.support.clients import SECRET_KEY, probe
from tests.support.server import Act, ScriptedServer, answer, stall
from tests.support.waits import until_async

LIBRARIES = ["httpx", "httpx2"]


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def together(count: int) -> Act:
    """Answer when so many requests have come that nobody has answered yet."""
    barrier, answered = threading.Barrier(count, timeout=120), answer(body={})

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        barrier.wait()
        return answered(connection, stopping)

    return act


def options(url: str, library: str, limits: httpx.Limits | None = None, **more: Any) -> Any:  # Any: options of either
    http_options: dict[str, Any] = {"verify": False, "transport": library, "timeout": 120}  # on a busy machine too
    if limits is not None:
        http_options["limits"] = limits
    return {
        "secret_key": SECRET_KEY, "api_url": url, "max_retries": 0, "http_options": http_options | more
    }  # fmt: skip


async def call(client: AsyncClerkClient, count: int) -> None:
    await asyncio.gather(*(client._send(probe()) for _ in range(count)))


async def test_calls_at_a_time_have_a_connection_each(server: ScriptedServer, library: str) -> None:
    server.play(together(50))

    async with create_async_clerk_client(**options(server.url, library)) as client:
        await call(client, 50)
        await call(client, 50)

    assert server.connections == 50


@pytest.mark.parametrize("most", [1, 11, 20])
async def test_there_are_no_more_connections_than_the_limits_allow(
    server: ScriptedServer, library: str, most: int
) -> None:
    async with create_async_clerk_client(**options(server.url, library, httpx.Limits(max_connections=most))) as client:
        for _ in range(3):
            await call(client, 50)

    assert len(server.requests) == 150
    assert server.connections <= most


@pytest.mark.parametrize("most", [1, 11])
def test_threads_keep_to_the_limits(server: ScriptedServer, library: str, most: int) -> None:
    with (
        create_clerk_client(**options(server.url, library, httpx.Limits(max_connections=most))) as client,
        ThreadPoolExecutor(20) as threads,
    ):
        list(threads.map(lambda _: client._send(probe()), range(100)))

    assert len(server.requests) == 100
    assert server.connections <= most


async def test_one_call_after_the_other_takes_one_connection(server: ScriptedServer, library: str) -> None:
    async with create_async_clerk_client(**options(server.url, library)) as client:
        for _ in range(20):
            await call(client, 1)

    assert server.connections == 1


@pytest.mark.parametrize(("kept", "more"), [(2, 3), (5, 0), (None, 0), (0, 5)])
async def test_no_more_are_kept_than_the_limits_say(
    server: ScriptedServer, library: str, kept: int | None, more: int
) -> None:
    server.play(together(5))
    limits = httpx.Limits(max_keepalive_connections=kept)

    async with create_async_clerk_client(**options(server.url, library, limits)) as client:
        await call(client, 5)
        assert server.connections == 5
        await call(client, 5)

    assert server.connections == 5 + more


async def test_what_was_idle_for_too_long_is_closed(server: ScriptedServer, library: str) -> None:
    server.play(*[together(5)] * 5, answer(body={}))

    async with create_async_clerk_client(**options(server.url, library, httpx.Limits(keepalive_expiry=0.05))) as client:
        await call(client, 5)
        await asyncio.sleep(0.1)
        await call(client, 1)
        await until_async(lambda: len(server._open) <= 1)

    assert server.connections == 6


async def test_a_call_that_finds_no_connection_in_time(server: ScriptedServer, library: str) -> None:
    server.play(stall())
    given = options(server.url, library, httpx.Limits(max_connections=1), timeout=httpx.Timeout(30, pool=0.05))

    async with create_async_clerk_client(**given) as client:
        first = asyncio.create_task(client._send(probe()))
        await until_async(lambda: len(server.requests) == 1)
        with pytest.raises(ClerkTimeoutError, match="PoolTimeout"):
            await client._send(probe())
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        server.play(answer())
        await client._send(probe())


def test_a_thread_that_finds_no_connection_in_time(server: ScriptedServer, library: str) -> None:
    server.play(stall())
    given = options(server.url, library, httpx.Limits(max_connections=1), timeout=httpx.Timeout(0.3, pool=0.05))

    with create_clerk_client(**given) as client:
        with ThreadPoolExecutor(2) as threads:
            ended = [threads.submit(client._send, probe()) for _ in range(2)]
            texts = sorted(str(future.exception()) for future in ended)
        assert [text.split(": ")[1] for text in texts] == ["PoolTimeout", "ReadTimeout"]
        server.play(answer())
        client._send(probe())


async def test_a_failed_call_keeps_no_connection(server: ScriptedServer, library: str) -> None:
    server.play(answer(404))

    async with create_async_clerk_client(**options(server.url, library)) as client:
        for _ in range(20):
            with pytest.raises(NotFoundError):
                await client._send(probe())

    assert server.connections == 1


# Cancellation. The service is in the same event loop, so that a few steps take a call from its beginning to its end.


class Conversation(asyncio.Protocol):
    """One connection of the service, which answers everything."""

    def __init__(self, others: set[Conversation]) -> None:
        self._others = others
        self._transport: asyncio.Transport | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._others.add(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        *heads, self._received = self._received.split(b"\r\n\r\n")
        for _ in heads:
            assert self._transport is not None
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._others.discard(self)


@asynccontextmanager
async def service(tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A service in this event loop; yields its URL, and at the end sees that no connection is left."""
    conversations: set[Conversation] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: Conversation(conversations), "127.0.0.1", ssl=tls, backlog=1000
    )
    async with server:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await until_async(lambda: not conversations)


async def cancel_at(client: AsyncClerkClient, callers: int, steps: int) -> bool:
    """Start calls, let the loop take some steps, and cancel them; return whether one of them was still on its way."""
    tasks = [asyncio.create_task(client._send(probe())) for _ in range(callers)]
    for _ in range(steps):
        await asyncio.sleep(0)
    cancelled = [task.cancel() for task in tasks]
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, BaseException) and not isinstance(ended, asyncio.CancelledError):
            raise ended
    return any(cancelled)


MARGIN = 5  # so many steps more than it takes until there is nothing to cancel


async def cancelled_often(url: str, library: str, callers: int, rounds: int) -> None:
    async with create_async_clerk_client(**options(url, library)) as client:
        await client._send(probe())  # with all imports, and the certificates
        for _ in range(rounds):
            steps = late = 0
            while late < MARGIN:
                late = 0 if await cancel_at(client, callers, steps) else late + 1
                steps += 1
            assert steps > 10 + MARGIN
        connections = await client._state().pool.connections()
        assert not connections._busy
        async with asyncio.timeout(300):
            await call(client, 100)


@pytest.mark.parametrize(("callers", "rounds"), [(1, 20), (6, 4), (50, 1)])
async def test_cancelled_at_any_step(library: str, callers: int, rounds: int) -> None:
    async with service() as url:
        await cancelled_often(url, library, callers, rounds)


@pytest.mark.parametrize(("callers", "rounds"), [(1, 4), (6, 1), (50, 1)])
async def test_cancelled_at_any_step_of_tls(tls: ssl.SSLContext, library: str, callers: int, rounds: int) -> None:
    async with service(tls) as url:
        await cancelled_often(url, library, callers, rounds)


async def test_a_few_connections_survive_many_cancellations(library: str) -> None:
    async with service() as url:
        given = options(url, library, httpx.Limits(max_connections=2))
        async with create_async_clerk_client(**given) as client:
            for steps in range(240):
                await cancel_at(client, 6, steps % 60)
            async with asyncio.timeout(300):
                await call(client, 20)


async def test_the_deadline_cancels_as_well(library: str) -> None:
    async with service() as url:
        given = options(url, library, httpx.Limits(max_connections=2))
        async with create_async_clerk_client(**given, deadline=0.001) as client:
            ended = await asyncio.gather(*(client._send(probe()) for _ in range(500)), return_exceptions=True)
            assert {type(error) for error in ended if isinstance(error, Exception)} == {ClerkTimeoutError}
            async with asyncio.timeout(300):
                await call(client.with_options(deadline=None), 20)


# Threads.


def test_fifty_threads_and_few_kept_connections(server: ScriptedServer, library: str) -> None:
    """Connections come and go all the time, and none is closed that another thread has."""
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=5)

    def many(client: ClerkClient) -> None:
        for _ in range(12):
            client._send(probe())

    with (
        create_clerk_client(**options(server.url, library, limits)) as client,
        ThreadPoolExecutor(50) as threads,
    ):
        for ended in [threads.submit(many, client) for _ in range(50)]:
            ended.result()

    assert len(server.requests) == 600


# Signals.


class OfASignalError(BaseException):
    pass


def test_exceptions_of_signal_handlers_at_any_line_leave_no_call_waiting(server: ScriptedServer, library: str) -> None:
    """They come at a line of httpcore: of its pool, its connections, and what they lock with."""
    files = tuple(
        f"{name}.py" for name in ("_sync/connection_pool", "_sync/connection", "_sync/http11", "_synchronization")
    )
    ended: SimpleQueue[bool | BaseException] = SimpleQueue()
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:  # Any: itself
        nonlocal lines
        if not frame.f_code.co_filename.endswith(files):
            return None
        if event == "line":
            lines -= 1
            if lines == 0:
                raise OfASignalError
        return trace

    def call(client: ClerkClient) -> None:
        sys.settrace(trace)
        try:
            client._send(probe())
        except BaseException as error:  # noqa: BLE001  # for the test
            ended.put(error)
        else:
            ended.put(False)
        finally:
            sys.settrace(None)

    def is_interrupted(client: ClerkClient, number: int) -> bool:
        nonlocal lines
        lines = number
        threading.Thread(target=call, args=(client,), daemon=True).start()
        error = ended.get(timeout=120)
        assert error is False or isinstance(error, OfASignalError)
        return bool(error)

    with create_clerk_client(**options(server.url, library, httpx.Limits(max_connections=1))) as client:
        client._send(probe())
        number = 1
        while is_interrupted(client, number):
            client._send(probe())
            number += 1
    assert number > 60


def test_exceptions_of_signal_handlers_take_no_place(
    server: ScriptedServer, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come where a call waits for the network: to connect, to send, to receive."""
    steps = 0

    def interrupted(left: Any, *given: Any) -> Any:  # Any: whatever it takes and returns
        nonlocal steps
        steps -= 1
        if steps == 0:
            raise OfASignalError
        return left(*given)

    monkeypatch.setattr("clerk._network._time_left", partial(interrupted, _network._time_left))
    ended = 0
    with create_clerk_client(**options(server.url, library, httpx.Limits(max_connections=2))) as client:
        for number in range(60):
            steps = number % 6 + 1
            try:
                client._send(probe())
            except OfASignalError:
                ended += 1
        steps = -1
        server.play(together(2))
        with ThreadPoolExecutor(2) as threads:
            for future in [threads.submit(client._send, probe()) for _ in range(2)]:
                future.result(timeout=120)
    assert ended > 20
