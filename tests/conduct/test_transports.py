"""What every transport keeps to."""

from __future__ import annotations

import asyncio
import importlib.util
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest

import clerk
from clerk import (
    ClerkConfigurationError,
    ClerkConnectionError,
    ClerkError,
    NotFoundError,
    create_async_clerk_client,
    create_clerk_client,
)
from tests.faults.acts import nobody_listening
from tests.support.clients import SECRET_KEY, probe
from tests.support.listener import Listener
from tests.support.server import ScriptedServer, answer, reset, stall
from tests.support.transports import TRANSPORTS, Transport
from tests.support.waits import Waits, until, until_async

ROOT = Path(__file__).parents[2]
FAST: Any = {"verify": False}  # Any: options of either client


def name_of(error: BaseException) -> str:
    return type(error.__cause__).__name__


# How far a request got.


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "POST"])
def test_nothing_is_repeated_behind_the_client(transport: Transport, server: ScriptedServer, method: str) -> None:
    """On a kept connection too, where aiohttp would."""
    server.play(answer(), reset())
    options: Any = {
        "secret_key": SECRET_KEY,
        "api_url": server.url,
        "max_retries": 0,
        "http_options": {**FAST, "transport": transport.name},
    }
    if transport.kind == "sync":
        with create_clerk_client(**options) as client:
            client._send(probe())
            with pytest.raises(ClerkConnectionError):
                client._send(probe(method))
    else:

        async def call() -> None:
            async with create_async_clerk_client(**options) as client:
                await client._send(probe())
                with pytest.raises(ClerkConnectionError):
                    await client._send(probe(method))

        asyncio.run(call())
    assert [received.method for received in server.requests] == ["GET", method]
    assert server.connections == 1


def test_refused(transport: Transport) -> None:
    with nobody_listening() as url, pytest.raises(ClerkConnectionError) as caught:
        transport.send(api_url=url, max_retries=0, http_options=FAST)

    assert name_of(caught.value) == "ConnectError"


def test_no_such_host(transport: Transport) -> None:
    with pytest.raises(ClerkConnectionError) as caught:
        transport.send(api_url="http://nobody.invalid", max_retries=0, http_options=FAST)

    assert name_of(caught.value) == "ConnectError"


def test_a_host_that_no_name_can_be(transport: Transport) -> None:
    with pytest.raises(ClerkConnectionError) as caught:
        transport.send(api_url=f"http://{'a' * 70}.invalid", max_retries=0, http_options=FAST)

    assert name_of(caught.value) in ("ConnectError", "UnsupportedProtocol")


def test_a_certificate_that_nobody_knows(transport: Transport, tls_server: ScriptedServer) -> None:
    with pytest.raises(ClerkConnectionError, match=r"(?i)certificate") as caught:
        transport.send(api_url=tls_server.url, max_retries=0)

    assert name_of(caught.value) == "ConnectError"
    assert not tls_server.requests


def test_no_tls_where_tls_is_due(transport: Transport) -> None:
    with (
        Listener(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), again=None) as listener,
        pytest.raises(ClerkConnectionError) as caught,
    ):
        transport.send(api_url=f"https://{listener.address}", max_retries=0, http_options=FAST)

    assert name_of(caught.value) == "ConnectError"


def test_a_proxy_that_refuses(transport: Transport, server: ScriptedServer) -> None:
    options = {**FAST, "proxy": server.play(answer(407)).url}
    with pytest.raises(ClerkConnectionError) as caught:
        transport.send(api_url="https://api.example", max_retries=0, http_options=options)

    assert name_of(caught.value) == "ProxyError"


# TLS contexts.


def test_one_tls_context_off_the_event_loop(tls_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    create = httpx.create_ssl_context

    def note(*positional: Any, **named: Any) -> ssl.SSLContext:
        if not isinstance(named.get("verify"), ssl.SSLContext):
            made.append(threading.current_thread().name)
        return create(*positional, **named)

    monkeypatch.setattr("httpx.create_ssl_context", note)
    client = create_async_clerk_client(secret_key=SECRET_KEY, api_url=tls_server.url, http_options=FAST)

    async def call() -> None:
        await asyncio.gather(*(client._send(probe()) for _ in range(20)))

    for _ in range(5):
        asyncio.run(call())
    assert len(made) == 1
    assert made[0] != threading.main_thread().name


# The end.


def test_closing_ends_what_waits_in_other_threads(server: ScriptedServer) -> None:
    for library in ("httpx", "httpx2"):
        server.play(stall())
        limits = httpx.Limits(max_connections=2)
        http_options: Any = {**FAST, "transport": library, "timeout": None, "limits": limits}  # Any: of either client
        client = create_clerk_client(
            secret_key=SECRET_KEY, api_url=server.url, deadline=None, http_options=http_options
        )
        errors: list[BaseException] = []
        before = len(server.requests)

        def call(client: clerk.ClerkClient = client, errors: list[BaseException] = errors) -> None:
            with pytest.raises(ClerkError, match="closed") as caught:
                client._send(probe())
            errors.append(caught.value)

        threads = [threading.Thread(target=call, daemon=True) for _ in range(5)]  # two wait for answers, three for them
        for thread in threads:
            thread.start()
        until(lambda before=before: len(server.requests) == before + 2)  # type: ignore[misc]  # bound now
        client.close()
        for thread in threads:
            thread.join(20)
        assert len(errors) == 5


def test_closing_ends_a_wait_between_tries(server: ScriptedServer) -> None:
    server.play(answer(429, headers={"retry-after": "50"}))
    client = create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST)
    thread = threading.Thread(target=pytest.raises, args=(ClerkError, client._send, probe()), daemon=True)
    thread.start()
    until(lambda: len(server.requests) == 1)
    time.sleep(0.05)
    client.close()
    thread.join(20)
    assert not thread.is_alive()


