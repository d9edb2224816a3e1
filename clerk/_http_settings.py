"""The settings for the HTTP library that a client works with: the defaults, or checked `http_options`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ._library import DEFAULT, LIBRARIES, library_of

Timeouts = Mapping[Literal["connect", "read", "write", "pool"], float | None]
"""The timeouts of one attempt in seconds, as the HTTP library takes them; None for no limit.

They are for connecting, for the next chunk of the response, for sending the next chunk of the request, and for getting
a connection when all of them are busy.
"""

_TIMEOUTS: Timeouts = {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}


class PoolLimits:
    """The size of a pool.

    Attributes:
        connections: The most connections there may be; None for no limit.
        kept: The most idle connections to keep; None to keep all.
        expiry: How many seconds an idle connection is kept; None for no limit.
    """

    __slots__ = ("connections", "expiry", "kept")

    def __init__(self, connections: int | None = 100, kept: int | None = 100, expiry: float | None = 5.0) -> None:
        self.connections = connections
        self.kept = kept
        self.expiry = expiry


class HTTPSettings:
    """Checked `http_options`.

    Attributes:
        timeout: The timeouts of each request.
        headers: The caller's own headers for each request.
        pool: The options that belong to the connections.
    """

    def __init__(
        self,
        timeout: Timeouts = _TIMEOUTS,
        headers: Mapping[str, str] | None = None,
        pool: Mapping[str, Any] | None = None,  # Any: one type per key
    ) -> None:
        self.timeout = timeout
        self.headers = headers or {}
        self.pool = pool or {"limits": PoolLimits()}

    @property
    def has_own_transport(self) -> bool:
        """Whether requests go through the caller's own transports."""
        transports = [self.pool.get("transport"), *self.pool.get("mounts", {}).values()]
        return any(transport is not None and not isinstance(transport, str) for transport in transports)


def library_for(pool: Mapping[str, Any]) -> str:  # Any: one type per option
    """Return the name of the HTTP library that the connections' options ask for."""
    transport = pool.get("transport")
    if transport in LIBRARIES:
        return str(transport)
    return next(filter(None, map(library_of, [transport, *pool.get("mounts", {}).values()])), DEFAULT)


__all__ = ["HTTPSettings", "PoolLimits", "Timeouts", "library_for"]
