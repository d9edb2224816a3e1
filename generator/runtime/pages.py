"""Pages of list operations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from ._runtime.decoding import Decoder, PageContent
    from .client import AsyncClient, Request, SyncClient

T = TypeVar("T")


class Listing(NamedTuple):
    """How a list operation pages.

    Attributes:
        default_limit: How many items a page has when no limit is given.
        maximum_limit: The highest limit that the service takes.
        cursor: The query parameter that takes the id to go on after, or None.
    """

    default_limit: int
    maximum_limit: int
    cursor: str | None = None


class BasePage(Sequence[T], Generic[T]):
    """One page of a list: a sequence of its items.

    Where it stands in the list, `auto_paging_iter` knows from the request that it came from.

    Attributes:
        data: The items in the service's order.
        total_count: How many items there are over all pages, or None where the service does not say.
        additional_properties: What else the answer held beside the items and the total.
    """

    __slots__ = ("_decoder", "_listing", "_request", "additional_properties", "data", "total_count")

    def __init__(
        self,
        content: PageContent[T],
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        self.data: list[T] = content.data
        self.total_count: int | None = content.total_count
        self.additional_properties: dict[str, Any] = content.additional_properties
        self._request = request
        self._decoder = decoder
        self._listing = listing

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.data[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self.data)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BasePage):
            return NotImplemented
        return self.data == other.data and self.total_count == other.total_count

    __hash__ = None  # type: ignore[assignment]  # mutable, as the models are

    def __repr__(self) -> str:
        total = "" if self.total_count is None else f" of {self.total_count}"
        return f"<{type(self).__name__}: {len(self.data)}{total}>"


class Page(BasePage[T]):
    """One page of a list that the sync client fetched."""

    __slots__ = ("_client",)

    def __init__(
        self,
        content: PageContent[T],
        client: SyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content, request, decoder, listing)
        self._client = client

    def auto_paging_iter(self, concurrency: int = 1) -> Iterator[T]:
        """Iterate the items of this page and of all that follow it, in order.

        Later pages are fetched when their first item is due, with the same filters, and with the limit that was given
        or else the highest that the service takes. Users in order of their creation go by cursor, so that writes in
        between neither repeat nor skip anyone. Everything else goes by offset: an item that is created or deleted in
        between may move others, of which the repeated ones are dropped and the skipped ones are missed.

        Args:
            concurrency: How many pages to fetch ahead at a time, in threads; above 1 by offset, unless
                `starting_after` was given.

        Raises:
            ClerkError: Fetching a page failed; the items before it were given out.
            ValueError: `concurrency` is less than 1.
        """
        from ._runtime.paging import iterate

        return iterate(self, _checked(concurrency))


class AsyncPage(BasePage[T]):
    """One page of a list that the async client fetched."""

    __slots__ = ("_client",)

    def __init__(
        self,
        content: PageContent[T],
        client: AsyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content, request, decoder, listing)
        self._client = client

    def auto_paging_iter(self, concurrency: int = 1) -> AsyncIterator[T]:
        """Iterate the items of this page and of all that follow it, in order.

        Later pages are fetched when their first item is due, with the same filters, and with the limit that was given
        or else the highest that the service takes. Users in order of their creation go by cursor, so that writes in
        between neither repeat nor skip anyone. Everything else goes by offset: an item that is created or deleted in
        between may move others, of which the repeated ones are dropped and the skipped ones are missed.

        Args:
            concurrency: How many pages to fetch ahead at a time, in tasks; above 1 by offset, unless
                `starting_after` was given.

        Raises:
            ClerkError: Fetching a page failed; the items before it were given out.
            ValueError: `concurrency` is less than 1.
        """
        from ._runtime.paging import iterate_async

        return iterate_async(self, _checked(concurrency))


def _checked(concurrency: int) -> int:
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ValueError(f"concurrency must be an int of at least 1, not {concurrency!r}")
    return concurrency


__all__ = ["AsyncPage", "BasePage", "Listing", "Page"]
