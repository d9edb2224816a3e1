"""The connections of a sync client: opened on first use, and separate for each process."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

from ._base_pool import BasePool
from ._deadline import current
from ._members import IdleMembers, SyncMember
from ._responses import closed_error

try:
    from _queue import Empty, SimpleQueue  # what `queue` loads for its other queues takes most of its import
except ImportError:  # not CPython
    from queue import Empty, SimpleQueue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextvars import Token

    from ._connector import Connector
    from ._deadline import Deadline
    from ._library import http


class Pool(BasePool):
    """The connections of a sync client.

    A forked process opens its own: it neither uses nor closes those it inherited, since its parent still uses them.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:  # Any: one type per option
        super().__init__(options)
        self._processes: dict[int, _Connections] = {}

    def lease(self, url: str, timeout: float | None, deadline: Deadline) -> Lease:
        """Return a client of the HTTP library for one attempt, as a context manager.

        Args:
            url: The URL that is called.
            timeout: How many seconds to wait if all connections are busy.
            deadline: When the call must have ended.
        """
        return Lease(self._here(), url, timeout, deadline)

    def wait(self, seconds: float) -> None:
        """Wait between two attempts.

        Raises:
            ClerkError: The pool is closed.
        """
        self._here().wait(seconds)

    def _here(self) -> _Connections:
        if self._closed:
            raise closed_error()
        process = os.getpid()
        try:
            return self._processes[process]
        except KeyError:
            return self._processes.setdefault(process, _Connections(self._connector.for_process()))

    def close(self) -> None:
        """Close this process's connections for good, and end waiting calls; calling it twice does no harm."""
        self._closed = True
        connections = self._processes.pop(os.getpid(), None)
        if connections is not None:
            connections.close()


class Lease:
    """A client of the HTTP library for the duration of one attempt."""

    __slots__ = ("_connections", "_deadline", "_member", "_place", "_timeout", "_token", "_url")

    def __init__(self, connections: _Connections, url: str, timeout: float | None, deadline: Deadline) -> None:
        self._connections = connections
        self._url = url
        self._timeout = deadline.limit(timeout)
        self._deadline = deadline
        self._place: _Place | None = None
        self._member: SyncMember | None = None
        self._token: Token[Deadline | None] | None = None

    def __enter__(self) -> http.Client:
        self._place = self._connections.take_place(self._timeout)
        self._token = current.set(self._deadline)
        try:
            self._member = self._connections.take_member(self._url)
        except BaseException:
            self.__exit__(None)
            raise
        return self._member.client

    def __exit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        token, self._token = self._token, None
        if token is not None:
            current.reset(token)
        member, self._member = self._member, None
        try:
            if member is not None:
                self._connections.give_back(member, is_sound=kind is None)
        finally:
            place, self._place = self._place, None
            if place is not None:
                place.leave()


class _Place:
    """The right to use one connection.

    Its holder gives it back; if the holder is gone, garbage collection does. So none is lost if the exception of a
    signal handler interrupts the code between two steps.
    """

    __slots__ = ("__weakref__", "_left", "_places")

    def __init__(self, places: weakref.ref[SimpleQueue[_Place | None]]) -> None:
        self._places = places
        self._left = False

    def leave(self) -> None:
        """Give it back; calling it twice does no harm."""
        if not self._left:
            self._left = True
            if (places := self._places()) is not None:
                places.put(_Place(self._places))

    def __del__(self) -> None:
        self.leave()


class _Connections:
    """The connections of one process."""

    def __init__(self, connector: Connector) -> None:
        limits = connector.limits
        self._connector = connector
        self._idle: IdleMembers[SyncMember] = IdleMembers(limits.kept, limits.expiry)
        self._busy: weakref.WeakValueDictionary[int, SyncMember] = weakref.WeakValueDictionary()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._shared: dict[http.Proxy | None, SyncMember] = {}
        self._places: SimpleQueue[_Place | None] | None = None
        if limits.connections is not None and not connector.is_shared:
            self._places = SimpleQueue()
            places = weakref.ref(self._places)
            for _ in range(limits.connections):
                self._places.put(_Place(places))

    def take_place(self, timeout: float | None) -> _Place | None:
        """Wait until another connection may be used."""
        if self._places is None:
            return None
        try:
            place = self._places.get(timeout=None if timeout is None else max(timeout, 0))
        except Empty:
            raise self._connector.library.PoolTimeout("all connections are busy") from None
        if place is None:
            self._places.put(None)  # wakes the next waiting call
            raise closed_error()
        return place

    def take_member(self, url: str) -> SyncMember:
        """Return a client of the HTTP library for one attempt."""
        route = self._connector.route(url)
        member = self._share(route) if self._connector.is_shared else self._idle.take(route)
        if member is None:
            member = self._connector.sync_member(route)
        self._busy[id(member)] = member
        if self._closed.is_set():
            self.give_back(member, is_sound=False)
            raise closed_error()
        for expired in self._idle.take_expired():
            expired.close()
        return member

    def _share(self, route: http.Proxy | None) -> SyncMember:
        with self._lock:
            if route not in self._shared:
                self._shared[route] = self._connector.sync_member(route)
            self._shared[route].calls += 1
            return self._shared[route]

    def give_back(self, member: SyncMember, *, is_sound: bool) -> None:
        """Keep a client for the next call, or close it if something is wrong with it."""
        if self._connector.is_shared:
            self._unshare(member, is_sound=is_sound)
            return
        self._busy.pop(id(member), None)
        if not is_sound or self._closed.is_set() or not self._idle.put(member):
            member.close()
        elif self._closed.is_set():  # in the meantime
            self._close_idle()

    def _unshare(self, member: SyncMember, *, is_sound: bool) -> None:
        with self._lock:
            member.calls -= 1
            if not (is_sound or self._connector.is_kept) and self._shared.get(member.route) is member:
                del self._shared[member.route]
            is_replaced = self._shared.get(member.route) is not member
        if is_replaced and not member.calls:
            member.close()

    def wait(self, seconds: float) -> None:
        """Wait, unless the connections are closed."""
        if self._closed.wait(seconds):
            raise closed_error()

    def close(self) -> None:
        """Close all connections; busy ones are shut down, and closed by the thread that uses them."""
        self._closed.set()
        if self._places is not None:
            self._places.put(None)
        for reference in self._busy.valuerefs():
            if (member := reference()) is not None:
                member.shut_down()
        self._close_idle()
        with self._lock:
            shared = list(self._shared.values())
        for member in shared:
            member.shut_down()
            member.close()
        for transport in self._connector.callers_transports():
            transport.close()

    def _close_idle(self) -> None:
        for member in self._idle.take_all():
            member.close()


__all__ = ["Lease", "Pool"]
