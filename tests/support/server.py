"""An HTTP server on the loopback interface that plays a script: real sockets, real faults, and a record of it all."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import parse_qsl, urlsplit

Act = Callable[[socket.socket, threading.Event], bool]
"""Answers one request on a connection, and says whether the connection stays open. The event: the server stops."""


@dataclass(frozen=True)
class Received:
    """A request as it came.

    Attributes:
        method: The method.
        target: Path and query, byte for byte.
        headers: Names in lower case, and values.
        body: The body.
        connection: The number of the connection that it came on, from 0.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:  # Any: whatever the test sent
        return json.loads(self.body)


def answer(status: int = 200, body: object = b"", headers: dict[str, str] | None = None) -> Act:
    """Answer with a status and a body: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    described = {"content-type": "text/plain" if isinstance(body, bytes) else "application/json", **(headers or {})}
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(content)}"]
    if status == 204:
        lines, content = lines[:1], b""
    lines += [f"{name}: {value}" for name, value in described.items()]

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + content)
        return True

    return act


def raw(data: bytes) -> Act:
    """Send bytes as they are, and hang up."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(data)
        return False

    return act


def reset(after: bytes = b"") -> Act:
    """Break the connection off hard, after some bytes of an answer."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(after)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return act


def stall(after: bytes = b"") -> Act:
    """Send nothing more, after some bytes of an answer, for as long as the server runs."""

    def act(connection: socket.socket, stopping: threading.Event) -> bool:
        connection.sendall(after)
        stopping.wait()
        return False

    return act


class ScriptedServer:
    """Plays its script, one act for each request, the last one again and again; records what it is sent.

    With `tls`, it speaks HTTPS.
    """

    def __init__(self, *script: Act, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[Received] = []
        self.connections = 0
        self._script = list(script) or [answer(body={})]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._last: object = None  # the address of the connection that ends it
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def play(self, *script: Act) -> Self:
        """Take another script from now on."""
        with self._lock:
            self._script = list(script)
        return self

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            self._last = last.getsockname()
            last.connect(self._listener.getsockname())
            self._accepting.join()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, address = self._listener.accept()
            if address == self._last:  # whoever came before is served, however late this thread is
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
            self.connections += 1
            with self._lock:
                self._open.add(connection)
                self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, contextlib.suppress(OSError):
            if self._tls:
                with self._tls.wrap_socket(connection, server_side=True) as encrypted:
                    self._converse(encrypted, number)
            else:
                self._converse(connection, number)
        with self._lock:
            self._open.discard(connection)

    def _converse(self, connection: socket.socket, number: int) -> None:
        with connection.makefile("rb") as stream:
            while (received := self._receive(stream, number)) is not None:
                if not self._next_act(received)(connection, self._stopping):
                    break

    def _receive(self, stream: BinaryIO, number: int) -> Received | None:
        first = stream.readline().decode("latin-1").split()
        if len(first) != 3:
            return None
        headers: dict[str, str] = {}
        while line := stream.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        return Received(first[0], first[1], headers, body, number)

    def _next_act(self, received: Received) -> Act:
        with self._lock:
            self.requests.append(received)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


__all__ = ["Act", "Received", "ScriptedServer", "answer", "raw", "reset", "stall"]
