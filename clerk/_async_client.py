"""The async client."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from clerk_generated.async_sub_apis.attributes import AsyncSubApis
from clerk_generated.client import Request
from clerk_generated.types import UNSET

from ._async_pool import AsyncPool
from ._authentication import AsyncAuthentication
from ._base import Setup
from ._errors import ClerkAPIResponseError, ClerkConnectionError
from ._free_requests import free_request
from ._options import AsyncClerkOptions, resolve_options
from ._responses import BODY_LIMIT, CONNECTION_FAILURES, failures_as_clerk_errors, response_error
from ._retries import Call


class AsyncClerkClient(AsyncAuthentication, AsyncSubApis):
    """A client of the Clerk Backend API; `users`, `sessions` and the other sub-APIs are its attributes.

    Its methods are those of `ClerkClient`, awaited. It works in any event loop of asyncio, each of which gets
    connections of its own. Use it as an async context manager, or `aclose()` it, to close those of the running loop;
    others are closed when their loop shuts down.

    Args:
        **options: The keyword options of `ClerkClient`, with `AsyncHTTPOptions` for `http_options`.

    Raises:
        ClerkConfigurationError: An option, or the environment variable in its place, cannot be used.
    """

    def __init__(self, **options: Unpack[AsyncClerkOptions]) -> None:
        setup = async_setup_of(options)
        super().__init__(lambda: setup)

    async def _send(self, request: Request, /) -> httpx.Response:
        """Send a request; for the modules of `clerk_generated`.

        Returns:
            A successful answer with its body read.

        Raises:
            ClerkAPIResponseError: The answer has another status than 200 to 299.
            ClerkConnectionError: No complete answer came.
            ClerkConfigurationError: There is no key, and the request needs one.
            ClerkError: The client is closed.
        """
        setup = self._setup_of_call()
        await setup.pool.connections()  # says what is wrong where no event loop of asyncio is running
        call = setup.begin(request)
        limit = asyncio.timeout(setup.options.deadline)
        try:
            async with limit:
                return await self._send_until_done(setup, request, call)
        except TimeoutError as error:
            if limit.expired():
                raise call.expired() from error
            raise

    async def _send_until_done(self, setup: Setup[AsyncPool], request: Request, call: Call) -> httpx.Response:
        while True:
            try:
                return await self._try(setup, request, call)
            except (ClerkAPIResponseError, ClerkConnectionError) as error:
                wait = call.next_try(error)
                if wait is None:
                    raise
            await asyncio.sleep(wait)

    async def _try(self, setup: Setup[AsyncPool], request: Request, call: Call) -> httpx.Response:
        connections = await setup.pool.connections()
        with connections.least_busy() as client, failures_as_clerk_errors(client, call) as log:
            response = await client.send(setup.build(client, request, setup.options.http.timeout), stream=True)
            try:
                if response.is_success:
                    log.answered(response)
                    await response.aread()
                    return response
                body = await _read_start(response)
            finally:
                await response.aclose()
        raise log.refused(response_error(response, setup.options.redact(body)))

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # whatever JSON the endpoint answers with
        """Call an endpoint that the API's document does not have yet.

        Authentication, repeats, errors and logging are those of any other call.

        Args:
            method: The HTTP method.
            path: The path below the API's root, as in `/users`; put no query into it.
            params: Query parameters: text, numbers, booleans, or lists of them.
            json: The JSON body; null for `None`, no body if it is not given.
            headers: More headers for this call.

        Returns:
            The decoded JSON of the answer, or None if it has no body.

        Raises:
            ClerkError: The call failed, in one of the ways that its subclasses tell apart.
            TypeError: `params` or `json` holds what cannot be sent; nothing was.
            ValueError: The method or the path is none.
        """
        if headers:
            client = self.with_options(http_options={"headers": dict(headers)})
            return await client.request(method, path, params=params, json=json)
        request = free_request(method, path, params, json)
        return self._load_any(await self._send(request))

    async def aclose(self) -> None:
        """Close the client and its connections; a call after that raises `ClerkError`. Once more does nothing."""
        setup = self._setup()
        setup.close()
        if setup.owns_pool:
            await setup.pool.aclose()

    async def __aenter__(self) -> Self:
        self._open_setup()
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


async def _read_start(response: httpx.Response) -> bytes:
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) >= BODY_LIMIT:
                break
    except CONNECTION_FAILURES:
        pass  # the status says more than that its body broke off
    return bytes(body[:BODY_LIMIT])


def async_setup_of(given: AsyncClerkOptions) -> Setup[AsyncPool]:
    """Return what an async client with these options works with."""
    options = resolve_options(given, is_async=True)
    return Setup(options, AsyncPool(options.http.pool))


def create_async_clerk_client(**options: Unpack[AsyncClerkOptions]) -> AsyncClerkClient:
    """Make an async client of your own; the options are those of `AsyncClerkClient`."""
    return AsyncClerkClient(**options)


__all__ = ["AsyncClerkClient", "async_setup_of", "create_async_clerk_client"]
