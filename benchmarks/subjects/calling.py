"""Calls over loopback, each of which fetches one user, or as many as a page has."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, Literal
from urllib.parse import urlsplit

import h11
import httpx

from clerk import AsyncClerkClient, AsyncHTTPOptions, ClerkClient, HTTPOptions
from clerk._connector import Connector
from clerk._http_settings import PoolLimits

from .. import payloads
from ..benchmark import Work, check
from ..costs import LOOP
from ..server import service
from .decoding import least_decoder, msgspec_decoder

HEADERS = {"authorization": f"Bearer {payloads.SECRET_KEY}"}
AsyncWork = Callable[[], Awaitable[object]]


def httpx_client(users: int = 1, loads: Callable[[bytes], object] = json.loads) -> Work:
    """Fetch with httpx."""
    client, url = httpx.Client(headers=HEADERS), f"{service().fixed}/v1/users"
    if users == 1:
        return lambda: loads(client.get(f"{url}/{payloads.USER_ID}").content)
    return lambda: loads(client.get(url, params={"limit": users}).content)


def httpx_and_msgspec(users: int) -> Work:
    """Fetch a page with httpx, and decode it into msgspec structs."""
    return httpx_client(users, msgspec_decoder([payloads.USER]))


def httpx_and_least_python(users: int) -> Work:
    """Fetch a page with httpx, and decode it with orjson and the least Python that makes models."""
    return httpx_client(users, least_decoder())


def httpx_in_threads() -> Work:
    """Fetch one user with httpx from threads that share a client.

    Its pool at times closes a connection that another thread has just taken; that call is made again.
    """
    fetch = httpx_client()

    def call() -> object:
        while True:
            try:
                return fetch()
            except httpx.ConnectError:
                raise  # there is no server
            except httpx.TransportError:
                continue

    return call


def httpx2_in_threads() -> Work:
    """Fetch one user with httpx2, on connections such as those of the client, one for each thread."""
    connector, own = Connector({"transport": "httpx2", "limits": PoolLimits()}), threading.local()
    url = f"{service().fixed}/v1/users/{payloads.USER_ID}"

    def call() -> object:
        if not hasattr(own, "member"):
            own.member = connector.sync_member(None)
        return json.loads(own.member.client.get(url, headers=HEADERS).content)

    return call


def h11_in_threads() -> Work:
    """Fetch one user with h11 over bare sockets, one for each thread."""
    url, own = urlsplit(service().fixed), threading.local()
    target, headers = f"/v1/users/{payloads.USER_ID}", [("host", url.netloc), *HEADERS.items()]

    def call() -> object:
        if not hasattr(own, "connection"):
            own.socket = socket.create_connection((url.hostname, url.port))
            own.connection = h11.Connection(h11.CLIENT)
        connection, body = own.connection, b""
        request = h11.Request(method="GET", target=target, headers=headers)
        own.socket.sendall(connection.send(request) + connection.send(h11.EndOfMessage()))
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                connection.receive_data(own.socket.recv(65_536))
            elif isinstance(event, h11.Data):
                body += event.data
        connection.start_next_cycle()
        return json.loads(body)

    return call


def clerk(users: int = 1, transport: Literal["httpx2"] | None = None) -> Work:
    """Fetch with the client."""
    options: HTTPOptions = {"transport": transport} if transport else {}
    client = ClerkClient(secret_key=payloads.SECRET_KEY, api_url=service().fixed, http_options=options)
    if users == 1:
        check(client.users.get_user(payloads.USER_ID).id == payloads.USER_ID)
        return lambda: client.users.get_user(payloads.USER_ID)
    check(len(client.users.get_user_list(limit=users)) == users)
    return lambda: client.users.get_user_list(limit=users)


def official(users: int = 1) -> Work:
    """Fetch with the official SDK."""
    client = _official()
    if users == 1:
        return lambda: client.users.get(user_id=payloads.USER_ID)
    return lambda: client.users.list(request={"limit": users})


def httpx_async() -> AsyncWork:
    """Fetch one user with httpx, awaited."""
    client, url = httpx.AsyncClient(headers=HEADERS), f"{service().fixed}/v1/users/{payloads.USER_ID}"

    async def call() -> object:
        return json.loads((await client.get(url)).content)

    return call


def aiohttp_async() -> AsyncWork:
    """Fetch one user with aiohttp."""

    async def opened() -> Any:  # a class from a module that may not be installed
        return import_module("aiohttp").ClientSession(headers=HEADERS)

    session, url = LOOP.run_until_complete(opened()), f"{service().fixed}/v1/users/{payloads.USER_ID}"

    async def call() -> object:
        async with session.get(url) as response:
            return json.loads(await response.read())

    return call


def clerk_async(transport: Literal["httpx2", "aiohttp"] | None = None) -> AsyncWork:
    """Fetch one user with the async client."""
    client = _async_clerk(transport)
    return lambda: client.users.get_user(payloads.USER_ID)


def official_async() -> AsyncWork:
    """Fetch one user with the official SDK, awaited."""
    client = _official()
    return lambda: client.users.get_async(user_id=payloads.USER_ID)


def clerk_in_loops(loops: int, calls: int) -> Work:
    """Make calls with one async client, from a number of event loops one after the other."""
    client = _async_clerk()

    async def some_calls() -> None:
        for _ in range(calls // loops):
            await client.users.get_user(payloads.USER_ID)

    def all_calls() -> None:
        for _ in range(loops):
            asyncio.run(some_calls())

    return all_calls


def _async_clerk(transport: Literal["httpx2", "aiohttp"] | None = None) -> AsyncClerkClient:
    options: AsyncHTTPOptions = {"transport": transport} if transport else {}
    return AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=service().fixed, http_options=options)


def _official() -> Any:  # a class from a module that has no types here
    module = import_module("clerk_backend_api")
    return module.Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{service().fixed}/v1")
