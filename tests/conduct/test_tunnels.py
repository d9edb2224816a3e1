"""TLS within TLS: an API that is reached through a proxy which is spoken to by TLS itself."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from clerk import (
    ClerkConfigurationError,
    ClerkConnectionError,
    ClerkTimeoutError,
    NotFoundError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.conduct.test_deadline import SLOW
from tests.faults.acts import head, nobody_listening
from tests.support.clients import SECRET_KEY, probe
from tests.support.garbage import collected
from tests.support.listener import Listener
from tests.support.server import Act, ScriptedServer, answer, reset, stall
from tests.support.transports import Transport
from tests.support.tunnel import tunnel

LATE = r"not done within the deadline of 0.5 s"


@pytest.fixture
def through(tls: ssl.SSLContext) -> Iterator[dict[str, Any]]:
    """The options of a client behind the proxy; nobody knows anybody's certificate."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    # A connection that is still open would warn of it.
    with collected(), tunnel(tls) as url:
        yield {"verify": trusting, "proxy": httpx.Proxy(url, ssl_context=trusting)}


@pytest.mark.parametrize("seconds", [120, None])
def test_bodies_of_any_size(
    transport: Transport, tls_server: ScriptedServer, through: dict[str, Any], seconds: float | None
) -> None:
    body = {"a": "x" * 300_000}
    tls_server.play(answer(body=body))
    options = {"api_url": tls_server.url, "deadline": seconds, "http_options": {**through, "timeout": seconds}}

    response = transport.send(probe("POST", json=body), **options)

    assert response.json() == body
    assert tls_server.requests[0].json == body


def test_a_connection_serves_call_after_call(
    transport: Transport, tls_server: ScriptedServer, through: dict[str, Any]
) -> None:
    tls_server.play(answer(), answer(404), answer())
    options: Any = {  # Any: options of either client
        "secret_key": SECRET_KEY,
        "api_url": tls_server.url,
        "http_options": {**through, "transport": transport.name},
    }
    if transport.kind == "sync":
        with create_clerk_client(**options) as client:
            client._send(probe())
            with pytest.raises(NotFoundError):
                client._send(probe())
            client._send(probe())
    else:

        async def call() -> None:
            async with create_async_clerk_client(**options) as client:
                await client._send(probe())
                with pytest.raises(NotFoundError):
                    await client._send(probe())
                await client._send(probe())

        asyncio.run(call())
    assert (len(tls_server.requests), tls_server.connections) == (3, 1)


@pytest.mark.parametrize(
    "act",
    [SLOW["status line"], SLOW["1xx"], SLOW["tiny chunks"], stall(), stall(head(200, "content-length: 9") + b"x")],
    ids=["status line", "1xx", "tiny chunks", "silence", "silence within the body"],
)
def test_an_answer_that_takes_too_long_ends(
    transport: Transport, tls_server: ScriptedServer, through: dict[str, Any], act: Act
) -> None:
    tls_server.play(act)

    with pytest.raises(ClerkTimeoutError, match=LATE):
        transport.send(api_url=tls_server.url, deadline=0.5, http_options={**through, "timeout": None})


@pytest.mark.parametrize("again", [None, b"\x16\x03\x03\x40\x00" + b"\x00" * 9], ids=["silence", "drips"])
def test_a_handshake_within_that_takes_too_long_ends(
    transport: Transport, through: dict[str, Any], again: bytes | None
) -> None:
    with (
        Listener(lambda connection: connection.recv(1), again=again) as listener,
        pytest.raises(ClerkTimeoutError, match=LATE),
    ):
        transport.send(api_url=f"https://{listener.address}", deadline=0.5, http_options={**through, "timeout": None})


def test_a_peer_that_does_not_read_ends(transport: Transport, tls: ssl.SSLContext, through: dict[str, Any]) -> None:
    def begin(connection: Any) -> None:  # Any: a socket
        held.append(tls.wrap_socket(connection, server_side=True))

    held: list[ssl.SSLSocket] = []
    request = probe("POST", json={"a": "x" * 30_000_000})
    with Listener(begin, again=None) as listener, pytest.raises(ClerkTimeoutError, match=r"the deadline of 1 s"):
        transport.send(request, api_url=f"https://{listener.address}", deadline=1, http_options=through)
    for connection in held:
        connection.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("after", [b"", head(200, "content-length: 9") + b"x"], ids=["before", "within"])
def test_a_connection_that_breaks(
    transport: Transport, tls_server: ScriptedServer, through: dict[str, Any], method: str, after: bytes
) -> None:
    tls_server.play(reset(after))

    with pytest.raises(ClerkConnectionError) as caught:
        transport.send(probe(method), api_url=tls_server.url, max_retries=0, http_options=through)

    assert not isinstance(caught.value, ClerkTimeoutError)
    assert len(tls_server.requests) == 1
    assert SECRET_KEY not in str(caught.value)


def test_a_proxy_that_reaches_nobody(transport: Transport, through: dict[str, Any]) -> None:
    with nobody_listening() as url, pytest.raises(ClerkConnectionError) as caught:
        transport.send(api_url=url.replace("http:", "https:"), max_retries=0, http_options=through)

    assert type(caught.value.__cause__).__name__ == "ProxyError"


async def test_aiohttp_has_no_other_trust_for_a_proxy(through: dict[str, Any]) -> None:
    options: Any = {**through, "verify": False, "transport": "aiohttp"}
    async with create_async_clerk_client(secret_key=SECRET_KEY, http_options=options) as client:
        with pytest.raises(ClerkConfigurationError, match="by the http_option verify"):
            await client._send(probe())


def test_a_certificate_within_that_nobody_knows(
    transport: Transport, tls_server: ScriptedServer, through: dict[str, Any]
) -> None:
    del through["verify"]
    if transport.name == "aiohttp":  # which has one way to check both
        through["proxy"] = through["proxy"].url

    with pytest.raises(ClerkConnectionError, match=r"(?i)certificate") as caught:
        transport.send(api_url=tls_server.url, max_retries=0, http_options=through)

    assert type(caught.value.__cause__).__name__ == "ConnectError"
    assert not tls_server.requests
