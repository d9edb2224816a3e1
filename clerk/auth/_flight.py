"""One fetch of keys that any number of threads and tasks wait for."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import get_ident


class Flight:
    """A fetch that is under way.

    It is given up where whoever makes it is stopped: one of those who wait then makes the next.
    """

    def __init__(self) -> None:
        self._thread = get_ident()
        self._future: Future[object] = Future()

    def land(self, outcome: object) -> None:
        """Tell those who wait what came of it; None where it was given up."""
        self._future.set_result(outcome)

    def outcome(self, seconds: float) -> object:
        """Wait for its end.

        Args:
            seconds: How long to wait at most.

        Returns:
            What came of it; None if nothing did, or if waiting would stop whoever makes it: an event loop does not
            go on while its thread waits.
        """
        if self._thread != get_ident():
            wait([self._future], seconds)
        return self._future.result() if self._future.done() else None

    async def outcome_async(self, seconds: float) -> object:
        """Wait for its end in an event loop; see `outcome`."""
        import asyncio

        # Neither a cancelled task nor the time limit may end the future, which others wait for too.
        await asyncio.wait([asyncio.wrap_future(self._future)], timeout=seconds)
        return self._future.result() if self._future.done() else None


__all__ = ["Flight"]
