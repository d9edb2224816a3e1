"""What the measurements share."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable

from ..benchmark import Unavailable

MICROSECONDS = 1_000_000


def cpu_microseconds(function: Callable[[], object], count: int) -> float:
    """Return the CPU time of one call of a function, in microseconds: the mean of so many, after some that don't count.

    Args:
        function: What is measured.
        count: How many calls are counted.
    """
    for _ in range(_warm_ups(count)):
        function()
    start = time.process_time()
    for _ in range(count):
        function()
    return (time.process_time() - start) / count * MICROSECONDS


async def async_cpu_microseconds(call: Callable[[], Awaitable[object]], count: int, at_a_time: int) -> float:
    """Return the CPU time of one call of a coroutine function, in microseconds, with so many calls at a time.

    Args:
        call: What is measured.
        count: How many calls are counted.
        at_a_time: How many of them are under way at a time.
    """
    await _call_all(call, _warm_ups(count), at_a_time)
    start = time.process_time()
    await _call_all(call, count, at_a_time)
    return (time.process_time() - start) / count * MICROSECONDS


async def _call_all(call: Callable[[], Awaitable[object]], count: int, at_a_time: int) -> None:
    from asyncio import gather

    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await call()

    await gather(*(work() for _ in range(at_a_time)))


def _warm_ups(count: int) -> int:
    # What is loaded on first use, or becomes faster with use, is not what repeats.
    return min(count, 20 + count // 20)


def without_orjson() -> None:
    """Have the client decode as it does where the extra `speed` is not installed."""
    sys.modules["orjson"] = None  # type: ignore[assignment]  # how importing it is made to fail


def check_that_orjson_decodes() -> None:
    """Make sure that the client, which has decoded something, has loaded orjson for it.

    Raises:
        Unavailable: It has not.
    """
    if "orjson" not in sys.modules:
        raise Unavailable("the client does not use orjson")


def require(*modules: str) -> None:
    """Make sure that modules are installed.

    Raises:
        Unavailable: One is not.
    """
    from importlib.util import find_spec

    for module in modules:
        if find_spec(module) is None:
            raise Unavailable(f"{module} is not installed")


def check(condition: bool) -> None:
    """Make sure that a contender does what the others do, with or without `python -O`."""
    if not condition:
        raise RuntimeError("the contender did something else than it was to do")
