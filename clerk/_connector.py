"""Creates the HTTP library's clients that a pool consists of, from the `http_options`."""

from __future__ import annotations

import copy
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._environment import IGNORE, check_authorities, proxy_of_environment, variable_of_proxy
from ._errors import ClerkConfigurationError
from ._http_settings import PoolLimits, library_for
from ._library import core_of, errors, http, library_called, library_of
from ._members import AsyncMember, SyncMember
from ._single_connection import AsyncSingleConnection, SingleConnection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._library import Library

_REFUSED = "the HTTP library rejects the http_options"


class Connector:
    """Creates clients of the HTTP library according to a client's `http_options`.

    Attributes:
        name: The name of the HTTP library.
        library: The HTTP library.
        limits: The size of the pool.
        is_shared: Whether one client of the library serves all calls at once, instead of one call at a time.
        is_kept: Whether that client is kept even if a call fails.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = options
        self.name = library_for(options)
        transport = options.get("transport", self.name)
        self.library: Library = library_called(self.name)
        self.limits: PoolLimits = options["limits"]
        self._is_callers = not isinstance(transport, str)
        self.is_kept = self._is_callers or transport == "aiohttp"
        self.is_shared = self.is_kept or bool(options.get("http2"))
        self._mounts = {
            pattern: None if mounted is None else _Borrowed(mounted)
            for pattern, mounted in options.get("mounts", {}).items()
        }
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None
        self._routes: dict[str, http.Proxy | None] = {}

    def for_process(self) -> Connector:
        """Return a copy for this process: another thread may have held the lock when the parent forked."""
        other = copy.copy(self)
        other._lock = threading.Lock()  # noqa: SLF001  it is one of these
        return other

    @property
    def is_prepared(self) -> bool:
        """Whether `prepare` has nothing left to do."""
        return self._tls is not None or (self._is_callers and "proxy" not in self._options)

    def prepare(self) -> None:
        """Create the TLS context, once for all connections: that takes far longer than opening one.

        Raises:
            ClerkConfigurationError: The options don't allow it.
        """
        with self._lock:
            if not self.is_prepared:
                with _refusals_as_clerk_errors():
                    self._tls = self._make_tls()

    def _make_tls(self) -> ssl.SSLContext:
        verify, trust_env = self._options.get("verify", True), self._options.get("trust_env", True)
        if isinstance(verify, str):
            verify = _trust(Path(verify))
        elif isinstance(verify, bool):
            if verify and trust_env:
                check_authorities()
            verify = self.library.create_ssl_context(verify=verify, trust_env=trust_env)
        context: ssl.SSLContext = verify
        if (cert := self._options.get("cert")) is not None:
            context.load_cert_chain(*cert)
        return context

    def route(self, url: str) -> http.Proxy | None:
        """Return the proxy for a URL; always the same object for the same URL.

        Raises:
            ClerkConfigurationError: The environment's proxy is not a proxy URL.
        """
        try:
            return self._routes[url]
        except KeyError:
            return self._routes.setdefault(url, self._find_route(url))

    def _find_route(self, url: str) -> http.Proxy | None:
        if self._is_callers:
            return None
        if (proxy := self._options.get("proxy")) is not None:
            return self._own_proxy(proxy)
        named = proxy_of_environment(url) if self._options.get("trust_env", True) else None
        if named is None:
            return None
        try:
            return self.library.Proxy(named)
        except (ValueError, self.library.InvalidURL):
            # The original message may show the proxy's password.
            raise ClerkConfigurationError(
                f"{variable_of_proxy(url)} must be a proxy URL such as http://proxy.example:3128 ({IGNORE})"
            ) from None

    def _own_proxy(self, proxy: http.Proxy) -> http.Proxy:
        if library_of(proxy) == self.name:
            return proxy
        return self.library.Proxy(
            str(proxy.url), ssl_context=proxy.ssl_context, auth=proxy.auth, headers=proxy.headers.raw
        )

    def sync_member(self, route: http.Proxy | None) -> SyncMember:
        """Create a client.

        Raises:
            ClerkConfigurationError: The HTTP library rejects the options.
        """
        from ._network import Network

        self.prepare()
        with _refusals_as_clerk_errors():
            if self._is_callers:
                return SyncMember(self._make_client(self._callers_arguments()), route)
            transport = self.library.HTTPTransport(**self._transport_arguments(route))
            pool, network = transport._pool, Network(core_of(self.name))  # noqa: SLF001  httpx does not expose its pool
            pool._network_backend = network  # type: ignore[assignment]  # noqa: SLF001  as above
            if self.is_shared:
                # httpcore's own stays locked if a signal handler raises at the wrong moment. This one can't: taking
                # and releasing it runs no Python code.
                pool._optional_thread_lock = threading.RLock()  # type: ignore[assignment]  # noqa: SLF001  as above
            else:
                transport._pool = SingleConnection(pool)  # type: ignore[assignment]  # noqa: SLF001  as above
            client = self._make_client({**self._client_arguments(), "transport": transport})
        return SyncMember(client, route, network)

    def async_member(self, route: http.Proxy | None) -> AsyncMember:
        """Create an async client; call `prepare` first.

        Raises:
            ClerkConfigurationError: The HTTP library rejects the options.
        """
        from ._async_network import AsyncNetwork

        network = None
        with _refusals_as_clerk_errors():
            if self._is_callers:
                arguments = self._callers_arguments()
            elif self._options.get("transport") == "aiohttp":
                arguments = {**self._client_arguments(), "transport": self._aiohttp(route)}
            else:
                transport = self.library.AsyncHTTPTransport(**self._transport_arguments(route))
                network = AsyncNetwork(core_of(self.name))
                pool = transport._pool  # noqa: SLF001  as above
                pool._network_backend = network  # type: ignore[assignment]  # noqa: SLF001  as above
                if not self.is_shared:
                    transport._pool = AsyncSingleConnection(pool)  # type: ignore[assignment]  # noqa: SLF001  as above
                arguments = {**self._client_arguments(), "transport": transport}
            return AsyncMember(self._make_async_client(arguments), route, network)

    def _make_client(self, arguments: Mapping[str, Any]) -> http.Client:  # Any: one type per argument
        return _client_classes(self.name)[0](**arguments, follow_redirects=False)

    def _make_async_client(self, arguments: Mapping[str, Any]) -> http.AsyncClient:  # Any: one type per argument
        return _client_classes(self.name)[1](**arguments, follow_redirects=False)

    def callers_transports(self) -> Iterable[Any]:  # Any: transports of either kind and library
        """Return the transports in `mounts`, which are closed with the pool, not before."""
        return [mounted for mounted in self._options.get("mounts", {}).values() if mounted is not None]

    def _aiohttp(self, route: http.Proxy | None) -> http.AsyncBaseTransport:
        from ._aiohttp import Transport

        if self._options.get("http2"):
            raise ValueError("aiohttp has no HTTP/2: leave http2 out, or use another transport")
        assert self._tls is not None, "prepare was not called"
        return Transport(limits=self.limits, tls=self._tls, proxy=route)

    def _client_arguments(self) -> dict[str, Any]:  # Any: one type per argument
        hooks = {"event_hooks": self._options["event_hooks"]} if "event_hooks" in self._options else {}
        return {**hooks, "mounts": self._mounts or None, "trust_env": False}

    def _callers_arguments(self) -> dict[str, Any]:  # Any: one type per argument
        arguments = {**self._client_arguments(), "transport": self._options["transport"]}
        if (proxy := self._options.get("proxy")) is not None:
            arguments |= {"proxy": self._own_proxy(proxy), "verify": self._tls}
        return arguments

    def _transport_arguments(self, route: http.Proxy | None) -> dict[str, Any]:  # Any: one type per argument
        limits = self.limits
        return {
            **{name: self._options[name] for name in ("http1", "http2") if name in self._options},
            "verify": self._tls,
            "trust_env": False,
            "proxy": route,
            "limits": self.library.Limits(
                max_connections=limits.connections if self.is_shared else 1,
                max_keepalive_connections=limits.kept if self.is_shared else 1,
                keepalive_expiry=limits.expiry,
            ),
        }


class _Borrowed:
    """A transport of the caller's, which stays open when one of the clients that share it is closed."""

    def __init__(self, transport: Any) -> None:  # Any: of either kind and library
        self._transport = transport

    def handle_request(self, request: http.Request) -> http.Response:
        response: http.Response = self._transport.handle_request(request)
        return response

    async def handle_async_request(self, request: http.Request) -> http.Response:
        response: http.Response = await self._transport.handle_async_request(request)
        return response

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


