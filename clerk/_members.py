"""The members of a pool: clients of the HTTP library with one connection each, and those that wait for a call.

A pool of httpx loses connections for good where a call is cancelled at the wrong moment, and under many threads closes
one that another thread reads. So no pool of httpx serves two calls at a time here: each call takes a member for itself.
If it fails in whatever way, the member goes with it. That also spares the time that one big pool takes, which goes
through all connections with each call.
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
        route: The proxy that its connection leads through.
        idle_since: When its last call ended, on the monotonic clock.
        calls: How many it serves, where it is one that serves many.
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
        """End the calls of other threads."""
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
        """Close its connections, those too that the HTTP library has forgotten."""
        await self.client.aclose()
        if self._network is not None:
            await self._network.aclose()


MemberT = TypeVar("MemberT", bound=Member)


class IdleMembers(Generic[MemberT]):
    """The members that wait for their next call: the last one that came goes first, so that few are kept busy."""

    def __init__(self, most: int | None, expiry: float | None) -> None:
        self._most = most
        self._expiry = expiry
        self._members: deque[MemberT] = deque()

    def take(self, route: http.Proxy | None) -> MemberT | None:
        """Return a member whose connection leads the right way, if there is one."""
        # Each step is one for the interpreter: other threads come and go in between, and so may an exception that a
        # signal brings.
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
        """Keep a member, and say so; or leave it to the caller to close."""
        if self._most is not None and len(self._members) >= self._most:
            return False
        member.idle_since = time.monotonic()
        self._members.append(member)
        return True

    def take_expired(self) -> list[MemberT]:
        """Return those that were idle for too long, for the caller to close."""
        if self._expiry is None or not self._members:
            return []
        expired: list[MemberT] = []
        ended = time.monotonic() - self._expiry
        try:
            while self._members[0].idle_since < ended:
                expired.append(self._members.popleft())
        except IndexError:
            pass  # that was the last one
        return expired

    def take_all(self) -> list[MemberT]:
        """Return all, for the caller to close."""
        taken: list[MemberT] = []
        try:
            while True:
                taken.append(self._members.pop())
        except IndexError:
            return taken


__all__ = ["AsyncMember", "IdleMembers", "Member", "SyncMember"]
