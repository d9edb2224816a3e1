"""The transport on top of aiohttp, for the extra `clerk-client[aiohttp]`."""

from __future__ import annotations

import asyncio
import io
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import yarl

from ._errors import ClerkConfigurationError
from ._library import http

if TYPE_CHECKING:
    from ._http_settings import PoolLimits

_CHUNK = 65_536  # bytes
_LONGEST_LINE = 102_400  # bytes of a status line or a header: the same limit as in httpx


class Transport(http.AsyncBaseTransport):
    """Sends httpx requests with aiohttp.

    It keeps no cookies, follows no redirects, retries nothing and decompresses nothing: the client does all that.

    Args:
        limits: The size of the pool.
        tls: How certificates are checked.
        proxy: The proxy for all requests.
    """

    def __init__(self, *, limits: PoolLimits, tls: ssl.SSLContext, proxy: http.Proxy | None) -> None:
        if proxy is not None and not proxy.url.scheme.startswith("http"):
            raise ClerkConfigurationError(
                f"aiohttp doesn't support {proxy.url.scheme}:// proxies: use the transport 'httpx'"
            )
        if proxy is not None and proxy.ssl_context not in (None, tls):
            raise ClerkConfigurationError(
                "aiohttp checks a proxy's certificate as it checks the service's, by the http_option verify: leave out"
                " the proxy's ssl_context, or use the transport 'httpx'"
            )
        self._proxy = proxy
        self._proxy_headers = [] if proxy is None else [*proxy.headers.multi_items(), *_authorization(proxy)]
        connector = _Connector(
            limit=limits.connections or 0, keepalive_timeout=limits.expiry, force_close=limits.kept == 0, ssl=tls
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
            read_bufsize=_CHUNK,
        )
        # aiohttp retries a GET or DELETE itself if a kept connection breaks, and has no option to turn that off.
        self._session._retry_connection = False  # noqa: SLF001

    async def handle_async_request(self, request: http.Request) -> http.Response:
        """Send a request.

        Raises:
            httpx.TransportError: No response came; the subclass says how far the request got.
        """
        body = await request.aread()
        timeout = request.extensions["timeout"]
        with _errors_of_httpx(self._session):
            response = await self._session.request(
                request.method,
                yarl.URL(str(request.url), encoded=True),
                headers=[*request.headers.multi_items(), *self._headers_for_forwarding(request)],
                data=io.BytesIO(body) if body else None,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=None,
                    connect=_sum(timeout["pool"], timeout["connect"]),
                    sock_connect=timeout["connect"],
                    sock_read=timeout["read"],
                ),
                **self._proxy_arguments(),
            )
        return http.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Stream(response, self._session),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (response.reason or "").encode()},
        )

    def _headers_for_forwarding(self, request: http.Request) -> list[tuple[str, str]]:
        # aiohttp sends the proxy's headers only with CONNECT.
        return self._proxy_headers if request.url.scheme == "http" else []

    def _proxy_arguments(self) -> dict[str, Any]:  # Any: one type per argument
        if self._proxy is None:
            return {}
        return {"proxy": str(self._proxy.url), "proxy_headers": self._proxy_headers}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.close()


class _Connector(aiohttp.TCPConnector):
    """Closes a connection at once even if its peer does not read: asyncio would wait until everything was sent.

    With TLS it would also wait for the peer's goodbye; with TLS within TLS, longer than the loop may run.
    """

    def _release(self, key: Any, protocol: Any, *, should_close: bool = False) -> None:  # Any: aiohttp's own, private
        transport = protocol.transport
        if should_close and transport is not None:
            is_tls = transport.get_extra_info("ssl_object") is not None
            if is_tls or transport.get_write_buffer_size():
                transport.abort()
        super()._release(key, protocol, should_close=should_close)


class _Stream(http.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse, session: aiohttp.ClientSession) -> None:
        self._response = response
        self._session = session

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx(self._session):
            async for chunk in self._response.content.iter_chunked(_CHUNK):
                yield chunk

    async def aclose(self) -> None:
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()  # nobody reads the rest of the body


def _authorization(proxy: http.Proxy) -> list[tuple[str, str]]:
    if proxy.auth is None:
        return []
    return [("Proxy-Authorization", f"Basic {b64encode(':'.join(proxy.auth).encode()).decode()}")]


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first + second


# The first match wins.
_CLASSES: dict[type[Exception], type[http.TransportError]] = {
    aiohttp.ConnectionTimeoutError: http.ConnectTimeout,
    aiohttp.ServerTimeoutError: http.ReadTimeout,
    aiohttp.ClientHttpProxyError: http.ProxyError,
    aiohttp.ClientConnectorError: http.ConnectError,
    aiohttp.ClientConnectorCertificateError: http.ConnectError,
    aiohttp.ClientConnectorSSLError: http.ConnectError,
    aiohttp.ServerDisconnectedError: http.RemoteProtocolError,
    aiohttp.ClientOSError: http.ReadError,
    aiohttp.ClientConnectionError: http.ReadError,
    aiohttp.InvalidURL: http.UnsupportedProtocol,
    aiohttp.ClientPayloadError: http.RemoteProtocolError,
    aiohttp.ClientError: http.RemoteProtocolError,
    TimeoutError: http.ReadTimeout,
    OSError: http.ReadError,
}


@contextmanager
def _errors_of_httpx(session: aiohttp.ClientSession) -> Iterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if session.closed and task is not None and not task.cancelling():
            raise http.ReadError("the connections were closed") from None  # aiohttp reports that as a cancellation
        raise
    except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: yarl rejects the URL
        kind = next((made for found, made in _CLASSES.items() if isinstance(error, found)), http.UnsupportedProtocol)
        if kind is http.RemoteProtocolError and "ConnectionResetError" in str(error):  # only aiohttp's message says so
            kind = http.ReadError
        # aiohttp's own error is dropped: it holds the request's headers.
        raise kind(_words_of(error)) from None


def _words_of(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientResponseError):
        return error.message  # without the URL, whose query may be confidential
    return str(error)


__all__ = ["Transport"]
