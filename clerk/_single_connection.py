"""A single connection in the place of httpcore's pool, for HTTP clients that serve one call at a time.

httpcore's pool goes through its lists with every call, takes locks, and asks twice whether the server has hung up. With
many threads, whatever asks the system something costs most: another thread runs meanwhile, and has to be waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpcore as core

_SCHEMES = (b"http", b"https", b"ws", b"wss")


class SingleConnection:
    """The connection of one sync httpx client.

    Args:
        pool: The pool that it replaces, which knows how to connect: directly, or through a proxy.
    """

    def __init__(self, pool: core.ConnectionPool) -> None:
        self._pool = pool
        self._connection: core.ConnectionInterface | None = None

    def handle_request(self, request: core.Request) -> core.Response:
        """Send a request, on a new connection if there is none that can be used."""
        if request.url.scheme not in _SCHEMES:
            return self._pool.handle_request(request)  # which refuses it
        connection, origin = self._connection, request.url.origin
        if connection is None or not _is_usable(connection, origin):
            self.close()
            connection = self._connection = self._pool.create_connection(origin)
        return connection.handle_request(request)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class AsyncSingleConnection:
    """The connection of one async httpx client.

    Args:
        pool: The pool that it replaces, which knows how to connect: directly, or through a proxy.
    """

    def __init__(self, pool: core.AsyncConnectionPool) -> None:
        self._pool = pool
        self._connection: core.AsyncConnectionInterface | None = None

    async def handle_async_request(self, request: core.Request) -> core.Response:
        """Send a request, on a new connection if there is none that can be used."""
        if request.url.scheme not in _SCHEMES:
            return await self._pool.handle_async_request(request)  # which refuses it
        connection, origin = self._connection, request.url.origin
        if connection is None or not _is_usable(connection, origin):
            await self.aclose()
            connection = self._connection = self._pool.create_connection(origin)
        return await connection.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()


def _is_usable(connection: core.ConnectionInterface | core.AsyncConnectionInterface, origin: core.Origin) -> bool:
    return connection.is_available() and connection.can_handle_request(origin) and not connection.has_expired()


__all__ = ["AsyncSingleConnection", "SingleConnection"]
