"""A peer on the loopback interface that is no HTTP server."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_PAUSE = 0.01  # seconds between two bytes that drip


class Listener:
    """Takes connections, does something with each, and then sends bytes one by one, or nothing, until it ends.

    Args:
        begin: What it does first.
        again: The bytes; None for none.
    """

    def __init__(self, begin: Callable[[socket.socket], object], *, again: bytes | None) -> None:
        self._begin = begin
        self._again = again
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping.set()
        socket.create_connection(self._listener.getsockname()).close()  # wakes the accepting thread
        for thread in list(self._threads):
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self._begin(connection)
            while not self._stopping.wait(_PAUSE):
                for byte in self._again or b"":
                    connection.sendall(bytes([byte]))
                    if self._stopping.wait(_PAUSE):
                        break


__all__ = ["Listener"]
