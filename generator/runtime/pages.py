"""Pages of list operations, and iteration over all pages of a list.

Users sorted by creation time are paged by cursor, so that writes in between neither repeat nor skip anyone. All other
lists are paged by offset: items repeated because the list grew in between are dropped, but items that move to an
earlier page because of a deletion are missed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, get_args, overload

from ._runtime.decoding import Decoder, PageContent, decode_answer
from ._runtime.walk import Walk
from .client import AsyncClient, Request, SyncClient

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future
    from typing import Self

T = TypeVar("T")
ClientT = TypeVar("ClientT", SyncClient, AsyncClient)


class Listing(NamedTuple):
    """How a list operation pages.

    Attributes:
        default_limit: The number of items in a page if no limit is given.
        maximum_limit: The highest limit that the API accepts.
        cursor: The query parameter that takes the id to continue after, or None.
    """

    default_limit: int
    maximum_limit: int
    cursor: str | None = None


class BasePage(Sequence[T], Generic[T]):
    """One page of a list: a sequence of its items.

    `auto_paging_iter` continues from the request that fetched the page. A page can be pickled and copied, but without
    its client, which holds a key and connections.

    Attributes:
        data: The items, in the order of the response.
        total_count: The number of items on all pages, or None if the response does not say.
        additional_properties: Whatever else the response contains besides the items and the total.
    """

    __slots__ = ("_client", "_decoder", "_listing", "_request", "additional_properties", "data", "total_count")

    _client: SyncClient | AsyncClient | None
    _request: Request | None

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

    def _begin(self, concurrency: int) -> tuple[Walk[T], list[T]]:
        """Begin a walk over the pages, starting with this one."""
        if self._request is None:
            raise ValueError("this page was made from data alone, so there is no list to continue: iterate page.data")
        walk: Walk[T] = Walk(self._request, self._listing, len(self.data), _checked(concurrency))
        return walk, walk.accept(self.data, self.total_count)

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in BasePage.__slots__ if name != "_client"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._client = None

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    @overload
    def __getitem__(self, index: str) -> Any: ...

    def __getitem__(self, index: int | slice | str) -> T | list[T] | Any:
        if isinstance(index, str):
            if index in ("data", "total_count"):
                return getattr(self, index)
            return self.additional_properties[index]
        return self.data[index]

    def keys(self) -> list[str]:
        """Return the keys of `dict(page)`: the items, the total, and whatever else the response contained."""
        return ["data", "total_count", *self.additional_properties]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from ._runtime.pydantic import schema_of_page

        (item,) = get_args(source) or (Any,)
        return schema_of_page(cls, item, handler, cls._of_data)

    @classmethod
    def _of_data(cls, data: dict[str, Any]) -> Self:
        """Make a page without a request, and so without following pages."""
        page = cls.__new__(cls)
        rest = {name: value for name, value in data.items() if name not in ("data", "total_count")}
        state = {"data": data["data"], "total_count": data["total_count"], "additional_properties": rest}
        page.__setstate__({**dict.fromkeys(("_request", "_decoder", "_listing")), **state})
        return page

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

    __slots__ = ()

    _client: SyncClient | None

    def __init__(
        self,
        content: PageContent[T],
        client: SyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content, request, decoder, listing)
        self._client = client  # pyright: ignore[reportIncompatibleVariableOverride]  # each kind of page has its own

    def auto_paging_iter(self, concurrency: int = 1, *, client: SyncClient | None = None) -> Iterator[T]:
        """Iterate over the items of this page and of all following pages, in order.

        A page is fetched when its first item is needed, with the same filters, and with the limit that was given or
        else the highest that the API accepts. Users sorted by creation time are paged by cursor, so that writes in
        between neither repeat nor skip anyone. All other lists are paged by offset: if items are created or deleted in
        between, others move. Those that would appear again are dropped; those that moved to an earlier page are missed.

        Args:
            concurrency: How many pages to fetch at a time, in threads. Above 1, users are paged by offset too, unless
                `starting_after` was given.
            client: The client to fetch the pages with; by default the one that fetched this page.

        Raises:
            ClerkError: Fetching a page failed, after the items before it were yielded.
            ValueError: `concurrency` is less than 1, or there are more pages but no client to fetch them with, because
                this page was pickled or copied.
        """
        return _iterate(self, client or self._client, concurrency)


class AsyncPage(BasePage[T]):
    """One page of a list that the async client fetched."""

    __slots__ = ()

    _client: AsyncClient | None

    def __init__(
        self,
        content: PageContent[T],
        client: AsyncClient,
        request: Request,
        decoder: Decoder[PageContent[T]],
        listing: Listing | None,
    ) -> None:
        super().__init__(content, request, decoder, listing)
        self._client = client  # pyright: ignore[reportIncompatibleVariableOverride]  # each kind of page has its own

    def auto_paging_iter(self, concurrency: int = 1, *, client: AsyncClient | None = None) -> AsyncIterator[T]:
        """Iterate over the items of this page and of all following pages, in order.

        A page is fetched when its first item is needed, with the same filters, and with the limit that was given or
        else the highest that the API accepts. Users sorted by creation time are paged by cursor, so that writes in
        between neither repeat nor skip anyone. All other lists are paged by offset: if items are created or deleted in
        between, others move. Those that would appear again are dropped; those that moved to an earlier page are missed.

        Args:
            concurrency: How many pages to fetch at a time, in tasks. Above 1, users are paged by offset too, unless
                `starting_after` was given.
            client: The client to fetch the pages with; by default the one that fetched this page.

        Raises:
            ClerkError: Fetching a page failed, after the items before it were yielded.
            ValueError: `concurrency` is less than 1, or there are more pages but no client to fetch them with, because
                this page was pickled or copied.
        """
        return _iterate_async(self, client or self._client, concurrency)


def _checked(concurrency: int) -> int:
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ValueError(f"concurrency must be an int of at least 1, not {concurrency!r}")
    return concurrency


def _needed(client: ClientT | None) -> ClientT:
    if client is None:
        raise ValueError(
            "this page has no client to fetch the following pages, because it was pickled, copied or made by hand: "
            "pass one, as in page.auto_paging_iter(client=clerk_client)"
        )
    return client


def _iterate(page: Page[T], client: SyncClient | None, concurrency: int) -> Iterator[T]:
    """Iterate over the items of a page and of all following pages, in order."""
    walk, first = page._begin(concurrency)
    fetch = partial(_fetch, client if walk.done else _needed(client), page._decoder)
    return _iterate_pages(walk, first, fetch, 1 if walk.goes_by_cursor else concurrency)


def _iterate_pages(
    walk: Walk[T], first: list[T], fetch: Callable[[Request], PageContent[T]], at_a_time: int
) -> Iterator[T]:
    yield from first
    del first  # here and below: a page's memory is free for the next one
    if at_a_time > 1 and not walk.done:
        yield from _iterate_ahead(walk, fetch, at_a_time)
    while not walk.done:
        yield from _accepted(walk, fetch(walk.next_request()))


def _accepted(walk: Walk[T], content: PageContent[T]) -> list[T]:
    return walk.accept(content.data, content.total_count)


def _iterate_ahead(walk: Walk[T], fetch: Callable[[Request], PageContent[T]], concurrency: int) -> Iterator[T]:
    executor = _executor(concurrency)
    waiting: deque[tuple[Request, Future[PageContent[T]] | None]] = deque()
    try:
        while not walk.done:
            while len(waiting) < concurrency and not (waiting and walk.is_last):
                request = walk.next_request()
                waiting.append((request, _submit(executor, fetch, request)))
            request, future = waiting.popleft()
            new = _accepted(walk, fetch(request) if future is None else future.result())
            del future
            if walk.went_back:
                for _, future in waiting:
                    if future is not None:
                        future.cancel()
                waiting.clear()
            yield from new
            del new
    finally:
        # No thread may go on using a client that its owner is about to close.
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _executor(concurrency: int) -> Executor | None:
    """Return a thread pool, or None if threads can't be started any more because the interpreter is shutting down."""
    try:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(concurrency, thread_name_prefix="clerk-pages")
    except RuntimeError:
        return None


