"""The connections of an async client: made on first use, for each event loop its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

import httpx

from ._errors import ClerkError
from ._pool import Cookieless, set_up, with_tls_for_many
from ._responses import closed_error

_MOST_CLIENTS = 16
_CALLS_OF_A_CLIENT = 6


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
        self._loops: dict[asyncio.AbstractEventLoop, _Held] = {}
        self._closed = False

    @property
    def is_connected(self) -> bool:
        """Whether an event loop has connections that are not closed yet."""
        return bool(self._loops)

    async def connections(self) -> Connections:
        """Return the running event loop's connections.

        Raises:
            ClerkConfigurationError: httpx cannot be set up with the options.
            ClerkError: The pool is closed, or no event loop of asyncio is running.
        """
        if self._closed:
            raise closed_error()
        loop = _running_loop()
        if (held := self._loops.get(loop)) is not None:
            return held.connections
        # Those that closed without a shutdown are of no use: nothing can be awaited there any more.
        for dead in [other for other in list(self._loops) if other.is_closed()]:
            self._loops.pop(dead, None)
        connections = Connections(self._options)
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

    async def aclose(self) -> None:
        """Close the running event loop's connections, and take no more calls; once more does nothing."""
        self._closed = True
        held = self._loops.pop(_running_loop(), None)
        if held is not None:
            await held.closer.aclose()


class Connections:
    """The connections of one event loop, in several clients of httpx that share the calls.

    With each call, a pool of httpx goes through all of its connections and all calls that are under way: where there
    are many, several small pools do a fraction of that. One client serves a few calls at a time; more come, and go,
    with more calls. Together they keep to the limits of one.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._limits = _limits_of_clients(options)
        self._options = with_tls_for_many(options) if len(self._limits) > 1 else options
        self._members: list[_Member] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._add()

    def least_busy(self) -> _Member:
        """Return the client for the next call, as a context manager for as long as the call takes."""
        chosen = min(self._members, key=_in_flight)
        if chosen.in_flight >= _CALLS_OF_A_CLIENT and len(self._members) < len(self._limits):
            return self._add()
        self._drop_what_expired(chosen)
        return chosen

    def _add(self) -> _Member:
        limits = self._limits[len(self._members)]
        member = _Member(set_up(_Client, {**self._options, "limits": limits}), limits.keepalive_expiry)
        self._members.append(member)
        return member

    def _drop_what_expired(self, chosen: _Member) -> None:
        last = self._members[-1]
        if last is not chosen and last.has_expired():
            self._members.pop()
            task = asyncio.create_task(last.client.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Close all connections."""
        for member in self._members:
            await member.client.aclose()
        await asyncio.gather(*self._closing, return_exceptions=True)


class _Member:
    """One of the clients.

    Attributes:
        client: The client.
        in_flight: How many calls it has under way.
    """

    def __init__(self, client: httpx.AsyncClient, keepalive_expiry: float | None) -> None:
        self.client = client
        self.in_flight = 0
        self._keepalive_expiry = keepalive_expiry
        self._loop = asyncio.get_running_loop()
        self._idle_since = self._loop.time()

    def has_expired(self) -> bool:
        """Tell whether all its connections have been idle for longer than they are kept."""
        if self.in_flight or self._keepalive_expiry is None:
            return False
        return self._loop.time() - self._idle_since > self._keepalive_expiry

    def __enter__(self) -> httpx.AsyncClient:
        self.in_flight += 1
        return self.client

    def __exit__(self, *exception: object) -> None:
        self.in_flight -= 1
        if not self.in_flight:
            self._idle_since = self._loop.time()


_in_flight = attrgetter("in_flight")


class _Held(NamedTuple):
    connections: Connections
    closer: AsyncGenerator[None, None]


def _limits_of_clients(options: Mapping[str, Any]) -> list[httpx.Limits]:
    """Divide the limits among as many clients as there may be: one where the connections are not httpx's to pool."""
    limits: httpx.Limits = options["limits"]
    if options.get("http2") or "transport" in options or "mounts" in options:
        return [limits]
    most = limits.max_connections
    count = _MOST_CLIENTS if most is None else max(1, min(_MOST_CLIENTS, most // _CALLS_OF_A_CLIENT))
    return [
        httpx.Limits(
            max_connections=_share(most, number, count),
            max_keepalive_connections=_share(limits.max_keepalive_connections, number, count),
            keepalive_expiry=limits.keepalive_expiry,
        )
        for number in range(count)
    ]


def _share(total: int | None, number: int, count: int) -> int | None:
    return None if total is None else total // count + (number < total % count)


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise ClerkError("the async client needs a running event loop of asyncio") from None


__all__ = ["AsyncPool", "Connections"]
