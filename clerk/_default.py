"""The default client, configured by the environment when it is first used."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic

from ._base import BaseClient, PoolT, Setup
from ._client import ClerkClient, setup_of

if TYPE_CHECKING:
    from ._options import AsyncClerkOptions, ClerkOptions


class OnFirstUse(Generic[PoolT]):
    """Makes a default client's setup when it is first asked for, and keeps it until it is told to forget it.

    Attributes:
        make: What makes it.
    """

    def __init__(self, make: Callable[[], Setup[PoolT]]) -> None:
        self.make = make
        self._made: dict[str, Setup[PoolT]] = {}

    def __call__(self) -> Setup[PoolT]:
        # `setdefault` takes one step: where two threads come first, both go on with the same setup.
        return self._made.get("setup") or self._made.setdefault("setup", self.make())

    def forget(self) -> Setup[PoolT] | None:
        """Return the setup, if there is one, and make another when it is next asked for."""
        return self._made.pop("setup", None)


_setup = OnFirstUse(lambda: setup_of({}))
_resets: list[Callable[[], None]] = []

clerk_client = ClerkClient.__new__(ClerkClient)
BaseClient.__init__(clerk_client, _setup)


def also_reset(action: Callable[[], None]) -> None:
    """Have `reset_default_clients` do something more: what the sync client alone need not load."""
    _resets.append(action)


def reset_default_clients() -> None:
    """Have the default clients read the environment anew when they are next used; made for tests.

    Closes the connections of `clerk_client`, and opens it again if it was closed. Those of `async_clerk_client` are
    closed when their event loop shuts down. What was imported from `clerk` before stays usable.
    """
    if (setup := _setup.forget()) is not None:
        setup.pool.close()
    for action in _resets:
        action()


def point_default_clients(options: ClerkOptions, async_options: AsyncClerkOptions) -> None:
    """Have the default clients work with options that stand in for the environment; made for `clerk.testing`."""
    from . import _async_default

    _setup.make = lambda: setup_of(options)
    _async_default.point_at(async_options)
    reset_default_clients()


atexit.register(reset_default_clients)

__all__ = ["OnFirstUse", "also_reset", "clerk_client", "point_default_clients", "reset_default_clients"]
