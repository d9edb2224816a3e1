from __future__ import annotations

import asyncio
import itertools
import socket
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpcore
import httpx
import pytest

from clerk import (
    ClerkTimeoutError,
    InternalServerError,
    RateLimitError,
    _network,
    create_async_clerk_client,
    create_clerk_client,
)
from clerk._library import core_of
from tests.faults.acts import drip, head
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.garbage import collected
from tests.support.listener import Listener
from tests.support.server import Act, ScriptedServer, answer, stall
from tests.support.transports import RecordingTransport, Transport
from tests.support.waits import Waits

FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS
SHORT = 1.0  # seconds: enough to send a request on a busy machine
DRIPS = [head(200, "content-length: 999999"), head(500, "content-length: 999999"), head(200, "connection: close")]


class Clock:
    """A clock that stands still unless it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("clerk._deadline.time", SimpleNamespace(monotonic=lambda: self.now))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch, clock: Clock, waits: Waits) -> Waits:
    """Waits that take their time on the clock that stands still."""
    plain, plain_async = waits.sleep, waits.sleep_async

    def sleep(seconds: float) -> None:
        clock.now += seconds
        plain(seconds)

    async def sleep_async(seconds: float) -> None:
        clock.now += seconds
        await plain_async(seconds)

    Waits.take_over(monkeypatch, sleep, sleep_async)
    return waits


@pytest.mark.parametrize("start", DRIPS)
def test_a_body_that_drips_ends(kind: Kind, server: ScriptedServer, start: bytes) -> None:
    server.play(drip(start))

    late = r"^GET /v1/probe: not done within the deadline of 1 s, after 1 attempt$"
    with pytest.raises(ClerkTimeoutError, match=late):
        send(kind, api_url=server.url, deadline=SHORT, http_options=FAST)

    assert len(server.requests) == 1


@pytest.mark.parametrize("act", [stall(), stall(head(200, "content-length: 9") + b"x")])
@pytest.mark.parametrize("timeout", [30, None])
def test_timeouts_of_a_try_end_with_the_deadline(
    kind: Kind, server: ScriptedServer, act: Act, timeout: float | None
) -> None:
    with pytest.raises(ClerkTimeoutError):
        send(kind, api_url=server.play(act).url, deadline=SHORT, http_options={**FAST, "timeout": timeout})

    assert len(server.requests) == 1


def drip_bytes(first: bytes, *, again: bytes = b"") -> Act:
    """Send bytes one by one, then others again and again, until the other side has had enough."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        for byte in itertools.chain(first, itertools.cycle(again)):
            connection.sendall(bytes([byte]))
            if stopping.wait(0.01):
                break
        return False

    return act


SLOW: dict[str, Act] = {
    "status line": drip_bytes(b"HTTP/1.1 200 ", again=b"x"),
    "headers": drip_bytes(b"HTTP/1.1 200 OK\r\n", again=b"x: y\r\n"),
    "1xx": drip_bytes(b"", again=b"HTTP/1.1 102 Processing\r\n\r\n"),
    "chunk extensions": drip_bytes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;", again=b"x"),
    "tiny chunks": drip_bytes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", again=b"1\r\nx\r\n"),
    "trailers": drip_bytes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", again=b"x: y\r\n"),
}


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW)
def test_an_answer_that_drips_ends(transport: Transport, server: ScriptedServer, act: Act) -> None:
    server.play(act)

    with pytest.raises(ClerkTimeoutError, match=r"not done within the deadline of 0.3 s, after 1 attempt$"):
        transport.send(api_url=server.url, deadline=0.3, http_options=FAST)


def test_a_handshake_that_drips_ends(transport: Transport) -> None:
    with (
        Listener(lambda connection: connection.recv(1), again=b"\x16\x03\x03\x40\x00" + b"\x00" * 9) as listener,
        pytest.raises(ClerkTimeoutError, match=r"not done within the deadline of 0.3 s"),
    ):
        transport.send(api_url=f"https://{listener.address}", deadline=0.3, http_options=FAST)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_drips_ends(transport: Transport, server: ScriptedServer, scheme: str) -> None:
    server.play(drip_bytes(b"HTTP/1.1 200 ", again=b"x"))

    with pytest.raises(ClerkTimeoutError, match=r"not done within the deadline of 0.3 s"):
        transport.send(api_url=f"{scheme}://api.example", deadline=0.3, http_options={**FAST, "proxy": server.url})


