from __future__ import annotations

import asyncio
import platform
from typing import Any

import httpx
import pytest

import clerk
from clerk import API_VERSION, create_async_clerk_client, create_clerk_client
from tests.faults.bodies import USER
from tests.support.clients import SECRET_KEY, Kind, probe, send
from tests.support.server import ScriptedServer, answer
from tests.support.transports import RecordingTransport
from tests.support.waits import Waits

FAST: Any = {"verify": False}  # Any: options of either client; no certificates are loaded: there is no TLS
PYTHON = ".".join(platform.python_version_tuple()[:2])
USER_AGENT = f"clerk-client/{clerk.__version__} python/{PYTHON} httpx/{httpx.__version__}"


class Hooks:
    """Remembers what hooks are called with."""

    def __init__(self, kind: Kind) -> None:
        self.seen: list[object] = []
        self._kind = kind

    def on_request(self, request: httpx.Request) -> None:
        request.headers["x-from-hook"] = "1"
        self.seen.append((request.method, request.url.path, request.headers["user-agent"]))

    def on_response(self, response: httpx.Response) -> None:
        self.seen.append(response.status_code)

    async def on_request_async(self, request: httpx.Request) -> None:
        await asyncio.sleep(0)
        self.on_request(request)

    async def on_response_async(self, response: httpx.Response) -> None:
        await response.aread()
        self.on_response(response)

    @property
    def option(self) -> dict[str, list[Any]]:
        if self._kind == "sync":
            return {"request": [self.on_request], "response": [self.on_response]}
        return {"request": [self.on_request_async], "response": [self.on_response_async]}


