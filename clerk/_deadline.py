"""When a call must have ended."""

from __future__ import annotations

import time
from contextvars import ContextVar


class Deadline:
    """The moment at which a call must have ended.

    Attributes:
        seconds: How long the call may take; None for no limit.
    """

    __slots__ = ("_ends_at", "seconds")

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._ends_at = None if seconds is None else time.monotonic() + seconds

    def remaining(self) -> float | None:
        """Return how many seconds are left, zero or less once the deadline has passed; None for no limit."""
        return None if self._ends_at is None else self._ends_at - time.monotonic()

    def has_passed(self) -> bool:
        """Return whether the deadline has passed."""
        remaining = self.remaining()
        return remaining is not None and remaining <= 0

    def limit(self, timeout: float | None) -> float | None:
        """Return the timeout, or what is left of the deadline if that is less."""
        remaining = self.remaining()
        if remaining is None:
            return timeout
        return remaining if timeout is None else min(timeout, remaining)


current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""The deadline of the call that this thread is making."""

__all__ = ["Deadline", "current"]
