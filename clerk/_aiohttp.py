"""The transport on aiohttp, of the extra `clerk-client[aiohttp]`."""

from __future__ import annotations

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

_BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class Transport(AiohttpTransport):
    """httpx-aiohttp's transport, which keeps no cookies and tells a broken connection from one that was never made."""

    def get_client(self) -> aiohttp.ClientSession:
        """Make the session of one event loop."""
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            httpx.TransportError: No answer came; of the class that says how far the request got.
        """
        try:
            return await super().handle_async_request(request)
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            # httpx-aiohttp says so of a connection that broke later as well, when the service may have acted.
            if isinstance(error.__cause__, _BEFORE_SENDING):
                raise
            raise httpx.RemoteProtocolError(str(error), request=request) from error.__cause__


__all__ = ["Transport"]
