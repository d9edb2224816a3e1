"""The loopback server: `python -m benchmarks.server USERS` prints its URLs as JSON, and stops when stdin ends.

It costs next to nothing: each response is made once and cached. The typical users are those of `payloads`; the other
users are those of a `LocalClerk`.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from . import payloads
from .benchmark import ROOT, Service

if TYPE_CHECKING:
    from clerk.testing import LocalClerk

LATENCY = 0.02
"""The delay of the responses at `Service.late`, in seconds."""

Answer = Callable[[str], bytes]


class _Connection(asyncio.Protocol):
    """Handles the requests of one connection, which have no bodies."""

    def __init__(self, answer: Answer, latency: float) -> None:
        self._answer = answer
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, self._received = self._received.split(b"\r\n\r\n", 1)
            answer = self._answer(head.split(b" ", 2)[1].decode("ascii"))
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._transport.write, answer)
            else:
                self._transport.write(answer)


class FixedAnswers:
    """Returns one user, or a page of users, depending on the path."""

    def __init__(self) -> None:
        self._one = _http(payloads.one_user())
        self._many = _http(payloads.many_users())

    def __call__(self, target: str) -> bytes:
        """Answer a request for a path and a query."""
        return self._one if "/users/" in target else self._many


class LocalAnswers:
    """Returns the users of a `LocalClerk`."""

    def __init__(self, users: int) -> None:
        self._users = users
        self._local: LocalClerk | None = None
        self._kept: dict[str, bytes] = {}

    def __call__(self, target: str) -> bytes:
        """Answer a request for a path and a query."""
        if target not in self._kept:
            self._kept[target] = _http(self._ask(target))
        return self._kept[target]

    def _ask(self, target: str) -> bytes:
        if self._local is None:
            from clerk.testing import LocalClerk

            self._local = LocalClerk()
            self._local.seed_users(self._users)
        url = urlsplit(target)
        with self._local.client() as client:
            found = client.request("GET", url.path.removeprefix("/v1"), params=parse_qs(url.query))
        return json.dumps(found, separators=(",", ":")).encode()


def _http(body: bytes) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        b"date: Tue, 28 May 2024 08:00:00 GMT\r\nserver: benchmark\r\n"
        b"x-clerk-trace-id: 0123456789abcdef0123456789abcdef\r\ncontent-length: %d\r\n\r\n%b"
    ) % (len(body), body)


async def _serve(users: int) -> None:
    local = LocalAnswers(users)
    service = Service(
        fixed=await _listen(FixedAnswers()),
        local=await _listen(local),
        late=await _listen(local, LATENCY),
        users=users,
    )
    sys.stdout.write(json.dumps(vars(service)) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


async def _listen(answer: Answer, latency: float = 0.0) -> str:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answer, latency), "127.0.0.1", backlog=256)
    host, port = server.sockets[0].getsockname()
    return f"http://{host}:{port}"


@contextmanager
def serving(users: int) -> Iterator[Service]:
    """Serve in a separate process until the context is left.

    Args:
        users: The number of users in the `LocalClerk`.
    """
    command = [sys.executable, "-m", "benchmarks.server", str(users)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Service(**json.loads(process.stdout.readline()))
        process.communicate()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
