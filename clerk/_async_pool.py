"""The connections of an async client: opened on first use, and separate for each event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ._base_pool import BasePool
from ._errors import ClerkError
from ._members import AsyncMember, IdleMembers
from ._responses import closed_error

if TYPE_CHECKING:
    from ._connector import Connector
    from ._library import http


class AsyncPool(BasePool):
    """The connections of an async client.

    A connection belongs to the event loop that opened it, so each loop has its own. They are closed by `aclose()`, or
    else when their loop shuts down: `asyncio.run`, for example, finalizes the asynchronous generators that were
    started in the loop, and `_close_at_the_end` then closes the connections.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:  # Any: one type per option
        super().__init__(options)
        self._loops: dict[asyncio.AbstractEventLoop, _Held] = {}

    @property
    def is_connected(self) -> bool:
        """Whether any event loop has connections that are not closed yet."""
        return bool(self._loops)

    async def connections(self) -> Connections:
        """Return the running event loop's connections.

        Raises:
            ClerkConfigurationError: The HTTP library rejects the options.
            ClerkError: The pool is closed, or no asyncio event loop is running.
        """
        loop = _running_loop()
        if not (self._closed or self._connector.is_prepared):
            await asyncio.to_thread(self._connector.prepare)
        # There is no await from here on, so no other task can interfere.
        if self._closed:
            raise closed_error()
        if (held := self._loops.get(loop)) is not None:
            return held.connections
        # Loops that were closed without a shutdown: nothing can be awaited in them any more.
        for dead in [other for other in list(self._loops) if other.is_closed()]:
            self._loops.pop(dead, None)
        connections = Connections(self._connector)
        closer = self._close_at_the_end(loop, connections)
        self._loops[loop] = _Held(connections, closer)
        await anext(closer)
        return connections

    async def _close_at_the_end(
        self, loop: asyncio.AbstractEventLoop, connections: Connections
    ) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            self._loops.pop(loop, None)
            await connections.aclose()

    def lease(self, url: str, timeout: float | None) -> Lease:
        """Return a client of the HTTP library for one attempt, as an async context manager.

        Args:
            url: The URL that is called.
            timeout: How many seconds to wait if all connections are busy.
        """
        return Lease(self, url, timeout)

    async def wait(self, seconds: float) -> None:
        """Wait between two attempts.

        Raises:
            ClerkError: The connections are closed.
        """
        connections = await self.connections()
        await connections.wait(seconds)

    async def aclose(self) -> None:
        """Close the running event loop's connections, and the pool for further calls; calling it twice does no harm."""
        self._closed = True
        held = self._loops.pop(_running_loop(), None)
        if held is not None:
            await held.closer.aclose()


class Connections:
    """The connections of one event loop."""

    def __init__(self, connector: Connector) -> None:
        limits = connector.limits
        self._connector = connector
        self._most = None if connector.is_shared else limits.connections
        self._idle: IdleMembers[AsyncMember] = IdleMembers(limits.kept, limits.expiry)
        self._busy: set[AsyncMember] = set()
        self._shared: dict[http.Proxy | None, AsyncMember] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._promised = 0  # places given to waiting calls that have not resumed yet
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()

    async def take(self, url: str, seconds: float | None) -> AsyncMember:
        """Wait until another connection may be used, and return a client for it."""
        route = self._connector.route(url)
        if self._connector.is_shared:
            return self._share(route)
        if self._most is not None and len(self._busy) + self._promised >= self._most:
            await self._wait_for_place(seconds)
        # There is no await from here on, so a cancellation cannot lose the place.
        if self._closed.is_set():
            raise closed_error()
        member = self._idle.take(route) or self._connector.async_member(route)
        self._busy.add(member)
        for expired in self._idle.take_expired():
            self._close(expired)
        return member

    def _share(self, route: http.Proxy | None) -> AsyncMember:
        if route not in self._shared:
            self._shared[route] = self._connector.async_member(route)
        self._shared[route].calls += 1
        return self._shared[route]

    async def _wait_for_place(self, seconds: float | None) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(seconds):
                await place
            self._promised -= 1
        except BaseException as error:
            if place.cancelled():
                with suppress(ValueError):
                    self._waiting.remove(place)
            else:  # it was given a place just as it timed out or was cancelled
                self._promised -= 1
                self._let_next_go_on()
            if isinstance(error, TimeoutError):
                raise self._connector.library.PoolTimeout("all connections are busy") from None
            raise

    def _let_next_go_on(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.cancelled():
                self._promised += 1
                place.set_result(None)
                return

    def give_back(self, member: AsyncMember, *, is_sound: bool) -> None:
        """Keep a client for the next call, or close it if something is wrong with it."""
        if self._connector.is_shared:
            self._unshare(member, is_sound=is_sound)
            return
        self._busy.discard(member)
        if not is_sound or self._closed.is_set() or not self._idle.put(member):
            self._close(member)
        self._let_next_go_on()

    def _unshare(self, member: AsyncMember, *, is_sound: bool) -> None:
        member.calls -= 1
        if not (is_sound or self._connector.is_kept) and self._shared.get(member.route) is member:
            del self._shared[member.route]
        if self._shared.get(member.route) is not member and not member.calls:
            self._close(member)

    def _close(self, member: AsyncMember) -> None:
        # In a task of its own: the call's task may be cancelled, even while it closes something.
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # the loop has ended, and closed what it had
        task = loop.create_task(member.aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def wait(self, seconds: float) -> None:
        """Wait between two attempts.

        Raises:
            ClerkError: The connections are closed.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            return
        raise closed_error()

    async def aclose(self) -> None:
        """Close all connections, and end this loop's waiting calls."""
        self._closed.set()
        while self._waiting:
            self._let_next_go_on()
        members = [*self._busy, *self._shared.values(), *self._idle.take_all()]
        for member in members:
            await member.aclose()
        for transport in self._connector.callers_transports():
            await transport.aclose()
        await asyncio.gather(*self._closing, return_exceptions=True)


class Lease:
    """A client of the HTTP library for the duration of one attempt."""

    __slots__ = ("_connections", "_member", "_pool", "_timeout", "_url")

    def __init__(self, pool: AsyncPool, url: str, timeout: float | None) -> None:
        self._pool = pool
        self._connections: Connections | None = None
        self._url = url
        self._timeout = timeout
        self._member: AsyncMember | None = None

    async def __aenter__(self) -> http.AsyncClient:
        self._connections = await self._pool.connections()
        self._member = await self._connections.take(self._url, self._timeout)
        return self._member.client

    async def __aexit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        if self._connections is not None and self._member is not None:
            self._connections.give_back(self._member, is_sound=kind is None)


class _Held(NamedTuple):
    connections: Connections
    closer: AsyncGenerator[None, None]


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ClerkError("the async client needs a running asyncio event loop: call it from a coroutine") from None


__all__ = ["AsyncPool", "Connections"]
