"""The async client."""

from __future__ import annotations

from types import TracebackType
from typing import Self, Unpack

import httpx
from clerk_generated.async_sub_apis import AsyncSubApis
from clerk_generated.client import Request

from ._base import BaseClient, Setup
from ._options import AsyncClerkOptions, resolve_options
from ._pool import AsyncPool
from ._responses import BODY_LIMIT, CONNECTION_FAILURES, failures_as_clerk_errors, response_error


class AsyncClerkClient(BaseClient[AsyncPool], AsyncSubApis):
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

    async def send(self, request: Request, /) -> httpx.Response:
        """Send a request; for the modules of `clerk_generated`.

        Returns:
            A successful answer with its body read.

        Raises:
            ClerkAPIResponseError: The answer has another status than 200 to 299.
            ClerkConnectionError: No complete answer came.
            ClerkConfigurationError: There is no key, and the request needs one.
            ClerkError: The client is closed.
        """
        setup = self._open_setup()
        client = await setup.pool.client()
        with failures_as_clerk_errors(client, setup.where(request)):
            response = await client.send(setup.build(client, request), stream=True)
            try:
                if response.is_success:
                    await response.aread()
                    return response
                body = await _read_start(response)
            finally:
                await response.aclose()
        raise response_error(response, setup.options.redact(body))

    async def aclose(self) -> None:
        """Close the client and its connections; a call after that raises `ClerkError`. Once more does nothing."""
        setup = self._setup()
        setup.closed = True
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


__all__ = ["AsyncClerkClient", "create_async_clerk_client", "async_setup_of"]
