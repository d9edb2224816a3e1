"""Calls over loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .. import payloads
from ..benchmark import Service, Subject, Task, Turn, check
from . import turns
from .decoding import msgspec_decoder

if TYPE_CHECKING:
    from clerk import AsyncClerkClient, AsyncHTTPOptions, ClerkClient, HTTPOptions

AT_A_TIME = 50
"""How many threads or tasks call at a time."""
HEADERS = {"authorization": f"Bearer {payloads.SECRET_KEY}"}
_LIMIT = payloads.USERS_A_PAGE

Call = Callable[[], object]
Caller = Callable[[Service], AbstractContextManager[Call]]
AsyncCaller = Callable[[Service], AbstractAsyncContextManager[turns.AsyncCall]]


@contextmanager
def httpx_one(service: Service) -> Iterator[Call]:
    """Fetch one user with httpx."""
    import httpx

    with httpx.Client(headers=HEADERS) as client:
        url = f"{service.fixed}/v1/users/{payloads.USER_ID}"
        yield lambda: json.loads(client.get(url).content)


@contextmanager
def httpx_one_in_threads(service: Service) -> Iterator[Call]:
    """Fetch one user with httpx from threads that share a client.

    Its pool at times closes a connection that another thread has just taken; that call is made again.
    """
    import httpx

    with httpx_one(service) as fetch:

        def call() -> object:
            while True:
                try:
                    return fetch()
                except httpx.TransportError:
                    continue

        yield call


def httpx_many(loads: Callable[[], Callable[[bytes], object]] = lambda: json.loads) -> Caller:
    """Fetch a page of users with httpx."""

    @contextmanager
    def caller(service: Service) -> Iterator[Call]:
        import httpx

        load = loads()
        with httpx.Client(headers=HEADERS) as client:
            url = f"{service.fixed}/v1/users"
            yield lambda: load(client.get(url, params={"limit": _LIMIT}).content)

    return caller


def msgspec_loads() -> Callable[[bytes], object]:
    """Return a function that decodes a page of users into msgspec structs."""
    return msgspec_decoder([payloads.user(0)])


def clerk_one(http_options: HTTPOptions | None = None) -> Caller:
    """Fetch one user with the client."""

    @contextmanager
    def caller(service: Service) -> Iterator[Call]:
        with _clerk(service, http_options) as client:
            check(client.users.get_user(payloads.USER_ID).id == payloads.USER_ID)
            yield lambda: client.users.get_user(payloads.USER_ID)

    return caller


@contextmanager
def clerk_many(service: Service) -> Iterator[Call]:
    """Fetch a page of users with the client."""
    with _clerk(service) as client:
        check(len(client.users.get_user_list(limit=_LIMIT)) == _LIMIT)
        yield lambda: client.users.get_user_list(limit=_LIMIT)


@contextmanager
def official_one(service: Service) -> Iterator[Call]:
    """Fetch one user with the official SDK."""
    with _official(service) as client:
        yield lambda: client.users.get(user_id=payloads.USER_ID)


@contextmanager
def official_many(service: Service) -> Iterator[Call]:
    """Fetch a page of users with the official SDK."""
    with _official(service) as client:
        yield lambda: client.users.list(request={"limit": _LIMIT})


@asynccontextmanager
async def httpx_async(service: Service) -> AsyncIterator[turns.AsyncCall]:
    """Fetch one user with httpx, awaited."""
    import httpx

    async with httpx.AsyncClient(headers=HEADERS) as client:
        url = f"{service.fixed}/v1/users/{payloads.USER_ID}"

        async def call() -> object:
            return json.loads((await client.get(url)).content)

        yield call


@asynccontextmanager
async def aiohttp_async(service: Service) -> AsyncIterator[turns.AsyncCall]:
    """Fetch one user with aiohttp."""
    async with import_module("aiohttp").ClientSession(headers=HEADERS) as session:
        url = f"{service.fixed}/v1/users/{payloads.USER_ID}"

        async def call() -> object:
            async with session.get(url) as response:
                return json.loads(await response.read())

        yield call


def clerk_async(http_options: AsyncHTTPOptions | None = None) -> AsyncCaller:
    """Fetch one user with the async client."""

    @asynccontextmanager
    async def caller(service: Service) -> AsyncIterator[turns.AsyncCall]:
        async with _async_clerk(service, http_options) as client:
            yield lambda: client.users.get_user(payloads.USER_ID)

    return caller


@asynccontextmanager
async def official_async(service: Service) -> AsyncIterator[turns.AsyncCall]:
    """Fetch one user with the official SDK, awaited."""
    async with _official(service) as client:
        yield lambda: client.users.get_async(user_id=payloads.USER_ID)


def one_at_a_time(caller: Caller) -> Subject:
    """Make calls one after the other."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        with caller(task.service) as call:
            yield turns.repeated(call, task.count)

    return subject


def in_threads(caller: Caller) -> Subject:
    """Call from many threads."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        with caller(task.service) as call, ThreadPoolExecutor(AT_A_TIME) as threads:
            yield turns.in_threads(call, task.count, threads, AT_A_TIME)

    return subject


def in_tasks(caller: AsyncCaller) -> Subject:
    """Call from many tasks of one event loop."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        with asyncio.Runner() as runner:
            context = caller(task.service)
            call = runner.run(context.__aenter__())
            yield turns.in_tasks(call, task.count, runner.get_loop(), AT_A_TIME)
            runner.run(context.__aexit__(None, None, None))

    return subject


def in_loops(loops: int) -> Subject:
    """Make calls with one async client, from a number of event loops one after the other."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        client = _async_clerk(task.service)

        async def work() -> None:
            for _ in range(task.count // loops):
                await client.users.get_user(payloads.USER_ID)

        def run() -> None:
            for _ in range(loops):
                asyncio.run(work())

        yield turns.repeated(run, 1)

    return subject


def _async_clerk(service: Service, http_options: AsyncHTTPOptions | None = None) -> AsyncClerkClient:
    from clerk import AsyncClerkClient

    return AsyncClerkClient(secret_key=payloads.SECRET_KEY, api_url=service.fixed, http_options=http_options or {})


def _clerk(service: Service, http_options: HTTPOptions | None = None) -> ClerkClient:
    from clerk import ClerkClient

    return ClerkClient(secret_key=payloads.SECRET_KEY, api_url=service.fixed, http_options=http_options or {})


def _official(service: Service) -> Any:  # a class from a module that has no types here
    module = import_module("clerk_backend_api")
    return module.Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{service.fixed}/v1")
