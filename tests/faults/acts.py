"""What a service can do wrong, beside what `tests.support.server` knows."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from collections.abc import Iterator

from tests.support.server import Act, answer

TRACE_ID = "trace_1"
HEADERS = {"x-clerk-trace-id": TRACE_ID, "x-fault": "planted"}
_PAUSE = 0.02  # seconds between two bytes that drip


def faulty(status: int, body: object = b"", headers: dict[str, str] | None = None) -> Act:
    """Answer with a status and a body, bytes or JSON, and with headers that an error has to keep."""
    return answer(status, body, {**HEADERS, **(headers or {})})


def head(status: int, *lines: str) -> bytes:
    """The status line and the headers of an answer."""
    described = [f"{name}: {text}" for name, text in HEADERS.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *described, *lines, "", ""]).encode()


def drip(after: bytes) -> Act:
    """Send one byte after the other, after some bytes of an answer, until the other side has had enough."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(after)
        while not stopping.wait(_PAUSE):
            connection.sendall(b" ")
        return False

    return act


def bare(data: bytes) -> Act:
    """Send bytes as they are, and wait for the other side to hang up."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(data)
        with contextlib.suppress(OSError):
            connection.recv(1)
        return False

    return act


def compressed(body: object) -> bytes:
    """JSON, compressed."""
    return gzip.compress(json.dumps(body).encode(), mtime=0)


@contextlib.contextmanager
def nobody_listening() -> Iterator[str]:
    """A URL that refuses connections: its port is taken, so that nobody else takes it, but nobody listens there."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


__all__ = ["HEADERS", "TRACE_ID", "bare", "compressed", "drip", "faulty", "head", "nobody_listening"]