@cache
def _client_classes(name: str) -> tuple[type[http.Client], type[http.AsyncClient]]:
    """Return a library's client classes, changed so that they keep no cookies: one call must not affect another.

    A cookie jar that accepts none would also do, but the library would consult it after every response.
    """

    def extract_cookies(jar: http.Cookies, response: http.Response) -> None:
        """Ignore the cookies of a response."""

    def cookies(client: object) -> http.Cookies:  # noqa: ARG001  the self of a property
        return jar

    library = library_called(name)
    jar: http.Cookies = type("NoCookies", (library.Cookies,), {"extract_cookies": extract_cookies})()
    of_clients = {"cookies": property(cookies), "__module__": __name__}
    return type("Client", (library.Client,), of_clients), type("AsyncClient", (library.AsyncClient,), of_clients)


@contextmanager
def _refusals_as_clerk_errors() -> Iterator[None]:
    try:
        yield
    except _refusals() as error:
        raise ClerkConfigurationError(f"{_REFUSED}: {error}") from error


def _refusals() -> tuple[type[Exception], ...]:
    return (ImportError, OSError, ValueError, *errors("InvalidURL", "UnsupportedProtocol"))


def _trust(authorities: Path) -> ssl.SSLContext:
    if authorities.is_dir():
        return ssl.create_default_context(capath=authorities)
    return ssl.create_default_context(cafile=authorities)


__all__ = ["Connector"]
