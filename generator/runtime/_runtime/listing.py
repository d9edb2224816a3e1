"""List operations, which return pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from ..client import AsyncClient, Request, SyncClient
from ..pages import AsyncPage, Listing, Page
from .decoding import PageOf, decode_answer
from .lazy import types
from .operation import Table

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")


class ListOperation(Table[PageOf[T]], Generic[T]):
    """An operation that returns a page."""

    def sync(self, client: SyncClient, given: Mapping[str, object]) -> Page[T]:
        """Call the operation and return the page; raise the client's error for any status other than success."""
        request = self.request(given)
        return self._page(client, request, client._send(request))

    def sync_detailed(self, client: SyncClient, given: Mapping[str, object]) -> types.Response[Page[T]]:
        """Call the operation like `sync`, but return the status and headers too."""
        request = self.request(given)
        response = client._send(request)
        page = self._page(client, request, response)
        return types.Response(response.status_code, response.headers, response.content, page)

    async def asyncio(self, client: AsyncClient, given: Mapping[str, object]) -> AsyncPage[T]:
        """Call the operation and return the page; raise the client's error for any status other than success."""
        request = self.request(given)
        return self._async_page(client, request, await client._send(request))

    async def asyncio_detailed(self, client: AsyncClient, given: Mapping[str, object]) -> types.Response[AsyncPage[T]]:
        """Call the operation like `asyncio`, but return the status and headers too."""
        request = self.request(given)
        response = await client._send(request)
        page = self._async_page(client, request, response)
        return types.Response(response.status_code, response.headers, response.content, page)

    def _page(self, client: SyncClient, request: Request, response: httpx.Response) -> Page[T]:
        content = decode_answer(self._answer, client, response)
        return Page(content, client, request, self._answer, self._answer.listing)

    def _async_page(self, client: AsyncClient, request: Request, response: httpx.Response) -> AsyncPage[T]:
        content = decode_answer(self._answer, client, response)
        return AsyncPage(content, client, request, self._answer, self._answer.listing)


__all__ = ["AsyncPage", "ListOperation", "Listing", "Page", "PageOf"]
