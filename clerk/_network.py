"""The network backend of a sync client: no read or write continues beyond the call's deadline.

The timeouts of httpx apply to each single read. A peer that sends a byte now and then can make a call last forever: in
the headers of a response, in a proxy's response, or between two chunks. So each read gets at most what is left of the
deadline.

The sockets are non-blocking, and waited for only where they aren't ready. A socket with a timeout enters the system
three times to read or write once, and each time another thread may run, which then has to be waited for.
"""

from __future__ import annotations

import math
import select
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar

from ._deadline import current

if TYPE_CHECKING:
    import httpcore as core

    from ._library import HTTPCore

    SocketOptions = Iterable[core.SOCKET_OPTION]

T = TypeVar("T")

_PIECE = 16_384  # bytes; about as many as a socket accepts in one go
_LONGEST_WAIT = 86_400  # seconds; the system's own limit is some weeks


class Network:
    """The network backend of one httpx client: httpcore's pool opens its connections with it.

    httpcore documents network backends for this purpose; httpx has no option for them.
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
        """Connect to a host, trying one address after the other until the call's deadline."""
        addresses = self._addresses(host, port, _time_left(timeout, self._core.ConnectTimeout))
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

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        """Look a host up."""
        try:
            ip_address(host)
        except ValueError:
            pass
        else:
            return [host]
        from ._lookup import look_up  # most connections are not the first

        try:
            return look_up(host, port, timeout)
        except TimeoutError as error:
            raise self._core.ConnectTimeout(str(error)) from None
        except OSError as error:
            raise self._core.ConnectError(str(error)) from error

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
        """Keep track of a stream, so that it can be shut down."""
        # httpcore's own class for TLS within TLS has no socket that could be read from.
        kind = _LayeredStream if type(stream).__name__ == "TLSinTLSStream" else _Stream
        watched = kind(stream, self, self._core)
        self._streams[id(watched)] = watched
        if self._is_shut:
            watched.shut_down()
        return watched

    def shut_down(self) -> None:
        """Abort all reads and writes, including those of other threads, which then close the connections."""
        self._is_shut = True
        for reference in self._streams.valuerefs():  # a copy, which other threads do not change
            if (stream := reference()) is not None:
                stream.shut_down()


class _Stream:
    """A connection, with or without TLS."""

    def __init__(self, stream: core.NetworkStream, network: Network, library: HTTPCore) -> None:
        self._stream = stream
        self._network = network
        self._core = library
        self._socket: socket.socket = stream.get_extra_info("socket")
        self._handshaking: socket.socket | None = None
        self._was_written_to = False
        self._prepare()

    def _prepare(self) -> None:
        self._socket.setblocking(False)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # A response takes its time once the request was sent. While it is read, more of it may be there already.
        is_ready, self._was_written_to = not self._was_written_to, False
        return self._done(partial(self._socket.recv, max_bytes), timeout, is_reading=True, is_ready=is_ready)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            rest = rest[self._done(partial(self._socket.send, rest), timeout, is_reading=False, is_ready=True) :]
        self._was_written_to = True

    def _done(self, step: Callable[[], T], timeout: float | None, *, is_reading: bool, is_ready: bool) -> T:
        """Read or write once, as soon as the socket is ready."""
        core = self._core
        too_late, failed = (core.ReadTimeout, core.ReadError) if is_reading else (core.WriteTimeout, core.WriteError)
        left = _time_left(timeout, too_late)
        ends_at = None if left is None else time.monotonic() + left
        try:
            while True:
                if not (is_ready or self._is_ready_within(left, is_reading=is_reading)):
                    raise too_late("timed out")
                try:
                    return step()
                except ssl.SSLWantReadError:  # TLS may have to read before it can write, and the other way round
                    is_reading = True
                except ssl.SSLWantWriteError:
                    is_reading = False
                except BlockingIOError:
                    pass
                is_ready, left = False, None if ends_at is None else ends_at - time.monotonic()
        except OSError as error:
            raise failed(error) from error

    def _is_ready_within(self, seconds: float | None, *, is_reading: bool) -> bool:
        opened = self._socket
        if opened.fileno() < 0:
            return True  # it was closed, and fails at once
        if is_reading and isinstance(opened, ssl.SSLSocket) and opened.pending():
            return True
        if seconds is not None:
            seconds = max(0.0, min(seconds, _LONGEST_WAIT))
        if not hasattr(select, "poll"):  # Windows
            return any(select.select([opened] if is_reading else [], [] if is_reading else [opened], [], seconds))
        poll = select.poll()
        poll.register(opened, select.POLLIN if is_reading else select.POLLOUT)
        return bool(poll.poll(None if seconds is None else math.ceil(seconds * 1000)))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> _Stream:
        timeout = _time_left(timeout, self._core.ConnectTimeout)
        if self._stream.get_extra_info("ssl_object") is not None:
            with self._ended_after(timeout, self._core.ConnectTimeout):
                return self._network.watch(self._stream.start_tls(ssl_context, server_hostname, timeout))
        # The handshake detaches the socket from its object; a duplicate refers to the same connection.
        with self._socket.dup() as copy:
            self._handshaking = copy
            try:
                return self._network.watch(self._stream.start_tls(ssl_context, server_hostname, timeout))
            finally:
                self._handshaking = None

    def close(self) -> None:
        self._stream.close()

    def shut_down(self) -> None:
        # Not `close`: another thread may be reading, and the descriptor could be reused by then. Not the method of a
        # TLS socket either: that would remove the TLS layer under the other thread.
        opened = self._handshaking or self._socket
        with suppress(OSError):
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    def get_extra_info(self, info: str) -> Any:  # Any: one type for each info
        return self._stream.get_extra_info(info)

    @contextmanager
    def _ended_after(self, seconds: float | None, too_late: type[Exception]) -> Iterator[None]:
        if seconds is None:
            yield
            return
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            self.shut_down()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if is_late.is_set():  # the error is about the connection that the timer closed
                raise too_late("timed out") from error
            raise
        finally:
            timer.cancel()


class _LayeredStream(_Stream):
    """A connection with TLS within TLS, which may read several times for one call, each with the whole timeout."""

    def _prepare(self) -> None:
        """Leave its socket as httpcore wants it."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = _time_left(timeout, self._core.ReadTimeout)
        with self._ended_after(timeout, self._core.ReadTimeout):
            return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        for start in range(0, len(view), _PIECE):
            piece = bytes(view[start : start + _PIECE])
            left = _time_left(timeout, self._core.WriteTimeout)
            with self._ended_after(left, self._core.WriteTimeout):
                self._stream.write(piece, left)


def _time_left(timeout: float | None, too_late: type[Exception]) -> float | None:
    deadline = current.get()
    if deadline is None:
        return timeout
    left = deadline.limit(timeout)
    if left is not None and left <= 0:
        raise too_late("timed out")
    return left


__all__ = ["Network"]