def _submit(
    executor: Executor | None, fetch: Callable[[Request], PageContent[T]], request: Request
) -> Future[PageContent[T]] | None:
    """Fetch a page in a thread; None if no thread can be started any more, so that it is fetched when it is needed."""
    try:
        return None if executor is None else executor.submit(fetch, request)
    except RuntimeError:
        return None


def _fetch(client: SyncClient | None, decoder: Decoder[PageContent[T]], request: Request) -> PageContent[T]:
    assert client is not None  # without a client, nothing is fetched
    return decode_answer(decoder, client, client._send(request))


def _iterate_async(page: AsyncPage[T], client: AsyncClient | None, concurrency: int) -> AsyncIterator[T]:
    """Iterate over the items of a page and of all following pages, in order."""
    walk, first = page._begin(concurrency)
    fetch = partial(_fetch_async, client if walk.done else _needed(client), page._decoder)
    return _iterate_tasks(walk, first, fetch, 1 if walk.goes_by_cursor else concurrency)


async def _iterate_tasks(
    walk: Walk[T], first: list[T], fetch: Callable[[Request], Coroutine[Any, Any, PageContent[T]]], at_a_time: int
) -> AsyncIterator[T]:
    import asyncio

    for item in first:
        yield item
    del first
    # A single generator: a loop that shuts down would close two of them in any order.
    waiting: deque[asyncio.Task[PageContent[T]]] = deque()
    discarded: list[asyncio.Task[PageContent[T]]] = []
    try:
        while not walk.done:
            while len(waiting) < at_a_time and not (waiting and walk.is_last):
                waiting.append(asyncio.create_task(fetch(walk.next_request())))
            new = _accepted(walk, await waiting[0])
            waiting.popleft()
            if walk.went_back:
                for task in waiting:
                    task.cancel()
                discarded += waiting
                waiting.clear()
            for item in new:
                yield item
            del new
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, *discarded, return_exceptions=True)


async def _fetch_async(
    client: AsyncClient | None, decoder: Decoder[PageContent[T]], request: Request
) -> PageContent[T]:
    assert client is not None  # without a client, nothing is fetched
    return decode_answer(decoder, client, await client._send(request))


__all__ = ["AsyncPage", "BasePage", "Listing", "Page"]
