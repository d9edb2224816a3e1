"""A single connection in the place of httpcore's pool, for HTTP clients that serve one call at a time.

httpcore's pool goes through its lists with every call, takes locks, and asks twice whether the server has hung up. With
many threads, whatever asks the system something costs most: another thread runs meanwhile, and has to be waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import httpcore as core

PoolT = TypeVar("PoolT")
ConnectionT = TypeVar("ConnectionT", bound="core.ConnectionInterface | core.AsyncConnectionInterface")

_SCHEMES = (b"http", b"https", b"ws", b"wss")


class _Kept(Generic[PoolT, ConnectionT]):
    """What the sync and the async client have in common.

    Args:
        pool: The pool that it replaces, which knows how to connect: directly, or through a proxy.
    """

    def __init__(self, pool: PoolT) -> None:
        self._pool = pool
        self._connection: ConnectionT | None = None

    def _usable(self, request: core.Request) -> ConnectionT | None:
        """Return the connection, if it can be used for a request."""
        connection = self._connection
        if connection is None or not connection.is_available() or not connection.can_handle_request(request.url.origin):
            return None
        return None if connection.has_expired() else connection

    def _let_go(self) -> ConnectionT | None:
        """Return the connection to be closed; the next request opens another."""
        connection, self._connection = self._connection, None
        return connection


class SingleConnection(_Kept["core.ConnectionPool", "core.ConnectionInterface"]):
    """The connection of one sync httpx client."""

    def handle_request(self, request: core.Request) -> core.Response:
        """Send a request, on a new connection if there is none that can be used."""
        if request.url.scheme not in _SCHEMES:
            return self._pool.handle_request(request)  # which refuses it
        connection = self._usable(request)
        if connection is None:
            self.close()
            connection = self._connection = self._pool.create_connection(request.url.origin)
        return connection.handle_request(request)

    def close(self) -> None:
        """Close the connection."""
        if (connection := self._let_go()) is not None:
            connection.close()


class AsyncSingleConnection(_Kept["core.AsyncConnectionPool", "core.AsyncConnectionInterface"]):
    """The connection of one async httpx client."""

    async def handle_async_request(self, request: core.Request) -> core.Response:
        """Send a request, on a new connection if there is none that can be used."""
        if request.url.scheme not in _SCHEMES:
            return await self._pool.handle_async_request(request)  # which refuses it
        connection = self._usable(request)
        if connection is None:
            await self.aclose()
            connection = self._connection = self._pool.create_connection(request.url.origin)
        return await connection.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connection."""
        if (connection := self._let_go()) is not None:
            await connection.aclose()


__all__ = ["AsyncSingleConnection", "SingleConnection"]
