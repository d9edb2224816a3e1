"""Calls for a minute on each transport while connections are cut, calls cancelled and clients closed.

`python -m tests.soak [seconds]` writes its table into docs/reliability.md, and fails where something was lost, doubled
or left open.
"""

from __future__ import annotations

import asyncio
import gc
import random
import resource
import socket
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from clerk import AsyncClerkClient, ClerkClient, ClerkError, ClerkTimeoutError
from tests.support.clients import SECRET_KEY
from tests.support.server import ScriptedServer, answer, raw, reset
from tests.support.transports import TRANSPORTS, Transport

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- soak: begin -->\n", "<!-- soak: end -->"
_AT_ONCE = 20


def _silence(connection: socket.socket, stopping: threading.Event) -> bool:
    """Say nothing for longer than the client waits; then hang up, so that no thread of the service is left."""
    stopping.wait(0.5)
    return False


_TOO_MANY = answer(429)
_FAULTS = (reset(), raw(b""), raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"), answer(503), _TOO_MANY, _silence)


class Found(NamedTuple):
    """What a soak came to.

    Attributes:
        transport: The transport.
        outcomes: How often calls ended in which way.
        sent: How many requests the service saw.
        doubled: How many POSTs it saw more than once.
        lost: How many calls returned an answer that is not theirs, or none.
        descriptors: How many file descriptors more there are after it than before.
        memory: How many MiB more there were at its end than after the first fifth.
    """

    transport: Transport
    outcomes: Counter[str]
    sent: int
    doubled: int
    lost: int
    descriptors: int
    memory: float


class Service(ScriptedServer):
    """Echoes what it is sent, but for one request in twenty, with which something goes wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.posts = bytearray()  # how often each came, by its number; a dict would take as much as a leak
        self.sent = 0

    def _next_act(self, received: Any) -> Any:
        act = random.choice(_FAULTS) if random.random() < 0.05 else answer(body={"path": received.path})
        with self._lock:
            self.sent += 1
            if received.method == "POST" and act is not _TOO_MANY:  # which says that nothing was done
                number = int(received.path.rpartition("/")[2])
                self.posts.extend(bytes(max(0, number + 1 - len(self.posts))))
                self.posts[number] += 1
            self._threads = [thread for thread in self._threads if thread.is_alive()]
        return act


def _descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 2**20


class Soak:
    """One transport for some time."""

    def __init__(self, transport: Transport, service: Service, seconds: float) -> None:
        self.transport = transport
        self._service = service
        self._ends_at = time.monotonic() + seconds
        self._settled_at = time.monotonic() + seconds / 5
        self._settled: float | None = None
        self._numbers = count()
        self._outcomes: Counter[str] = Counter()
        self._lost = 0
        self._options: Any = {
            "secret_key": SECRET_KEY,
            "api_url": service.url,
            "deadline": 2.0,
            "http_options": {"verify": False, "transport": transport.name, "timeout": 0.2},
        }

    def _goes_on(self) -> bool:
        if self._settled is None and time.monotonic() > self._settled_at:
            self._settled = _memory()
        return time.monotonic() < self._ends_at

    def _next(self) -> tuple[str, str]:
        number = next(self._numbers)
        return ("POST" if number % 2 else "GET"), f"/{number}"

    def _note(self, path: str, result: object) -> None:
        self._outcomes["answered"] += 1
        if result != {"path": f"/v1{path}"}:
            self._lost += 1

    def _failed(self, error: ClerkError) -> None:
        self._outcomes["timed out" if isinstance(error, ClerkTimeoutError) else "failed, typed"] += 1

    def run(self) -> Found:
        """Call until the time is over."""
        if self.transport.kind == "sync":
            self._run_threads()
        else:
            asyncio.run(self._run_tasks())
        return Found(
            self.transport,
            self._outcomes,
            self._service.sent,
            sum(times > 1 for times in self._service.posts),
            self._lost,
            0,
            _memory() - (self._settled or 0),
        )

    def _run_threads(self) -> None:
        while self._goes_on():
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                client = ClerkClient(**self._options)
                ended = [threads.submit(self._call_for, client, time.monotonic() + 1) for _ in range(_AT_ONCE)]
                time.sleep(1)
                client.close()  # while calls are under way
                for future in ended:
                    future.result()

    def _call_for(self, client: ClerkClient, until: float) -> None:
        while time.monotonic() < until + 1:
            method, path = self._next()
            try:
                self._note(path, client.request(method, path))
            except ClerkError as error:
                if "closed" in str(error):
                    self._outcomes["closed"] += 1
                    return
                self._failed(error)

    async def _run_tasks(self) -> None:
        while self._goes_on():
            client = AsyncClerkClient(**self._options)
            tasks = [asyncio.create_task(self._call_async(client)) for _ in range(_AT_ONCE)]
            ends_at = time.monotonic() + 1
            while time.monotonic() < ends_at:
                await asyncio.sleep(random.uniform(0, 0.01))
                cancelled = random.randrange(_AT_ONCE)
                tasks[cancelled].cancel()
                with suppress(asyncio.CancelledError):
                    await tasks[cancelled]
                self._outcomes["cancelled"] += 1
                tasks[cancelled] = asyncio.create_task(self._call_async(client))
            await client.aclose()  # while calls are under way
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _call_async(self, client: AsyncClerkClient) -> None:
        while True:
            method, path = self._next()
            try:
                self._note(path, await client.request(method, path))
            except ClerkError as error:
                if "closed" in str(error):
                    self._outcomes["closed"] += 1
                    return
                self._failed(error)


def table(found: list[Found]) -> str:
    """Write what was found, for the documentation: a column for each transport."""
    outcomes = ("answered", "failed, typed", "timed out", "cancelled", "closed")
    rows = [[key, *(f"{one.outcomes[key]:,}" for one in found)] for key in outcomes]
    rows += [
        ["requests", *(f"{one.sent:,}" for one in found)],
        ["doubled", *(f"{one.doubled:,}" for one in found)],
        ["lost", *(f"{one.lost:,}" for one in found)],
        ["descriptors", *(f"{one.descriptors:+}" for one in found)],
        ["memory, MiB", *(f"{one.memory:+.1f}" for one in found)],
    ]
    heads = ["", *(" ".join(one.transport) for one in found)]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(text: str) -> None:
    """Put the table between its marks."""
    before, begin, rest = PAGE.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"error: {PAGE} lacks {BEGIN.strip()} or {END}")
    PAGE.write_text(f"{before}{begin}\n{text}\n\n{end}{after}")


def main(seconds: float) -> None:
    """Soak every transport, one after the other."""
    found = []
    for transport in TRANSPORTS:
        before = _descriptors()
        with Service() as service:
            one = Soak(transport, service, seconds).run()
        found.append(one._replace(descriptors=_descriptors() - before))
        print(table(found[-1:]).splitlines()[-1], flush=True)
    write(table(found))
    bad = [one for one in found if one.doubled or one.lost or one.descriptors > 3 or one.memory > 32]
    if bad:
        raise SystemExit(f"error: lost, doubled or left open: {bad}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
