"""When a call must have ended."""

from __future__ import annotations

import time
from contextvars import ContextVar


class Deadline:
    """The moment at which a call must have ended.

    Attributes:
        seconds: How long the call may take, or None for any time.
    """

    __slots__ = ("_ends_at", "seconds")

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._ends_at = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float | None:
        """Return the seconds that are left, or None for any time; none or fewer where it has passed."""
        return None if self._ends_at is None else self._ends_at - time.monotonic()

    def has_passed(self) -> bool:
        """Tell whether the moment is over."""
        remaining = self.remaining()
        return remaining is not None and remaining <= 0

    def limit(self, timeout: float | None) -> float | None:
        """Return a timeout that ends no later than the call has to."""
        remaining = self.remaining()
        if remaining is None:
            return timeout
        return remaining if timeout is None else min(timeout, remaining)


current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""That of the call which this thread makes at the moment."""

__all__ = ["Deadline", "current"]
