"""Pages of list operations, and the walk over all pages of a list.

Users in order of their creation go by cursor, so that writes in between neither repeat nor skip anyone. Everything else
goes by offset: what is repeated because the list grew in between is dropped, what a deletion moved past is missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from ._runtime.decoding import Decoder, PageContent, decode_answer
from .client import AsyncClient, Query, Request, SyncClient

if TYPE_CHECKING:
    from concurrent.futures import Future

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
        return _iterate(self, _checked(concurrency))


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
        return _iterate_async(self, _checked(concurrency))


def _checked(concurrency: int) -> int:
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ValueError(f"concurrency must be an int of at least 1, not {concurrency!r}")
    return concurrency


def _iterate(page: Page[T], concurrency: int) -> Iterator[T]:
    """Yield the items of a page and of all that follow it, in order."""
    walk = _Walk(page, concurrency)
    yield from walk.accept(page)
    if concurrency > 1 and not walk.goes_by_cursor:
        yield from _iterate_ahead(page, walk, concurrency)
        return
    while not walk.done:
        yield from walk.accept(_fetch(page, walk.next_request()))


def _iterate_ahead(page: Page[T], walk: _Walk[T], concurrency: int) -> Iterator[T]:
    from concurrent.futures import ThreadPoolExecutor

    executor = ThreadPoolExecutor(concurrency, thread_name_prefix="clerk-pages")
    waiting: deque[Future[PageContent[T]]] = deque()
    try:
        while not walk.done:
            while len(waiting) < concurrency and not (waiting and walk.is_last):
                waiting.append(executor.submit(_fetch, page, walk.next_request()))
            yield from walk.accept(waiting.popleft().result())
    finally:
        # Nothing is left behind that would go on with a client that its owner closes next.
        executor.shutdown(cancel_futures=True)


def _fetch(page: Page[T], request: Request) -> PageContent[T]:
    client, decoder = page._client, page._decoder
    return decode_answer(client, client._send(request), decoder)


async def _iterate_async(page: AsyncPage[T], concurrency: int) -> AsyncIterator[T]:
    """Yield the items of a page and of all that follow it, in order."""
    import asyncio

    walk = _Walk(page, concurrency)
    for item in walk.accept(page):
        yield item
    at_a_time = 1 if walk.goes_by_cursor else concurrency
    # One generator for it all: of two, a loop that shuts down would close both, in no order.
    waiting: deque[asyncio.Task[PageContent[T]]] = deque()
    try:
        while not walk.done:
            while len(waiting) < at_a_time and not (waiting and walk.is_last):
                waiting.append(asyncio.create_task(_fetch_async(page, walk.next_request())))
            content = await waiting[0]
            waiting.popleft()
            for item in walk.accept(content):
                yield item
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _fetch_async(page: AsyncPage[T], request: Request) -> PageContent[T]:
    client, decoder = page._client, page._decoder
    return decode_answer(client, await client._send(request), decoder)


class _Walk(Generic[T]):
    """Where a walk over the pages stands: what to ask for next, and what of an answer is new.

    Attributes:
        done: Whether the last page was accepted.
    """

    def __init__(self, page: BasePage[T], concurrency: int) -> None:
        query = page._request.query or {}
        default, maximum, cursor = page._listing or (0, 0, None)
        given = int(str(query["limit"])) if "limit" in query else None
        offset = int(str(query.get("offset", 0)))
        self.done = page._listing is None
        self._request = page._request
        # What a limit above the maximum gives is the service's to say: such a page is the last only if it is empty.
        self._full = 1 if given is not None and given > maximum else (given or default)
        self._later_limit = min(given or maximum, maximum)
        self._accepted = offset
        self._asked = offset + len(page.data)
        self._total_count: int | None = None
        # The service takes a cursor beside no offset: a walk that began at one goes on so.
        by_cursor = concurrency == 1 or cursor in query
        self._cursor = cursor if by_cursor and offset == 0 and _is_by_creation(query) else None
        self._seen: set[str] = set()
        self._last_id: str | None = None

    @property
    def goes_by_cursor(self) -> bool:
        """Whether each page begins where the one before ended, so that none can be fetched ahead."""
        return self._cursor is not None

    @property
    def is_last(self) -> bool:
        """Whether every page that can hold anything was asked for already."""
        return self.done or (self._total_count is not None and self._asked >= self._total_count)

    def next_request(self) -> Request:
        """Return the request for the page after the last one that was asked for."""
        limit = str(self._later_limit)
        if self._cursor is not None and self._last_id is not None:
            return self._request.with_query(limit=limit, offset=None, **{self._cursor: self._last_id})
        offset = max(self._asked, self._accepted)
        self._asked = offset + self._later_limit
        return self._request.with_query(limit=limit, offset=str(offset))

    def accept(self, content: BasePage[T] | PageContent[T]) -> list[T]:
        """Take in the next page in order, and return what of it was not there before."""
        items = content.data
        self._accepted += len(items)
        self._total_count = content.total_count
        new = self._new(items)
        is_short = len(items) < self._full
        is_whole = self._total_count is not None and self._accepted >= self._total_count
        # A service that ignores the cursor would answer with the first page for ever.
        is_repeated = self._cursor is not None and not new
        self.done = self.done or is_short or is_whole or is_repeated
        self._full = self._later_limit
        return new

    def _new(self, items: list[T]) -> list[T]:
        new: list[T] = []
        for item in items:
            identity = getattr(item, "id", None)
            self._last_id = identity if isinstance(identity, str) else None
            if self._last_id is None or self._last_id not in self._seen:
                new.append(item)
            if self._last_id is not None:
                self._seen.add(self._last_id)
        return new


def _is_by_creation(query: Query) -> bool:
    return query.get("order_by", "-created_at") in ("created_at", "+created_at", "-created_at")


__all__ = ["AsyncPage", "BasePage", "Listing", "Page"]