def test_hooks_see_every_try(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(answer(503), answer(429), answer())
    hooks = Hooks(kind)

    send(kind, api_url=server.url, http_options={**FAST, "event_hooks": hooks.option})

    tries = ("GET", "/v1/probe", USER_AGENT)
    assert hooks.seen == [tries, 503, tries, 429, tries, 200]
    assert [request.headers["x-from-hook"] for request in server.requests] == ["1", "1", "1"]


def test_a_hook_may_read_the_body(server: ScriptedServer) -> None:
    server.play(answer(body=USER))
    bodies: list[bytes] = []
    http_options: Any = {**FAST, "event_hooks": {"response": [lambda response: bodies.append(response.read())]}}

    with create_clerk_client(secret_key=SECRET_KEY, api_url=server.url, http_options=http_options) as client:
        assert client.users.get_user("user_1").id == "user_1"
        server.play(answer(404, {"errors": [{"code": "gone"}]}))
        with pytest.raises(clerk.NotFoundError, match="gone"):
            client.users.get_user("user_1")

    assert len(bodies) == 2


def test_a_hook_that_raises_for_statuses_raises_to_the_caller(kind: Kind, server: ScriptedServer) -> None:
    def hook(response: httpx.Response) -> None:
        response.raise_for_status()

    async def async_hook(response: httpx.Response) -> None:
        hook(response)

    hooks = {"response": [hook if kind == "sync" else async_hook]}
    with pytest.raises(httpx.HTTPStatusError):
        send(kind, api_url=server.play(answer(404)).url, http_options={**FAST, "event_hooks": hooks})


class Stamping(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Goes on to another transport, with a header of its own."""

    def __init__(self, inner: Any) -> None:  # Any: a transport of either kind
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["x-stamp"] = "1"
        response: httpx.Response = self._inner.handle_request(request)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["x-stamp"] = "1"
        response: httpx.Response = await self._inner.handle_async_request(request)
        return response

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()


def test_a_transport_of_ones_own(kind: Kind, server: ScriptedServer, waits: Waits) -> None:
    server.play(answer(503), answer())
    inner = httpx.HTTPTransport(verify=False) if kind == "sync" else httpx.AsyncHTTPTransport(verify=False)

    send(kind, api_url=server.url, http_options={**FAST, "transport": Stamping(inner)})

    assert [request.headers["x-stamp"] for request in server.requests] == ["1", "1"]


def test_transports_by_host(kind: Kind, server: ScriptedServer) -> None:
    mounted = RecordingTransport()

    send(kind, api_url="https://api.example", http_options={**FAST, "mounts": {"all://api.example": mounted}})
    send(kind, api_url=server.url, http_options={**FAST, "mounts": {"all://api.example": mounted}})

    assert [str(request.url) for request in mounted.requests] == ["https://api.example/v1/probe"]
    assert len(server.requests) == 1


def test_a_proxy_sees_plain_requests_whole(kind: Kind, server: ScriptedServer) -> None:
    send(kind, api_url="http://api.example", http_options={**FAST, "proxy": server.url})

    assert server.requests[0].target == "http://api.example/v1/probe"


def test_a_proxy_of_the_environment(kind: Kind, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)

    send(kind, api_url="http://api.example", http_options=FAST)
    with ScriptedServer() as direct:
        send(kind, api_url=direct.url, http_options={**FAST, "trust_env": False})

    assert [len(server.requests), len(direct.requests)] == [1, 1]


# Headers.


def calls(client: Any) -> list[Any]:  # Any: either client, and what its methods return
    return [
        client.users.get_user("user_1"),
        client.users.create_user(email_address=["a@b.c"]),
        client.users.update_user("user_1", first_name=None),
        client.users.delete_user("user_1"),
        client.organizations.update_organization_logo("org_1", file=b"x"),
        client.m2m.list(subject="mch_1"),
        client.interstitial.get_public_interstitial(),
        client.request("GET", "/new_things"),
    ]


@pytest.mark.parametrize(
    ("version", "header"), [(None, API_VERSION), ("v1", API_VERSION), ("2024-10-01", "2024-10-01")]
)
def test_version_and_user_agent_on_every_request(
    kind: Kind, server: ScriptedServer, version: str | None, header: str
) -> None:
    server.play(answer(body={**USER, "data": [], "m2m_tokens": [], "total_count": 0, "deleted": True}))
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": server.url, "api_version": version}
    options["http_options"] = FAST
    if kind == "sync":
        with create_clerk_client(**options) as client:
            calls(client)
    else:

        async def call() -> None:
            async with create_async_clerk_client(**options) as async_client:
                for awaitable in calls(async_client):
                    await awaitable

        asyncio.run(call())

    assert len(server.requests) == 8
    assert {request.headers["clerk-api-version"] for request in server.requests} == {header}
    assert {request.headers["user-agent"] for request in server.requests} == {USER_AGENT}


def test_a_user_agent_of_ones_own(kind: Kind, server: ScriptedServer) -> None:
    send(kind, api_url=server.url, http_options={**FAST, "headers": {"User-Agent": "mine/1", "X-Mine": "a"}})

    headers = server.requests[0].headers
    assert (headers["user-agent"], headers["x-mine"]) == ("mine/1", "a")


def test_options_for_one_call(kind: Kind, server: ScriptedServer) -> None:
    options: dict[str, Any] = {"secret_key": SECRET_KEY, "api_url": server.url, "http_options": FAST}
    changes: Any = {"headers": {"x-mine": "a"}, "timeout": 1.5}
    seen: list[Any] = []
    if kind == "sync":
        options["http_options"] = {
            **FAST,
            "event_hooks": {"request": [lambda request: seen.append(request.extensions["timeout"]["read"])]},
        }
        with create_clerk_client(**options) as client:
            client.with_options(http_options=changes)._send(probe())
            client._send(probe())
    else:

        async def remember(request: httpx.Request) -> None:
            seen.append(request.extensions["timeout"]["read"])

        options["http_options"] = {**FAST, "event_hooks": {"request": [remember]}}

        async def call() -> None:
            async with create_async_clerk_client(**options) as async_client:
                await async_client.with_options(http_options=changes)._send(probe())
                await async_client._send(probe())

        asyncio.run(call())

    assert [request.headers.get("x-mine") for request in server.requests] == ["a", None]
    assert seen == [1.5, 30]
    assert {request.connection for request in server.requests} == {0}
