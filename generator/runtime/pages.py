"""Pages of list operations, and iteration over all pages of a list.

Users in order of their creation go by cursor, so that writes in between neither repeat nor skip anyone. Everything else
goes by offset: what is repeated because the list grew in between is dropped, what a deletion moved past is missed.
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
        default_limit: How many items a page has when no limit is given.
        maximum_limit: The highest limit that the service takes.
        cursor: The query parameter that takes the id to go on after, or None.
    """

    default_limit: int
    maximum_limit: int
    cursor: str | None = None


class BasePage(Sequence[T], Generic[T]):
    """One page of a list: a sequence of its items.

    Where it stands in the list, `auto_paging_iter` knows from the request that it came from. A page can be pickled and
    copied, then without its client, which holds a key and connections.

    Attributes:
        data: The items in the service's order.
        total_count: How many items there are over all pages, or None where the service does not say.
        additional_properties: What else the answer held beside the items and the total.
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
        """Begin a walk over the pages from this one on; its own items are the first."""
        if self._request is None:
            raise ValueError("this page was made of data alone, so it knows no list to go on in: iterate page.data")
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
        """Return the names of what `dict(page)` holds: the items, the total, and what else the answer had."""
        return ["data", "total_count", *self.additional_properties]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from ._runtime.pydantic import schema_of_page

        (item,) = get_args(source) or (Any,)
        return schema_of_page(cls, item, handler, cls._of_data)

    @classmethod
    def _of_data(cls, data: dict[str, Any]) -> Self:
        """Make a page that knows no request, and so none to go on with."""
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
        """Iterate the items of this page and of all that follow it, in order.

        Later pages are fetched when their first item is due, with the same filters, and with the limit that was given
        or else the highest that the service takes. Users in order of their creation go by cursor, so that writes in
        between neither repeat nor skip anyone. Everything else goes by offset: an item that is created or deleted in
        between may move others, of which the repeated ones are dropped and the skipped ones are missed.

        Args:
            concurrency: How many pages to fetch ahead at a time, in threads; above 1 by offset, unless
                `starting_after` was given.
            client: The client to fetch them with; the one that fetched this page by default.

        Raises:
            ClerkError: Fetching a page failed; the items before it were given out.
            ValueError: `concurrency` is less than 1, or there are more pages and no client to fetch them with, since
                this one was pickled or copied.
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
        """Iterate the items of this page and of all that follow it, in order.

        Later pages are fetched when their first item is due, with the same filters, and with the limit that was given
        or else the highest that the service takes. Users in order of their creation go by cursor, so that writes in
        between neither repeat nor skip anyone. Everything else goes by offset: an item that is created or deleted in
        between may move others, of which the repeated ones are dropped and the skipped ones are missed.

        Args:
            concurrency: How many pages to fetch ahead at a time, in tasks; above 1 by offset, unless
                `starting_after` was given.
            client: The client to fetch them with; the one that fetched this page by default.

        Raises:
            ClerkError: Fetching a page failed; the items before it were given out.
            ValueError: `concurrency` is less than 1, or there are more pages and no client to fetch them with, since
                this one was pickled or copied.
        """
        return _iterate_async(self, client or self._client, concurrency)


def _checked(concurrency: int) -> int:
    if not isinstance(concurrency, int) or isinstance(concurrency, bool) or concurrency < 1:
        raise ValueError(f"concurrency must be an int of at least 1, not {concurrency!r}")
    return concurrency


def _needed(client: ClientT | None) -> ClientT:
    if client is None:
        raise ValueError(
            "this page has no client to fetch the following ones with, since it was pickled, copied or made by hand: "
            "give it one, as in page.auto_paging_iter(client=clerk_client)"
        )
    return client


def _iterate(page: Page[T], client: SyncClient | None, concurrency: int) -> Iterator[T]:
    """Iterate the items of a page and of all that follow it, in order."""
    walk, first = page._begin(concurrency)
    fetch = partial(_fetch, client if walk.done else _needed(client), page._decoder)
    return _iterate_pages(walk, first, fetch, 1 if walk.goes_by_cursor else concurrency)


