"""The default clients, configured by the environment when they are first used."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Generic, TypeVar

from ._async_client import AsyncClerkClient, async_setup_of
from ._base import BaseClient, Setup
from ._client import ClerkClient, setup_of
from ._options import AsyncClerkOptions, ClerkOptions
from ._pool import AsyncPool, Pool

PoolT = TypeVar("PoolT", bound=Pool | AsyncPool)


class _OnFirstUse(Generic[PoolT]):
    """Makes a default client's setup when it is first asked for, and keeps it until it is told to forget it."""

    def __init__(self, make: Callable[[], Setup[PoolT]]) -> None:
        self.make = make
        self._made: dict[str, Setup[PoolT]] = {}

    def __call__(self) -> Setup[PoolT]:
        # `setdefault` takes one step: where two threads come first, both go on with the same setup.
        return self._made.get("setup") or self._made.setdefault("setup", self.make())

    def forget(self) -> Setup[PoolT] | None:
        return self._made.pop("setup", None)


_setup = _OnFirstUse(lambda: setup_of({}))
_async_setup = _OnFirstUse(lambda: async_setup_of({}))
# Connections that became garbage before their event loop closes them would be complained about.
_left_to_their_loops: list[Setup[AsyncPool]] = []

clerk_client = ClerkClient.__new__(ClerkClient)
BaseClient.__init__(clerk_client, _setup)

async_clerk_client = AsyncClerkClient.__new__(AsyncClerkClient)
BaseClient.__init__(async_clerk_client, _async_setup)


def reset_default_clients() -> None:
    """Have the default clients read the environment anew when they are next used; made for tests.

    Closes the connections of `clerk_client`, and opens it again if it was closed. Those of `async_clerk_client` are
    closed when their event loop shuts down. What was imported from `clerk` before stays usable.
    """
    if (setup := _setup.forget()) is not None:
        setup.pool.close()
    if (async_setup := _async_setup.forget()) is not None:
        _left_to_their_loops.append(async_setup)
    _left_to_their_loops[:] = [left for left in _left_to_their_loops if left.pool.is_connected]


def point_default_clients(options: ClerkOptions, async_options: AsyncClerkOptions) -> None:
    """Have the default clients work with options that stand in for the environment; made for `clerk.testing`."""
    _setup.make = lambda: setup_of(options)
    _async_setup.make = lambda: async_setup_of(async_options)
    reset_default_clients()


atexit.register(reset_default_clients)

__all__ = ["async_clerk_client", "clerk_client", "point_default_clients", "reset_default_clients"]