def test_a_peer_that_does_not_read_ends(transport: Transport) -> None:
    request = probe("POST", json={"a": "x" * 30_000_000})

    with (
        collected(),  # a connection that is still open would warn of it
        Listener(lambda connection: connection.recv(4096), again=None) as listener,
        pytest.raises(ClerkTimeoutError, match=r"not done within the deadline of 0.5 s"),
    ):
        transport.send(request, api_url=f"http://{listener.address}", deadline=0.5, http_options=FAST)


def test_no_address_of_a_host_gets_more_than_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[float] = []

    def connect(address: object, timeout: float, **more: object) -> socket.socket:
        timeouts.append(timeout)
        time.sleep(0.1)
        raise TimeoutError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{number}", 80)) for number in range(40)]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr("socket.create_connection", connect)

    with pytest.raises(ClerkTimeoutError, match="deadline"):
        send("sync", api_url="http://api.example", deadline=0.5, max_retries=0, http_options=FAST)

    assert len(timeouts) < 8
    assert timeouts == sorted(timeouts, reverse=True)


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_looking_a_host_up_ends_with_the_deadline(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it would where no name server answers; the async client's deadline is a hard one anyway."""
    ended = threading.Event()

    def stalled(host: object, *_: object, **__: object) -> Any:  # Any: nothing comes
        assert ended.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answers")

    monkeypatch.setattr("socket.getaddrinfo", stalled)
    options = {**FAST, "timeout": None, "transport": library}
    try:
        with pytest.raises(ClerkTimeoutError, match=r"not done within the deadline of 0.3 s"):
            send("sync", api_url="http://api.example", deadline=0.3, http_options=options)
    finally:
        ended.set()
        lookups_end()


def test_calls_wait_for_one_lookup_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that is silent costs one thread, however many calls give up."""
    ended, lookups = threading.Event(), []

    def stalled(host: str, *_: object, **__: object) -> Any:  # Any: nothing comes
        lookups.append(host)
        assert ended.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answers")

    monkeypatch.setattr("socket.getaddrinfo", stalled)
    network = _network.Network(core_of("httpx"))
    try:
        for _ in range(5):
            with pytest.raises(httpcore.ConnectTimeout, match=r"the lookup of the host silent.example timed out"):
                network._addresses("silent.example", 80, 0.01)
        assert lookups == ["silent.example"]
    finally:
        ended.set()
        lookups_end()


@pytest.mark.parametrize("timeout", [5, None])
def test_what_stands_in_for_the_lookup_is_heard(timeout: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests block the network so."""

    def blocked(*_: object, **__: object) -> Any:  # Any: nothing comes
        raise NotImplementedError("no network in tests")

    network = _network.Network(core_of("httpx"))
    monkeypatch.setattr("socket.getaddrinfo", blocked)
    with pytest.raises(NotImplementedError, match="no network in tests"):
        network._addresses("blocked.example", 80, timeout)

    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [])
    assert network._addresses("empty.example", 80, timeout) == ["empty.example"]


def lookups_end() -> None:
    for thread in threading.enumerate():
        if thread.name == "clerk-lookup":
            thread.join(60)


def test_a_host_is_looked_up_where_there_are_no_threads_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the end of an interpreter."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    network = _network.Network(core_of("httpx"))
    with monkeypatch.context() as patch:
        patch.setattr("threading.Thread.start", refuse)
        for timeout in (5, None):
            assert "127.0.0.1" in network._addresses("localhost", 80, timeout)


async def test_the_deadline_of_the_async_client_is_a_hard_one(server: ScriptedServer) -> None:
    def drip_head(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nx-")
        while not stopping.wait(0.02):
            connection.sendall(b"x")
        return False

    server.play(drip_head)
    async with create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=server.url, deadline=SHORT, http_options=FAST
    ) as client:
        with pytest.raises(ClerkTimeoutError, match="deadline") as caught:
            await client._send(probe())
        assert isinstance(caught.value.__cause__, TimeoutError)
        assert not asyncio.current_task().cancelling()  # type: ignore[union-attr]  # there is one
        server.play(answer())
        await client._send(probe())  # the client goes on


async def test_a_timeout_of_the_callers_own_is_none_of_ours(server: ScriptedServer) -> None:
    async with create_async_clerk_client(
        secret_key=SECRET_KEY, api_url=server.play(stall()).url, http_options=FAST
    ) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client._send(probe())


async def test_a_timeout_error_of_a_hook_is_none_of_ours(server: ScriptedServer) -> None:
    async def hook(request: httpx.Request) -> None:
        raise TimeoutError("mine")

    options: Any = {**FAST, "event_hooks": {"request": [hook]}}  # Any: one type per option
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=options) as client:
        with pytest.raises(TimeoutError, match=r"^mine$"):
            await client._send(probe())