async def test_aclosing_ends_all_that_waits(server: ScriptedServer) -> None:
    for name in ("httpx", "httpx2", "aiohttp"):
        server.play(stall())
        limits = httpx.Limits(max_connections=2)
        http_options: Any = {**FAST, "transport": name, "timeout": None, "limits": limits}  # Any: of either client
        client = create_async_clerk_client(
            secret_key=SECRET_KEY, api_url=server.url, deadline=None, http_options=http_options
        )
        before = len(server.requests)
        tasks = [asyncio.create_task(client._send(probe())) for _ in range(5)]
        await until_async(lambda before=before: len(server.requests) == before + 2)  # type: ignore[misc]  # bound now
        async with asyncio.timeout(20):
            await client.aclose()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(error, ClerkError) and "closed" in str(error) for error in ended), ended


# The libraries.


def test_objects_of_either_library(transport: Transport, server: ScriptedServer) -> None:
    for library in (httpx, httpx2):
        options = {
            **FAST,
            "timeout": library.Timeout(3, connect=1),
            "limits": library.Limits(max_connections=3, keepalive_expiry=1),
            "proxy": library.Proxy(library.URL(server.url), auth=("ada", "secret"), headers={"x-mine": "1"}),
        }
        transport.send(api_url="http://api.example", http_options=options)
        options["proxy"] = library.URL(server.url)
        transport.send(api_url="http://api.example", http_options=options)

    assert [request.headers.get("proxy-authorization") for request in server.requests] == [
        "Basic YWRhOnNlY3JldA==",
        None,
    ] * 2


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_transport_of_either_library(library: Any) -> None:
    seen: list[Any] = []

    def respond(request: Any) -> Any:
        seen.append(request)
        return library.Response(404 if request.url.path.endswith("none") else 200, json={"a": 1})

    mock = library.MockTransport(respond)
    hooks = {"request": [seen.append]}
    ways: list[Any] = [{"transport": mock}, {"mounts": {"all://": mock}}]
    for options in ways:
        options["event_hooks"] = hooks
        with create_clerk_client(secret_key=SECRET_KEY, http_options=options) as client:
            assert client.request("GET", "/some") == {"a": 1}
            with pytest.raises(NotFoundError):
                client.request("GET", "/none")

    assert {type(request) for request in seen} == {library.Request}
    assert seen[0].headers["user-agent"].endswith(f" {library.__name__}/{library.__version__}")


def test_a_default_that_is_not_chosen_by_what_is_installed(server: ScriptedServer) -> None:
    code = "import sys, clerk; clerk.create_clerk_client(http_options={'verify': False}).request('GET', '/a')"
    check = "; assert 'httpx' in sys.modules and not {'httpx2', 'httpcore2', 'aiohttp'} & set(sys.modules)"
    environment = {"CLERK_SECRET_KEY": SECRET_KEY, "CLERK_API_URL": server.url, "PYTHONPATH": str(ROOT)}

    subprocess.run([sys.executable, "-c", code + check], env=environment, check=True)

    assert importlib.util.find_spec("httpx2") is not None
    assert "httpx/" in server.requests[0].headers["user-agent"]


@pytest.mark.parametrize("name", ["httpx2", "aiohttp"])
def test_without_its_extra_a_name_says_what_to_install(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("clerk._http_options.find_spec", lambda _: None)
    options: Any = {"transport": name}
    with pytest.raises(ClerkConfigurationError, match=rf"pip install 'clerk-client\[{name}\]'"):
        create_async_clerk_client(http_options=options)


def test_names_that_there_are_not() -> None:
    options: Any = {"transport": "aiohttp"}
    with pytest.raises(ClerkConfigurationError, match=r"'httpx' or 'httpx2' or a transport object .*async"):
        create_clerk_client(http_options=options)
    options = {"transport": "requests"}
    with pytest.raises(ClerkConfigurationError, match="'httpx' or 'httpx2' or 'aiohttp' or a transport object"):
        create_async_clerk_client(http_options=options)


# Attempts, and what is asked for.


def test_errors_say_how_many_requests_there_were(transport: Transport, server: ScriptedServer, waits: Waits) -> None:
    server.play(reset(), answer(404))
    with pytest.raises(NotFoundError, match="after 2 attempts; an earlier one may have deleted it") as not_found:
        transport.send(probe("DELETE"), api_url=server.url, http_options=FAST)
    assert not_found.value.attempts == 2

    server.play(answer(404))
    with pytest.raises(NotFoundError, match=r"^(?!.*attempts)") as at_once:
        transport.send(probe("DELETE"), api_url=server.url, http_options=FAST)
    assert at_once.value.attempts == 1

    server.play(reset())
    with pytest.raises(ClerkConnectionError) as broken:
        transport.send(api_url=server.url, http_options=FAST)
    assert broken.value.attempts == 3


def test_accept_is_what_the_operation_answers_with(server: ScriptedServer) -> None:
    server.play(answer(200, b"<html>"), answer(200, {"object": "total_count", "total_count": 1}))
    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=FAST) as client:
        assert client.interstitial.get_public_interstitial() == "<html>"
        client.users.get_count()

    assert [request.headers["accept"] for request in server.requests] == ["text/html, text/plain", "application/json"]


def test_every_transport_is_here() -> None:
    assert {name for _, name in TRANSPORTS} == {"httpx", "httpx2", "aiohttp"}
