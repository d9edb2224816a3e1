"""Turns that do the work and measure its cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from ..benchmark import Subject, Task, Turn

AsyncCall = Callable[[], Awaitable[object]]


def repeated(function: Callable[[], object], count: int) -> Turn:
    """Return a turn that calls a function a number of times; it costs CPU time."""

    def turn() -> float:
        start = time.process_time()
        for _ in range(count):
            function()
        return time.process_time() - start

    return turn


def in_threads(function: Callable[[], object], count: int, threads: ThreadPoolExecutor, at_a_time: int) -> Turn:
    """Return a turn that calls a function a number of times from each of many threads; it costs CPU time."""

    def work() -> None:
        for _ in range(count):
            function()

    def turn() -> float:
        start = time.process_time()
        for done in [threads.submit(work) for _ in range(at_a_time)]:
            done.result()
        return time.process_time() - start

    return turn


def in_tasks(
    call: Callable[[], Awaitable[object]], count: int, loop: asyncio.AbstractEventLoop, at_a_time: int
) -> Turn:
    """Return a turn that awaits a number of calls, many at a time; it costs CPU time."""

    async def work() -> None:
        left = iter(range(count))

        async def take() -> None:
            for _ in left:
                await call()

        await asyncio.gather(*(take() for _ in range(at_a_time)))

    def turn() -> float:
        start = time.process_time()
        loop.run_until_complete(work())
        return time.process_time() - start

    return turn


def of(function: Callable[[], Callable[[], object]]) -> Subject:
    """Return a subject that needs no teardown, given a function that makes the work."""

    @contextmanager
    def subject(task: Task) -> Iterator[Turn]:
        yield repeated(function(), task.count)

    return subject
