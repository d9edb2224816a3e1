"""The connections of a client: made on first use, one httpx client for each process or event loop."""

from __future__ import annotations

import asyncio
import os
import ssl
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx

from ._errors import ClerkConfigurationError, ClerkError
from ._responses import closed_error

HTTPClient = TypeVar("HTTPClient", httpx.Client, httpx.AsyncClient)

_REFUSED = (
    "httpx refuses the http_options, or the environment's variables for proxies and certificates"
    " (http_options={'trust_env': False} ignores them)"
)


class Pool:
    """The connections of a sync client.

    A forked process makes its own: what it inherited is neither used nor closed there, since its parent goes on
    with it. The lock is one per process too, as another thread may have held it when the process forked.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self._clients: dict[int, httpx.Client] = {}
        self._locks: dict[int, threading.Lock] = {}
        self._closed = False

    def client(self) -> httpx.Client:
        """Return this process's httpx client.

        Raises:
            ClerkConfigurationError: httpx cannot be set up with the options.
            ClerkError: The pool is closed.
        """
        process = os.getpid()
        if (client := self._clients.get(process)) is not None:
            return client
        with self._locks.setdefault(process, threading.Lock()):
            if self._closed:
                raise closed_error()
            if process not in self._clients:
                self._clients[process] = _set_up(httpx.Client, self._options)
            return self._clients[process]

    def close(self) -> None:
        """Close this process's connections for good; once more does nothing."""
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            self._closed = True
            client = self._clients.pop(process, None)
        if client is not None:
            client.close()


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
        client = _set_up(httpx.AsyncClient, self._options)
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


def _set_up(make: Callable[..., HTTPClient], options: Mapping[str, Any]) -> HTTPClient:
    try:
        # Nothing but its options may tell one call from the next: no cookies are kept.
        cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        settings = _with_transport(_with_tls(options))
        return make(**settings, cookies=cookies, follow_redirects=False)
    except httpx.InvalidURL:
        # Its text may show the proxy's password.
        raise ClerkConfigurationError(f"{_REFUSED}: the URL of a proxy is none") from None
    except (ImportError, OSError, ValueError, httpx.UnsupportedProtocol) as error:
        raise ClerkConfigurationError(f"{_REFUSED}: {error}") from error


def _with_tls(options: Mapping[str, Any]) -> dict[str, Any]:
    # httpx deprecates paths for `verify` and `cert`, but they are what people have at hand.
    settings = dict(options)
    verify, cert = settings.get("verify", True), settings.pop("cert", None)
    if isinstance(verify, str):
        settings["verify"] = verify = _trust(Path(verify))
    if cert is not None:
        if isinstance(verify, bool):
            verify = httpx.create_ssl_context(verify=verify, trust_env=settings.get("trust_env", True))
        verify.load_cert_chain(*cert)
        settings["verify"] = verify
    return settings


def _with_transport(settings: dict[str, Any]) -> dict[str, Any]:
    if settings.get("transport") != "aiohttp":
        return settings
    from ._aiohttp import Transport

    own = {name: settings[name] for name in ("verify", "trust_env", "limits", "http1", "http2") if name in settings}
    proxy = settings.get("proxy")
    return {**settings, "transport": Transport(**own, proxy=httpx.Proxy(proxy) if isinstance(proxy, str) else proxy)}


def _trust(authorities: Path) -> ssl.SSLContext:
    if authorities.is_dir():
        return ssl.create_default_context(capath=authorities)
    return ssl.create_default_context(cafile=authorities)


__all__ = ["AsyncPool", "Pool"]
