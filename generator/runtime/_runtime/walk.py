"""Where a walk over the pages of a list stands: what to ask for next, what of a page is new, and when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ..client import Query, Request

T = TypeVar("T")


class Walk(Generic[T]):
    """A walk over the pages of a list.

    It ends where the total is reached, and at a page that is empty or the same as the one before. Where there is no
    total, a page that has nothing new ends it too, and one that is shorter than was asked for, unless its length is a
    round number: a service that gives less than it is asked for gives ten, or a hundred.

    Attributes:
        done: Whether the last page was accepted.
        went_back: Whether what was asked for after the page that was accepted last is of no use.
    """

    def __init__(
        self, request: Request, listing: tuple[int, int, str | None] | None, first_length: int, concurrency: int
    ) -> None:
        """Begin a walk.

        Args:
            request: The request that the first page answers.
            listing: The length of a page where no limit is given, the highest limit, and the parameter of the cursor;
                None where there is one page only.
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
        # What a limit above the maximum gives is the service's to say.
        self._expected = 1 if given is not None and given > maximum else (given or default)
        self._limit = min(given or maximum, maximum)
        # How far apart the pages that are fetched ahead begin: by as much as the service was seen to give.
        self._stride = self._limit
        self._is_as_asked = given is not None and given <= maximum
        self._accepted = offset
        self._asked = offset + first_length
        self._total: int | None = None
        # The service takes a cursor beside no offset: a walk that began at one goes on so.
        by_cursor = concurrency == 1 or cursor in query
        self._cursor = cursor if by_cursor and offset == 0 and _is_by_creation(query) else None
        self._seen: set[str] = set()
        self._last_id: str | None = None
        self._previous: list[T | str] = []
        self._repeats = 0

    @property
    def goes_by_cursor(self) -> bool:
        """Whether each page begins where the one before ended, so that none can be fetched ahead."""
        return self._cursor is not None

    @property
    def is_last(self) -> bool:
        """Whether every page that can hold anything was asked for already."""
        return self.done or (self._total is not None and self._asked >= self._total)

    def next_request(self) -> Request:
        """Return the request for the page after the last one that was asked for."""
        limit = str(self._limit)
        if self._cursor is not None and self._last_id is not None:
            return self._request.with_query(limit=limit, offset=None, **{self._cursor: self._last_id})
        offset = max(self._asked, self._accepted)
        self._asked = offset + self._stride
        return self._request.with_query(limit=limit, offset=str(offset))

    def accept(self, items: list[T], total: object) -> list[T]:
        """Take in the next page in order, and return what of it was not there before.

        Args:
            items: The items of the page.
            total: How many items the service says there are over all pages, if it says so.
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
        new: list[T] = []
        for item, identity in zip(items, known, strict=True):
            if identity is None or identity not in self._seen:
                new.append(item)
            if identity is not None:
                self._seen.add(identity)
        self._last_id = known[-1] if known else None
        return new

    def _is_repeated(self, items: list[T], known: list[str | None]) -> bool:
        """Tell whether the service answers with the same page again and again, whatever it is asked for."""
        signs = [item if identity is None else identity for item, identity in zip(items, known, strict=True)]
        self._repeats = self._repeats + 1 if signs == self._previous else 0
        self._previous = signs
        # Items without ids may be alike and yet not the same: these get the benefit of the doubt once.
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
