"""What a turn costs: each function does the work a number of times, and returns the cost."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .benchmark import Work

AT_A_TIME = 50
"""How many threads or tasks call at a time."""
LOOP = asyncio.new_event_loop()
"""The event loop of all tasks."""
_THREADS = ThreadPoolExecutor(AT_A_TIME)


def cpu(work: Work, count: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the CPU time of this process."""
    start = clock()
    for _ in range(count):
        work()
    return clock() - start


def elapsed(work: Work, count: int) -> float:
    """Return the time that passes."""
    return cpu(work, count, time.perf_counter)


def cpu_in_threads(work: Work, count: int) -> float:
    """Return the CPU time of many threads, each of which does the work a number of times."""

    def all_at_once() -> None:
        for done in [_THREADS.submit(cpu, work, count) for _ in range(AT_A_TIME)]:
            done.result()

    return cpu(all_at_once, 1)


def cpu_in_tasks(work: Callable[[], Awaitable[object]], count: int) -> float:
    """Return the CPU time of work that is awaited a number of times, by many tasks at a time."""

    async def all_at_once() -> None:
        left = iter(range(count))

        async def take() -> None:
            for _ in left:
                await work()

        await asyncio.gather(*(take() for _ in range(AT_A_TIME)))

    return cpu(lambda: LOOP.run_until_complete(all_at_once()), 1)


def held(work: Work, count: int) -> float:
    """Return the memory that the interpreter allocates for the results, in bytes."""
    work()  # what is loaded on first use does not belong to the results
    gc.collect()
    tracemalloc.start()
    results = [work() for _ in range(count)]
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del results
    return size


def told(work: Callable[[], Any], count: int) -> float:  # numbers
    """Return what the work itself says that it costs."""
    return float(sum(work() for _ in range(count)))
