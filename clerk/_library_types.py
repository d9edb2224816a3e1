"""The objects of an HTTP library that are accepted: those of httpx and httpx2, whichever is installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Never, Protocol, runtime_checkable

if TYPE_CHECKING:
    import ssl


@runtime_checkable
class TimeoutLike(Protocol):
    """A `Timeout`: seconds, or None for no limit."""

    @property
    def connect(self) -> float | None: ...

    @property
    def read(self) -> float | None: ...

    @property
    def write(self) -> float | None: ...

    @property
    def pool(self) -> float | None: ...


@runtime_checkable
class LimitsLike(Protocol):
    """`Limits` of a connection pool."""

    @property
    def max_connections(self) -> int | None: ...

    @property
    def max_keepalive_connections(self) -> int | None: ...

    @property
    def keepalive_expiry(self) -> float | None: ...


@runtime_checkable
class URLLike(Protocol):
    """A `URL`, which `str` turns into text."""

    @property
    def raw_host(self) -> bytes: ...

    @property
    def raw_path(self) -> bytes: ...


@runtime_checkable
class ProxyLike(Protocol):
    """A `Proxy`."""

    @property
    def url(self) -> URLLike: ...

    @property
    def auth(self) -> tuple[str, str] | None: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def ssl_context(self) -> ssl.SSLContext | None: ...


class SyncTransport(Protocol):
    """A transport of a sync client. It takes `Never` because each library has a request class of its own."""

    def handle_request(self, request: Never, /) -> object:
        """Send a request."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class AsyncTransport(Protocol):
    """A transport of an async client."""

    async def handle_async_request(self, request: Never, /) -> object:
        """Send a request."""
        ...

    async def aclose(self) -> None:
        """Close it."""
        ...


__all__ = ["AsyncTransport", "LimitsLike", "ProxyLike", "SyncTransport", "TimeoutLike", "URLLike"]
