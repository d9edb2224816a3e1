"""Local services that replace the real one: which of them a call goes to, and that no call reaches the real one.

This is decided at each call, so nothing has to be restored when contexts end, whatever their order.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx

from clerk._errors import ClerkConfigurationError
from clerk._http_settings import HTTPSettings
from clerk._pool import Pool
from clerk._redirect import install
from clerk._secrets import Secret

from ._http.transports import StandInTransport
from ._store.state import PUBLISHABLE_KEY

if TYPE_CHECKING:
    from clerk._async_pool import AsyncPool
    from clerk._base import ClientState, PoolT

    from ._service import Service

_REAL_DOMAINS = ("clerk.com", "clerk.dev", "clerk.accounts.dev")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class StandIn:
    """A local service that replaces the real one while a context is open.

    Args:
        service: The local service.
        api_url: The URL that its clients use.
        within: The stand-ins that the thread or task was already in, innermost last.

    Attributes:
        chain: The stand-ins around it, and itself.
        default_states: The states of the default clients.
    """

    def __init__(self, service: Service, api_url: str, within: tuple[StandIn, ...]) -> None:
        self.chain = (*within, self)
        self.default_states: dict[object, Any] = {}  # Any: sync and async ones
        self._service = service
        self._api_url = api_url
        self._states: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()  # Any: sync and async ones

    def in_place_of(self, state: ClientState[PoolT]) -> ClientState[PoolT]:
        """Return the state that leads to the local service, given a client's own."""
        found: ClientState[PoolT] | None = self._states.get(state)
        return self._states.setdefault(state, self._moved(state)) if found is None else found

    def async_states(self) -> list[ClientState[AsyncPool]]:
        """Return the states of async clients that lead to the local service."""
        return [state for state in list(self._states.values()) if not isinstance(state.pool, Pool)]

    def _moved(self, state: ClientState[PoolT]) -> ClientState[PoolT]:
        options, pool = state.options, state.options.http.pool
        kept = {name: pool[name] for name in ("event_hooks", "limits") if name in pool}
        transport = StandInTransport(self._service, takes_any_key=True)
        http = HTTPSettings(
            options.http.timeout, options.http.headers, pool={**kept, "trust_env": False, "transport": transport}
        )
        key = options.secret_key or Secret(self._service.core.secret_key)
        moved = state.moved(
            options.changed(
                api_url=self._api_url,
                secret_key=key,
                publishable_key=PUBLISHABLE_KEY,
                jwt_key=None,  # the local service signs with a key of its own
                http=http,
            )
        )
        moved.make_key_ring = self._service.key_ring
        return moved


class _StandIns:
    """All stand-ins in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: tuple[StandIn, ...] = ()
        self._entered: ContextVar[tuple[StandIn, ...]] = ContextVar("entered", default=())
        self._blocks = 0
        # Kept alive until their event loop closes their connections: otherwise Python warns about unclosed sockets.
        self._left_to_their_loops: list[ClientState[AsyncPool]] = []

    def enter(self, service: Service, api_url: str) -> StandIn:
        """Add a stand-in."""
        with self._lock:
            within = tuple(one for one in self._entered.get() if one in self._active)
            stand_in = StandIn(service, api_url, within)
            self._active = (*self._active, stand_in)
        self._entered.set(stand_in.chain)
        return stand_in

    def leave(self, stand_in: StandIn) -> None:
        """Remove a stand-in."""
        with self._lock:
            self._active = tuple(one for one in self._active if one is not stand_in)
            left = [*self._left_to_their_loops, *stand_in.async_states()]
            self._left_to_their_loops = [state for state in left if state.pool.is_connected]
        self._entered.set(tuple(one for one in self._entered.get() if one is not stand_in))

    def block(self, change: int) -> None:
        """Add or remove a block of the real service."""
        with self._lock:
            self._blocks += change

    def current(self) -> StandIn | None:
        """Return the stand-in that a call goes to, or None.

        Of those entered in the calling thread or task, the innermost is used, or one entered inside it since: fixtures
        and event loops often run in copies of the test's context. If none was entered there, as in a thread of the
        code under test, the one entered last is used.
        """
        active = self._active
        for mine in reversed(self._entered.get()):
            if mine in active:
                return next(one for one in reversed(active) if mine in one.chain)
        return active[-1] if active else None

    def default_states(self) -> dict[object, Any] | None:  # Any: sync and async ones
        """Return where the states of the default clients are kept, or None for the usual place."""
        stand_in = self.current()
        return None if stand_in is None else stand_in.default_states

    def state_for(self, state: ClientState[PoolT]) -> ClientState[PoolT]:
        """Return the state to make a call with, given the state of its client.

        Raises:
            ClerkConfigurationError: The call would reach the real service.
        """
        options, stand_in = state.options, self.current()
        if options.http.has_own_transport:
            return state
        if stand_in is not None and not options.has_own_url:
            return stand_in.in_place_of(state)
        if stand_in is not None or self._blocks:
            _refuse_real_clerk(options.api_url, given=options.has_own_url)
        return state


def _refuse_real_clerk(api_url: str, *, given: bool) -> None:
    host = httpx.URL(api_url).host
    if host in _LOOPBACK:
        return
    is_real = any(f".{host}".endswith(f".{domain}") for domain in _REAL_DOMAINS)
    if not given:
        raise ClerkConfigurationError(
            f"calls to {host} are blocked during tests: use `LocalClerk.as_default()` or the fixture `local_clerk` "
            "before the call, or pass api_url or a transport"
        )
    if is_real:
        raise ClerkConfigurationError(
            f"calls to {host} are blocked during tests: leave api_url out to reach the local Clerk, or pass a "
            "transport of your own (http_options={'transport': httpx.HTTPTransport()}) to reach the real one"
        )


_STAND_INS = _StandIns()


@contextmanager
def standing_in(service: Service, api_url: str) -> Iterator[None]:
    """Replace the real service with a local one while the context is open."""
    install(_STAND_INS)
    stand_in = _STAND_INS.enter(service, api_url)
    try:
        yield
    finally:
        _STAND_INS.leave(stand_in)


@contextmanager
def block_real_clerk() -> Iterator[None]:
    """Block calls to the real service while the context is open: for a whole test run, or a part of it.

    A call that would reach it raises `ClerkConfigurationError`, unless its client was given a transport. Calls to a
    `LocalClerk`, to this machine or to any other explicit `api_url` are not affected.
    """
    install(_STAND_INS)
    _STAND_INS.block(1)
    try:
        yield
    finally:
        _STAND_INS.block(-1)


__all__ = ["StandIn", "block_real_clerk", "standing_in"]
