"""Waits between tries that take no time, and a record of what was asked for.

No option of a client makes its waits shorter, so what its pools do to wait is replaced, and a module's own view of
`random`: `uniform` gives its upper bound, so that what was asked for tells the bound.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest


class Waits:
    """The waits of all clients in a test.

    Attributes:
        seconds: How long each was to be, in order.
        bounds: The bounds of those that were drawn at random, in order.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.bounds: list[tuple[float, float]] = []

    def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)

    async def sleep_async(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)

    def uniform(self, low: float, high: float) -> float:
        self.bounds.append((low, high))
        return high

    @classmethod
    def put_in_place(cls, monkeypatch: pytest.MonkeyPatch) -> Waits:
        """Have the clients ask this for their waits until the test ends."""
        waits = cls()
        waits.take_over(monkeypatch, waits.sleep, waits.sleep_async)
        monkeypatch.setattr("clerk._attempts.random", SimpleNamespace(uniform=waits.uniform))
        return waits

    @staticmethod
    def take_over(
        monkeypatch: pytest.MonkeyPatch, sleep: Callable[[float], None], sleep_async: Callable[[float], Awaitable[None]]
    ) -> None:
        """Have the clients ask these for their waits until the test ends."""
        monkeypatch.setattr("clerk._pool.Pool.wait", lambda _, seconds: sleep(seconds))
        monkeypatch.setattr("clerk._async_pool.AsyncPool.wait", lambda _, seconds: sleep_async(seconds))


_HANG = 20.0  # seconds after which a test that waits for others fails
_PAUSE = 0.001


def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened in another thread."""
    ends_at = time.monotonic() + _HANG
    while not condition():
        assert time.monotonic() < ends_at, "it does not happen"
        time.sleep(_PAUSE)


async def until_async(condition: Callable[[], bool]) -> None:
    """Wait until something has happened in another thread, and let other tasks go on."""
    async with asyncio.timeout(_HANG):
        while not condition():  # noqa: ASYNC110  what is waited for happens in a thread
            await asyncio.sleep(_PAUSE)


__all__ = ["Waits", "until", "until_async"]
