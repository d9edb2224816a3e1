"""The connections of a sync client: made on first use, one httpx client for each process."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from ._errors import ClerkConfigurationError
from ._responses import closed_error

HTTPClient = TypeVar("HTTPClient", httpx.Client, httpx.AsyncClient)


class _NoCookies(httpx.Cookies):
    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the cookies of an answer where they are."""


_NO_COOKIES = _NoCookies()


class Cookieless:
    """Makes a client of httpx keep no cookies: nothing but its options may tell one call from the next.

    A jar that takes none would do too, but httpx would ask it after every answer, which takes time.
    """

    @property
    def cookies(self) -> httpx.Cookies:
        """No cookies."""
        return _NO_COOKIES


class _Client(Cookieless, httpx.Client):  # type: ignore[override]  # there is nothing to set
    pass


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
                self._clients[process] = set_up(_Client, self._options)
            return self._clients[process]

    def close(self) -> None:
        """Close this process's connections for good; once more does nothing."""
        process = os.getpid()
        with self._locks.setdefault(process, threading.Lock()):
            self._closed = True
            client = self._clients.pop(process, None)
        if client is not None:
            client.close()


def set_up(make: Callable[..., HTTPClient], options: Mapping[str, Any]) -> HTTPClient:
    """Make a client of httpx.

    Args:
        make: The class.
        options: Its arguments, paths for certificates and names of transports among them.

    Raises:
        ClerkConfigurationError: httpx cannot be set up with the options.
    """
    with _refusals_as_clerk_errors():
        return make(**_with_transport(_with_tls(options)), follow_redirects=False)


def with_tls_for_many(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for several clients that share one TLS context, which takes far longer to make than they do.

    Raises:
        ClerkConfigurationError: httpx cannot be set up with the options.
    """
    with _refusals_as_clerk_errors():
        settings = _with_tls(options)
        verify = settings.get("verify", True)
        if isinstance(verify, bool):
            trust_env = settings.get("trust_env", True)
            settings["verify"] = httpx.create_ssl_context(verify=verify, trust_env=trust_env)
        return settings


@contextmanager
def _refusals_as_clerk_errors() -> Iterator[None]:
    try:
        yield
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


__all__ = ["Cookieless", "Pool", "set_up", "with_tls_for_many"]
