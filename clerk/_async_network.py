"""The network backend of an async client: every connection it opens is closed, wherever a call is cancelled.

anyio loses track of a connection that is established just as its task is cancelled, and httpcore of one that is
cancelled during the TLS handshake. Without this module, nobody would close them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Coroutine

    import httpcore as core

    from ._library import HTTPCore
    from ._network import SocketOptions


class AsyncNetwork:
    """The network backend of one async httpx client: httpcore's pool opens its connections with it."""

    def __init__(self, library: HTTPCore) -> None:
        # For type checkers, it may also be the placeholder class that reports that anyio is missing.
        self._backend = cast("core.AsyncNetworkBackend", library.AnyIOBackend())
        self._streams: list[core.AsyncNetworkStream] = []
        self._connecting: set[asyncio.Task[core.AsyncNetworkStream]] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> core.AsyncNetworkStream:
        """Connect to a host."""
        return await self._connect(self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
        socket_options: SocketOptions | None = None,
    ) -> core.AsyncNetworkStream:
        """Connect to a Unix socket."""
        return await self._connect(self._backend.connect_unix_socket(path, timeout, socket_options))

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _connect(self, connecting: Coroutine[None, None, core.AsyncNetworkStream]) -> core.AsyncNetworkStream:
        # In a task of its own, which continues if the call's task is cancelled, so that no connection is lost.
        task = asyncio.create_task(connecting)
        self._connecting.add(task)
        task.add_done_callback(self._take_note)
        return await asyncio.shield(task)

    def _take_note(self, task: asyncio.Task[core.AsyncNetworkStream]) -> None:
        self._connecting.discard(task)
        if not task.cancelled() and task.exception() is None:
            self._streams = [stream for stream in self._streams if _is_open(stream)]
            self._streams.append(task.result())

    async def aclose(self) -> None:
        """Close every connection that was opened, including those still being established."""
        if self._connecting:
            await asyncio.wait(self._connecting)
        for stream in self._streams:
            await stream.aclose()


def _is_open(stream: core.AsyncNetworkStream) -> bool:
    opened = stream.get_extra_info("socket")
    return opened is not None and opened.fileno() >= 0


__all__ = ["AsyncNetwork"]
