"""Which HTTP library is used: httpx, or httpx2, its continuation, which has the same classes under the same names.

No other module of `clerk` names either. `http` is the library that clients use unless their `http_options` name the
other; its types stand for those of both.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

import httpx as http

if TYPE_CHECKING:
    import ssl
    from typing import Protocol

    import httpcore as core

    class Library(Protocol):
        """What a client needs of its HTTP library."""

        __version__: str
        AsyncClient: type[http.AsyncClient]
        AsyncHTTPTransport: type[http.AsyncHTTPTransport]
        ByteStream: type[http.ByteStream]
        Client: type[http.Client]
        Cookies: type[http.Cookies]
        DecodingError: type[http.DecodingError]
        Headers: type[http.Headers]
        HTTPTransport: type[http.HTTPTransport]
        InvalidURL: type[http.InvalidURL]
        Limits: type[http.Limits]
        PoolTimeout: type[http.PoolTimeout]
        Proxy: type[http.Proxy]
        Request: type[http.Request]

        def create_ssl_context(self, *, verify: bool, trust_env: bool) -> ssl.SSLContext:
            """Create a TLS context that trusts the library's own authorities."""
            ...

    class HTTPCore(Protocol):
        """What a client needs of the library that opens the connections."""

        AnyIOBackend: type[core.AnyIOBackend]
        ConnectError: type[core.ConnectError]
        ConnectTimeout: type[core.ConnectTimeout]
        ReadError: type[core.ReadError]
        ReadTimeout: type[core.ReadTimeout]
        SyncBackend: type[core.SyncBackend]
        WriteError: type[core.WriteError]
        WriteTimeout: type[core.WriteTimeout]


LIBRARIES = {"httpx": "httpcore", "httpx2": "httpcore2"}
"""HTTP library -> the lower-level library that opens its connections."""

DEFAULT = http.__name__


@cache
def library_called(name: str) -> Library:
    """Import an HTTP library."""
    return cast("Library", import_module(name))  # a module with these attributes


@cache
def core_of(name: str) -> HTTPCore:
    """Import the lower-level library of an HTTP library."""
    return cast("HTTPCore", import_module(LIBRARIES[name]))  # a module with these attributes


def library_of(value: object) -> str | None:
    """Return the name of the HTTP library that an object's class comes from, or None."""
    for base in type(value).__mro__:
        name = base.__module__.partition(".")[0]
        if name in LIBRARIES:
            return name
    return None


def errors(*names: str) -> tuple[type[Exception], ...]:
    """Return the exceptions of these names from every HTTP library that is loaded, for `except` and `isinstance`."""
    modules = [sys.modules[library] for library in LIBRARIES if library in sys.modules]
    return tuple(getattr(module, name) for module in modules for name in names)


__all__ = ["DEFAULT", "LIBRARIES", "core_of", "errors", "http", "library_called", "library_of"]
