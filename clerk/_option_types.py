"""The types of a client's options; editors show the text below an option where it is passed."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from ._library_types import AsyncTransport, LimitsLike, ProxyLike, SyncTransport, TimeoutLike, URLLike

Hook = Callable[..., Any]  # Any: a hook's result is ignored; an async hook returns an awaitable


class CallHTTPOptions(TypedDict, total=False):
    """The `http_options` that apply to a request rather than to the connections: `with_options` can change them.

    Attributes:
        timeout: Seconds for each of connecting, sending, and waiting for the next chunk of the response; or an
            `httpx.Timeout`; None for no limit.
        headers: Headers to send with every request.
    """

    timeout: float | TimeoutLike | None
    headers: Mapping[str, str]


class _SharedHTTPOptions(CallHTTPOptions, total=False):
    proxy: str | URLLike | ProxyLike
    verify: ssl.SSLContext | str | bool
    cert: str | tuple[str, str] | tuple[str, str, str]
    trust_env: bool
    limits: LimitsLike
    http1: bool
    http2: bool
    event_hooks: Mapping[Literal["request", "response"], Sequence[Hook]]


class HTTPOptions(_SharedHTTPOptions, total=False):
    """The `http_options` of a `ClerkClient`, with the same meaning as for `httpx.Client`.

    Attributes:
        timeout: Seconds for each of connecting, sending, and waiting for the next chunk of the response; or an
            `httpx.Timeout`; None for no limit. By default 5 for connecting and 30 for the rest.
        headers: Headers to send with every request, in addition to those that the client sets.
        proxy: The proxy for all requests.
        mounts: Transports by URL pattern, used instead of the default one.
        verify: How certificates are checked: an `ssl.SSLContext`, the path of a file or directory of trusted
            authorities, or False for no check.
        cert: The path of a client certificate, `(certificate, key)`, or `(certificate, key, password)`.
        trust_env: Whether to use the environment's proxy and certificate variables; True by default.
        limits: The size of the connection pool; 100 by default, all of which are kept for later calls.
        http1: Whether to use HTTP/1.1; True by default.
        http2: Whether to use HTTP/2, which needs `httpx[http2]`; False by default.
        transport: What sends the requests: `"httpx"`, the default; `"httpx2"`, the maintained continuation of httpx
            (the extra `clerk-client[httpx2]`); or an object of your own from either library, which a forked process
            keeps using.
        event_hooks: Functions that are called with each `httpx.Request` (key `request`) or `httpx.Response` (key
            `response`). Whatever they raise reaches the caller unchanged.
    """

    mounts: Mapping[str, SyncTransport | None]
    transport: SyncTransport | Literal["httpx", "httpx2"]


class AsyncHTTPOptions(_SharedHTTPOptions, total=False):
    """The `http_options` of an `AsyncClerkClient`: those of `HTTPOptions`, with async transports and async hooks.

    Attributes:
        mounts: Transports by URL pattern, used instead of the default one.
        transport: What sends the requests: `"httpx"`, the default; `"httpx2"`, the maintained continuation of httpx
            (the extra `clerk-client[httpx2]`); `"aiohttp"` (the extra `clerk-client[aiohttp]`); or an object of your
            own, which all event loops share.
    """

    mounts: Mapping[str, AsyncTransport | None]
    transport: AsyncTransport | Literal["httpx", "httpx2", "aiohttp"]


class _SharedOptions(TypedDict, total=False):
    secret_key: str | None
    """The instance's secret key (`sk_...`); by default `CLERK_SECRET_KEY`. Without one, the first call that needs it
    fails.
    """
    machine_secret_key: str | None
    """A machine's secret key (`ak_...`) for the sub-API `m2m`, which otherwise uses the secret key; by default
    `CLERK_MACHINE_SECRET_KEY`.
    """
    publishable_key: str | None
    """The instance's publishable key (`pk_...`), which determines the names of its cookies; by default
    `CLERK_PUBLISHABLE_KEY`. Needed to authenticate requests by their cookies.
    """
    jwt_key: str | None
    """The instance's public key in PEM; by default `CLERK_JWT_KEY`. With it, session tokens are checked without calling
    the service.
    """
    api_version: str | None
    """`v4` (the default) or `v1` for the version of the API that this package was generated from; the date of another
    version; or another `vN`, for URLs that start with it. By default `CLERK_API_VERSION`.
    """
    api_url: str | None
    """The service's URL; by default `CLERK_API_URL`, or else `https://api.clerk.com`."""
    max_retries: int | None
    """How many times a request is retried at most, where a retry is safe; 2 by default."""
    deadline: float | None
    """How many seconds a call may take, including retries and the waits between them; 120 by default, None for no
    limit.
    """
    max_response_size: int | None
    """How many bytes the body of a response may have, decompressed; 64 MiB by default. A larger one raises
    `ClerkDecodeError`.
    """
    strict_responses: bool | None
    """Whether a response that doesn't match the API's document raises `ClerkDecodeError`; by default, as much of it as
    possible is decoded, and the mismatch is logged to `clerk.drift`.
    """


class ClerkOptions(_SharedOptions, total=False):
    """The keyword options of `ClerkClient`; its docstring explains them."""

    http_options: HTTPOptions | None
    """Options for the HTTP library; see `HTTPOptions`."""


class AsyncClerkOptions(_SharedOptions, total=False):
    """The keyword options of `AsyncClerkClient`; its docstring explains them."""

    http_options: AsyncHTTPOptions | None
    """Options for the HTTP library; see `AsyncHTTPOptions`."""


class ChangedOptions(_SharedOptions, total=False):
    """The keyword options of `with_options`."""

    http_options: CallHTTPOptions | None
    """The timeout and the headers of these calls; see `CallHTTPOptions`."""


__all__ = [
    "AsyncClerkOptions",
    "AsyncHTTPOptions",
    "CallHTTPOptions",
    "ChangedOptions",
    "ClerkOptions",
    "HTTPOptions",
]
