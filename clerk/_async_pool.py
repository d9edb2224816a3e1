"""The connections of an async client: made on first use, one httpx client for each event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, NamedTuple

import httpx

from ._errors import ClerkError
from ._pool import Cookieless, set_up
from ._responses import closed_error


class _Client(Cookieless, httpx.AsyncClient):  # type: ignore[override]  # there is nothing to set
    pass


class AsyncPool:
    """The connections of an async client.

    A connection belongs to the event loop that made it, so each loop has its own. They are closed by `aclose()`, or
    else when their loop shuts down: `asyncio.run`, for one, at its end finishes the asynchronous generators that were
    begun in the loop, and what `_close_at_the_end` has left to do then is to close them.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._clients: dict[asyncio.AbstractEventLoop, _LoopClient] = {}
        self._closed = False

    @property
    def is_connected(self) -> bool:
        """Whether an event loop has connections that are not closed yet."""
        return bool(self._clients)

    async def client(self) -> httpx.AsyncClient:
        """Return the running event loop's httpx client.

        Raises:
            ClerkConfigurationError: httpx cannot be set up with the options.
            ClerkError: The pool is closed, or no event loop of asyncio is running.
        """
        if self._closed:
            raise closed_error()
        loop = _running_loop()
        if (held := self._clients.get(loop)) is not None:
            return held.client
        # Those that closed without a shutdown are of no use: nothing can be awaited there any more.
        for dead in [other for other in list(self._clients) if other.is_closed()]:
            self._clients.pop(dead, None)
        client = set_up(_Client, self._options)
        closer = self._close_at_the_end(loop, client)
        self._clients[loop] = _LoopClient(client, closer)
        await anext(closer)
        return client

    async def _close_at_the_end(
        self, loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient
    ) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            self._clients.pop(loop, None)
            await client.aclose()

    async def aclose(self) -> None:
        """Close the running event loop's connections, and take no more calls; once more does nothing."""
        self._closed = True
        held = self._clients.pop(_running_loop(), None)
        if held is not None:
            await held.closer.aclose()


class _LoopClient(NamedTuple):
    client: httpx.AsyncClient
    closer: AsyncGenerator[None, None]


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ClerkError("the async client needs a running event loop of asyncio") from None


__all__ = ["AsyncPool"]