@pytest.mark.parametrize(("deadline", "tries"), [(0.4, 1), (1.4, 2), (3.4, 3), (100, 9), (None, 9)])
def test_no_wait_begins_that_cannot_end_in_time(kind: Kind, deadline: float | None, tries: int, passing: Waits) -> None:
    transport = RecordingTransport(503)

    with pytest.raises(InternalServerError):  # what happened says more than that there was no time left
        send(kind, deadline=deadline, max_retries=8, http_options={"transport": transport})

    assert len(transport.requests) == tries
    assert passing.seconds == [0.5, 1, 2, 4, 8, 8, 8, 8][: tries - 1]


def test_a_wait_as_long_as_the_deadline_does_not_begin(kind: Kind, server: ScriptedServer, passing: Waits) -> None:
    server.play(answer(429, headers={"retry-after": "10"}))

    with pytest.raises(RateLimitError):
        send(kind, api_url=server.url, deadline=25, max_retries=9, http_options=FAST)

    assert passing.seconds == [10, 10]


class Late(RecordingTransport):
    """Fails, and has the clock go on meanwhile."""

    def __init__(self, clock: Clock, seconds: float, timeouts: list[dict[str, float | None]]) -> None:
        super().__init__(503)
        self._clock = clock
        self._seconds = seconds
        self._timeouts = timeouts

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self._timeouts.append(request.extensions["timeout"])
        self._clock.now += self._seconds
        return super()._answer(request)


def test_the_sync_client_shortens_the_timeouts_of_a_try_to_what_is_left(clock: Clock, passing: Waits) -> None:
    timeouts: list[dict[str, float | None]] = []
    transport = Late(clock, 40.0, timeouts)

    with pytest.raises(InternalServerError):
        send(
            "sync",
            deadline=90.0,
            http_options={"transport": transport, "timeout": httpx.Timeout(50, connect=5, pool=None)},
        )

    assert timeouts == [
        {"connect": 5, "read": 50, "write": 50, "pool": 90},
        {"connect": 5, "read": 49.5, "write": 49.5, "pool": 49.5},
        {"connect": 5, "read": 8.5, "write": 8.5, "pool": 8.5},
    ]


def test_timeouts_that_are_short_enough_stay(clock: Clock, passing: Waits) -> None:
    timeouts: list[dict[str, float | None]] = []

    with pytest.raises(InternalServerError):
        send("sync", max_retries=0, http_options={"transport": Late(clock, 1, timeouts), "timeout": 7})

    assert timeouts == [{"connect": 7, "read": 7, "write": 7, "pool": 7}]


def test_without_a_deadline_timeouts_stay(kind: Kind, clock: Clock, passing: Waits) -> None:
    timeouts: list[dict[str, float | None]] = []

    with pytest.raises(InternalServerError):
        send(kind, deadline=None, http_options={"transport": Late(clock, 1000, timeouts), "timeout": None})

    assert timeouts == [{"connect": None, "read": None, "write": None, "pool": None}] * 3


def test_no_try_begins_after_the_deadline(clock: Clock, monkeypatch: pytest.MonkeyPatch, waits: Waits) -> None:
    transport = RecordingTransport(503)

    def oversleep(seconds: float) -> None:
        clock.now += 1000

    Waits.take_over(monkeypatch, oversleep, waits.sleep_async)
    with pytest.raises(ClerkTimeoutError, match="deadline of 120 s, after 2 attempts"):
        send("sync", http_options={"transport": transport})

    assert len(transport.requests) == 1


def test_a_deadline_of_ones_own_for_one_call(server: ScriptedServer) -> None:
    server.play(drip(DRIPS[0]))
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, deadline=None, http_options=FAST) as client:
        with pytest.raises(ClerkTimeoutError, match=r"deadline of 1 s"):
            client.with_options(deadline=SHORT)._send(probe())
        server.play(answer())
        client._send(probe())


def test_each_call_has_a_deadline_of_its_own(kind: Kind, clock: Clock) -> None:
    calls: list[Callable[[], object]] = []

    class Slow(RecordingTransport):
        def _answer(self, request: httpx.Request) -> httpx.Response:
            clock.now += 100  # of 120 seconds
            calls.append(lambda: None)
            return super()._answer(request)

    options: Any = {"secret_key": SECRET_KEY, "http_options": {"transport": Slow()}}  # Any: one type per option
    if kind == "sync":
        with create_clerk_client(**options) as client:
            for _ in range(3):
                client._send(probe())
    else:

        async def call() -> None:
            async with create_async_clerk_client(**options) as async_client:
                for _ in range(3):
                    await async_client._send(probe())

        asyncio.run(call())

    assert len(calls) == 3
