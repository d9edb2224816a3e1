"""The loopback server: `python -m benchmarks.server USERS` prints its URLs as JSON, and stops when stdin ends.

It costs next to nothing: all users are kept as JSON. The typical users are those of `payloads`; the other users are
those of a `LocalClerk`.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from . import payloads
from .benchmark import ROOT

LATENCY = 0.02
"""The delay of the responses at `Service.late`, in seconds."""
VARIABLE = "BENCHMARKED_SERVICE"
"""The environment variable that tells a process which service it calls."""

Answer = Callable[[str], bytes]
"""Returns the body of the response to a request for a path with a query."""


@dataclass(frozen=True)
class Service:
    """The URLs of the loopback server.

    Attributes:
        fixed: The URL that always returns the same user, or the same page of users.
        local: The URL with the users of a `LocalClerk`.
        late: The URL with the same users, which delays each response by 20 ms.
        users: The number of users in the `LocalClerk`.
    """

    fixed: str
    local: str
    late: str
    users: int


@cache
def service() -> Service:
    """Return the service that this process calls."""
    return Service(**json.loads(os.environ[VARIABLE]))


@contextmanager
def serving(users: int) -> Iterator[Service]:
    """Serve in a separate process, with a number of users in the `LocalClerk`, until the context is left."""
    command = [sys.executable, "-m", "benchmarks.server", str(users)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Service(**json.loads(process.stdout.readline()))
        process.communicate()


def _typical_users() -> Answer:
    one, page = payloads.users(1), payloads.users(500)
    return lambda target: one if "/users/" in target else page


def _users_of_local_clerk(count: int) -> Answer:
    from clerk.testing import LocalClerk

    with LocalClerk() as local, local.client() as client:
        local.seed_users(count)
        starts = range(0, count, 500)
        pages = (client.request("GET", "/users", params={"limit": 500, "offset": start}) for start in starts)
        users = {user["id"]: json.dumps(user, separators=(",", ":")).encode() for page in pages for user in page}
    bodies, place_after = list(users.values()), {user_id: place for place, user_id in enumerate(users, 1)}

    def answer(target: str) -> bytes:
        query = dict(parse_qsl(urlsplit(target).query))
        start = place_after[query["starting_after"]] if "starting_after" in query else int(query.get("offset", 0))
        return b"[%b]" % b",".join(bodies[start : start + int(query["limit"])])

    return answer


async def _listen(answer: Answer, latency: float = 0.0) -> str:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = answer(head.split(b" ", 2)[1].decode("ascii"))
                if latency:
                    await asyncio.sleep(latency)
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    b"date: Tue, 28 May 2024 08:00:00 GMT\r\nserver: benchmark\r\n"
                    b"x-clerk-trace-id: 0123456789abcdef0123456789abcdef\r\ncontent-length: %d\r\n\r\n%b"
                    % (len(body), body)
                )
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", backlog=256)
    host, port = server.sockets[0].getsockname()
    return f"http://{host}:{port}"


async def _serve(users: int) -> None:
    local = _users_of_local_clerk(users)
    urls = await _listen(_typical_users()), await _listen(local), await _listen(local, LATENCY)
    sys.stdout.write(json.dumps(asdict(Service(*urls, users))) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
