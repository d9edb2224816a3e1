"""A fetch of keys that any number of threads and tasks can wait for."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import get_ident


class Flight:
    """A fetch in progress.

    It is abandoned if the thread or task that makes it is stopped; one of those waiting then starts another.
    """

    def __init__(self) -> None:
        self._thread = get_ident()
        self._future: Future[object] = Future()

    def land(self, outcome: object) -> None:
        """Pass the outcome to everyone waiting; None if the fetch was abandoned."""
        self._future.set_result(outcome)

    def outcome(self, seconds: float) -> object:
        """Wait for the outcome.

        Args:
            seconds: How long to wait at most.

        Returns:
            The outcome; None if there is none yet, or if waiting would block the fetch itself: an event loop makes
            no progress while its thread waits.
        """
        if self._thread != get_ident():
            wait([self._future], seconds)
        return self._future.result() if self._future.done() else None

    async def outcome_async(self, seconds: float) -> object:
        """Wait for the outcome in an event loop; see `outcome`."""
        import asyncio

        # A cancelled task or the timeout must not end the future, which others wait for too.
        await asyncio.wait([asyncio.wrap_future(self._future)], timeout=seconds)
        return self._future.result() if self._future.done() else None


__all__ = ["Flight"]
