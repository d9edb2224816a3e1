from __future__ import annotations

from typing import Any

import httpx
import pytest

from clerk import (
    ClerkAPIResponseError,
    ClerkError,
    InternalServerError,
    RateLimitError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import Received, ScriptedServer, answer, raw, reset
from tests.support.transports import RecordingTransport
from tests.support.waits import Waits, until_async

REPEATED = ["GET", "HEAD", "PUT", "DELETE"]
NEVER_REPEATED = ["POST", "PATCH"]
FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS


class Failing(RecordingTransport):
    """Raises what it is given, again and again."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self._failure = failure

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        raise self._failure


def tries_of(kind: Kind, method: str, transport: RecordingTransport, **options: Any) -> int:
    """How often a request is sent that fails each time."""
    with pytest.raises(ClerkError):
        send(kind, probe(method), http_options={"transport": transport}, **options)
    return len(transport.requests)


# What is sent again.


@pytest.mark.parametrize("method", REPEATED + NEVER_REPEATED)
@pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_any_method_is_repeated_where_no_connection_was_made(
    kind: Kind, method: str, failure: type[httpx.TransportError], waits: Waits
) -> None:
    assert tries_of(kind, method, Failing(failure("no"))) == 3


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadError,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.WriteTimeout,
        httpx.CloseError,
        httpx.RemoteProtocolError,
    ],
)
@pytest.mark.parametrize("method", REPEATED + NEVER_REPEATED)
def test_where_the_service_may_have_acted_it_depends_on_the_method(
    kind: Kind, method: str, failure: type[httpx.TransportError], waits: Waits
) -> None:
    assert tries_of(kind, method, Failing(failure("no"))) == (3 if method in REPEATED else 1)


@pytest.mark.parametrize("name", ["Idempotency-Key", "idempotency-key"])
def test_a_key_for_repeats_lets_any_method_be_repeated(kind: Kind, name: str, waits: Waits) -> None:
    transport = Failing(httpx.ReadError("no"))
    with pytest.raises(ClerkError):
        send(kind, probe("POST", headers={name: "a"}), http_options={"transport": transport, "headers": {name: "b"}})
    assert [request.headers.get_list(name) for request in transport.requests] == [["a"]] * 3


@pytest.mark.parametrize(
    "failure", [httpx.DecodingError, httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.TooManyRedirects]
)
def test_what_would_fail_again_is_not_repeated(kind: Kind, failure: type[httpx.RequestError], waits: Waits) -> None:
    assert tries_of(kind, "GET", Failing(failure("no"))) == 1


@pytest.mark.parametrize("method", [*REPEATED, *NEVER_REPEATED, "OPTIONS"])
@pytest.mark.parametrize("status", [302, 400, 401, 404, 408, 422, 425, 429, 500, 501, 502, 503, 504, 505, 599])
def test_statuses(kind: Kind, method: str, status: int, waits: Waits) -> None:
    is_repeated = status == 429 or (status in (502, 503, 504) and method in REPEATED)

    assert tries_of(kind, method, RecordingTransport(status, b"")) == (3 if is_repeated else 1)


@pytest.mark.parametrize("max_retries", [0, 1, 2, 5])
def test_max_retries(kind: Kind, max_retries: int, waits: Waits) -> None:
    assert tries_of(kind, "GET", RecordingTransport(503), max_retries=max_retries) == 1 + max_retries
    assert len(waits.seconds) == max_retries


def test_the_last_error_is_the_one_that_is_raised(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(reset(), answer(503), answer(429, {"errors": [{"code": "last"}]}))

    with pytest.raises(RateLimitError, match="last"):
        send(kind, api_url=server.url, http_options=FAST)


def test_a_request_that_is_repeated_is_the_same_again(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(answer(429), answer(429), answer())

    send(kind, probe("POST", query={"a": ["b", "c"]}, json={"d": "é"}), api_url=server.url, http_options=FAST)

    def essence(request: Received) -> tuple[object, ...]:
        return (request.method, request.target, request.headers, request.body)

    first, *others = map(essence, server.requests)
    assert others == [first, first]
    assert first[1] == "/v1/probe?a=b&a=c"


def test_calls_by_name_are_repeated_alike(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(answer(503), answer(body={"object": "total_count", "total_count": 3}))

    assert call_count(kind, server) == 3
    assert len(server.requests) == 2


def call_count(kind: Kind, server: ScriptedServer) -> Any:  # Any: an int from either client
    import asyncio

    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": server.url, "http_options": FAST}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            return client.users.get_count()

    async def count() -> int:
        async with create_async_clerk_client(**options) as client:
            return await client.users.get_count()

    return asyncio.run(count())


def test_what_a_programmer_did_wrong_is_not_repeated(kind: Kind) -> None:
    transport = Failing(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        send(kind, http_options={"transport": transport})
    assert len(transport.requests) == 1


# How long it waits.


def test_waits_are_drawn_from_a_range_that_doubles(kind: Kind, waits: Waits) -> None:
    tries_of(kind, "GET", RecordingTransport(503), max_retries=7, deadline=None)

    assert waits.bounds == [(0, 0.5), (0, 1), (0, 2), (0, 4), (0, 8), (0, 8), (0, 8)]
    assert waits.seconds == [high for _, high in waits.bounds]


def test_any_number_of_repeats_can_be_waited_for(kind: Kind, waits: Waits) -> None:
    assert tries_of(kind, "GET", RecordingTransport(503), max_retries=1100, deadline=None) == 1101
    assert set(waits.bounds[4:]) == {(0, 8)}


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("1", 1), ("2.5", 2.5), ("60", 60)])
@pytest.mark.parametrize("status", [429, 503])
def test_what_the_service_asks_for_is_waited(
    kind: Kind, server: ScriptedServer, status: int, text: str, seconds: float, waits: Waits
) -> None:
    server.play(answer(status, headers={"retry-after": text}), answer())

    send(kind, api_url=server.url, http_options=FAST)

    assert waits.seconds == [seconds]
    assert waits.bounds == []


@pytest.mark.parametrize("text", ["61", "60.1", "86400", "9" * 400])
@pytest.mark.parametrize("status", [429, 503])
def test_longer_waits_are_left_to_the_caller(
    kind: Kind, server: ScriptedServer, status: int, text: str, waits: Waits
) -> None:
    server.play(answer(status, headers={"retry-after": text}))

    with pytest.raises((RateLimitError, InternalServerError)) as caught:
        send(kind, api_url=server.url, http_options=FAST)

    assert caught.value.retry_after == float(text)
    assert len(server.requests) == 1
    assert waits.seconds == []


def test_a_wait_that_makes_no_sense_is_replaced_by_the_backoff(
    kind: Kind, server: ScriptedServer, waits: Waits
) -> None:
    server.play(answer(429, headers={"retry-after": "soon"}), answer())

    send(kind, api_url=server.url, http_options=FAST)

    assert waits.bounds == [(0, 0.5)]


def test_a_real_wait_is_a_wait(kind: Kind, server: ScriptedServer) -> None:
    server.play(answer(429, headers={"retry-after": "0.01"}), answer())

    assert send(kind, api_url=server.url, http_options=FAST).status_code == 200
    assert len(server.requests) == 2


async def test_other_tasks_go_on_while_a_call_waits(server: ScriptedServer) -> None:
    import asyncio

    server.play(answer(429, headers={"retry-after": "30"}))
    async with create_async_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client:
        waiting = asyncio.create_task(client._send(probe()))
        await until_async(lambda: bool(server.requests))
        server.play(answer(body={"total_count": 3}))
        assert await client.users.get_count() == 3  # on the same loop, while the other waits for half a minute
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert len(server.requests) == 2


# Connections that are kept.


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_kept_connection_that_the_server_closed_breaks_nothing(
    kind: Kind, method: str, server: ScriptedServer
) -> None:
    import asyncio
    import threading

    closed = threading.Semaphore(0)

    def answer_and_close(connection: Any, stopping: threading.Event) -> bool:  # Any: a socket
        answer()(connection, stopping)  # which promises to keep the connection
        connection.shutdown(2)
        closed.release()
        return False

    server.play(answer_and_close)
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": server.url, "http_options": FAST}
    options["max_retries"] = 0
    if kind == "sync":
        with create_clerk_client(**options) as client:
            for _ in range(3):
                client._send(probe(method))
                assert closed.acquire(timeout=20)
    else:

        async def call() -> None:
            async with create_async_clerk_client(**options) as async_client:
                for _ in range(3):
                    await async_client._send(probe(method))
                    assert await asyncio.to_thread(closed.acquire, timeout=20)

        asyncio.run(call())

    assert [request.connection for request in server.requests] == [0, 1, 2]


def test_after_an_error_the_connection_is_kept(server: ScriptedServer) -> None:
    server.play(answer(404, {"errors": []}), answer(500, b"x" * 1000), answer())
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client:
        for status in (404, 500):
            with pytest.raises(ClerkAPIResponseError) as caught:
                client._send(probe())
            assert caught.value.status_code == status
        client._send(probe())

    assert [request.connection for request in server.requests] == [0, 0, 0]


def test_a_connection_that_broke_is_not_used_again(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"), answer(500, b"x" * 100_000), answer())

    with pytest.raises(InternalServerError):
        send(kind, api_url=server.url, http_options=FAST)

    assert [request.connection for request in server.requests] == [0, 1]