def _iterate_pages(
    walk: Walk[T], first: list[T], fetch: Callable[[Request], PageContent[T]], at_a_time: int
) -> Iterator[T]:
    yield from first
    if at_a_time > 1 and not walk.done:
        yield from _iterate_ahead(walk, fetch, at_a_time)
    while not walk.done:
        content = fetch(walk.next_request())
        yield from walk.accept(content.data, content.total_count)


def _iterate_ahead(walk: Walk[T], fetch: Callable[[Request], PageContent[T]], concurrency: int) -> Iterator[T]:
    executor = _executor(concurrency)
    waiting: deque[tuple[Request, Future[PageContent[T]] | None]] = deque()
    try:
        while not walk.done:
            while len(waiting) < concurrency and not (waiting and walk.is_last):
                request = walk.next_request()
                waiting.append((request, _submit(executor, fetch, request)))
            request, future = waiting.popleft()
            content = fetch(request) if future is None else future.result()
            new = walk.accept(content.data, content.total_count)
            if walk.went_back:
                for _, future in waiting:
                    if future is not None:
                        future.cancel()
                waiting.clear()
            yield from new
    finally:
        # Nothing is left behind that would go on with a client that its owner closes next.
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _executor(concurrency: int) -> Executor | None:
    """Return threads to fetch in, or None where there can be none: the main thread has ended, the interpreter ends."""
    try:
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(concurrency, thread_name_prefix="clerk-pages")
    except RuntimeError:
        return None


def _submit(
    executor: Executor | None, fetch: Callable[[Request], PageContent[T]], request: Request
) -> Future[PageContent[T]] | None:
    """Have a page fetched in a thread; None where none can be started any more: it is to be fetched when it is due."""
    try:
        return None if executor is None else executor.submit(fetch, request)
    except RuntimeError:
        return None


def _fetch(client: SyncClient | None, decoder: Decoder[PageContent[T]], request: Request) -> PageContent[T]:
    assert client is not None  # or there would be nothing to fetch
    return decode_answer(client, client._send(request), decoder)


def _iterate_async(page: AsyncPage[T], client: AsyncClient | None, concurrency: int) -> AsyncIterator[T]:
    """Iterate the items of a page and of all that follow it, in order."""
    walk, first = page._begin(concurrency)
    fetch = partial(_fetch_async, client if walk.done else _needed(client), page._decoder)
    return _iterate_tasks(walk, first, fetch, 1 if walk.goes_by_cursor else concurrency)


async def _iterate_tasks(
    walk: Walk[T], first: list[T], fetch: Callable[[Request], Coroutine[Any, Any, PageContent[T]]], at_a_time: int
) -> AsyncIterator[T]:
    import asyncio

    for item in first:
        yield item
    # One generator for it all: of two, a loop that shuts down would close both, in no order.
    waiting: deque[asyncio.Task[PageContent[T]]] = deque()
    of_no_use: list[asyncio.Task[PageContent[T]]] = []
    try:
        while not walk.done:
            while len(waiting) < at_a_time and not (waiting and walk.is_last):
                waiting.append(asyncio.create_task(fetch(walk.next_request())))
            content = await waiting[0]
            waiting.popleft()
            new = walk.accept(content.data, content.total_count)
            if walk.went_back:
                for task in waiting:
                    task.cancel()
                of_no_use += waiting
                waiting.clear()
            for item in new:
                yield item
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, *of_no_use, return_exceptions=True)


async def _fetch_async(
    client: AsyncClient | None, decoder: Decoder[PageContent[T]], request: Request
) -> PageContent[T]:
    assert client is not None  # or there would be nothing to fetch
    return decode_answer(client, await client._send(request), decoder)


__all__ = ["AsyncPage", "BasePage", "Listing", "Page"]
