"""The state of a walk over the pages of a list: what to request next, which items are new, and when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ..client import Query, Request

T = TypeVar("T")


class Walk(Generic[T]):
    """A walk over the pages of a list.

    It ends when the total is reached, or at a page that is empty or the same as the one before. Without a total, it
    also ends at a page with nothing new, or a page shorter than requested, unless its length is a multiple of ten: that
    is probably a lower limit of the service.

    Attributes:
        done: Whether the walk has ended.
        went_back: Whether the requests made after the last accepted page must be discarded.
    """

    def __init__(
        self, request: Request, listing: tuple[int, int, str | None] | None, first_length: int, concurrency: int
    ) -> None:
        """Begin a walk.

        Args:
            request: The request that fetched the first page.
            listing: The length of a page without a limit, the highest limit, and the cursor parameter; None if there is
                only one page.
            first_length: How many items the first page has.
            concurrency: How many pages are fetched at a time.
        """
        query = request.query or {}
        default, maximum, cursor = listing or (0, 0, None)
        given = int(str(query["limit"])) if "limit" in query else None
        offset = int(str(query.get("offset", 0)))
        self.done = listing is None
        self.went_back = False
        self._request = request
        # With a limit above the maximum, only the service knows how long a page is.
        self._expected = 1 if given is not None and given > maximum else (given or default)
        self._limit = min(given or maximum, maximum)
        # The distance between the offsets of pages fetched ahead: the length of page that the service actually returns.
        self._stride = self._limit
        self._is_as_asked = given is not None and given <= maximum
        self._accepted = offset
        self._asked = offset + first_length
        self._total: int | None = None
        # The service takes no cursor together with an offset: a walk that began with an offset continues with offsets.
        by_cursor = concurrency == 1 or cursor in query
        self._cursor = cursor if by_cursor and offset == 0 and _is_by_creation(query) else None
        self._seen: set[str] = set()
        self._last_id: str | None = None
        self._previous: list[T | str] = []
        self._repeats = 0

    @property
    def goes_by_cursor(self) -> bool:
        """Whether each page is requested by the last id of the page before, so that none can be fetched ahead."""
        return self._cursor is not None

    @property
    def is_last(self) -> bool:
        """Whether all pages that can have items were requested already."""
        return self.done or (self._total is not None and self._asked >= self._total)

    def next_request(self) -> Request:
        """Return the request for the page after the last requested one."""
        limit = str(self._limit)
        if self._cursor is not None and self._last_id is not None:
            return self._request.with_query(limit=limit, offset=None, **{self._cursor: self._last_id})
        offset = max(self._asked, self._accepted)
        self._asked = offset + self._stride
        return self._request.with_query(limit=limit, offset=str(offset))

    def accept(self, items: list[T], total: object) -> list[T]:
        """Take the next page in order, and return its new items.

        Args:
            items: The items of the page.
            total: The number of items on all pages according to the response, if it says.
        """
        self._accepted += len(items)
        if type(total) is int:
            self._total = total
        known = [identity if isinstance(identity := getattr(item, "id", None), str) else None for item in items]
        is_repeated = self._is_repeated(items, known)
        new = [] if is_repeated else self._new(items, known)
        self.done = self.done or is_repeated or self._is_end(items, new)
        self.went_back = not self.done and len(items) != self._stride
        if self.went_back:
            self._asked = self._accepted
            if self._is_as_asked:
                self._stride = min(len(items), self._limit)
        self._expected, self._is_as_asked = self._limit, True
        return new

    def _new(self, items: list[T], known: list[str | None]) -> list[T]:
        self._last_id = known[-1] if known else None
        ids = {identity for identity in known if identity is not None}
        if len(ids) == len(known) and self._seen.isdisjoint(ids):  # as on nearly all pages
            self._seen |= ids
            return [*items]
        new: list[T] = []
        for item, identity in zip(items, known, strict=True):
            if identity is None or identity not in self._seen:
                new.append(item)
            if identity is not None:
                self._seen.add(identity)
        return new

    def _is_repeated(self, items: list[T], known: list[str | None]) -> bool:
        """Return whether the service keeps returning the same page, whatever is requested."""
        signs = [item if identity is None else identity for item, identity in zip(items, known, strict=True)]
        self._repeats = self._repeats + 1 if signs == self._previous else 0
        self._previous = signs
        # Items without ids may look alike without being the same, so one repetition is allowed.
        return self._repeats > (1 if None in known else 0)

    def _is_end(self, items: list[T], new: list[T]) -> bool:
        if not items:
            return True
        if self._total is not None:
            return self._accepted >= self._total
        return not new or (len(items) < self._expected and len(items) % 10 != 0)


def _is_by_creation(query: Query) -> bool:
    return query.get("order_by", "-created_at") in ("created_at", "+created_at", "-created_at")


__all__ = ["Walk"]
