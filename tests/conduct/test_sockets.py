"""How a call uses its connection: the sockets of the sync client never block, and nothing is asked of them in vain."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import pytest

from clerk import ClerkConnectionError, ClerkTimeoutError, _network, create_async_clerk_client, create_clerk_client
from clerk._library import core_of
from tests.support.clients import SECRET_KEY, Kind, probe
from tests.support.server import Act, ScriptedServer, answer, stall

LARGE = {"text": "0123456789abcdef" * 250_000}  # more than any socket takes at once


@pytest.fixture(params=["http", "https"])
def peer(request: pytest.FixtureRequest, server: ScriptedServer, tls_server: ScriptedServer) -> ScriptedServer:
    return server if request.param == "http" else tls_server


@pytest.fixture(params=["poll", "select"])
def way_to_wait(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no `select.poll`."""
    if request.param == "select":
        monkeypatch.delattr(select, "poll")


@pytest.fixture(params=["httpx", "httpx2"])
def options(request: pytest.FixtureRequest, peer: ScriptedServer) -> dict[str, Any]:
    http_options = {"verify": False, "transport": request.param}
    return {"secret_key": SECRET_KEY, "api_url": peer.url, "max_retries": 0, "http_options": http_options}


def in_pieces(*pieces: bytes) -> Act:
    """Answer piece by piece, and leave time between them."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        for piece in pieces:
            connection.sendall(piece)
            stopping.wait(0.02)
        return True

    return act


@pytest.mark.usefixtures("way_to_wait")
def test_large_bodies_both_ways(peer: ScriptedServer, options: dict[str, Any]) -> None:
    peer.play(answer(body=LARGE))

    with create_clerk_client(**options) as client:
        for _ in range(2):
            assert client._send(probe("POST", json=LARGE)).json() == LARGE

    assert [request.json == LARGE for request in peer.requests] == [True, True]
    assert peer.connections == 1


@pytest.mark.usefixtures("way_to_wait")
def test_a_response_that_comes_in_pieces(peer: ScriptedServer, options: dict[str, Any]) -> None:
    peer.play(in_pieces(b"HTTP/1.1 200 OK\r\n", b"content-length: 4\r\n\r\n", b"t", b"rue"))

    with create_clerk_client(**options) as client:
        assert client._send(probe()).content == b"true"
        assert client._send(probe()).content == b"true"

    assert peer.connections == 1


@pytest.mark.usefixtures("way_to_wait")
def test_a_response_that_does_not_come(peer: ScriptedServer, options: dict[str, Any]) -> None:
    peer.play(stall(b"HTTP/1.1 200 OK\r\n"))
    options["http_options"]["timeout"] = 0.1

    with create_clerk_client(**options) as client, pytest.raises(ClerkTimeoutError, match="ReadTimeout: timed out"):
        client._send(probe())


def test_a_call_asks_little_about_its_socket(
    peer: ScriptedServer, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the server has hung up, and when the response comes; with many threads, each question costs."""
    asked: list[str] = []
    make, set_timeout = select.poll, socket.socket.settimeout

    def poll() -> object:
        asked.append("poll")
        return make()

    def settimeout(opened: socket.socket, seconds: float | None) -> None:
        asked.append("settimeout")
        set_timeout(opened, seconds)

    with create_clerk_client(**options) as client:
        client._send(probe())
        monkeypatch.setattr(select, "poll", poll)
        monkeypatch.setattr(socket.socket, "settimeout", settimeout)
        client._send(probe())

    assert asked == ["poll", "poll"]
    assert peer.connections == 1


@pytest.fixture
def another() -> Iterator[ScriptedServer]:
    with ScriptedServer(answer(body="another")) as running:
        yield running


def send_each(kind: Kind, options: dict[str, Any], urls: list[str]) -> list[Any]:
    """Send requests with one client, whose hook sends each to another URL."""
    left = iter(urls)

    def move(request: httpx.Request) -> None:
        request.url = type(request.url)(next(left))

    async def move_async(request: httpx.Request) -> None:
        await asyncio.sleep(0)
        move(request)

    options["http_options"]["event_hooks"] = {"request": [move if kind == "sync" else move_async]}
    if kind == "sync":
        with create_clerk_client(**options) as client:
            return [client._send(probe()).json() for _ in urls]

    async def send() -> list[Any]:
        async with create_async_clerk_client(**options) as client:
            return [(await client._send(probe())).json() for _ in urls]

    return asyncio.run(send())


def test_a_hook_that_chooses_another_server(
    kind: Kind, peer: ScriptedServer, another: ScriptedServer, options: dict[str, Any]
) -> None:
    peer.play(answer(body="peer"))

    assert send_each(kind, options, [peer.url, another.url, another.url, peer.url]) == [
        "peer", "another", "another", "peer"
    ]  # fmt: skip

    assert (peer.connections, another.connections) == (2, 1)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "//127.0.0.1/"])
def test_a_hook_that_chooses_another_protocol(
    kind: Kind, peer: ScriptedServer, options: dict[str, Any], url: str
) -> None:
    with pytest.raises(ClerkConnectionError, match="UnsupportedProtocol"):
        send_each(kind, options, [url])

    assert not peer.connections


def test_a_connection_that_another_thread_has_closed(server: ScriptedServer) -> None:
    """As one that several calls share, over HTTP/2."""
    stream = _network.Network(core_of("httpx")).connect_tcp("127.0.0.1", urlsplit(server.url).port or 0, 60)
    stream.write(b"GET / HTTP/1.1\r\n\r\n", 60)
    stream.close()

    with pytest.raises(httpcore.ReadError):
        stream.read(1, 60)
    with pytest.raises(httpcore.WriteError):
        stream.write(b"x", 60)


def test_what_was_decrypted_already_is_not_waited_for(tls_server: ScriptedServer) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    network = _network.Network(core_of("httpx"))
    stream = network.connect_tcp("127.0.0.1", urlsplit(tls_server.url).port or 0, 60).start_tls(trusting, None, 60)
    stream.write(b"GET / HTTP/1.1\r\n\r\n", 60)
    assert stream.read(5, 60) == b"HTTP/"

    stream.write(b"GET", 60)  # nothing comes after half a request
    rest = stream.read(65_536, 60)
    stream.close()

    assert rest.startswith(b"1.1 200")
