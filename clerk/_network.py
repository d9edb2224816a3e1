"""The network as a sync client sees it: no read and no write goes on beyond the deadline of the call.

The timeouts of httpx are for each read. A peer that sends a byte now and then can make a call take any time, within
the head of an answer, in the answer of a proxy, between two chunks. So each read gets no more than what is left.
"""

from __future__ import annotations

import socket
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ._deadline import current

if TYPE_CHECKING:
    import ssl

    import httpcore as core

    from ._library import HTTPCore

    SocketOptions = Iterable[core.SOCKET_OPTION]

_PIECE = 16_384  # bytes; a socket takes that many in one go, or nearly


class Network:
    """The network of one client of httpx: what the pool of httpcore opens its connections with.

    httpcore documents network backends as the way to do this; httpx has no option for them.
    """

    def __init__(self, library: HTTPCore) -> None:
        self._core = library
        self._backend = library.SyncBackend()
        self._streams: weakref.WeakValueDictionary[int, _Stream] = weakref.WeakValueDictionary()
        self._is_shut = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> _Stream:
        """Connect to a host, to one of its addresses after the other, within what is left of the call's time."""
        addresses = _addresses(host, port)
        while True:
            address = addresses.pop(0)
            try:
                return self.watch(
                    self._backend.connect_tcp(
                        address, port, _time_left(timeout, self._core.ConnectTimeout), local_address, socket_options
                    )
                )
            except (self._core.ConnectError, self._core.ConnectTimeout):
                if not addresses:
                    raise

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: SocketOptions | None = None
    ) -> _Stream:
        """Connect to a Unix socket."""
        timeout = _time_left(timeout, self._core.ConnectTimeout)
        return self.watch(self._backend.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._backend.sleep(seconds)

    def watch(self, stream: core.NetworkStream) -> _Stream:
        """Take note of a stream, so that it can be shut down."""
        watched = _Stream(stream, self, self._core)
        self._streams[id(watched)] = watched
        if self._is_shut:
            watched.shut_down()
        return watched

    def shut_down(self) -> None:
        """Have all reads and writes end, those of other threads too, which then close the connections."""
        self._is_shut = True
        for reference in self._streams.valuerefs():  # a list of its own, which other threads do not change
            if (stream := reference()) is not None:
                stream.shut_down()


class _Stream:
    def __init__(self, stream: core.NetworkStream, network: Network, library: HTTPCore) -> None:
        self._stream = stream
        self._network = network
        self._core = library
        # A socket of httpcore's for TLS within TLS reads as often as it takes, each time for the whole timeout.
        self._is_layered = type(stream).__name__ == "TLSinTLSStream"
        self._handshaking: socket.socket | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = _time_left(timeout, self._core.ReadTimeout)
        with self._ended_after(timeout if self._is_layered else None):
            return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            piece = bytes(view[start : start + _PIECE])
            left = _time_left(timeout, self._core.WriteTimeout)
            with self._ended_after(left if self._is_layered else None):
                self._stream.write(piece, left)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        timeout = _time_left(timeout, self._core.ConnectTimeout)
        if self._stream.get_extra_info("ssl_object") is not None:
            with self._ended_after(timeout):
                return self._network.watch(self._stream.start_tls(ssl_context, server_hostname, timeout))
        # The handshake takes the socket away from its object; the copy leads to the same connection.
        with self._stream.get_extra_info("socket").dup() as copy:
            self._handshaking = copy
            try:
                return self._network.watch(self._stream.start_tls(ssl_context, server_hostname, timeout))
            finally:
                self._handshaking = None

    def close(self) -> None:
        self._stream.close()

    def shut_down(self) -> None:
        # Not `close`: another thread may be reading, and the number of the socket could be another's by then. Not the
        # method of a TLS socket either, which takes the other thread's encryption away.
        opened = self._handshaking or self._stream.get_extra_info("socket")
        with suppress(OSError):
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def get_extra_info(self, info: str) -> Any:  # Any: one type for each info
        return self._stream.get_extra_info(info)

    @contextmanager
    def _ended_after(self, seconds: float | None) -> Iterator[None]:
        if seconds is None:
            yield
            return
        timer = threading.Timer(seconds, self.shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _time_left(timeout: float | None, too_late: type[Exception]) -> float | None:
    deadline = current.get()
    if deadline is None:
        return timeout
    left = deadline.limit(timeout)
    if left is not None and left <= 0:
        raise too_late("timed out")
    return left


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return [host]  # which fails again, as httpcore says it
    return list(dict.fromkeys(str(address[0]) for *_, address in found)) or [host]


__all__ = ["Network"]
