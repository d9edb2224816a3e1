"""Calls over loopback: CPU microseconds of the calling process for each call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .. import payloads
from ..benchmark import Task
from .decoding import msgspec_decode
from .timing import async_cpu_microseconds, check, check_that_orjson_decodes, cpu_microseconds, require, without_orjson

if TYPE_CHECKING:
    from clerk import AsyncHTTPOptions, ClerkClient

AT_A_TIME = 50
HEADERS = {"authorization": f"Bearer {payloads.SECRET_KEY}"}
_LIMIT = payloads.USERS_A_PAGE


def httpx_one(task: Task) -> float:
    """Fetch one user with httpx and `json.loads`."""
    import httpx

    with httpx.Client(headers=HEADERS) as client:
        url = f"{task.service.fixed}/v1/users/{payloads.USER_ID}"
        return cpu_microseconds(lambda: json.loads(client.get(url).content), task.count)


def httpx_many(task: Task) -> float:
    """Fetch a page of users with httpx and `json.loads`."""
    import httpx

    with httpx.Client(headers=HEADERS) as client:
        url = f"{task.service.fixed}/v1/users"
        return cpu_microseconds(lambda: json.loads(client.get(url, params={"limit": _LIMIT}).content), task.count)


def httpx_msgspec_many(task: Task) -> float:
    """Fetch a page of users with httpx, and decode it into structs of msgspec."""
    import httpx

    decode = msgspec_decode([payloads.user(0)])
    with httpx.Client(headers=HEADERS) as client:
        url = f"{task.service.fixed}/v1/users"
        return cpu_microseconds(lambda: decode(client.get(url, params={"limit": _LIMIT}).content), task.count)


def clerk_one(task: Task) -> float:
    """Fetch one user."""
    without_orjson()
    with _clerk(task) as client:
        check(client.users.get_user(payloads.USER_ID).id == payloads.USER_ID)
        return cpu_microseconds(lambda: client.users.get_user(payloads.USER_ID), task.count)


def clerk_many(task: Task) -> float:
    """Fetch a page of users."""
    without_orjson()
    return _clerk_many(task)


def clerk_speed_many(task: Task) -> float:
    """Fetch a page of users with the extra `speed`."""
    require("orjson")
    spent = _clerk_many(task)
    check_that_orjson_decodes()
    return spent


def official_one(task: Task) -> float:
    """Fetch one user with the official SDK."""
    with _official(task) as client:
        check(client.users.get(user_id=payloads.USER_ID).id == payloads.USER_ID)
        return cpu_microseconds(lambda: client.users.get(user_id=payloads.USER_ID), task.count)


def official_many(task: Task) -> float:
    """Fetch a page of users with the official SDK."""
    with _official(task) as client:
        check(len(client.users.list(request={"limit": _LIMIT})) == _LIMIT)
        return cpu_microseconds(lambda: client.users.list(request={"limit": _LIMIT}), task.count)


def httpx_async(task: Task) -> float:
    """Fetch single users with httpx, many at a time."""
    import httpx

    async def run() -> float:
        async with httpx.AsyncClient(headers=HEADERS) as client:
            url = f"{task.service.fixed}/v1/users/{payloads.USER_ID}"

            async def call() -> object:
                return json.loads((await client.get(url)).content)

            return await _at_a_time(call, task)

    return asyncio.run(run())


def aiohttp_async(task: Task) -> float:
    """Fetch single users with aiohttp, many at a time."""
    require("aiohttp")
    aiohttp = import_module("aiohttp")

    async def run() -> float:
        async with aiohttp.ClientSession(headers=HEADERS) as session:
            url = f"{task.service.fixed}/v1/users/{payloads.USER_ID}"

            async def call() -> object:
                async with session.get(url) as response:
                    return json.loads(await response.read())

            return await _at_a_time(call, task)

    return asyncio.run(run())


def clerk_async(task: Task) -> float:
    """Fetch single users, many at a time."""
    without_orjson()
    return _clerk_async(task, {})


def clerk_aiohttp_async(task: Task) -> float:
    """Fetch single users with the extra `aiohttp`, many at a time."""
    require("aiohttp")
    without_orjson()
    return _clerk_async(task, {"transport": "aiohttp"})


def official_async(task: Task) -> float:
    """Fetch single users with the official SDK, many at a time."""

    async def run() -> float:
        async with _official(task) as client:
            return await _at_a_time(lambda: client.users.get_async(user_id=payloads.USER_ID), task)

    return asyncio.run(run())


def _clerk(task: Task) -> ClerkClient:
    from clerk import ClerkClient

    return ClerkClient(secret_key=payloads.SECRET_KEY, api_url=task.service.fixed)


def _clerk_many(task: Task) -> float:
    with _clerk(task) as client:
        check(len(client.users.get_user_list(limit=_LIMIT)) == _LIMIT)
        return cpu_microseconds(lambda: client.users.get_user_list(limit=_LIMIT), task.count)


def _clerk_async(task: Task, http_options: AsyncHTTPOptions) -> float:
    from clerk import AsyncClerkClient

    async def run() -> float:
        async with AsyncClerkClient(
            secret_key=payloads.SECRET_KEY, api_url=task.service.fixed, http_options=http_options
        ) as client:
            check((await client.users.get_user(payloads.USER_ID)).id == payloads.USER_ID)
            return await _at_a_time(lambda: client.users.get_user(payloads.USER_ID), task)

    return asyncio.run(run())


def _official(task: Task) -> Any:  # a class of a module without types here
    require("clerk_backend_api")
    module = import_module("clerk_backend_api")
    return module.Clerk(bearer_auth=payloads.SECRET_KEY, server_url=f"{task.service.fixed}/v1")


async def _at_a_time(call: Callable[[], Awaitable[object]], task: Task) -> float:
    return await async_cpu_microseconds(call, task.count, AT_A_TIME)
