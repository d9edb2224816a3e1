"""Pages of list operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

if TYPE_CHECKING:
    from ._decoding import Decoder, PageContent
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

    Attributes:
        data: The items in the service's order.
        total_count: How many items there are over all pages, or None where the service does not say.
        additional_properties: What else the answer held beside the items and the total.
    """

    __slots__ = ("additional_properties", "data", "total_count")

    def __init__(self, content: PageContent[T]) -> None:
        self.data: list[T] = content.data
        self.total_count: int | None = content.total_count
        self.additional_properties: dict[str, Any] = content.additional_properties

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

    __slots__ = ("_client", "_decoder", "_listing", "_request")

    def __init__(
        self,
        content: PageContent[T],
        client: SyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content)
        self._client = client
        self._request = request
        self._decoder = decoder
        self._listing = listing


class AsyncPage(BasePage[T]):
    """One page of a list that the async client fetched."""

    __slots__ = ("_client", "_decoder", "_listing", "_request")

    def __init__(
        self,
        content: PageContent[T],
        client: AsyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content)
        self._client = client
        self._request = request
        self._decoder = decoder
        self._listing = listing


__all__ = ["AsyncPage", "BasePage", "Listing", "Page"]
