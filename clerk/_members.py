"""The members of a pool: clients of the HTTP library with one connection each, and the idle ones among them.

An httpx pool loses connections for good if a call is cancelled at the wrong moment, and with many threads it may close
one that another thread is reading from. So no httpx pool serves two calls at once here: each call takes a member for
itself, and if the call fails, the member is closed. This is also faster than one big pool, which goes through all its
connections on each call.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ._async_network import AsyncNetwork
    from ._library import http
    from ._network import Network


class Member:
    """One client of the HTTP library.

    Attributes:
        route: The proxy that its connection goes through.
        idle_since: When its last call ended, on the monotonic clock.
        calls: How many calls it is serving, if it is shared.
    """

    __slots__ = ("__weakref__", "calls", "idle_since", "route")

    def __init__(self, route: http.Proxy | None) -> None:
        self.route = route
        self.idle_since = 0.0
        self.calls = 0


class SyncMember(Member):
    """One sync client of the HTTP library.

    Attributes:
        client: The client.
    """

    __slots__ = ("_network", "client")

    def __init__(self, client: http.Client, route: http.Proxy | None, network: Network | None = None) -> None:
        super().__init__(route)
        self.client = client
        self._network = network

    def shut_down(self) -> None:
        """Abort the calls that other threads are making with it."""
        if self._network is not None:
            self._network.shut_down()

    def close(self) -> None:
        """Close its connections."""
        self.client.close()


class AsyncMember(Member):
    """One async client of the HTTP library.

    Attributes:
        client: The client.
    """

    __slots__ = ("_network", "client")

    def __init__(self, client: http.AsyncClient, route: http.Proxy | None, network: AsyncNetwork | None = None) -> None:
        super().__init__(route)
        self.client = client
        self._network = network

    async def aclose(self) -> None:
        """Close its connections, including those that the HTTP library has lost track of."""
        await self.client.aclose()
        if self._network is not None:
            await self._network.aclose()


MemberT = TypeVar("MemberT", bound=Member)


class IdleMembers(Generic[MemberT]):
    """The idle members: the one used last is reused first, so that few connections are in use."""

    def __init__(self, most: int | None, expiry: float | None) -> None:
        self._most = most
        self._expiry = expiry
        self._members: deque[MemberT] = deque()

    def take(self, route: http.Proxy | None) -> MemberT | None:
        """Return a member whose connection goes through this proxy, if there is one."""
        # Each step is atomic: other threads may run between two of them, and a signal handler may raise there.
        for _ in range(len(self._members)):
            try:
                member = self._members.pop()
            except IndexError:
                return None
            if member.route is route:
                return member
            self._members.appendleft(member)
        return None

    def put(self, member: MemberT) -> bool:
        """Keep a member and return True, or return False for the caller to close it."""
        if self._most is not None and len(self._members) >= self._most:
            return False
        member.idle_since = time.monotonic()
        self._members.append(member)
        return True

    def take_expired(self) -> list[MemberT]:
        """Remove and return the members that were idle for too long, for the caller to close."""
        if self._expiry is None or not self._members:
            return []
        expired: list[MemberT] = []
        ended = time.monotonic() - self._expiry
        try:
            while self._members[0].idle_since < ended:
                expired.append(self._members.popleft())
        except IndexError:
            pass  # there are no more
        return expired

    def take_all(self) -> list[MemberT]:
        """Remove and return all members, for the caller to close."""
        taken: list[MemberT] = []
        try:
            while True:
                taken.append(self._members.pop())
        except IndexError:
            return taken


__all__ = ["AsyncMember", "IdleMembers", "Member", "SyncMember"]
